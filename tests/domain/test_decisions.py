"""Decisions, both ways, against the double of a minutes package with real signatures: what is right is followed and told,
what is not is parked for a person and told to nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client

from meldloket.actions import work
from meldloket.actions.models import Task
from meldloket.advice.models import AdviceSummary
from meldloket.cases import clock as clocks
from meldloket.cases.lifecycle import NotAllowed, Status
from meldloket.cases.models import Case
from meldloket.connectors.minutes import DownloadPackage, MinutesClient, MinutesSettings, PadesChecker, Signatories
from meldloket.connectors.referral.calls import Caller
from meldloket.decisions import commands, drafting, exchange, receiving
from meldloket.decisions.models import CompetenceRule, Decision, Proposal, ProposalTemplate
from meldloket.decisions.ports import AgendaItem, plugged
from meldloket.messages.models import Delivery, Notice
from meldloket.people import api_clients
from meldloket.people.roles import Role
from meldloket.sandbox.config import MINUTES_CLIENT, MINUTES_KEY
from support import factories as make
from support import signing
from support.decisions import *  # noqa: F403  # fixtures
from support.decisions import body, complete, put
from support.partners import running_minutes

pytestmark = pytest.mark.django_db


# Preparing


def test_the_proposal_is_written_from_the_case_without_the_reporter(case, handler, categories):
    CompetenceRule.objects.create(order=1, from_cost=Decimal(10_000), body="council", competence="De raad.")
    CompetenceRule.objects.create(order=2, body="college", competence="Artikel 56 van het decreet.")
    ProposalTemplate.objects.create(
        category=categories["wegdek"],
        title="Parkeerverbod in de {straat}",
        legal_ground="Nieuwe Gemeentewet, artikel 119.",
        facts="Melding {referentie} over {onderwerp} ({kost}).",
        articles=["In de {straat} geldt een parkeerverbod."],
    )
    AdviceSummary.objects.create(case=case, text="De politie is gunstig.", made_at=clocks.now())
    proposal = commands.prepare(case, by=handler.actor)
    assert proposal.title == "Parkeerverbod in de Kerkstraat" and proposal.body == "college"
    assert proposal.articles == ["In de Kerkstraat geldt een parkeerverbod."]
    assert case.reference in proposal.facts and "1.250,00 euro" in proposal.facts
    assert proposal.competence.startswith("Artikel 56") and proposal.advices == "De politie is gunstig."
    whole = json.dumps(exchange.item_of(proposal), ensure_ascii=False)
    assert "Geheimnaam" not in whole and "Lotte" not in whole and "melder@" not in whole
    with pytest.raises(NotAllowed, match="geen actie"):
        commands.prepare(case, by=handler.actor)


def test_without_a_template_there_is_still_a_draft_and_a_list_of_what_is_missing(case, handler, checker):
    proposal = commands.prepare(case, by=handler.actor)
    assert proposal.articles == ["Het bestuur keurt goed: parkeerverbod invoeren."]
    assert drafting.missing(drafting.content_of(proposal)) == ["Schrijf de juridische grond.", "Kies de bevoegde schepen."]
    with pytest.raises(NotAllowed, match="niet ingesteld"):
        commands.hand_over(proposal, by=handler.actor)


def test_the_amount_decides_who_is_competent(case, handler):
    CompetenceRule.objects.create(order=1, from_cost=Decimal(1000), body="council", competence="De raad.")
    assert commands.prepare(case, by=handler.actor).body == "council"


def test_of_two_people_the_second_is_told(case, handler):
    proposal = commands.prepare(case, by=handler.actor)
    content = drafting.content_of(proposal)
    commands.change(proposal, drafting.Content(**{**content.__dict__, "title": "Eerst"}), by=handler.actor, seen_version=1)
    with pytest.raises(NotAllowed, match="collega"):
        commands.change(
            proposal, drafting.Content(**{**content.__dict__, "title": "Dan"}), by=handler.actor, seen_version=1
        )


# Handing over, through the double


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_and_back_with_both_signatures(case, handler, package, live_server, settings, tmp_path, outside):
    settings.BASE_URL = live_server.url
    before = (plugged.minutes, plugged.signatures)
    with running_minutes(live_server.url) as (double, client, authority):
        (tmp_path / "a.pem").write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
        plugged.minutes = client
        plugged.signatures = PadesChecker(tmp_path, Signatories.read(signing.SIGNATORIES))
        try:
            proposal = complete(commands.prepare(case, by=handler.actor), handler)
            commands.hand_over(proposal, by=handler.actor, text="U krijgt bericht van de zitting.")
            double.fault(mode="special", special="answer_lost", count=1)
            commands.deliver(proposal.pk)
            proposal.refresh_from_db()
            assert (proposal.state, case.status) == ("sending", Status.ACTIONS_PROPOSED) and "500" in proposal.problem
            Proposal.objects.update(next_attempt_at=proposal.added_at)
            commands.deliver(proposal.pk)
            commands.deliver(proposal.pk)
            proposal.refresh_from_db()
            case.refresh_from_db()
            (item,) = double.state()["items"]
            assert (proposal.state, proposal.external_reference) == ("concept", item["referentie"])
            assert case.status == Status.AWAITING_DECISION
            key = str(proposal.public_id)
            double.answer(f"/punten/{key}", actie="geagendeerd", zitting="2026-11-30")
            double.answer(f"/punten/{key}", actie="uitgesteld", reden="De schepen is ziek.")
            double.answer(f"/punten/{key}", actie="geagendeerd", zitting="2026-12-07")
            double.answer(f"/punten/{key}", actie="beslissen", uitkomst="goedgekeurd", motivering="Veilig verkeer.")
            for signer in ("schepen", "algemeen_directeur"):
                double.answer(f"/punten/{key}", actie=signer)
            double.fault(mode="special", special="twice", count=1)
            double.answer(f"/punten/{key}", actie="overmaken")
            said = [row["said"][:3] for row in double.state()["items"][0]["log"] if row["what"] == "Overgemaakt"]
            assert said == ["201", "200"], double.state()["items"][0]["log"]
        finally:
            plugged.minutes, plugged.signatures = before
    case.refresh_from_db()
    decision = Decision.objects.get()
    assert decision.signatures_valid and decision.applied_at and case.status == Status.APPROVED
    told = [row.event.kind for row in Delivery.objects.filter(report__case=case, channel="email").order_by("pk")]
    assert told[-5:] == [
        "awaiting_decision",
        "decision_scheduled",
        "decision_adjourned",
        "decision_scheduled",
        "approved",
    ]
    mail = Delivery.objects.get(report__case=case, channel="email", event__kind="approved")
    assert "Veilig verkeer." in mail.text
    assert "7 december 2026" in Delivery.objects.filter(event__kind="decision_scheduled", channel="email").latest("pk").text
    dosis = Delivery.objects.get(report__case=case, channel="dosis", event__kind="approved")
    assert dosis.payload["Status"]["VlaamsCode"] == "Goedgekeurd"
    task = Task.objects.get()
    assert task.state == Task.State.OPEN
    work.start(task, by=make.make_staff(Role.WORKER, departments=("openbare-werken",)).actor)
    case.refresh_from_db()
    assert case.status == Status.IN_EXECUTION


@pytest.mark.django_db(transaction=True)
def test_a_refusal_of_the_package_comes_back_to_be_mended(case, handler, live_server, settings, checker):
    settings.BASE_URL = live_server.url
    with running_minutes(live_server.url) as (double, client, _):
        plugged.minutes = client
        proposal = complete(commands.prepare(case, by=handler.actor), handler)
        commands.hand_over(proposal, by=handler.actor)
        double.fault(mode="special", special="refuse_item", count=1)
        commands.deliver(proposal.pk)
        proposal.refresh_from_db()
        assert proposal.state == "returned" and "verwijst niet naar het decreet" in proposal.problem
        assert Notice.objects.filter(recipient=handler.email, subject__contains="teruggekregen").exists()
        case.refresh_from_db()
        assert case.status == Status.ACTIONS_PROPOSED
        content = drafting.content_of(proposal)
        commands.change(proposal, replace(content, competence="Decreet, artikel 56."), by=handler.actor)
        commands.hand_over(proposal, by=handler.actor)
        commands.deliver(proposal.pk)
        proposal.refresh_from_db()
        assert proposal.state == "concept" and proposal.versions.count() == 2
        commands.withdraw(proposal, by=handler.actor, why="De melder trok zich terug.")
        commands.tell_withdrawn(proposal.pk)
        assert double.state()["items"][0]["status"] == "ingetrokken"
    case.refresh_from_db()
    assert case.status == Status.ACTIONS_PROPOSED


# Receiving


def test_the_same_again_is_known_and_another_outcome_is_refused(handed, package):
    sent = body()
    assert put(package, handed, sent).status_code == 201
    again = put(package, handed, sent)
    assert again.status_code == 200 and again.json()["verwerkt"] is True
    other = put(package, handed, body(uitkomst="niet_goedgekeurd"))
    assert other.status_code == 409 and "definitief" in other.json()["detail"]
    assert Decision.objects.get().outcome == "goedgekeurd"
    assert handed.case.events.filter(kind="approved").count() == 1


def test_a_refusal_tells_why_and_cancels_the_work(handed, package, outside):
    sent = body(uitkomst="niet_goedgekeurd", motivering="De straat wordt volgend jaar heraangelegd.")
    assert put(package, handed, sent).status_code == 201
    handed.case.refresh_from_db()
    assert handed.case.status == Status.REJECTED
    task = Task.objects.get()
    assert task.state == Task.State.CANCELLED
    mail = Delivery.objects.get(event__kind="rejected", channel="email")
    assert "heraangelegd" in mail.text
    dosis = Delivery.objects.get(event__kind="rejected", channel="dosis")
    assert dosis.payload["Status"]["VlaamsCode"] == "Geweigerd"


@pytest.mark.parametrize("outcome", ["goedgekeurd", "gedeeltelijk_goedgekeurd", "niet_goedgekeurd"])
def test_a_decision_without_a_reason_is_told_all_the_same(handed, package, outcome, outside):
    put(package, handed, body(uitkomst=outcome, motivering=""))
    assert set(Delivery.objects.exclude(event__kind="submitted").values_list("state", flat=True)) == {"waiting"}


def test_after_a_partial_approval_the_handler_marks_what_may_begin(handed, package, handler):
    put(package, handed, body(uitkomst="gedeeltelijk_goedgekeurd"))
    decision = Decision.objects.get()
    assert Task.objects.get().state == Task.State.WAITING
    receiving.mark(decision, [handed.actions.get().pk], by=handler.actor)
    assert Task.objects.get().state == Task.State.OPEN
    with pytest.raises(NotAllowed):
        receiving.mark(decision, [], by=make.make_staff(Role.WORKER).actor)


def by_director(**how):
    """A decision of which the second signature is made in another way."""
    return signing.sign(signing.signed(signing.ALDERMAN), signing.DIRECTOR, **{"by": signing.authority(), **how})


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (signing.unsigned, "niet ondertekend"),
        (lambda: signing.signed(signing.ALDERMAN), "algemeen directeur ontbreekt"),
        (lambda: signing.touched(signing.signed()), "veranderd"),
        (lambda: signing.signed().replace(b"Artikel 1", b"Artikel 7", 1), "past niet bij dit document"),
        (lambda: by_director(days=-1), "vervallen"),
        (lambda: by_director(by=signing.authority("Zelf gemaakt")), "wij vertrouwen"),
        (lambda: b"<!DOCTYPE x [<!ENTITY a 'b'>]>", "geen leesbare pdf"),
    ],
)
def test_a_bad_signature_is_parked_and_nobody_is_told(handed, package, handler, document, words, outside):
    answer = put(package, handed, body(document()))
    assert answer.status_code == 201 and answer.json()["verwerkt"] is False
    assert words in answer.json()["handtekeningen"]
    handed.case.refresh_from_db()
    assert handed.case.status == Status.AWAITING_DECISION
    assert not Delivery.objects.filter(event__kind__in=["approved", "decision_received"]).exists()
    assert words in handed.case.events.get(kind="decision_received").text
    assert Notice.objects.filter(recipient=handler.email, subject__contains="handtekening niet geldig").exists()
    assert put(package, handed, body()).status_code == 201, "the right document afterwards is taken"
    handed.case.refresh_from_db()
    assert handed.case.status == Status.APPROVED and Decision.objects.count() == 1


def test_a_decision_for_a_withdrawn_case_is_parked(handed, package):
    Case.objects.filter(pk=handed.case_id).update(status=Status.WITHDRAWN, ended_at=clocks.now())
    answer = put(package, handed, body())
    assert answer.status_code == 409 and "afgesloten dossier" in answer.json()["detail"]
    assert put(package, handed, body()).status_code == 409
    assert handed.case.events.filter(kind="decision_received").count() == 1 and not Decision.objects.exists()
    assert not Delivery.objects.filter(event__kind__in=["approved", "decision_received"]).exists()
    secretary = Client()
    secretary.force_login(make.make_staff(Role.SECRETARIAT))
    assert "afgesloten dossier" in secretary.get("/kantoor/besluiten/").content.decode()
    secretary.post(f"/kantoor/voorstel/{handed.public_id}/nagekeken/")
    assert "Niet aangenomen" not in secretary.get("/kantoor/besluiten/").content.decode()


def test_where_it_stands_is_told_openly_and_once(handed, package, outside):
    url = f"/api/v1/agendapunten/{handed.public_id}/status"
    sent = json.dumps({"status": "geagendeerd", "zitting": "2026-12-01"})
    first, again = (package.post(url, sent, "application/json").json() for _ in range(2))
    assert (first["gewijzigd"], again["gewijzigd"]) == (True, False)
    mail = Delivery.objects.get(event__kind="decision_scheduled", channel="email")
    assert "1 december 2026" in mail.text
    back = package.post(url, json.dumps({"status": "ingetrokken", "reden": "Kijk artikel 2 na."}), "application/json")
    assert back.status_code == 200
    handed.refresh_from_db()
    assert (handed.state, handed.problem) == ("returned", "Kijk artikel 2 na.")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("{", 422),
        ("[]", 422),
        (json.dumps({"@graph": []}), 422),
        (lambda: body(uitkomst="misschien"), 422),
        (lambda: body(nummer=""), 422),
        (lambda: body(zitting={"datum": "gisteren", "bestuursorgaan": "college"}), 422),
        (lambda: body(document={"inhoud": "geen base64!", "sha256": "0" * 64}), 422),
        (lambda: body(document={"inhoud": "AAAA", "sha256": "0" * 64}), 422),
        (lambda: body(zitting={"datum": "2026-11-24", "bestuursorgaan": "college", "start": "om twee uur"}), 422),
        (lambda: body(publicatie={"datum": "2026-11-24", "url": "javascript:alert(1)"}), 422),
        (lambda: '{"@context": {"@vocab": ' * 5000, 422),
        (lambda: body(b"%PDF-" + b"\0" * 100_000_000), 413),
    ],
)
def test_what_can_not_be_read_changes_nothing_and_waits_for_a_person(handed, package, handler, sent, status, outside):
    sent = sent() if callable(sent) else sent
    answers = [put(package, handed, sent) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {status}
    assert answers[0]["Content-Type"] == "application/problem+json" and answers[0].json()["title"]
    assert not Decision.objects.exists() and not Delivery.objects.exclude(event__kind="submitted").exists()
    handed.refresh_from_db()
    assert handed.refused_call and handed.case.events.filter(text__startswith="Niet aangenomen").count() == 1
    assert Notice.objects.filter(recipient=handler.email, subject__contains="niet aangenomen").count() == 1
    assert put(package, handed, body()).status_code == 201, "the right one afterwards is taken"
    handed.refresh_from_db()
    assert handed.refused_call == ""


def test_a_token_reaches_its_own_proposals_only(handed, package):
    assert Client().put(f"/api/v1/besluiten/{handed.public_id}", body(), "application/json").status_code == 401
    Proposal.objects.filter(pk=handed.pk).update(package="een-ander")
    assert put(package, handed, body()).status_code == 404
    url = f"/api/v1/agendapunten/{handed.public_id}/status"
    assert package.post(url, json.dumps({"status": "behandeld"}), "application/json").status_code == 404
    advice = api_clients.create("Politie", "oauth", client_id="pz", scopes=("advice",), partner="politie")[1]
    form = {"grant_type": "client_credentials", "client_id": "pz", "client_secret": advice}
    token = Client().post("/api/v1/token", form).json()["access_token"]
    other = Client(headers={"authorization": f"Bearer {token}"})
    assert put(other, handed, body()).status_code == 401


def test_signatures_are_checked_again_when_an_anchor_came(handed, package, handler, tmp_path):
    empty = tmp_path / "leeg"
    empty.mkdir()
    plugged.signatures = PadesChecker(empty, Signatories.read(signing.SIGNATORIES))
    put(package, handed, body())
    decision = Decision.objects.get()
    assert not decision.signatures_valid
    plugged.signatures = PadesChecker(signing.anchors(empty), Signatories.read(signing.SIGNATORIES))
    assert receiving.check_again(decision, by=make.make_staff(Role.SECRETARIAT).actor)
    handed.case.refresh_from_db()
    assert handed.case.status == Status.APPROVED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("switch", "answer", "words"),
    [
        ("unsigned", "201", "niet ondertekend"),
        ("one_signature", "201", "algemeen directeur ontbreekt"),
        ("broken_signature", "201", "past niet bij dit document"),
        ("wrong_proposal", "404", ""),
    ],
)
def test_what_the_double_does_wrong_is_parked_and_told_to_no_citizen(
    handed, package, live_server, tmp_path, switch, answer, words
):
    folder = tmp_path / "dubbel"
    folder.mkdir()
    with running_minutes(live_server.url) as (double, client, authority):
        (folder / "a.pem").write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
        plugged.signatures = PadesChecker(folder, Signatories.read(signing.SIGNATORIES))
        version = handed.version
        client.hand_over(AgendaItem(handed.public_id, version, exchange.item_of(handed)))
        key = str(handed.public_id)
        double.answer(f"/punten/{key}", actie="geagendeerd", zitting="2026-12-07")
        double.answer(f"/punten/{key}", actie="beslissen", uitkomst="goedgekeurd", motivering="Veilig.")
        for signer in ("schepen", "algemeen_directeur"):
            double.answer(f"/punten/{key}", actie=signer)
        double.fault(mode="special", special=switch, count=1)
        double.answer(f"/punten/{key}", actie="overmaken")
        said = double.state()["items"][0]["log"][-1]["said"]
        assert said.startswith(answer) and words in said, said
        handed.case.refresh_from_db()
        assert handed.case.status == Status.AWAITING_DECISION
        assert not Delivery.objects.filter(event__kind="approved").exists()
        told = Notice.objects.filter(recipient=handed.case.handler.email, subject__contains="handtekening niet geldig")
        assert told.exists() is (answer == "201"), "the handler hears of a bad signature; a stranger's call is not theirs"
        double.answer(f"/punten/{key}", actie="overmaken")
        handed.case.refresh_from_db()
        assert handed.case.status == Status.APPROVED, "the right one afterwards is followed"
        double.answer(f"/punten/{key}", actie="uitgesteld")
        late = double.state()["items"][0]["log"][-1]["said"]
        assert late.startswith("409"), "out of order: after the decision nothing is adjourned any more"
        double.answer(f"/punten/{key}", actie="publiceren")
        assert double.state()["items"][0]["log"][-1]["said"].startswith("200"), "the same decision, now with its address"
        assert Decision.objects.get().public_url.endswith(Decision.objects.get().number)
        assert Delivery.objects.filter(event__kind="approved", channel="email").count() <= 1


@pytest.mark.django_db(transaction=True)
def test_a_package_that_speaks_out_of_order_is_put_right(handed, package, live_server, outside):
    with running_minutes(live_server.url) as (double, client, _):
        client.hand_over(AgendaItem(handed.public_id, handed.version, exchange.item_of(handed)))
        double.fault(mode="special", special="out_of_order", count=1)
        double.answer(f"/punten/{handed.public_id}", actie="geagendeerd", zitting="2026-12-07")
        said = [row["said"] for row in double.state()["items"][0]["log"]]
        assert '"gewijzigd": true' in said[0] and '"gewijzigd": false' in said[1], said
    handed.refresh_from_db()
    assert handed.state == "adjourned" and handed.scheduled_on is None
    told = set(Delivery.objects.values_list("event__kind", flat=True))
    assert "decision_adjourned" in told and "decision_scheduled" not in told


@pytest.mark.django_db(transaction=True)
def test_a_package_that_is_slow_or_down_gets_it_once_it_answers(case, handler, live_server, settings, checker):
    settings.BASE_URL = live_server.url
    with running_minutes(live_server.url) as (double, client, _):
        plugged.minutes = client
        proposal = complete(commands.prepare(case, by=handler.actor), handler)
        commands.hand_over(proposal, by=handler.actor)
        double.fault(mode="error", path="/agendapunten", count=1)
        commands.deliver(proposal.pk)
        proposal.refresh_from_db()
        assert proposal.state == "sending" and "500" in proposal.problem
        assert case.events.filter(kind="awaiting_decision").count() == 0, "nothing is told before it is there"
        Proposal.objects.update(next_attempt_at=clocks.now())
        double.fault(mode="slow", seconds=1.0, path="/agendapunten", count=1)
        commands.deliver(proposal.pk)
        proposal.refresh_from_db()
        assert proposal.state == "concept" and len(double.state()["items"]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("mode", "state", "words"),
    [
        ("error", "sending", "500"),
        ("timeout", "sending", "niet op tijd"),
        ("malformed", "sending", "niet begrijpen"),
        ("refuse", "returned", "403"),
    ],
)
def test_each_general_fault_tells_the_handler_and_loses_nothing(
    case, handler, live_server, settings, checker, mode, state, words, outside
):
    settings.BASE_URL = live_server.url
    with running_minutes(live_server.url) as (double, client, _):
        plugged.minutes = MinutesClient(
            MinutesSettings(double.url, MINUTES_KEY, MINUTES_CLIENT), Caller(httpx.Client(timeout=1.0))
        )
        proposal = complete(commands.prepare(case, by=handler.actor), handler)
        commands.hand_over(proposal, by=handler.actor)
        double.fault(mode=mode, path="/agendapunten", count=1)
        commands.deliver(proposal.pk)
        proposal.refresh_from_db()
        assert proposal.state == state and words in proposal.problem, proposal.problem
        office = Client()
        office.force_login(handler)
        assert words in office.get(f"/kantoor/voorstel/{proposal.public_id}/").content.decode()
        assert not Delivery.objects.filter(event__kind="awaiting_decision").exists(), "the citizen hears nothing yet"
        if state == "returned":
            commands.hand_over(proposal, by=handler.actor)
        Proposal.objects.update(next_attempt_at=clocks.now())
        plugged.minutes = client
        commands.deliver(proposal.pk)
        proposal.refresh_from_db()
        assert proposal.state == "concept" and len(double.state()["items"]) == 1
        assert Delivery.objects.filter(event__kind="awaiting_decision", channel="email").count() == 1


def test_the_secretariat_sees_what_was_withdrawn(handed, handler):
    plugged.minutes = DownloadPackage("notulen")
    changed = drafting.content_of(handed)
    commands.change(handed, replace(changed, urgent=True), by=handler.actor)
    commands.hand_over(handed, by=handler.actor)
    commands.withdraw(handed, by=handler.actor, why="De melder trok zich terug.")
    secretary = Client()
    secretary.force_login(make.make_staff(Role.SECRETARIAT))
    assert "De melder trok zich terug." in secretary.get("/kantoor/besluiten/").content.decode()
