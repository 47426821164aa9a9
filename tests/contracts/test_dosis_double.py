"""The double of DOSIS refuses what the real one refuses: tokens, bodies, bundles, repeats (specs/dosis-and-mbp 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from support.dosis import SOMEBODY, SOURCE, TOKEN, RunningDosis, private_key, running_dosis, whole_body

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
V2, V1 = "/api/v2/dosis/dossiers", "/api/v1/dosis/dossiers"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDosis]:
    with running_dosis() as double:
        yield double


@pytest.fixture
def dosis(running: RunningDosis) -> RunningDosis:
    running.reset()
    return running


@pytest.fixture
def client(dosis: RunningDosis) -> Iterator[httpx.Client]:
    """Raw HTTP with a good token."""
    dosis.http.headers["Authorization"] = f"Bearer {dosis.token()}"
    yield dosis.http
    del dosis.http.headers["Authorization"]


def ask(
    dosis: RunningDosis,
    claims: dict[str, Any] | None = None,
    header: dict[str, Any] | None = None,
    key: Any = None,
    **form: str,
) -> httpx.Response:
    """Asks a token with a good assertion in which `claims`, `header` or `key` differ; a None leaves a member out."""
    now = int(dosis.clock.seconds())
    good = {
        "iss": "meldloket-dosis",
        "sub": "meldloket-dosis",
        "aud": f"{dosis.url}{TOKEN}",
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + 120,
    }
    assertion = jwt.encode(
        _without_none({"alg": "RS256", "kid": "dosis-1", **(header or {})}),
        _without_none({**good, **(claims or {})}),
        key or RSAKey.import_key(private_key()),
        algorithms=["RS256", "HS256"],
    )
    fields = {
        "grant_type": "client_credentials",
        "scope": "DosisImport",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        **form,
    }
    return dosis.http.post(TOKEN, data=fields)


def _without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def test_a_good_assertion_gets_a_token(dosis: RunningDosis) -> None:
    answer = ask(dosis)
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] == 36_000
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert dosis.http.get("/api/v2/dosis/bronnen/uris", headers=headers).json() == [SOURCE]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"aud": "https://elsewhere.example/token"},
        {"aud": None},
        {"jti": None},
        {"jti": ""},
        {"iat": None},
        {"exp": None},
        {"exp": "soon"},
    ],
)
def test_a_wrong_claim_is_refused(dosis: RunningDosis, claims: dict[str, Any]) -> None:
    answer = ask(dosis, claims)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize(("begins", "ends"), [(0, 601), (-300, -1), (3600, 3700), (10, 10), (10, 5)])
def test_a_wrong_time_is_refused(dosis: RunningDosis, begins: int, ends: int) -> None:
    now = int(dosis.clock.seconds())
    answer = ask(dosis, {"iat": now + begins, "exp": now + ends})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_ten_minutes_is_allowed(dosis: RunningDosis) -> None:
    now = int(dosis.clock.seconds())
    assert ask(dosis, {"iat": now, "exp": now + 600}).status_code == 200


def test_an_assertion_is_used_once(dosis: RunningDosis) -> None:
    jti = str(uuid4())
    assert ask(dosis, {"jti": jti}).status_code == 200
    answer = ask(dosis, {"jti": jti})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
    dosis.clock.advance(minutes=30)  # long forgotten, and expired meanwhile
    assert ask(dosis).status_code == 200


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({}, RSAKey.import_key(private_key("dosis-2"))),
        ({"kid": "dosis-2"}, RSAKey.import_key(private_key("dosis-2"))),
        ({"kid": "dosis-2"}, None),
        ({"kid": None}, None),
        ({"alg": "HS256"}, OctKey.import_key("a secret that is long enough for HS256")),
    ],
)
def test_a_wrong_key_is_refused(dosis: RunningDosis, header: dict[str, Any], key: Any) -> None:
    answer = ask(dosis, header=header, key=key)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": "saml"}, "invalid_client"),
        ({"client_assertion": "not.a.token"}, "invalid_client"),
        ({"client_assertion": ""}, "invalid_client"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
def test_a_wrong_form_is_refused(dosis: RunningDosis, form: dict[str, str], error: str) -> None:
    answer = ask(dosis, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_without_a_living_token_nothing_opens(dosis: RunningDosis, client: httpx.Client) -> None:
    for method, path in (
        ("POST", V2),
        ("POST", "/api/v2/dossiers"),
        ("POST", V1),
        ("DELETE", V1),
        ("GET", "/api/v1/dosis/resultaten/perUploadId"),
        ("GET", "/api/v1/dosis/resultaten/fouten"),
        ("GET", "/api/v1/dosis/resultaten"),
        ("GET", "/api/v2/dosis/bronnen/uris"),
        ("GET", "/api/v1/dosis/instellingen/validatie"),
        ("POST", "/api/v2/notificaties"),
    ):
        assert client.request(method, path, headers={"Authorization": ""}).status_code == 401, path
    dosis.clock.advance(hours=11)
    assert client.get("/api/v2/dosis/bronnen/uris").status_code == 401


def test_the_lists(client: httpx.Client) -> None:
    lists = client.get("/api/v1/dosis/instellingen/validatie").json()
    assert len(lists["VlaamsCodes"]) == 27
    assert len(lists["VlaamsFases"]) == 6


@pytest.mark.parametrize("path", [V2, "/api/v2/dossiers", V1])
def test_an_upload(dosis: RunningDosis, client: httpx.Client, path: str) -> None:
    body = whole_body()
    answer = client.post(path, json=body)
    assert answer.status_code == 200
    assert answer.json() == {"Status": "OK", "UploadId": body["UploadId"]}
    [kept] = dosis.uploads()
    assert (kept["DossierNummer"], kept["code"], kept["agents"]) == ("MLD-2026-000123", "Ontvankelijk", [SOMEBODY])
    result = client.get("/api/v1/dosis/resultaten/perUploadId", params={"uploadId": body["UploadId"].upper()}).json()
    assert (result["Succes"], result["VerwerktVoorOpvraging"], result["Fouten"]) == (True, True, [])
    found = client.get("/api/v1/dosis/resultaten", params={"bron": SOURCE, "dossierNummer": "MLD-2026-000123"}).json()
    assert found == [result]


def test_v1_makes_an_upload_id_and_v2_demands_one(client: httpx.Client) -> None:
    body = whole_body()
    del body["UploadId"]
    assert client.post(V1, json=body).json()["UploadId"]
    assert client.post(V2, json=body).json()["errors"][0]["field"] == "UploadId"


def test_the_smallest_case_of_the_official_test_set(client: httpx.Client) -> None:
    body = whole_body()
    for name in ("Status", "DossierBeheerder", "Doorverwijzing"):
        del body[name]
    assert client.post(V2, json=body).status_code == 200


def change(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """A function that puts `value` at a path such as `Agenten[0].Identificatie`; a value of ... removes it."""

    def apply(body: dict[str, Any]) -> None:
        part: Any = body
        steps: list[Any] = [
            int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")
        ]
        for step in steps[:-1]:
            part = part[step]
        if value is ...:
            del part[steps[-1]]
        else:
            part[steps[-1]] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("Identificatie", ..., "Identificatie"),
        ("Identificatie.Bron", "geen uri", "Identificatie.Bron"),
        ("Identificatie.DossierNummer", "", "Identificatie.DossierNummer"),
        ("Identificatie.DossierNummer", "x" * 256, "Identificatie.DossierNummer"),
        ("UploadId", "123", "UploadId"),
        ("Naam", "x" * 256, "Naam"),
        ("Naam", "😀" * 128, "Naam"),
        ("Naam", 5, "Naam"),
        ("Naam", None, "Naam"),
        ("Naam", "a\x07b", "Naam"),
        ("naam", "kleine letter", "naam"),
        ("WijzigingsDatum", ..., "WijzigingsDatum"),
        ("WijzigingsDatum", "gisteren", "WijzigingsDatum"),
        ("WijzigingsDatum", "2026-03-04", "WijzigingsDatum"),
        ("TypeDossierCode", "Iets", "TypeDossierCode"),
        ("Status.VlaamsCode", "DOSSIER_ONVOLLEDIG", "Status.VlaamsCode"),
        ("Status.VlaamsCode", ..., "Status.VlaamsCode"),
        ("Status.VlaamsFase", "Onderzoek", "Status.VlaamsFase"),
        ("Status.Detail1", "x" * 256, "Status.Detail1"),
        ("Status.Detail3", "meer", "Status.Detail3"),
        ("Status.Actie.ActieNodig", "ja", "Status.Actie.ActieNodig"),
        ("Status.Actie", {"ActieNodig": True}, "Status.Actie.Actie"),
        ("Doorverwijzing", "javascript:alert(1)", "Doorverwijzing"),
        ("Producten", [], "Producten"),
        ("Producten", [{"Id": "1"}, {"Id": "2"}], "Producten"),
        ("Producten[0].Id", "IPDC", "Producten[0].Id"),
        ("DossierBeheerder.Email", "niemand", "DossierBeheerder.Email"),
        ("DossierBeheerder.Website", "www.lindekerke.example", "DossierBeheerder.Website"),
        ("DossierBeheerder.Adres", {"Straat": "Markt"}, "DossierBeheerder.Adres.Nummer"),
        ("DossierBeheerder.Adres", {"Straat": "Markt", "Nummer": "12345"}, "DossierBeheerder.Adres.Nummer"),
        ("Agenten", [], "Agenten"),
        ("Agenten[0].Identificatie", "31612199734", "Agenten[0].Identificatie"),
        ("Agenten[0].Identificatie", "BE0207123456", "Agenten[0].Identificatie"),
        ("Agenten[0].Toegangsrechten", [], "Agenten[0].Toegangsrechten"),
        ("Agenten[0].Toegangsrechten", ..., "Agenten[0].Toegangsrechten"),
        ("Agenten[0].Toegangsrechten[0].Code", "Beheerder", "Agenten[0].Toegangsrechten[0].Code"),
    ],
)
def test_a_wrong_field_is_named(dosis: RunningDosis, client: httpx.Client, path: str, value: Any, field: str) -> None:
    body = whole_body()
    change(path, value)(body)
    answer = client.post(V2, json=body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "description", "errors"}
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert dosis.uploads() == []


@pytest.mark.parametrize("agent", ["0207123456", "V0012345"])
def test_enterprises_and_associations_are_agents_too(client: httpx.Client, agent: str) -> None:
    body = whole_body()
    body["Agenten"] = [{"Identificatie": agent, "Toegangsrechten": [{"Code": "Lezer - 1234"}]}]
    assert client.post(V2, json=body).status_code == 200


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b'{"Naam": "\\ud800"}', b"[" * 100_000])
def test_what_is_no_object_is_refused(client: httpx.Client, content: bytes) -> None:
    answer = client.post(V2, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert client.post(V2, content=content).status_code == 415


def test_a_foreign_source_is_forbidden(client: httpx.Client) -> None:
    body = whole_body()
    body["Identificatie"]["Bron"] = "urn://oosterlinde/meldingen"
    assert client.post(V2, json=body).status_code == 403
    foreign = {"bron": "urn://oosterlinde/meldingen", "dossierNummer": "1"}
    assert client.get("/api/v1/dosis/resultaten", params=foreign).status_code == 403
    assert client.get("/api/v1/dosis/resultaten/fouten", params=foreign).status_code == 403
    assert client.delete(V1, params=foreign).status_code == 403


def test_a_repeat_adds_nothing_and_another_body_is_refused(dosis: RunningDosis, client: httpx.Client) -> None:
    body = whole_body()
    first, second = client.post(V2, json=body), client.post(V2, json=body)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    other = deepcopy(body)
    other["Naam"] = "Iets anders"
    answer = client.post(V2, json=other)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "UploadId")
    assert len(dosis.uploads()) == len(dosis.notifications()) == 1


def test_deleting_a_case(dosis: RunningDosis, client: httpx.Client) -> None:
    client.post(V2, json=whole_body())
    case = {"bron": SOURCE, "dossierNummer": "MLD-2026-000123"}
    assert client.delete(V1, params=case).status_code == 200
    assert client.delete(V1, params=case).status_code == 404
    assert dosis.uploads()[0]["withdrawn"] is True
    assert client.post(V2, json=whole_body()).status_code == 200
    assert [one["withdrawn"] for one in dosis.uploads()] == [True, False]


def test_settings_are_checked(dosis: RunningDosis) -> None:
    for body in ("{", "[]", '{"notifies": 1}', "{}"):
        assert dosis.http.put("/_double/settings", content=body).status_code == 400
    assert dosis.http.get("/_double/settings").json() == {"notifies": True}
