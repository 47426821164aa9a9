"""The style guide draws every component, in both worlds, and stays out of production."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from meldloket.web.styleguide import styleguide
from support.factories import make_catalogue, make_staff

pytestmark = pytest.mark.django_db

TEMPLATE = Path(__file__).resolve().parents[2] / "src/meldloket/web/templates/styleguide.html"
COTTON = TEMPLATE.parent / "cotton"


def asked(path: str = "/stijlgids/", user: object = None) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    request.session = {}  # type: ignore[assignment]
    return request


def test_shows_every_component() -> None:
    text = TEMPLATE.read_text("utf-8") + "".join(path.read_text("utf-8") for path in COTTON.rglob("*.html"))
    names = {path.stem.replace("_", "-") for path in COTTON.glob("*.html")} - {"visually-hidden"}
    assert {name for name in names if f"<c-{name}" not in text} == set()


@pytest.mark.parametrize("office", [False, True])
def test_renders_in_both_worlds(office: bool) -> None:
    make_catalogue()
    user = make_staff("handler") if office else None
    response = styleguide(asked("/stijlgids/?kantoor" if office else "/stijlgids/", user))
    html = response.content.decode()  # type: ignore[attr-defined]
    assert response.status_code == 200
    assert ('class="office"' in html) is office
    assert html.count("<h1") == 1
    for part in (
        "ml-notice--emergency",
        "ml-field--invalid",
        "ml-timeline__item",
        "ml-dialog",
        "data-map",
        "ml-term--late",
    ):
        assert part in html
    assert "<c-" not in html, "a component that does not exist"
    assert "style=" not in html


def test_is_not_there_in_production(settings: pytest.FixtureRequest) -> None:
    settings.DEMO = settings.DEBUG = False  # type: ignore[attr-defined]
    with pytest.raises(Http404):
        styleguide(asked())
