"""The double of ACM/IDM by itself: what it must refuse so that a test against it proves something
(specs/identity-and-registers 1.12)."""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from meldloket.sandbox.acmidm import create_app
from meldloket.sandbox.acmidm.staff import STAFF
from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.persons import CITIZENS
from support.acmidm import PRODUCT, SECRETS, RunningAcm, callback, private_key, running_acm

CITIZEN = next(one for one in CITIZENS if one.insz)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningAcm]:
    with running_acm() as acm:
        yield acm


@pytest.fixture
def acm(running: RunningAcm) -> Iterator[RunningAcm]:
    running.clear()
    yield running
    running.clear()


def question(**changed: str) -> dict[str, str]:
    """A plain authorization request of the citizen client, without PKCE."""
    asked = {
        "client_id": "meldloket-burger",
        "redirect_uri": callback("citizen"),
        "response_type": "code",
        "scope": "openid profile rrn",
        "state": "toestand",
        "nonce": "eenmalig",
        "persona": CITIZEN.key,
    }
    return {name: value for name, value in {**asked, **changed}.items() if value}


def ask(acm: RunningAcm, **changed: str) -> httpx.Response:
    return httpx.get(f"{acm.issuer}/v1/auth", params=question(**changed))


def back(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def assertion(acm: RunningAcm, **changed: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": "meldloket-burger",
        "sub": "meldloket-burger",
        "aud": acm.issuer,
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid.uuid4()),
    }
    claims = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": "acmidm-1"}, claims, RSAKey.import_key(private_key()))


def redeem(acm: RunningAcm, code: str, **changed: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback("citizen"),
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": changed.pop("client_assertion", "") or assertion(acm),
    }
    return httpx.post(f"{acm.issuer}/v1/token", data={**form, **changed})


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_discovery_is_as_published_and_hides_private_key_jwt(acm: RunningAcm) -> None:
    document = httpx.get(f"{acm.issuer}/.well-known/openid-configuration").json()
    assert document["issuer"] == acm.issuer
    assert document["token_endpoint"] == f"{acm.issuer}/v1/token"
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post"]
    assert document["code_challenge_methods_supported"] == ["plain", "S256"]


def test_unregistered_address_or_client_is_a_page_not_a_redirect(acm: RunningAcm) -> None:
    for changed in ({"redirect_uri": "https://elders.example/"}, {"client_id": "onbekend"}):
        answer = ask(acm, **changed)
        assert (answer.status_code, "location" in answer.headers) == (400, False)
        assert "niet geregistreerd" in answer.text


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"scope": "openid profile vo"}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "x", "code_challenge_method": "S512"}, "invalid_request"),
        ({"login_hint": "geen base64"}, "invalid_request"),
        ({"login_hint": base64.b64encode(b'{"cap_hint":"LB"}').decode()}, "access_denied"),
        ({"annuleren": "1"}, "access_denied"),
    ],
)
def test_wrong_question_is_sent_back_with_its_error(acm: RunningAcm, changed: dict[str, str], expected: str) -> None:
    fields = back(ask(acm, **changed))
    assert (fields["error"], fields["state"]) == (expected, "toestand")
    assert "code" not in fields


def test_staff_can_not_log_in_as_citizen_nor_the_other_way(acm: RunningAcm) -> None:
    assert ask(acm, persona="karim").status_code == 400


def test_tokens_of_a_citizen_hold_exactly_the_published_claims(acm: RunningAcm) -> None:
    answer = redeem(acm, back(ask(acm))["code"])
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"], "refresh_token" in body) == ("Bearer", 3600, False)
    keys = KeySet.import_key_set(httpx.get(f"{acm.issuer}/v1/keys").json())
    token = jwt.decode(body["id_token"], keys, algorithms=["RS256"])
    names = {"iss", "sub", "aud", "azp", "iat", "exp", "nonce", "at_hash", "kid", "given_name", "family_name", "rrn"}
    assert set(token.claims) == names
    assert token.claims["kid"] == token.header["kid"]
    assert (token.claims["rrn"], token.claims["nonce"]) == (CITIZEN.insz, "eenmalig")
    assert token.claims["exp"] - token.claims["iat"] == 3600
    told = httpx.get(f"{acm.issuer}/v1/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"}).json()
    assert told == {name: token.claims[name] for name in ("sub", "given_name", "family_name", "rrn")}


def test_keys_hold_nothing_private(acm: RunningAcm) -> None:
    for key in httpx.get(f"{acm.issuer}/v1/keys").json()["keys"]:
        assert not {"d", "p", "q"} & set(key) and key["kid"]


def test_access_token_is_opaque_and_ends_after_an_hour(acm: RunningAcm) -> None:
    token = redeem(acm, back(ask(acm))["code"]).json()["access_token"]
    assert "." not in token
    header = {"Authorization": f"Bearer {token}"}
    acm.clock.ahead = 3601
    assert httpx.get(f"{acm.issuer}/v1/userinfo", headers=header).status_code == 401
    assert httpx.get(f"{acm.issuer}/v1/userinfo").status_code == 401


