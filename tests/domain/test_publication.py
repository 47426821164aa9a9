"""Decisions made public (B6.5): not before somebody looked, on the day, in every form, and with a trace of every change."""

from __future__ import annotations

import json
import uuid
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.test import Client
from rdflib import XSD, Graph, Literal, Namespace
from rdflib.compare import graph_diff, to_isomorphic

from meldloket.cases import clock
from meldloket.cases.lifecycle import NotAllowed
from meldloket.decisions import privacy, publishing
from meldloket.decisions.models import Decision, Publication
from meldloket.messages.models import Delivery
from meldloket.people.roles import Role
from support import factories as make
from support import signing
from support.decisions import *  # noqa: F403  # fixtures
from support.decisions import body, put

pytestmark = pytest.mark.django_db
SHAPES = Path(__file__).parents[3] / "shared" / "oslo"
SITTING = {
    "datum": "2026-11-24",
    "bestuursorgaan": "college",
    "geplandeStart": "2026-11-24T14:00:00+01:00",
    "start": "2026-11-24T14:05:00+01:00",
    "einde": "2026-11-24T16:30:00+01:00",
    "plaats": "Gemeentehuis",
    "voorzitter": "Griet Vandamme",
    "secretaris": signing.DIRECTOR,
    "aanwezigen": ["Griet Vandamme", signing.ALDERMAN],
    "notulen": "https://lindekerke.example/notulen/2026-11-24",
}


@pytest.fixture
def ria():
    return make.make_staff(Role.SECRETARIAT, email="ria@lindekerke.example")


@pytest.fixture
def waiting(handed, package):
    """A decision that came back and waits for the check."""
    members = ["Griet Vandamme", signing.ALDERMAN, "Johan Buyse", "Wim Claerhout"]
    chose = {"voorstanders": members[:2], "tegenstanders": members[2:3], "onthouders": members[3:]}
    vote = {"voor": 2, "tegen": 1, "onthouding": 1, "stemmers": members, **chose}
    sent = body(zitting=SITTING, stemming=vote, motivering="Lotte Geheimnaam (0470 12 34 56) vroeg dit. Het is nodig.")
    assert put(package, handed, sent).status_code == 201
    return Publication.objects.get()


@pytest.fixture
def public(waiting, ria):
    return publishing.confirm(waiting, publishing.words_of(waiting), by=ria.actor, at_once=True)


@pytest.fixture
def moved():
    """Moves the clock; puts it back."""
    yield lambda moment: clock.set_clock(lambda: moment)
    clock.set_clock(None)


def get(publication, accept="", suffix=""):
    return Client().get(f"/id/besluiten/{publication.public_id}{suffix}", headers={"accept": accept} if accept else {})


# The check, and the day


def test_names_and_numbers_are_masked_and_a_person_confirms(waiting, ria, handler):
    assert waiting.state == "waiting" and get(waiting).status_code == 404
    assert "Geheimnaam" not in waiting.motivation and "0470" not in waiting.motivation
    assert waiting.motivation == "[naam] ([telefoonnummer]) vroeg dit. Het is nodig."
    found = publishing.check(waiting)
    assert found.words == [] and found.document == [] and found.readable
    words = replace(publishing.words_of(waiting), motivation="Familie Geheimnaam, rek. BE68 5390 0754 7034.")
    kinds = [one.kind for one in publishing.check(waiting, words).words]
    assert kinds == ["rekeningnummer", "naam van de melder"]
    with pytest.raises(NotAllowed):
        publishing.confirm(waiting, words, by=handler.actor)
    with pytest.raises(NotAllowed, match="motivering"):
        publishing.confirm(waiting, replace(words, motivation=" "), by=ria.actor)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Bel 0470 12 34 56 of +32 9 365 12 34.", ["telefoonnummer", "telefoonnummer"]),
        ("Rijksregisternummer 85.07.30-033.28", ["rijksregisternummer"]),
        ("Schrijf naar jan.peeters@voorbeeld.be.", ["e-mailadres"]),
        ("De wagen 1-ABC-234 staat er al weken.", ["nummerplaat"]),
        ("Besluit 2026-CBS-0101 van 24/11/2026, artikel 56, 1.250,00 euro, MLD-2026-000123, 9999 Lindekerke.", []),
        ("De geheimnaamstraat blijft.", []),
        ("Lotte  Geheimnaam en lotte geheimnaam", ["naam van de melder", "naam van de melder"]),
    ],
)
def test_what_the_check_sees(text, kinds):
    assert [one.kind for one in privacy.findings(text, ["Lotte Geheimnaam"])] == kinds


def test_personal_data_in_the_signed_document_are_found(handed, package, ria):
    document = signing.page("Besluit", ["Gevraagd door Lotte Geheimnaam."])
    for name in (signing.ALDERMAN, signing.DIRECTOR):
        document = signing.sign(document, name, by=signing.authority())
    assert put(package, handed, body(document)).status_code == 201
    waiting = Publication.objects.get()
    assert [one.text for one in publishing.check(waiting).document] == ["Lotte Geheimnaam"]
    words = replace(publishing.words_of(waiting), with_document=False)
    publishing.confirm(waiting, words, by=ria.actor, at_once=True)
    assert get(waiting, suffix=".pdf").status_code == 404
    assert "Ondertekend document" not in get(waiting).content.decode()


