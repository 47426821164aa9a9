"""What goes to the minutes package: attachments with digests, versions with what changed, meetings, and the way by hand for
packages without an interface."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from rdflib import Graph

from meldloket.api.oslo.context import CONTEXT
from meldloket.cases import clock
from meldloket.cases.lifecycle import NotAllowed, Status
from meldloket.cases.models import Attachment, Case
from meldloket.connectors.minutes import DownloadPackage
from meldloket.decisions import calendar, commands, drafting, exchange, privacy, receiving
from meldloket.decisions.calendar import Closing, NotACalendar
from meldloket.decisions.models import Decision, Meeting, Proposal
from meldloket.decisions.ports import plugged
from meldloket.intake import files
from meldloket.people.roles import Role
from support import factories as make
from support import signing
from support.decisions import *  # noqa: F403  # fixtures
from support.decisions import complete
from support.form import photo
from support.partners import running_minutes

pytestmark = pytest.mark.django_db
SHAPES = Path(__file__).parents[3] / "shared" / "oslo"


@pytest.fixture
def picture(case):
    content = photo()
    kept = files.keep(files.clean(io.BytesIO(content), "put.jpg", len(content)))
    Attachment.objects.filter(pk=kept.pk).update(case=case)
    return Attachment.objects.get(pk=kept.pk)


@pytest.fixture
def prepared(case, handler, checker):
    return complete(commands.prepare(case, by=handler.actor), handler)


@pytest.fixture
def ria():
    client = Client()
    client.force_login(make.make_staff(Role.SECRETARIAT, email="ria@lindekerke.example"))
    return client


def edited(proposal, handler, **changes):
    content = replace(drafting.content_of(proposal), **changes)
    return commands.change(proposal, content, by=handler.actor)


# Through the interface


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inline", [True, False])
def test_attachments_arrive_with_their_digests(prepared, handler, package, picture, live_server, settings, inline):
    settings.BASE_URL = live_server.url
    commands.change(prepared, drafting.content_of(prepared), by=handler.actor, attachments=[picture])
    if not inline:
        Attachment.objects.update(size=exchange.INLINE_BYTES + 1)  # too large to go along inside
    with running_minutes(live_server.url) as (double, client, _):
        plugged.minutes = client
        commands.hand_over(prepared, by=handler.actor)
        sent = exchange.with_small_files(prepared, prepared.versions.last().content)["bijlagen"][0]
        assert ("inhoud" in sent) is inline and sent["sha256"] == picture.sha256
        commands.deliver(prepared.pk)
        prepared.refresh_from_db()
        assert prepared.state == "concept", prepared.problem
        (item,) = double.state()["items"]
        assert item["bijlagen"][0]["naam"] == picture.name and "inhoud" not in item["bijlagen"][0]
    link = f"/api/v1/voorstellen/{prepared.public_id}/bijlagen/{picture.public_id}"
    fetched = package.get(link)
    assert hashlib.sha256(b"".join(fetched.streaming_content)).hexdigest() == picture.sha256
    assert Client().get(link).status_code == 401
    Proposal.objects.update(package="een-ander")
    assert package.get(link).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_change_after_hand_over_is_a_new_version_with_what_changed(prepared, handler, live_server, settings):
    settings.BASE_URL = live_server.url
    with running_minutes(live_server.url) as (double, client, _):
        plugged.minutes = client
        commands.hand_over(prepared, by=handler.actor)
        commands.deliver(prepared.pk)
        reference = Proposal.objects.get().external_reference
        with pytest.raises(NotAllowed, match="al overgemaakt"):
            commands.hand_over(prepared, by=handler.actor)
        receiving.agenda_status(Proposal.objects.get(), receiving.Agenda.SCHEDULED, meeting=date(2026, 12, 7))
        edited(Proposal.objects.get(), handler, alderman="Johan Buyse", urgent=True)
        commands.hand_over(prepared, by=handler.actor)
        commands.deliver(prepared.pk)
        prepared.refresh_from_db()
        assert (prepared.state, prepared.external_reference) == ("scheduled", reference), "it stays on its agenda"
        changes = prepared.versions.last().content["wijzigingen"]
        assert changes == [
            {"deel": "bevoegde schepen", "was": signing.ALDERMAN, "wordt": "Johan Buyse"},
            {"deel": "dringend", "was": "nee", "wordt": "ja"},
        ]
        (item,) = double.state()["items"]
        assert item["schepen"] == "Johan Buyse" and item["wijzigingen"] == changes
        receiving.agenda_status(prepared, receiving.Agenda.TREATED)
        with pytest.raises(NotAllowed, match="Behandeld"):
            edited(prepared, handler, alderman="Iemand")


@pytest.mark.parametrize("how", ["status", "decision"])
def test_when_the_answer_to_a_hand_over_got_lost_the_next_word_counts(prepared, handler, package, how, outside):
    plugged.minutes = DownloadPackage("notulen")
    commands.hand_over(prepared, by=handler.actor)
    assert Proposal.objects.get().state == "sending"
    if how == "status":
        receiving.agenda_status(prepared, receiving.Agenda.SCHEDULED, meeting=date(2026, 12, 7))
        assert Case.objects.get().status == Status.AWAITING_DECISION
    else:
        received = receiving.Received("goedgekeurd", "1", date(2026, 11, 24), document=signing.signed())
        receiving.receive(prepared, received)
        assert Case.objects.get().status == Status.APPROVED
    kinds = list(Case.objects.get().events.values_list("kind", flat=True))
    assert kinds.count("awaiting_decision") == 1


def test_what_was_said_before_the_last_word_is_too_late(handed, package):
    address = f"/api/v1/agendapunten/{handed.public_id}/status"
    now = datetime.now(UTC)
    later = {"status": "uitgesteld", "tijdstip": now.isoformat()}
    earlier = {"status": "geagendeerd", "zitting": "2026-12-07", "tijdstip": (now - timedelta(minutes=5)).isoformat()}
    assert package.post(address, json.dumps(later), "application/json").json()["gewijzigd"] is True
    assert package.post(address, json.dumps(earlier), "application/json").json()["gewijzigd"] is False
    handed.refresh_from_db()
    assert handed.state == "adjourned" and handed.scheduled_on is None


def test_a_reporters_name_must_be_meant(prepared, handler):
    named = edited(prepared, handler, facts="Lotte Geheimnaam vroeg dit.")
    plugged.minutes = DownloadPackage("notulen")
    with pytest.raises(NotAllowed, match="Haal de naam van de melder eruit"):
        commands.hand_over(named, by=handler.actor)
    assert exchange.item_of(named)["melder"] == ""
    namesake = edited(named, handler, facts="Schepen An Geheimnaam steunt dit.")
    assert drafting.missing(drafting.content_of(namesake), privacy.names_of(named.case, whole_only=True)) == []
    meant = edited(named, handler, names_reporter=True)
    assert exchange.item_of(meant)["melder"] == "Lotte Geheimnaam"
    assert commands.hand_over(meant, by=handler.actor).state == "sending"


def test_the_item_reads_as_linked_data(prepared):
    item = {**exchange.item_of(prepared), "@context": CONTEXT}
    graph = Graph().parse(data=json.dumps(item), format="json-ld")
    served = Client().get("/api/v1/besluiten/context.jsonld")
    assert served.json() == {"@context": CONTEXT} and served["Content-Type"] == "application/ld+json"
    assert "http://data.vlaanderen.be/ns/besluit#geplandOpenbaar" in {str(two) for _, two, _ in graph}
    if not SHAPES.exists():
        pytest.skip("../shared/oslo is not here")
    from pyshacl import validate

    shapes = Graph().parse(SHAPES / "besluit-publicatie-lblod.ttl")
    conforms, _, text = validate(graph, shacl_graph=shapes)
    assert conforms, text


# By hand


@pytest.fixture
def by_hand(prepared, handler):
    plugged.minutes = DownloadPackage("notulen")
    commands.hand_over(prepared, by=handler.actor)
    commands.deliver(prepared.pk)
    return Proposal.objects.get()


def test_the_packet_holds_everything(prepared, handler, picture, ria):
    plugged.minutes = DownloadPackage("notulen")
    commands.change(prepared, drafting.content_of(prepared), by=handler.actor, attachments=[picture])
    commands.hand_over(prepared, by=handler.actor)
    commands.deliver(prepared.pk)
    proposal = Proposal.objects.get()
    assert proposal.state == "concept" and proposal.external_reference.startswith("MLD-")
    answer = ria.get(reverse("proposal-packet", args=[proposal.public_id, proposal.version]))
    bundle = zipfile.ZipFile(io.BytesIO(answer.content))
    names = ["agendapunt.jsonld", "agendapunt.html", "agendapunt.css", "agendapunt.pdf", f"bijlagen/1-{picture.name}"]
    assert bundle.namelist() == names
    assert json.loads(bundle.read("agendapunt.jsonld"))["titel"] == proposal.title
    assert hashlib.sha256(bundle.read(names[4])).hexdigest() == picture.sha256
    text = PdfReader(io.BytesIO(bundle.read("agendapunt.pdf"))).pages[0].extract_text()
    assert "Bevoegdheid" in text and "Geheimnaam" not in text
    from pyRdfa import pyRdfa
    from pyRdfa.options import Options

    read = pyRdfa(Options(), base="http://x/", media_type="text/html").graph_from_source(
        io.StringIO(bundle.read("agendapunt.html").decode())
    )
    assert proposal.title in {str(three) for _, two, three in read if str(two) == "http://purl.org/dc/terms/title"}
    assert ria.get(reverse("proposal-packet", args=[proposal.public_id, 99])).status_code == 404


def test_the_preview_as_pdf(prepared):
    client = Client()
    client.force_login(prepared.case.handler)
    answer = client.get(reverse("proposal-pdf", args=[prepared.public_id]))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")


def test_the_secretariat_carries_the_decision_back(by_hand, ria, outside):
    address = reverse("proposal-by-hand", args=[by_hand.public_id])
    assert ria.get(address).status_code == 200
    assert "datum van de zitting" in ria.post(address, {"status": "geagendeerd"}).content.decode()
    assert ria.post(address, {"status": "geagendeerd", "meeting": "2026-12-07"}).status_code == 302
    form = {
        "outcome": "goedgekeurd",
        "number": "2026-7",
        "decided_on": "2026-12-07",
        "articles": "Een.\nTwee.",
        "public": "on",
    }
    assert ria.post(address, {**form, "document": SimpleUploadedFile("b.pdf", b"geen pdf")}).status_code == 422
    sent = SimpleUploadedFile("b.pdf", signing.signed(signing.ALDERMAN))
    parked = ria.post(address, {**form, "document": sent}, follow=True)
    assert "algemeen directeur ontbreekt" in parked.content.decode()
    assert Case.objects.get().status == Status.AWAITING_DECISION
    done = ria.post(address, {**form, "document": SimpleUploadedFile("b.pdf", signing.signed())}, follow=True)
    assert "De melder krijgt bericht" in done.content.decode()
    decision = Decision.objects.get()
    assert [row["text"] for row in decision.articles] == ["Een.", "Twee."] and decision.applied_at
    other = {**form, "outcome": "niet_goedgekeurd", "document": SimpleUploadedFile("b.pdf", signing.signed())}
    assert "al definitief beslist" in ria.post(address, other).content.decode()


def test_with_an_interface_there_is_no_page_to_do_it_by_hand(handed, ria):
    assert ria.get(reverse("proposal-by-hand", args=[handed.public_id])).status_code == 404


# Meetings

WEEKLY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//NL
BEGIN:VEVENT
UID:college
DTSTART;TZID=Europe/Brussels:20261102T140000
DTEND;TZID=Europe/Brussels:20261102T160000
RRULE:FREQ=WEEKLY;COUNT=8
EXDATE;TZID=Europe/Brussels:20261207T140000
SUMMARY:College
END:VEVENT
BEGIN:VEVENT
UID:extra
DTSTART;VALUE=DATE:20261210
STATUS:CANCELLED
SUMMARY:Extra college
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def november():
    clock.set_clock(lambda: datetime(2026, 11, 24, 9, tzinfo=UTC))
    yield
    clock.set_clock(None)


def test_a_calendar_becomes_meetings_repeated_ones_too(november, ria):
    form = {"body": "college", "days_before": 4, "at": "11:30"}
    address = reverse("decision-meetings")
    for said in ("4 nieuwe zittingen, 0 gewijzigd", "0 nieuwe zittingen, 0 gewijzigd"):
        sent = SimpleUploadedFile("agenda.ics", WEEKLY.replace("\n", "\r\n").encode())
        assert said in ria.post(address, {**form, "file": sent}, follow=True).content.decode()
    days = [f"{day:%d/%m}" for day in Meeting.objects.values_list("held_on", flat=True)]
    assert days == ["30/11", "10/12", "14/12", "21/12"], "not 7 December: that one was taken out"
    first = Meeting.objects.get(held_on=date(2026, 11, 30))
    assert first.closes_at == datetime(2026, 11, 26, 10, 30, tzinfo=UTC)
    assert Meeting.objects.get(held_on=date(2026, 12, 10)).cancelled
    assert first in calendar.coming("college") and calendar.coming("council") == []


@pytest.mark.parametrize(
    "content", [b"", b"geen agenda", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:gisteren", b"\xff\xfe\x00"]
)
def test_what_is_no_calendar_is_refused(content, november):
    with pytest.raises(NotACalendar):
        calendar.read(content, "college", Closing(6, time(12)))


def test_a_handler_sees_the_meetings_and_can_not_change_them(handler, november):
    client = Client()
    client.force_login(handler)
    address = reverse("decision-meetings")
    assert "Inlezen" not in client.get(address).content.decode()
    client.post(
        address, {"body": "college", "days_before": 4, "at": "11:30", "file": SimpleUploadedFile("a.ics", WEEKLY.encode())}
    )
    assert not Meeting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_minutes_package_tells_its_meetings(live_server, checker):
    with running_minutes(live_server.url) as (double, client, _):
        plugged.minutes = client
        new, changed = calendar.fetch()
        assert new > 12 and changed == 0
        assert calendar.fetch() == (0, 0)
        assert httpx.get(f"{double.url}/zittingen").status_code == 401
    assert set(Meeting.objects.values_list("body", flat=True)) == {"college", "council"}