def test_introspection_needs_client_authentication(acm: RunningAcm) -> None:
    token = redeem(acm, back(ask(acm))["code"]).json()["access_token"]
    address, secret = f"{acm.issuer}/v1/introspect", ("meldloket-burger", SECRETS["meldloket-burger"])
    told = httpx.post(address, data={"token": token}, auth=secret).json()
    assert (told["active"], told["client_id"], told["scope"]) == (True, "meldloket-burger", "openid profile rrn")
    assert httpx.post(address, data={"token": "onbekend"}, auth=secret).json() == {"active": False}
    assert error(httpx.post(address, data={"token": token})) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elders.example/op"},
        {"aud": None},
        {"iss": "onbekend"},
        {"sub": "meldloket-medewerker"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"jti": None},
    ],
)
def test_assertion_is_refused(acm: RunningAcm, changed: dict[str, Any]) -> None:
    answer = redeem(acm, back(ask(acm))["code"], client_assertion=assertion(acm, **changed))
    assert error(answer) == (401, "invalid_client")


def test_assertion_for_the_token_endpoint_is_refused(acm: RunningAcm) -> None:
    signed = assertion(acm, aud=f"{acm.issuer}/v1/token")
    assert error(redeem(acm, back(ask(acm))["code"], client_assertion=signed)) == (401, "invalid_client")


def test_assertion_is_used_once(acm: RunningAcm) -> None:
    signed = assertion(acm)
    assert redeem(acm, back(ask(acm))["code"], client_assertion=signed).status_code == 200
    answer = redeem(acm, back(ask(acm))["code"], client_assertion=signed)
    assert error(answer) == (401, "invalid_client")
    assert "jti" in answer.json()["error_description"]


def test_secret_in_the_query_string_is_refused(acm: RunningAcm) -> None:
    form = {"grant_type": "authorization_code", "code": back(ask(acm))["code"], "redirect_uri": callback("citizen")}
    secret = {"client_id": "meldloket-burger", "client_secret": SECRETS["meldloket-burger"]}
    assert error(httpx.post(f"{acm.issuer}/v1/token", params=secret, data=form)) == (401, "invalid_client")
    assert httpx.post(f"{acm.issuer}/v1/token", data={**form, **secret}).status_code == 200


def test_pkce_is_verified_both_ways(acm: RunningAcm) -> None:
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert error(redeem(acm, back(ask(acm, **asked))["code"])) == (400, "invalid_grant")
    assert error(redeem(acm, back(ask(acm, **asked))["code"], code_verifier="w" * 43)) == (400, "invalid_grant")
    assert redeem(acm, back(ask(acm, **asked))["code"], code_verifier=verifier).status_code == 200
    assert error(redeem(acm, back(ask(acm))["code"], code_verifier=verifier)) == (400, "invalid_grant")


def test_code_belongs_to_its_redirect_address_and_grant(acm: RunningAcm) -> None:
    other = redeem(acm, back(ask(acm))["code"], redirect_uri=callback("staff"))
    assert error(other) == (400, "invalid_grant")
    assert error(redeem(acm, "x", grant_type="refresh_token")) == (400, "unsupported_grant_type")


def test_response_modes(acm: RunningAcm) -> None:
    assert ask(acm, response_mode="fragment").headers["location"].startswith(f"{callback('citizen')}#code=")
    posted = ask(acm, response_mode="form_post")
    assert posted.status_code == 200 and f'action="{callback("citizen")}"' in posted.text


def test_pages_name_everybody_and_log_in_at_the_product(acm: RunningAcm) -> None:
    page = httpx.get(f"{acm.url}/").text
    assert all(one.name in page for one in STAFF) and CITIZEN.last_name in page
    with httpx.Client() as browser:
        form = {"client": "meldloket-medewerker", "persona": "karim"}
        answer = browser.post(f"{acm.url}/aanmelden-als", data=form)
        assert answer.headers["location"] == f"{PRODUCT}/aanmelden/medewerker/"
        staff = question(client_id="meldloket-medewerker", redirect_uri=callback("staff"), scope="openid vo", persona="")
        assert "code" in back(browser.get(f"{acm.issuer}/v1/auth", params=staff))


def test_staff_are_fictitious_and_complete() -> None:
    assert len({one.vo_id for one in STAFF}) == len({one.key for one in STAFF}) == len(STAFF) == 18
    for one in STAFF:
        assert uuid.UUID(one.vo_id).version == 4
        assert one.email.partition(":")[0].endswith(".example")


def test_keys_survive_a_restart(tmp_path: Any) -> None:
    config = SandboxConfig(data_dir=tmp_path)
    first = create_app(config).state.keys.public()
    assert create_app(config).state.keys.public() == first
