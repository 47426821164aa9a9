"""Our own token endpoint: secrets and signed assertions, rotation, revocation, and whoever guesses."""

from __future__ import annotations

import json
from datetime import timedelta
from time import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from meldloket.api import assertions
from meldloket.people import api_clients
from meldloket.people.models import ApiClient, SpentToken, Tally
from meldloket.people.roles import Role
from support import factories as make
from support.decisions import *  # noqa: F403  # fixtures
from support.decisions import body, put

pytestmark = pytest.mark.django_db


def ask(secret="geheim-van-de-machine", **more):
    form = {"grant_type": "client_credentials", "client_id": "pakket", "client_secret": secret, **more}
    return Client().post("/api/v1/token", form)


@pytest.fixture
def client_row():
    return api_clients.create(
        "Pakket", "oauth", client_id="pakket", scopes=("decisions",), partner="notulen", secret="geheim-van-de-machine"
    )[0]


def works(token: str) -> bool:
    """Whether the token is let in: an unknown proposal is 404, an unknown caller 401."""
    address = "/api/v1/besluiten/00000000-0000-4000-8000-000000000000"
    return Client(headers={"authorization": f"Bearer {token}"}).put(address, "{}").status_code == 404


# Rotation and revocation


def test_after_a_rotation_both_secrets_work_for_a_day(client_row):
    fresh = api_clients.rotate(client_row)
    assert ask(fresh).status_code == ask().status_code == 200
    ApiClient.objects.update(previous_until=timezone.now() - timedelta(seconds=1))
    assert ask().status_code == 401 and ask(fresh).status_code == 200


def test_a_client_gives_its_token_back_and_nobody_elses(client_row):
    api_clients.create("Ander", "oauth", client_id="ander", scopes=("decisions",), secret="iets-anders")
    token, kept = ask().json()["access_token"], ask().json()["access_token"]
    other = {"client_id": "ander", "client_secret": "iets-anders", "token": kept}
    assert Client().post("/api/v1/token/revoke", other).status_code == 200 and works(kept)
    mine = {"client_id": "pakket", "client_secret": "geheim-van-de-machine", "token": token}
    assert Client().post("/api/v1/token/revoke", mine).status_code == 200
    assert not works(token) and works(kept)
    assert Client().post("/api/v1/token/revoke", {**mine, "client_secret": "fout"}).status_code == 401
    assert Client().post("/api/v1/token/revoke", {**mine, "token": "onzin"}).status_code == 200


def test_an_administrator_rotates_and_ends_every_token(client_row):
    token = ask().json()["access_token"]
    admin = Client()
    admin.force_login(make.make_staff(Role.ADMINISTRATOR))
    page = admin.post(reverse("key-rotate", args=[client_row.pk]))
    assert "nog 24 uur" in page.content.decode() and page["Cache-Control"] == "no-store"
    assert works(token) and ask().status_code == 200
    admin.post(reverse("key-end-tokens", args=[client_row.pk]))
    assert not works(token) and ask().status_code == 401, "also the secret that was rotated out"


def test_whoever_guesses_must_wait_and_others_need_not(client_row):
    answers = [ask("fout").status_code for _ in range(22)]
    assert answers[:20] == [401] * 20 and answers[20:] == [429, 429]
    assert ask("fout")["Retry-After"] == "60" and ask().status_code == 200


def test_a_client_that_asks_for_every_call_anew_must_wait(client_row):
    Tally.objects.bulk_create([])
    key, minute = api_clients.digest(f"client:{client_row.pk}"), timezone.now().replace(second=0, microsecond=0)
    for moment in (minute, minute + timedelta(minutes=1)):
        Tally.objects.create(key=key, minute=moment, count=120)
    assert ask().status_code == 429


