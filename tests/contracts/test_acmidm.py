"""The client of ACM/IDM against its double over real HTTP: who logs in, and everything that must be refused
(specs/identity-and-registers, chapter 1)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from meldloket.connectors.acmidm import AcmIdm, AcmIdmSettings
from meldloket.people.ports import LoginProblem
from meldloket.sandbox.persons import CITIZENS
from support.acmidm import PRODUCT, SECRETS, RunningAcm, callback, finish, private_key, running_acm

WITH_NUMBER = next(one for one in CITIZENS if one.insz)
WITHOUT_NUMBER = next(one for one in CITIZENS if not one.insz)
EID = "urn:be:vlaanderen:authmech:eid"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningAcm]:
    with running_acm() as acm:
        yield acm


@pytest.fixture
def acm(running: RunningAcm) -> Iterator[RunningAcm]:
    running.clear()
    yield running
    running.clear()


def refusal(acm: RunningAcm, client: AcmIdm, persona: str) -> LoginProblem:
    with pytest.raises(LoginProblem) as caught:
        acm.log_in(client, persona)
    return caught.value


# Who logs in


def test_citizen_brings_names_and_national_number(acm: RunningAcm) -> None:
    identity = acm.log_in(acm.client("citizen"), WITH_NUMBER.key)
    assert identity.national_number == WITH_NUMBER.insz
    assert (identity.first_name, identity.last_name) == (WITH_NUMBER.first_names[0], WITH_NUMBER.last_name)
    assert identity.issuer == acm.issuer
    assert len(identity.subject) == 40
    assert identity.assurance == "", "acr comes only when acr_values was sent"


def test_citizen_without_national_number_logs_in(acm: RunningAcm) -> None:
    identity = acm.log_in(acm.client("citizen"), WITHOUT_NUMBER.key)
    assert identity.national_number is None
    assert identity.subject == acm.log_in(acm.client("citizen"), WITHOUT_NUMBER.key).subject


def test_staff_bring_organisation_and_roles(acm: RunningAcm) -> None:
    identity = acm.log_in(acm.client("staff"), "jan")
    assert identity.staff_id == "dac4debe-671b-48f0-8c3e-f2abe602afd6"
    assert (identity.organisation_code, identity.organisation_name) == ("0207123456", "Gemeente Lindekerke")
    assert identity.role_texts == ("Meldloket-dossierbehandelaar", "Meldloket-beheerder")
    assert identity.email == "jan.vermeulen@lindekerke.example"
    assert identity.national_number is None


@pytest.mark.parametrize(
    ("persona", "organisation", "roles"),
    [
        ("politie", "0267000111", ("Meldloket-adviesverlener",)),
        ("brandweer", "0500999111", ("Meldloket-adviesverlener",)),
        ("zonderrol", "0207123456", ()),
        ("rolmeerdere", "0207123456", ("Meldloket-dossierbehandelaar",)),
        ("oosterlinde", "0207123555", ("Meldloket-dossierbehandelaar",)),
    ],
)
def test_roles_hold_for_the_organisation_of_the_login(
    acm: RunningAcm, persona: str, organisation: str, roles: tuple[str, ...]
) -> None:
    identity = acm.log_in(acm.client("staff"), persona)
    assert (identity.organisation_code, identity.role_texts) == (organisation, roles)


def test_email_is_cut_before_the_code_behind_it(acm: RunningAcm) -> None:
    assert acm.log_in(acm.client("staff"), "ovomail").email == "joris.peeters@lindekerke.example"


def test_name_of_role_claim_is_compared_without_case(acm: RunningAcm) -> None:
    client = acm.client("staff", role_claim="Meldloket_Rol_3D")
    assert acm.log_in(client, "karim").role_texts == ("Meldloket-dossierbehandelaar",)


# Choosing an organisation


def test_two_organisations_are_chosen_from(acm: RunningAcm) -> None:
    client = acm.client("staff")
    asked = client.begin(callback("staff"))
    choice = httpx.get(f"{asked.url}&persona=tweegemeenten")
    assert choice.status_code == 200
    assert "Gemeente Lindekerke" in choice.text and "Gemeente Oosterlinde" in choice.text
    assert acm.log_in(client, "tweegemeenten", organisatie="0207123555").organisation_code == "0207123555"


def test_hint_skips_the_choice_of_organisation(acm: RunningAcm) -> None:
    client = acm.client("staff")
    hint = parse_qs(urlsplit(client.begin(callback("staff"), organisation_code="0207123456").url).query)["login_hint"]
    assert json.loads(base64.b64decode(hint[0])) == {"cap_hint": "LB", "code_hint": "0207123456"}
    identity = acm.log_in(client, "tweegemeenten", organisation_code="0207123456")
    assert identity.organisation_code == "0207123456"
    assert "login_hint" not in client.begin(callback("staff")).url


def test_citizens_always_come_as_citizens(acm: RunningAcm) -> None:
    query = parse_qs(urlsplit(acm.client("citizen").begin(callback("citizen")).url).query)
    assert json.loads(base64.b64decode(query["login_hint"][0])) == {"cap_hint": "BUR"}


def test_switch_keeps_the_login_and_asks_the_organisation_again(acm: RunningAcm) -> None:
    client = acm.client("staff")
    with httpx.Client() as browser:
        asked = client.begin(callback("staff"))
        acm.visit(asked.url, browser, persona="tweegemeenten", organisatie="0207123456")
        assert "code" in acm.visit(client.begin(callback("staff")).url, browser), "logs in without any question"
        switched = browser.get(client.switch_url(f"{PRODUCT}/aanmelden/medewerker/", state="s1"))
        assert switched.headers["location"] == f"{PRODUCT}/aanmelden/medewerker/?state=s1"
        again = browser.get(client.begin(callback("staff")).url)
        assert again.status_code == 200 and "Voor welke organisatie" in again.text


# Single sign-on and logout


def test_deep_link_logs_in_without_asking_for_two_hours(acm: RunningAcm) -> None:
    client = acm.client("citizen")
    with httpx.Client() as browser:
        acm.visit(client.begin(callback("citizen")).url, browser, persona=WITH_NUMBER.key)
        asked = client.begin(callback("citizen"))
        identity = finish(client, asked, acm.visit(asked.url, browser)["code"])
        assert identity.national_number == WITH_NUMBER.insz
        acm.clock.ahead = 2 * 3600 + 1
        assert "Wie meldt zich aan?" in browser.get(client.begin(callback("citizen")).url).text


def test_logout_ends_single_sign_on_and_returns(acm: RunningAcm) -> None:
    client = acm.client("citizen")
    with httpx.Client() as browser:
        acm.visit(client.begin(callback("citizen")).url, browser, persona=WITH_NUMBER.key)
        answer = browser.get(client.logout_url(f"{PRODUCT}/afgemeld/"))
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PRODUCT}/afgemeld/")
        assert "Wie meldt zich aan?" in browser.get(client.begin(callback("citizen")).url).text


def test_logout_goes_nowhere_that_is_not_registered(acm: RunningAcm) -> None:
    client = acm.client("citizen")
    assert httpx.get(client.logout_url("https://elders.example/")).status_code == 400
    assert httpx.get(f"{acm.issuer}/v1/logout?post_logout_redirect_uri={PRODUCT}/").status_code == 400
    assert "U bent afgemeld" in httpx.get(f"{acm.issuer}/v1/logout").text


def test_logout_address_is_known_without_the_provider() -> None:
    client = AcmIdm("staff", AcmIdmSettings("http://127.0.0.1:9/op", "meldloket-medewerker", private_key=private_key()))
    address = client.logout_url(f"{PRODUCT}/")
    assert address.startswith("http://127.0.0.1:9/op/v1/logout?client_id=meldloket-medewerker&")


# Client authentication


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_client_secret_in_header_or_body(acm: RunningAcm, method: str) -> None:
    client = acm.client("staff", auth_method=method, private_key=None, client_secret=SECRETS["meldloket-medewerker"])
    assert acm.log_in(client, "karim").last_name == "Aerts"
    wrong = acm.client("staff", auth_method=method, private_key=None, client_secret="fout")
    assert refusal(acm, wrong, "karim").reason == "provider"


def test_key_may_be_pem(acm: RunningAcm) -> None:
    pem = RSAKey.import_key(private_key()).as_pem(private=True).decode()
    kid = RSAKey.import_key(private_key()).kid
    assert kid == "acmidm-1"
    with pytest.raises(LoginProblem, match="invalid_client"):
        acm.log_in(acm.client("staff", private_key=pem), "karim")  # its thumbprint was not registered as kid
    assert acm.log_in(acm.client("staff", private_key=json.dumps(private_key())), "karim").last_name == "Aerts"


def test_other_key_and_other_audience_are_refused(acm: RunningAcm) -> None:
    assert "invalid_client" in refusal(acm, acm.client("staff", private_key=private_key("other")), "karim").detail
    endpoint = acm.client("staff", assertion_audience=f"{acm.issuer}/v1/token")
    problem = refusal(acm, endpoint, "karim")
    assert (problem.reason, problem.detail) == ("provider", "the token endpoint says invalid_client")


def test_every_assertion_has_its_own_id(acm: RunningAcm) -> None:
    client = acm.client("staff")
    for _ in range(2):
        assert acm.log_in(client, "karim").last_name == "Aerts"


@pytest.mark.parametrize(
    "changed",
    [
        {"auth_method": "none"},
        {"auth_method": "client_secret_basic"},
        {"private_key": None},
        {"private_key": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
        {"private_key": "-----BEGIN NONSENSE-----"},
        {"scopes": ("profile",)},
        {"scopes": ("openid", "offline_access")},
    ],
)
def test_settings_that_contradict_each_other_are_refused_at_the_start(changed: dict) -> None:
    with pytest.raises(ValueError):
        AcmIdmSettings(**{"issuer": "https://a/op", "client_id": "x", "private_key": private_key(), **changed})


def test_staff_client_never_asks_the_national_number() -> None:
    settings = AcmIdmSettings("https://a/op", "x", private_key=private_key(), scopes=("openid", "rrn"))
    with pytest.raises(ValueError, match="national number"):
        AcmIdm("staff", settings)


# What must be refused


def test_code_works_once(acm: RunningAcm) -> None:
    client = acm.client("citizen")
    asked = client.begin(callback("citizen"))
    code = acm.visit(asked.url, persona=WITH_NUMBER.key)["code"]
    finish(client, asked, code)
    with pytest.raises(LoginProblem) as caught:
        finish(client, asked, code)
    assert caught.value.reason == "expired"


def test_code_lives_thirty_seconds(acm: RunningAcm) -> None:
    client = acm.client("citizen")
    asked = client.begin(callback("citizen"))
    code = acm.visit(asked.url, persona=WITH_NUMBER.key)["code"]
    acm.clock.ahead = 31
    with pytest.raises(LoginProblem) as caught:
        finish(client, asked, code)
    assert caught.value.reason == "expired"


def test_stolen_code_is_worth_nothing_without_the_verifier(acm: RunningAcm) -> None:
    client = acm.client("citizen")
    asked, other = client.begin(callback("citizen")), client.begin(callback("citizen"))
    code = acm.visit(asked.url, persona=WITH_NUMBER.key)["code"]
    with pytest.raises(LoginProblem) as caught:
        finish(client, other, code)
    assert caught.value.reason == "expired"


def test_code_of_another_client_is_refused(acm: RunningAcm) -> None:
    citizen, staff = acm.client("citizen"), acm.client("staff")
    asked = citizen.begin(callback("citizen"))
    code = acm.visit(asked.url, persona=WITH_NUMBER.key)["code"]
    with pytest.raises(LoginProblem):
        staff.finish(code, redirect_uri=callback("citizen"), nonce=asked.nonce, code_verifier=asked.code_verifier)


def test_empty_code_asks_nobody() -> None:
    client = AcmIdm("citizen", AcmIdmSettings("http://127.0.0.1:9/op", "x", private_key=private_key()))
    with pytest.raises(LoginProblem, match="no code"):
        client.finish("", redirect_uri=callback("citizen"), nonce="n", code_verifier="v")


@pytest.mark.parametrize(
    ("special", "reason"),
    [
        ("wrong_nonce", "nonce"),
        ("expired_token", "expired"),
        ("clock_off", "clock"),
        ("token_error", "provider"),
    ],
)
def test_faults_of_the_provider_have_their_own_reason(acm: RunningAcm, special: str, reason: str) -> None:
    acm.fault(special)
    problem = refusal(acm, acm.client("citizen"), WITH_NUMBER.key)
    assert problem.reason == reason
    assert WITH_NUMBER.insz not in str(problem) and WITH_NUMBER.last_name not in str(problem)


def test_clocks_may_differ_five_minutes(acm: RunningAcm) -> None:
    acm.clock.ahead = 240
    assert acm.log_in(acm.client("citizen"), WITH_NUMBER.key).national_number == WITH_NUMBER.insz
    acm.fault("clock_off")
    assert acm.log_in(acm.client("citizen", clock_skew=900), WITH_NUMBER.key).national_number == WITH_NUMBER.insz


def test_new_key_is_fetched_once_it_is_needed(acm: RunningAcm) -> None:
    client = acm.client("citizen")
    acm.log_in(client, WITH_NUMBER.key)
    acm.fault("key_rotation")
    assert acm.log_in(client, WITH_NUMBER.key).national_number == WITH_NUMBER.insz
    httpx.post(f"{acm.url}/_double/rotate").raise_for_status()
    assert acm.log_in(client, WITH_NUMBER.key).national_number == WITH_NUMBER.insz


def test_short_outage_of_discovery_does_not_stop_a_running_product(acm: RunningAcm) -> None:
    client = acm.client("citizen", metadata_seconds=0)
    acm.log_in(client, WITH_NUMBER.key)
    acm.app.state.faults.set(mode="error", path="/op/.well-known/")
    acm.app.state.faults.set(mode="error", path="/op/v1/keys")
    assert acm.log_in(client, WITH_NUMBER.key).national_number == WITH_NUMBER.insz


@pytest.mark.parametrize("fault", [{"mode": "error"}, {"mode": "malformed"}, {"mode": "slow", "seconds": 2}])
@pytest.mark.parametrize("path", ["/op/.well-known/", "/op/v1/token", "/op/v1/keys"])
def test_provider_that_fails_is_one_clear_reason(acm: RunningAcm, fault: dict, path: str) -> None:
    client = acm.client("citizen", timeout=0.5)
    acm.app.state.faults.set(**fault, path=path)
    assert refusal(acm, client, WITH_NUMBER.key).reason == "provider"


def test_provider_that_is_not_there_is_one_clear_reason() -> None:
    client = AcmIdm("staff", AcmIdmSettings("http://127.0.0.1:9/op", "x", private_key=private_key()))
    with pytest.raises(LoginProblem, match="provider"):
        client.begin(callback("staff"))
    assert "antwoordt niet" in (client.check() or "")


# Levels of login


def test_level_that_was_demanded_must_be_in_the_token(acm: RunningAcm) -> None:
    client = acm.client("staff", acr_values=(EID,))
    assert acm.log_in(client, "karim").assurance == EID
    strict = acm.client("staff", acr_values=("urn:be:vlaanderen:authmech:itsme",))
    assert refusal(acm, strict, "karim").reason == "assurance"


def test_page_offers_only_people_with_the_means_demanded(acm: RunningAcm) -> None:
    client = acm.client("staff", acr_values=("urn:be:vlaanderen:authmech:tlsclient",))
    page = httpx.get(client.begin(callback("staff")).url).text
    assert "Karim Aerts" not in page and "Geen enkele testpersoon" in page


def test_login_for_another_target_group_is_refused(acm: RunningAcm) -> None:
    client = acm.client("staff", target_group="OV")
    asked = acm.client("staff").begin(callback("staff"))
    code = acm.visit(asked.url, persona="karim")["code"]
    with pytest.raises(LoginProblem) as caught:
        finish(client, asked, code)
    assert caught.value.reason == "target_group"


# Check before the opening


def test_check_names_what_is_wrong(acm: RunningAcm) -> None:
    back = {"redirect_uri": callback("staff")}
    assert acm.client("staff", **back).check() is None
    assert "scopes" in (acm.client("staff", **back, scopes=("openid", "vo", "mijntoepassing")).check() or "")
    assert "sleutel" in (acm.client("staff", **back, private_key=private_key("other")).check() or "")
    assert "terugkeeradres" in (acm.client("staff", redirect_uri=f"{PRODUCT}/elders/").check() or "")
    assert acm.client("staff", scopes=("openid", "mijntoepassing")).check() is None, "nothing to try without an address"


def test_nothing_secret_is_shown_by_repr(acm: RunningAcm) -> None:
    settings = acm.client("staff", client_secret="heel-geheim").settings
    assert "heel-geheim" not in repr(settings) and private_key()["d"] not in repr(settings)
