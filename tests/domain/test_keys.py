"""Keys for machines, made by an administrator: shown once, for one purpose, switched off at once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from meldloket.catalogue import current
from meldloket.catalogue.models import AdviceService, OtherSystem
from meldloket.people import api_clients
from meldloket.people.models import ApiClient
from meldloket.people.roles import Role
from support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    make.make_catalogue()
    current.forget()
    AdviceService.objects.create(code="politie", name="Politiezone")
    OtherSystem.objects.create(code="aannemer", name="Aannemer", adapter="webhook", url="https://aannemer.example/haak")
    client = Client()
    client.force_login(make.make_staff(Role.ADMINISTRATOR))
    return client


def test_a_key_for_open311_works_and_is_shown_once(admin):
    page = admin.post(reverse("key-new"), {"name": "Fietsersapp", "use": "open311"})
    secret, client = page.context["secret"], ApiClient.objects.get(name="Fietsersapp")
    assert secret in page.content.decode() and page["Cache-Control"] == "no-store"
    assert api_clients.by_key(secret, "open311") == client
    assert secret not in admin.get(reverse("manage-keys")).content.decode()
    admin.post(reverse("key-switch", args=[client.pk]))
    assert api_clients.by_key(secret, "open311") is None
    assert "uitgeschakeld" in admin.get(reverse("manage-keys")).content.decode()
    admin.post(reverse("key-switch", args=[client.pk]), {"aan": "1"})
    assert api_clients.by_key(secret, "open311") == client


def test_an_advice_partner_gets_a_token_for_its_own_service_and_a_signing_secret(admin):
    form = {"name": "Politie", "use": "advice", "partner": "advice:politie", "webhook_url": "https://pz.example/haak"}
    page = admin.post(reverse("key-new"), form)
    client, signing = ApiClient.objects.get(name="Politie"), page.context["signing"]
    assert (client.partner, client.scopes) == ("politie", ["advice"])
    assert api_clients.is_signing_secret(signing)
    assert api_clients.webhook_of("politie") == ("https://pz.example/haak", signing)
    asked = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": page.context["secret"]}
    assert Client().post("/api/v1/token", asked).json()["scope"] == "advice"


def test_the_secret_of_another_system_is_kept_encrypted(admin):
    secret = api_clients.new_signing_secret()
    form = {"name": "Aannemer", "use": "system", "partner": "system:aannemer", "outbound": secret}
    assert admin.post(reverse("key-new"), form).status_code == 200
    assert api_clients.outbound_of("aannemer") == secret
    assert secret.encode() not in bytes(ApiClient.objects.get(partner="aannemer").outbound)


def test_the_minutes_package_gets_a_token_for_decisions_alone(admin):
    page = admin.post(reverse("key-new"), {"name": "Notulen", "use": "minutes"})
    client = ApiClient.objects.get(name="Notulen")
    assert (client.partner, client.scopes) == ("notulen", ["decisions"])
    asked = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": page.context["secret"]}
    assert Client().post("/api/v1/token", asked).json()["scope"] == "decisions"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "name"),
        ({"use": "advice"}, "partner"),
        ({"use": "advice", "partner": "system:aannemer"}, "partner"),
        ({"use": "system", "partner": "advice:politie"}, "partner"),
        ({"partner": "advice:politie"}, "partner"),
        ({"webhook_url": "https://pz.example/haak"}, "webhook_url"),
        ({"use": "advice", "partner": "advice:politie", "webhook_url": "javascript:alert(1)"}, "webhook_url"),
        ({"use": "system", "partner": "system:aannemer", "outbound": "geheim"}, "outbound"),
        ({"use": "system", "partner": "system:aannemer", "outbound": "whsec_kort"}, "outbound"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(admin, change, words):
    before = ApiClient.objects.count()
    page = admin.post(reverse("key-new"), {"name": "Iets", "use": "open311", **change})
    assert page.status_code == 422 and words in page.context["form"].errors
    assert ApiClient.objects.count() == before