def test_it_is_public_the_working_day_after_signing_and_the_reporter_is_told(waiting, ria, moved, outside):
    day = publishing.signed_on(waiting.decision)
    assert waiting.due_on > day and waiting.due_on.weekday() < 5
    confirmed = publishing.confirm(waiting, publishing.words_of(waiting), by=ria.actor)
    assert confirmed.state == "waiting" and publishing.due() == []
    moved(datetime.combine(waiting.due_on, datetime.min.time(), UTC) + timedelta(hours=6))
    assert publishing.due() == [waiting.pk]
    assert publishing.publish(waiting.pk) and not publishing.publish(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.published_on == waiting.due_on and get(waiting).status_code == 200
    mail = Delivery.objects.get(event__kind="decision_published", channel="email")
    assert publishing.address(waiting) in mail.text
    assert Delivery.objects.filter(event__kind="decision_published", channel="mbp").count() == 1


def test_unconfirmed_it_stays_inside_whatever_the_day(waiting, moved):
    moved(datetime.now(UTC) + timedelta(days=30))
    assert publishing.due() == [] and not publishing.publish(waiting.pk)
    assert get(waiting).status_code == 404 and get(waiting, suffix=".pdf").status_code == 404


@pytest.mark.parametrize(("signed", "due"), [((2026, 11, 27), (2026, 11, 30)), ((2026, 12, 24), (2026, 12, 28))])
def test_weekends_and_holidays_do_not_count(waiting, signed, due):
    moment = datetime(*signed, 15, tzinfo=UTC).isoformat()
    waiting.decision.signatories = [{"name": "x", "role": "alderman", "at": moment}]
    assert publishing._day_after(waiting.decision) == date(*due)


def test_a_closed_meeting_waits_for_a_person(handed, package, ria):
    put(package, handed, body(zitting={**SITTING, "openbaar": False}))
    waiting = Publication.objects.get()
    assert waiting.due_on is None


# What the public reads


def test_one_address_in_every_form(public):
    html = get(public, "text/html,application/xhtml+xml,*/*;q=0.8")
    assert html.status_code == 200 and html["Content-Type"].startswith("text/html")
    assert "Geheimnaam" not in html.content.decode() and "Het is nodig." in html.content.decode()
    linked = get(public, "application/ld+json")
    assert linked["Content-Type"] == "application/ld+json" and json.loads(linked.content)
    turtle = get(public, "text/turtle;q=0.9, text/html;q=0.1")
    assert turtle["Content-Type"].startswith("text/turtle") and "Accept" in turtle["Vary"]
    again = Client().get(turtle.wsgi_request.path, headers={"accept": "text/turtle", "if-none-match": turtle["ETag"]})
    assert again.status_code == 304
    assert get(public, "image/png").status_code == 406
    assert get(public, "", ".ttl").status_code == 200 and get(public, "", ".xml").status_code == 404
    document = get(public, "", ".pdf")
    assert b"".join(document.streaming_content) == public.decision.document.open().read()
    assert comparable(linked, "json-ld") == comparable(turtle, "turtle")


def comparable(answer, form: str):
    """The graph of an answer; a plain literal is a string (RDF 1.1), which rdflib does not know of by itself."""
    graph = Graph()
    for one, two, three in Graph().parse(data=answer.content, format=form):
        plain = isinstance(three, Literal) and three.datatype is None and three.language is None
        graph.add((one, two, Literal(three, datatype=XSD.string) if plain else three))
    return to_isomorphic(graph)


def rdfa(content: str, base: str) -> Graph:
    """What a real RDFa parser reads in a page, without what the parser says about itself."""
    from pyRdfa import pyRdfa
    from pyRdfa.options import Options

    options = Options(output_processor_graph=False)
    read = pyRdfa(options, base=base, media_type="text/html").graph_from_source(StringIO(content))
    graph = Graph()
    for triple in read:
        if "rdfa#" not in str(triple[1]):
            graph.add(triple)
    return graph


def test_the_page_says_the_same_as_the_graph(public):
    address = publishing.address(public)
    page = rdfa(get(public, "text/html").content.decode(), address)
    graph = Graph().parse(data=get(public, "text/turtle").content, format="turtle")
    _, only_page, only_graph = graph_diff(to_isomorphic(page), to_isomorphic(graph))
    assert not list(only_graph), only_graph.serialize(format="turtle")
    assert not list(only_page), only_page.serialize(format="turtle")
    assert len(graph) > 90


#: The one constraint that nobody can meet: each body must be a specialisation of another body, without end.
WITHOUT_END = "isTijdspecialisatieVan"


@pytest.mark.skipif(not SHAPES.exists(), reason="../shared/oslo is not here")
def test_it_conforms_to_the_shapes_of_published_decisions(public):
    from pyshacl import validate

    SH = Namespace("http://www.w3.org/ns/shacl#")
    graph = rdfa(get(public, "text/html").content.decode(), publishing.address(public))
    shapes = str(SHAPES / "besluit-publicatie-lblod.ttl")
    _, report, text = validate(graph, shacl_graph=shapes, shacl_graph_format="turtle")
    results = report.subjects(SH.sourceShape)
    missed = {(str(report.value(row, SH.resultPath)), str(report.value(row, SH.focusNode))) for row in results}
    whole = publishing.address(public).split("/id/")[0] + "/id/bestuursorganen/college"
    spaces = ("https://data.vlaanderen.be/ns/generiek#", "https://data.vlaanderen.be/ns/mandaat#")
    assert missed == {(space + WITHOUT_END, whole) for space in spaces}, text


def test_the_list_the_month_and_the_feed(public):
    page = Client().get("/besluiten/").content.decode()
    assert public.title in page and "Geheimnaam" not in page
    day = public.published_on
    assert Client().get(f"/besluiten/{day:%Y/%m}/").status_code == 200
    assert Client().get("/besluiten/1999/01/").status_code == 404 and Client().get("/besluiten/2026/13/").status_code == 404
    feed = Client().get("/besluiten/feed.atom")
    root = ET.fromstring(feed.content)
    (entry,) = root.findall("{http://www.w3.org/2005/Atom}entry")
    assert entry.find("{http://www.w3.org/2005/Atom}id").text == publishing.address(public)


def test_without_decisions_the_list_says_so(db):
    make.make_catalogue()
    assert "nog geen besluiten" in Client().get("/besluiten/").content.decode()
    assert Client().get("/besluiten/feed.atom").status_code == 200


# Corrections and withdrawal


def test_a_correction_leaves_a_trace_but_not_the_former_words(public, ria, handler):
    words = replace(publishing.words_of(public), motivation="Verbeterde tekst.")
    with pytest.raises(NotAllowed, match="waarom"):
        publishing.correct(public, words, by=ria.actor, why=" ", seen_version=1)
    with pytest.raises(NotAllowed):
        publishing.correct(public, words, by=handler.actor, why="Fout", seen_version=1)
    publishing.correct(public, words, by=ria.actor, why="Er stond een verkeerde straat.", seen_version=1)
    with pytest.raises(NotAllowed, match="collega"):
        publishing.correct(public, replace(words, title="Anders"), by=ria.actor, why="Nog iets", seen_version=1)
    page = get(public).content.decode()
    assert "verkeerde straat" in page and "Verbeterde tekst." in page and "Het is nodig." not in page
    assert public.versions.get().content["motivation"].endswith("Het is nodig.")
    graph = Graph().parse(data=get(public, "text/turtle").content, format="turtle")
    assert "verkeerde straat" in graph.serialize(format="turtle")
    read = rdfa(page, publishing.address(public))
    assert to_isomorphic(read) == to_isomorphic(graph)


def test_what_is_withdrawn_is_gone_and_says_why(public, ria, handler):
    with pytest.raises(NotAllowed):
        publishing.withdraw(public, by=handler.actor, why="Fout")
    publishing.withdraw(public, by=ria.actor, why="De Raad van State schorste dit besluit.")
    for accept in ("text/html", "application/ld+json"):
        gone = get(public, accept)
        assert gone.status_code == 410 and "Raad van State" in gone.content.decode()
    assert get(public, suffix=".pdf").status_code == 404
    listed = Client().get("/besluiten/").content.decode()
    assert "Ingetrokken" in listed and public.title not in listed
    assert public.title not in Client().get("/besluiten/feed.atom").content.decode()
    with pytest.raises(NotAllowed):
        publishing.withdraw(public, by=ria.actor, why="Nog eens")
    assert Decision.objects.get().applied_at, "the decision itself stands"


def test_of_a_secret_vote_nobody_learns_who_chose_what(handed, package):
    vote = {"voor": 2, "tegen": 1, "onthouding": 0, "geheim": True, "tegenstanders": ["Johan Buyse"]}
    assert put(package, handed, body(stemming=vote)).status_code == 422
    assert not Decision.objects.exists()


def test_more_decisions_cost_no_more_queries(public, ria):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    office = Client()
    office.force_login(ria)
    pages = (Client(), "/besluiten/"), (Client(), "/besluiten/feed.atom"), (office, "/kantoor/besluiten/")

    def counted():
        found = []
        for client, address in pages:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    before = counted()
    for state in ("public", "waiting", "public", "withdrawn"):
        decision, proposal = public.decision, public.decision.proposal
        proposal.pk, proposal.public_id = None, uuid.uuid4()
        proposal.save()
        decision.pk, decision.proposal = None, proposal
        decision.save()
        Publication.objects.create(
            decision=decision,
            title="Nog een",
            motivation="Nodig.",
            state=state,
            due_on=public.due_on,
            published_on=public.published_on,
            published_at=public.published_at,
            changed_at=public.changed_at,
        )
    assert counted() == before and max(before) < 16
