"""A report and a case as linked data: conforming to the Flemish shapes, for whoever may see them, without the reporter."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import Client
from rdflib import Graph

from meldloket.cases.models import Attachment
from meldloket.intake import files
from meldloket.people.roles import Role
from support import factories as make
from support.decisions import *  # noqa: F403  # fixtures
from support.decisions import body, put
from support.form import photo

pytestmark = pytest.mark.django_db
SHAPES = Path(__file__).parents[3] / "shared" / "oslo"
FORMS = (("text/turtle", "turtle"), ("application/ld+json", "json-ld"))


@pytest.fixture
def decided(handed, package):
    """A case with a photo and a decision."""
    content = photo()
    kept = files.keep(files.clean(io.BytesIO(content), "put.jpg", len(content)))
    Attachment.objects.filter(pk=kept.pk).update(case=handed.case, report=handed.case.reports.get())
    assert put(package, handed, body()).status_code == 201
    handed.case.refresh_from_db()
    return handed.case


@pytest.fixture
def office(handler):
    client = Client()
    client.force_login(handler)
    return client


@pytest.fixture
def reporter(decided):
    client = Client()
    client.force_login(decided.reports.get().reporter.account)
    return client


def read(client, address, form=FORMS[0]):
    answer = client.get(address, headers={"accept": form[0]})
    assert answer.status_code == 200 and answer["Cache-Control"].startswith("private")
    assert "Geheimnaam" not in answer.content.decode() and "Lotte" not in answer.content.decode()
    return Graph().parse(data=answer.content, format=form[1])


@pytest.mark.skipif(not SHAPES.exists(), reason="../shared/oslo is not here")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("kind", "shapes", "classes"),
    [
        ("meldingen", "issue-tracking.ttl", {"Melding", "MeldingBody", "Meldingstatus", "Geometry", "OrganizationalUnit"}),
        ("dossiers", "dossier.ttl", {"Dossier", "Stuk", "Activity", "Besluit"}),
    ],
)
def test_it_conforms_to_the_shapes(decided, office, kind, shapes, classes, form):
    from pyshacl import validate

    graph = read(office, f"/id/{kind}/{decided.reference}", form)
    found = {str(three).rpartition("#")[2].rpartition("/")[2] for _, two, three in graph if str(two).endswith("#type")}
    assert classes <= found
    conforms, _, text = validate(graph, shacl_graph=Graph().parse(SHAPES / shapes))
    assert conforms, text


def test_a_reporter_reads_the_own_report_without_inner_steps(decided, reporter, office):
    address = f"/id/meldingen/{decided.reference}"
    mine, theirs = read(reporter, address), read(office, address)
    assert 0 < len(mine) <= len(theirs)
    assert f"/mijn/{decided.reference}/" in mine.serialize() and "/kantoor/" not in mine.serialize()
    assert reporter.get(f"/id/dossiers/{decided.reference}", headers={"accept": "text/turtle"}).status_code == 404


def test_a_browser_is_led_to_the_page(decided, office, reporter):
    page = office.get(f"/id/dossiers/{decided.reference}", headers={"accept": "text/html"})
    assert page.status_code == 303 and page["Location"] == f"/kantoor/meldingen/{decided.reference}/"
    assert reporter.get(f"/id/meldingen/{decided.reference}")["Location"].endswith(f"/mijn/{decided.reference}/")
    assert office.get(f"/id/dossiers/{decided.reference}", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("kind", ["meldingen", "dossiers"])
def test_others_see_nothing(decided, kind):
    address = f"/id/{kind}/{decided.reference}"
    assert Client().get(address, headers={"accept": "text/turtle"}).status_code == 302
    for account in (make.make_citizen("Bram"), make.make_staff(Role.EXTERNAL_ADVISER), make.make_staff(Role.WORKER)):
        stranger = Client()
        stranger.force_login(account)
        assert stranger.get(address, headers={"accept": "text/turtle"}).status_code == 404
