"""A citizen chooses a language, and the pages speak it."""

from __future__ import annotations

import pytest
from django.test import Client

from meldloket.catalogue import current
from meldloket.intake import drafts
from support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    make.make_catalogue()
    current.forget()
    yield
    current.forget()


@pytest.mark.parametrize(
    ("language", "home", "first_step", "category"),
    [
        ("nl", "Ziet u een probleem in de gemeente?", "Wat wilt u melden?", "Schade aan de rijweg"),
        ("en", "Do you see a problem in the municipality?", "What would you like to report?", "Damage to the road"),
        ("fr", "Vous voyez un problème dans la commune", "Que voulez-vous signaler", "Dégâts à la chaussée"),
        ("de", "Sehen Sie ein Problem in der Gemeinde?", "Was möchten Sie melden?", "Schaden an der Fahrbahn"),
    ],
)
def test_pages_speak_the_chosen_language(language, home, first_step, category):
    browser, citizen = Client(), make.make_citizen()
    browser.force_login(citizen)
    answer = browser.post("/taal/", {"language": language, "next": "/"})
    assert answer.status_code == 302 and answer["Location"] == "/"
    start = browser.get("/").content.decode()
    assert f'<html lang="{language}' in start and home in start
    step = browser.get(f"/melden/{drafts.start(citizen).public_id}/wat/").content.decode()
    assert first_step in step and category in step


def test_an_unknown_language_changes_nothing():
    browser = Client()
    browser.post("/taal/", {"language": "xx", "next": "https://elders.example/"})
    assert '<html lang="nl' in browser.get("/").content.decode()