def test_what_ended_by_itself_is_forgotten(client_row):
    api_clients.spend("oud", timezone.now() - timedelta(minutes=1))
    api_clients.spend("nieuw", timezone.now() + timedelta(minutes=1))
    Tally.objects.create(key="x", minute=timezone.now() - timedelta(hours=2))
    api_clients.clear_spent()
    assert SpentToken.objects.count() == 1 and not Tally.objects.exists()


# Signed assertions


@pytest.fixture(scope="module")
def key():
    return ECKey.generate_key("P-256", parameters={"kid": "een"})


@pytest.fixture
def signer(client_row, key):
    """The client with a public key instead of a secret."""
    client_row.jwks = KeySet([key]).as_dict(private=False)
    client_row.save()
    return client_row


def assertion(key, alg="ES256", **changes):
    now = time()
    claims = {"iss": "pakket", "sub": "pakket", "aud": "http://testserver/api/v1/token", "exp": now + 60, "jti": str(now)}
    return jwt.encode({"alg": alg, "kid": "een"}, {**claims, **changes}, key, algorithms=[alg])


def ask_signed(text):
    form = {"grant_type": "client_credentials", "client_assertion_type": assertions.KIND, "client_assertion": text}
    return Client().post("/api/v1/token", form)


@pytest.fixture
def here(settings):
    settings.BASE_URL = "http://testserver"


def test_a_signed_assertion_gives_a_token_once(signer, key, here):
    text = assertion(key)
    answer = ask_signed(text)
    assert answer.status_code == 200 and works(answer.json()["access_token"])
    assert ask_signed(text).status_code == 401, "an assertion is used once"
    assert ask_signed(assertion(key, jti="twee", aud=["http://testserver"])).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://een-ander.example"},
        {"aud": None},
        {"exp": 1},
        {"exp": 99_999_999_999},
        {"exp": "straks"},
        {"iss": "ander"},
        {"sub": "ander"},
        {"jti": ""},
        {"nbf": 99_999_999_999},
    ],
)
def test_an_assertion_that_is_not_meant_for_us_now_is_refused(signer, key, here, changes):
    assert ask_signed(assertion(key, **changes)).status_code == 401


def test_an_assertion_of_another_key_is_refused(signer, here):
    other = ECKey.generate_key("P-256", parameters={"kid": "een"})
    assert ask_signed(assertion(other)).status_code == 401


@pytest.mark.parametrize("text", ["", "a.b.c", "x" * 20_000, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwYWtrZXQifQ."])
def test_what_is_no_assertion_is_refused(signer, here, text):
    assert ask_signed(text).status_code == 401


def test_a_client_without_keys_can_not_sign(client_row, key, here):
    assert ask_signed(assertion(key)).status_code == 401


@pytest.mark.parametrize("jwks", ['{"keys": []}', "[]", "geen json", '{"keys": [{"kty": "oct", "k": "AAAA"}]}'])
def test_a_page_takes_public_keys_only(jwks):
    admin = Client()
    admin.force_login(make.make_staff(Role.ADMINISTRATOR))
    answer = admin.post(reverse("key-new"), {"name": "Notulen", "use": "minutes", "partner": "", "jwks": jwks})
    assert answer.status_code == (200 if jwks == "[]" else 422)


def test_a_private_key_is_refused_and_a_public_one_kept(key):
    admin = Client()
    admin.force_login(make.make_staff(Role.ADMINISTRATOR))
    form = {"name": "Notulen", "use": "minutes", "partner": ""}
    private = {**form, "jwks": json.dumps(KeySet([key]).as_dict(private=True))}
    assert "private" in admin.post(reverse("key-new"), private).content.decode()
    public = {**form, "jwks": json.dumps(KeySet([key]).as_dict(private=False))}
    assert admin.post(reverse("key-new"), public).status_code == 200
    assert ApiClient.objects.get().jwks["keys"][0]["kty"] == "EC"


def test_a_switched_off_client_is_out_at_once(handed, package):
    ApiClient.objects.update(active=False)
    assert put(package, handed, body()).status_code == 401
