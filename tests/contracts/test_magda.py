"""The MAGDA client against the double over real HTTP, against MAGDA's own schemas, and against all that can go wrong."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier

from meldloket.connectors.magda import Magda, MagdaSettings, answers, questions
from meldloket.connectors.magda.questions import SOAP
from meldloket.connectors.magda.signing import WSSE, MessageSigner
from meldloket.intake.ports import RegisterAnswer, WhyNot
from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.magda import create_app
from meldloket.sandbox.magda.app import PATHS, SERVICES
from meldloket.sandbox.persons import CITIZENS
from support.doubles import serve

SHARED = Path(__file__).parents[3] / "shared" / "magda"
with_shared = pytest.mark.skipif(not SHARED.exists(), reason="MAGDA's own schemas are not on this machine")
NUMBERS = {one.key: one.insz or "" for one in CITIZENS}
MOMENT = datetime(2026, 11, 23, 14, 21, 35, 120_000, tzinfo=UTC)


@dataclass
class Registrations:
    """Until when we are registered, as the product keeps it."""

    until: dict[str, date] = field(default_factory=dict)

    def get(self, insz: str) -> date | None:
        return self.until.get(insz)

    def set(self, insz: str, until: date) -> None:
        self.until[insz] = until


@dataclass
class Running:
    """The double, and how often each of its addresses was called."""

    url: str
    registrations: Registrations
    now: float = 0.0

    def client(self, **changes: object) -> Magda:
        settings = MagdaSettings(
            person_url=f"{self.url}{PATHS[0]}",
            registration_url=f"{self.url}{PATHS[0]}",
            sender="lindekerke.be/meldingen",
            capacity="1234",
        )
        return Magda(replace(settings, **changes), self.registrations, clock=lambda: time.monotonic() + self.now)

    def fault(self, special: str = "", **fields: object) -> None:
        body = {"mode": "special", "special": special, **fields} if special else fields
        httpx.put(f"{self.url}/_double/faults", json=body).raise_for_status()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serve(create_app(SandboxConfig())) as url:
        yield url


@pytest.fixture
def magda(server: str) -> Iterator[Running]:
    yield Running(server, Registrations())
    httpx.delete(f"{server}/_double/faults")
    httpx.delete(f"{server}/_double/registrations")


def look_up(magda: Running, key: str) -> RegisterAnswer:
    return magda.client().look_up(NUMBERS[key])


def test_name_and_address_of_an_ordinary_citizen(magda: Running) -> None:
    found = look_up(magda, "lotte")
    assert (found.first_name, found.last_name, found.why_not) == ("Lotte", "Peeters", None)
    assert found.address is not None
    assert (found.address.street, found.address.number, found.address.box) == ("Kerkstraat", "12", "")
    assert (found.address.postcode, found.address.municipality, found.address.nis) == ("9999", "Lindekerke", "49999")
    assert found.fetched_at is not None and len(found.reference) == 36


@pytest.mark.parametrize(
    ("key", "first_name", "street", "box", "hints"),
    [
        ("karel", "Karel", "Molenstraat", "", ()),
        ("bram", "Bram", "Hoogstraat", "", ()),
        ("fatima", "Fatima", "Havenkaai", "2", ()),
        ("annelies", "Annelies", "Burgemeester De Backerlaan", "", ("not_standardised",)),
        ("gerda", "Gerda", "Oude Heerbaan", "", ("not_standardised",)),
        ("moving", "Sara", "Berkenlaan", "", ("move_announced",)),
        ("warning", "Wim", "Bosstraat", "", ()),
        ("nofirstname", "", "Kouterstraat", "", ()),
        ("reference", "Rudy", "Gasthuisstraat", "", ("reference_address",)),
        ("contact", "Amina", "Nieuwstraat", "1", ("contact_address",)),
    ],
)
def test_special_cases_that_can_be_filled_in(
    magda: Running, key: str, first_name: str, street: str, box: str, hints: tuple[str, ...]
) -> None:
    found = look_up(magda, key)
    assert found.found and found.why_not is None and found.address is not None
    assert (found.first_name, found.address.street, found.address.box, found.hints) == (first_name, street, box, hints)


@pytest.mark.parametrize(
    ("key", "why", "named"),
    [
        ("secret", WhyNot.ADDRESS_SECRET, True),
        ("noaddress", WhyNot.NO_ADDRESS, True),
        ("abroad", WhyNot.ADDRESS_ABROAD, True),
        ("netherlands", WhyNot.ADDRESS_ABROAD, True),
        ("deceased", WhyNot.DECEASED, False),
        ("othernumber", WhyNot.OTHER_NUMBER, False),
        ("refusal", WhyNot.UNAVAILABLE, False),
        ("unknown", WhyNot.NOT_FOUND, False),
    ],
)
def test_special_cases_with_a_reason_why_not(magda: Running, key: str, why: WhyNot, named: bool) -> None:
    found = look_up(magda, key)
    assert (found.why_not, found.found) == (why, named)


def test_a_secret_address_is_nowhere_in_the_answer(magda: Running) -> None:
    assert look_up(magda, "secret").address is None


def test_every_citizen_of_the_double_is_known_to_the_register(magda: Running) -> None:
    for one in CITIZENS:
        if one.insz:
            found = magda.client().look_up(one.insz)
            assert not found.found or found.last_name == one.last_name


def test_registers_once_and_is_remembered(magda: Running) -> None:
    look_up(magda, "lotte")
    today = datetime.now(questions.BRUSSELS).date()
    assert magda.registrations.until == {NUMBERS["lotte"]: today + timedelta(days=30)}
    assert httpx.get(f"{magda.url}/_double/registrations").json() == {"count": 1}
    magda.fault("resultaat_0")
    assert look_up(magda, "lotte").found  # nobody was asked to register us again


def test_a_registration_that_ran_out_is_renewed(magda: Running) -> None:
    magda.registrations.set(NUMBERS["lotte"], date(2020, 1, 1))
    assert look_up(magda, "lotte").found
    assert magda.registrations.until[NUMBERS["lotte"]] > date(2020, 1, 1)


def test_a_registration_that_fails_leaves_the_form_unprefilled(magda: Running) -> None:
    magda.fault("resultaat_0")
    found = look_up(magda, "lotte")
    assert (found.why_not, found.codes) == (WhyNot.UNAVAILABLE, ("40003",))
    assert magda.registrations.until == {}


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "error"},
        {"mode": "malformed"},
        {"mode": "refuse"},
        {"special": "fault_err_025"},
        {"special": "cut_off"},
        {"special": "source_60007"},
        {"special": "busy_99996"},
    ],
    ids=str,
)
def test_trouble_leaves_the_form_unprefilled(magda: Running, fault: dict[str, str]) -> None:
    magda.fault(**fault)
    found = look_up(magda, "lotte")
    assert (found.why_not, found.found, found.address) == (WhyNot.UNAVAILABLE, False, None)


def test_a_slow_register_never_holds_the_form_longer_than_its_budget(magda: Running) -> None:
    magda.fault(mode="slow", seconds=5, path="/api/")
    client, started = magda.client(budget_seconds=0.3), time.monotonic()
    assert client.look_up(NUMBERS["lotte"]).why_not == WhyNot.UNAVAILABLE
    assert time.monotonic() - started < 2


def test_nobody_listens_is_no_answer() -> None:
    nowhere = MagdaSettings("http://127.0.0.1:9/soap", "http://127.0.0.1:9/soap", "lindekerke.be/meldingen")
    assert Magda(nowhere, Registrations()).look_up(NUMBERS["lotte"]).why_not == WhyNot.UNAVAILABLE


def test_after_a_refusal_it_stops_asking_for_ten_minutes(magda: Running) -> None:
    magda.fault("auth_40006", count=1)
    client = magda.client()
    assert client.look_up(NUMBERS["lotte"]).codes == ("40006",)
    assert client.look_up(NUMBERS["lotte"]) == RegisterAnswer(why_not=WhyNot.REFUSED)
    magda.now += 601
    assert client.look_up(NUMBERS["lotte"]).found


def test_when_the_source_is_too_busy_it_waits_a_minute(magda: Running) -> None:
    magda.fault("busy_99996", count=1)
    client = magda.client()
    client.look_up(NUMBERS["lotte"])
    assert client.look_up(NUMBERS["lotte"]) == RegisterAnswer(why_not=WhyNot.UNAVAILABLE)
    magda.now += 61
    assert client.look_up(NUMBERS["lotte"]).found


def test_three_silences_in_a_row_spare_the_next_citizens_the_wait(magda: Running) -> None:
    magda.fault(mode="error", count=3)
    client = magda.client()
    references = [client.look_up(NUMBERS["lotte"]).reference for _ in range(4)]
    assert [bool(one) for one in references] == [True, True, True, False]
    magda.now += 31
    assert client.look_up(NUMBERS["lotte"]).found


def test_check_says_in_one_sentence_what_is_wrong(magda: Running) -> None:
    assert magda.client().check() is None
    magda.fault("auth_40006")
    assert magda.client().check() == "MAGDA weigert ons (40006)."


def test_nothing_personal_in_the_log(magda: Running, caplog: pytest.LogCaptureFixture) -> None:
    magda.fault("auth_40006", count=1)
    magda.fault(mode="error", count=1)
    client = magda.client()
    for key in ("lotte", "secret"):
        client.look_up(NUMBERS[key])
    assert caplog.records and "meldloket.magda" in {one.name for one in caplog.records}
    assert NUMBERS["lotte"] not in caplog.text and "Peeters" not in caplog.text


def test_the_double_knows_every_address_and_refuses_what_is_no_question(magda: Running) -> None:
    sender = questions.Sender("lindekerke.be/meldingen", "1234")
    good = etree.tostring(questions.get_person(NUMBERS["unknown"], sender, "r1", MOMENT))
    for path in PATHS:
        assert b"30001" in httpx.post(f"{magda.url}{path}", content=good).content
    bad = good.replace(b"14:21:35", b"x").replace(b"15:21:35.000", b"15:21:35.12")
    assert b"50000" in httpx.post(f"{magda.url}{PATHS[0]}", content=bad).content
    assert httpx.post(f"{magda.url}{PATHS[0]}", content=good.replace(b"02.02.0000", b"09.00.0000")).status_code == 404
    assert b"Fault" in httpx.post(f"{magda.url}{PATHS[0]}", content=b"geen xml").content


# -- MAGDA's own schemas and answers


def schema(kind: str, path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SHARED / "xsd" / kind / path))


def body(envelope: etree._Element) -> etree._Element:
    found = envelope.find(f"{{{SOAP}}}Body/*")
    assert found is not None
    return found


@with_shared
@pytest.mark.parametrize("sender", [questions.Sender("a.be/b"), questions.Sender("a.be/b", "1234", "85632499823")])
def test_every_question_follows_magdas_schema(sender: questions.Sender) -> None:
    asked = body(questions.get_person(NUMBERS["lotte"], sender, "4f6a6a1e-6d0c-4a39-9f8e-0d4b7c5f1a11", MOMENT))
    schema("request", "GeefPersoonDienst-02.02/WebService/GeefPersoon.xsd").assertValid(asked)
    capable = replace(sender, capacity=sender.capacity or "1234")
    entry, until = questions.register(NUMBERS["lotte"], capable, "0b7b6a0a-0e54-4b52-8d8a-3c6c0c9e7d10", MOMENT)
    path = "RegistreerInschrijvingDienst-02.01/WebService/RegistreerInschrijving.xsd"
    schema("request", path).assertValid(body(entry))
    assert until == date(2026, 12, 23)


@with_shared
def test_every_answer_of_the_double_follows_magdas_schema(magda: Running) -> None:
    rules = schema("response", "Persoon.GeefPersoonDienst-02.02/WebService/GeefPersoonResponse.xsd")
    sender = questions.Sender("lindekerke.be/meldingen", "1234", NUMBERS["lotte"])
    for insz in filter(None, NUMBERS.values()):
        for question in (questions.register(insz, sender, "r", MOMENT)[0], questions.get_person(insz, sender, "r", MOMENT)):
            answer = httpx.post(f"{magda.url}{PATHS[0]}", content=etree.tostring(question))
        rules.assertValid(body(etree.fromstring(answer.content)))


#: What stands in the official answers (name, first name, street, number, box, postcode, municipality) or why not.
OFFICIAL = {
    "99692117511": ("Verdonck", "Willem", "Bijlokestraat", "11", "A", "9000", "Gent"),
    "85650399588": ("Janssens", "Simon", "Dorpsstraat", "405", "", "2340", "Kortenberg"),
    "86630100182": ("Janssens", "Jean-Pierre", "Dorpsstraat", "405", "", "2340", "Kortenberg"),
    "62612399544": ("Janssens", "Albrecht", "Dorpsstraat", "405", "", "2340", "Kortenberg"),
    "62680599848": ("Janssens", "Anna", "Dorpsstraat", "97", "", "6567", "Kortenberg"),
    "62690599261": ("Janssens", "Françoise", "Dorpsstraat", "405", "", "2340", "Kortenberg"),
    "65690538255": ("Ricci", "Julie", "Rue Jean Volders", "10", "", "6043", "Charleroi"),
    "79450615983": ("Bakkali", "Amrani", "Hoogstraat", "65", "A", "9000", "Gent"),
    "06680899674": ("Janssens", "Margot", "Dorpsstraat", "405", "", "2340", "Kortenberg"),
    "70062199779": ("Janssens", "JERRY", "Coolsingel", "20", "", "", "Rotterdam"),
    "99720599877": ("Janssens", "Nadège", "", "", "", "", ""),
    "10611300379": WhyNot.NO_ADDRESS,
    "63661548178": WhyNot.DECEASED,
    "78700964252": WhyNot.DECEASED,
    "81702299650": WhyNot.DECEASED,
    "74612515905": WhyNot.UNAVAILABLE,
}


@with_shared
@pytest.mark.parametrize("insz", OFFICIAL)
def test_official_answers_are_read_right(insz: str) -> None:
    reply = answers.parse((SHARED / "responses" / f"{insz}.xml").read_bytes())
    found, expected = answers.person(reply, insz), OFFICIAL[insz]
    if isinstance(expected, WhyNot):
        assert (found.why_not, found.address) == (expected, None)
        return
    where = found.address
    assert where is not None
    parts = (where.street, where.number, where.box, where.postcode, where.municipality)
    assert (found.last_name, found.first_name, *parts) == expected
    abroad = {"70062199779": "NLD", "99720599877": "USA"}
    assert where.country == abroad.get(insz, "BEL")
    assert found.why_not == (WhyNot.ADDRESS_ABROAD if insz in abroad else None)


@with_shared
def test_official_hints_and_the_other_answers() -> None:
    def read(name: str) -> RegisterAnswer:
        return answers.person(answers.parse((SHARED / "responses" / f"{name}.xml").read_bytes()), None)

    assert read("85650399588").hints == read("86630100182").hints == ("move_announced",)
    assert read("06680899674").codes == ("99984",)
    assert read("79450615983").hints == ("contact_address",)
    assert (read("notfound").why_not, read("notfound").codes) == (WhyNot.NOT_FOUND, ("30001",))
    with pytest.raises(answers.Unreadable):
        read("RegistreerInschrijving-success")
    assert answers.registered(answers.parse((SHARED / "responses/RegistreerInschrijving-success.xml").read_bytes()))


# -- Signature and robustness


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own making and its key, as PEM files."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "0207123456")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("magda")
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    return folder / "certificate.pem", folder / "key.pem"


def test_the_body_is_signed_and_a_change_breaks_it(pair: tuple[Path, Path]) -> None:
    signer = MessageSigner.from_files(str(pair[0]), str(pair[1]), "rsa-sha256")
    sent = signer.sign(questions.get_person(NUMBERS["lotte"], questions.Sender("a.be/b"), "r", MOMENT))
    root = etree.fromstring(sent)
    token = root.findtext(f".//{{{WSSE}}}BinarySecurityToken")
    assert token is not None and base64.b64decode(token) == x509.load_pem_x509_certificate(
        pair[0].read_bytes()
    ).public_bytes(serialization.Encoding.DER)
    rules = SignatureConfiguration(location=".//", expect_references=1)
    signed = XMLVerifier().verify(root, x509_cert=pair[0].read_text(), expect_config=rules)
    assert not isinstance(signed, list) and NUMBERS["lotte"].encode() in signed.signed_data
    with pytest.raises(Exception, match="[Dd]igest"):
        changed = etree.fromstring(sent.replace(NUMBERS["lotte"].encode(), NUMBERS["karel"].encode()))
        XMLVerifier().verify(changed, x509_cert=pair[0].read_text(), expect_config=rules)


@with_shared
def test_a_signed_question_follows_the_schema_too(pair: tuple[Path, Path]) -> None:
    for algorithm in ("rsa-sha256", "rsa-sha1"):
        signer = MessageSigner.from_files(str(pair[0]), str(pair[1]), algorithm)
        sent = signer.sign(questions.get_person(NUMBERS["lotte"], questions.Sender("a.be/b"), "r", MOMENT))
        rules = schema("request", "GeefPersoonDienst-02.02/WebService/GeefPersoon.xsd")
        rules.assertValid(body(etree.fromstring(sent)))


def test_a_signed_question_is_answered(magda: Running, pair: tuple[Path, Path]) -> None:
    client = magda.client(certificate_file=str(pair[0]), key_file=str(pair[1]))
    assert client.look_up(NUMBERS["lotte"]).found


def test_an_unknown_algorithm_is_said_at_the_start(magda: Running, pair: tuple[Path, Path]) -> None:
    with pytest.raises(ValueError, match="rsa-sha256 or rsa-sha1"):
        magda.client(certificate_file=str(pair[0]), key_file=str(pair[1]), signature="md5")


def test_a_document_type_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><Repliek>&b;</Repliek>'
    with pytest.raises(answers.Unreadable):
        answers.parse(bomb)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    with contextlib.suppress(answers.Unreadable):
        answers.person(answers.parse(content), NUMBERS["lotte"])


_NAMES = st.sampled_from(
    ["Persoon", "INSZ", "Naam", "Achternamen", "Achternaam", "Voornamen", "Voornaam", "Adressen", "Hoofdverblijfplaats",
     "Straatnaam", "String", "Postcode", "Overlijden", "Uitzondering", "Type", "Identificatie", "ContactAdres", "Land"]
)  # fmt: skip
_TREES = st.recursive(
    st.tuples(_NAMES, st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=8)),
    lambda children: st.tuples(_NAMES, st.lists(children, max_size=4)),
    max_leaves=20,
)


def grow(parent: etree._Element, tree: tuple[str, object]) -> None:
    child = etree.SubElement(parent, tree[0])
    if isinstance(tree[1], str):
        child.text = tree[1]
    else:
        for one in tree[1]:  # type: ignore[attr-defined]
            grow(child, one)


@given(st.lists(_TREES, max_size=5))
def test_no_answer_of_whatever_shape_breaks_the_reading(trees: list[tuple[str, object]]) -> None:
    reply = etree.Element("Repliek")
    for tree in trees:
        grow(reply, tree)
    answers.person(answers.parse(etree.tostring(reply)), NUMBERS["lotte"])


def test_the_services_are_those_of_the_questions() -> None:
    assert SERVICES == {
        ("GeefPersoon", "02.02.0000"): questions.GET_PERSON,
        ("RegistreerInschrijving", "02.01.0000"): questions.REGISTER,
    }
