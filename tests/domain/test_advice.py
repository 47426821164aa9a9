"""Advice from question to summary, by login, by link and by API; what is not shared is not seen (B2.5-B3.4)."""

from __future__ import annotations

import base64
import json
import re
import tempfile
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meldloket.actions.models import Action
from meldloket.advice import answering, commands, links
from meldloket.advice.access import requests_for
from meldloket.advice.answering import Adviser, Content
from meldloket.advice.models import AdviceAnswer, AdvicePoint, AdviceRequest, Share, Verdict
from meldloket.advice.sharing import shared_case
from meldloket.cases import conversation
from meldloket.cases.lifecycle import NotAllowed, Status
from meldloket.catalogue import current
from meldloket.catalogue.models import AdviceService, Department
from meldloket.connectors.referral.signing import verify
from meldloket.messages import notices
from meldloket.messages.models import Delivery, Notice
from meldloket.people import api_clients
from meldloket.people.models import ApiClient
from meldloket.people.roles import Role
from support import factories as make
from support.doubles import serve

pytestmark = pytest.mark.django_db
POLICE = "0267000111"


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",), email="karim@lindekerke.example")


@pytest.fixture
def case(categories, handler):
    found = make.make_case(
        make.make_citizen("Lotte", "Geheimnaam"),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )
    found.status = Status.ADMISSIBLE
    found.save()
    return found


@pytest.fixture
def police():
    return AdviceService.objects.create(code="politie", name="Politiezone Lindestreek", organisation_code=POLICE)


@pytest.fixture
def green():
    department = Department.objects.get(code="groen")
    return AdviceService.objects.create(
        code="advies-groen", name="Dienst Groen", kind=AdviceService.Kind.INTERNAL, department=department
    )


@pytest.fixture
def officer():
    return make.make_staff(Role.EXTERNAL_ADVISER, organisation_code=POLICE, name="Dirk Hermans", email="dirk@pz.example")


def due(clock, days=14):
    return clock().date() + timedelta(days=days)


def ask(case, handler, clock, *services, share=(Share.TEXT, Share.PLACE), **more):
    asks = [
        commands.Ask(service=one, question="Is dit gevaarlijk voor fietsers?", due=due(clock), share=share, **more)
        for one in services
    ]
    return commands.ask(case, asks, by=handler.actor)


CONDITIONAL = Content(Verdict.CONDITIONAL, "Kan, maar plaats eerst nadars.", ("Plaats nadars", "Verlicht de plaats"))


def test_the_case_goes_into_advice_and_both_sides_are_told(case, handler, police, green, officer, clock):
    first, second = ask(case, handler, clock, police, green)
    case.refresh_from_db()
    assert case.status == Status.IN_ADVICE
    assert {first.service, second.service} == {police, green}
    kinds = list(case.events.order_by("id").values_list("kind", flat=True))[-3:]
    assert kinds == ["advice_started", "advice_asked", "advice_asked"]
    assert Notice.objects.get(recipient="dirk@pz.example").link.endswith(f"/kantoor/advies/{first.public_id}/")
    told = Delivery.objects.filter(event__kind="advice_started")
    assert all("nadars" not in row.text and "Politie" not in row.text for row in told)


def test_identity_needs_a_reason_and_is_otherwise_never_shared(case, handler, police, clock):
    with pytest.raises(NotAllowed, match="waarom"):
        ask(case, handler, clock, police, share=(Share.TEXT, Share.IDENTITY))
    plain = ask(case, handler, clock, police)[0]
    assert "Geheimnaam" not in repr(shared_case(plain)) and "melder@example.org" not in repr(shared_case(plain))
    commands.withdraw(plain, by=handler.actor, why="Vergissing")
    reason = "De politie moet de melder kunnen horen."
    asked = ask(case, handler, clock, police, share=(Share.IDENTITY,), identity_reason=reason)[0]
    seen = shared_case(asked)
    assert seen.reports[0].reporter == "Lotte Geheimnaam"
    assert seen.reports[0].text == "" and seen.place == ""


def test_each_adviser_sees_only_what_is_asked_of_them(case, handler, police, green, officer, clock):
    to_police, to_green = ask(case, handler, clock, police, green)
    colleague = make.make_staff(Role.INTERNAL_ADVISER, departments=("groen",), name="Hilde Martens")
    fireman = make.make_staff(Role.EXTERNAL_ADVISER, organisation_code="0500999111", name="Liesbet Nys")
    assert list(requests_for(officer.actor)) == [to_police]
    assert list(requests_for(colleague.actor)) == [to_green]
    assert list(requests_for(fireman.actor)) == []
    assert list(requests_for(handler.actor)) == []
    client = Client()
    client.force_login(fireman)
    assert client.get(reverse("advice-request", args=[to_police.public_id])).status_code == 404
    assert client.get(reverse("case", args=[case.reference])).status_code == 404


def test_the_page_keeps_a_draft_and_gives_the_advice(case, handler, police, officer, clock):
    asked = ask(case, handler, clock, police)[0]
    client = Client()
    client.force_login(officer)
    here = reverse("advice-request", args=[asked.public_id])
    assert "Is dit gevaarlijk" in client.get(here).content.decode()
    client.post(here, {"do": "draft", "verdict": "unfavourable", "reasons": "Nog te bekijken"})
    assert answering.draft_of(asked).reasons == "Nog te bekijken"
    assert not case.events.filter(kind="advice_given").exists()
    refused = client.post(here, {"do": "give", "verdict": "conditional", "reasons": "Ja, mits", "conditions": ""})
    assert refused.status_code == 422 and "voorwaarde" in refused.content.decode()
    given = client.post(here, {"do": "give", "verdict": "conditional", "reasons": "Ja", "conditions": "Nadars\nLicht"})
    assert given.status_code == 302
    answer = answering.given(asked)
    assert answer.conditions == ["Nadars", "Licht"] and answer.given_by_name == "Dirk Hermans"
    assert AdviceAnswer.objects.filter(request=asked).count() == 1
    assert case.events.filter(kind="advice_complete").exists()
    assert Notice.objects.filter(recipient="karim@lindekerke.example", subject__startswith="Alle adviezen").count() == 1


def test_an_advice_is_completed_and_every_version_stays_until_it_was_worked_in(case, handler, police, clock):
    asked = ask(case, handler, clock, police)[0]
    by = Adviser("Dirk Hermans")
    answering.give(asked, Content(Verdict.FAVOURABLE), by=by)
    answering.give(asked, CONDITIONAL, by=by)
    states = list(asked.answers.order_by("number").values_list("number", "state"))
    assert states == [(1, "replaced"), (2, "given")]
    answering.take_back(asked, by=by)
    asked.refresh_from_db()
    assert asked.state == AdviceRequest.State.OPEN and answering.given(asked) is None
    answering.give(asked, Content(Verdict.NO_OBJECTION), by=by)
    commands.work_in(case, by=handler.actor, summary="Geen bezwaar van de politie.")
    case.refresh_from_db()
    assert case.status == Status.IN_ASSESSMENT
    with pytest.raises(NotAllowed, match="verwerkt"):
        answering.give(asked, Content(Verdict.FAVOURABLE), by=by)


def test_an_unfavourable_advice_is_a_point_that_somebody_owns(case, handler, police, clock):
    asked = ask(case, handler, clock, police)[0]
    answering.give(asked, Content(Verdict.UNFAVOURABLE, "Te gevaarlijk."), by=Adviser("Dirk"))
    point = AdvicePoint.objects.get()
    assert point.owner == handler and point.settled_at is None
    commands.settle_point(point, by=handler.actor, text="Wij zetten eerst een omleiding.")
    commands.settle_point(point, by=handler.actor, text="Nog eens.")
    point.refresh_from_db()
    assert point.settled_text == "Wij zetten eerst een omleiding."
    assert case.events.filter(kind="point_settled").count() == 1


def test_working_in_waits_for_open_questions_or_goes_on_without(case, handler, police, green, clock):
    first, second = ask(case, handler, clock, police, green)
    answering.give(first, Content(Verdict.FAVOURABLE), by=Adviser("Dirk"))
    with pytest.raises(NotAllowed, match="open"):
        commands.work_in(case, by=handler.actor, summary="Samenvatting")
    with pytest.raises(NotAllowed, match="Zeg waarom"):
        commands.go_on_without(second, by=handler.actor, why=" ")
    commands.go_on_without(second, by=handler.actor, why="Het kan niet wachten.")
    assert case.events.filter(kind="advice_complete").exists()
    commands.work_in(case, by=handler.actor, summary="Samenvatting")
    with pytest.raises(NotAllowed, match="niet meer nodig"):
        answering.give(second, Content(Verdict.FAVOURABLE), by=Adviser("Hilde"))


def test_reminders_once_before_the_term_and_once_after(case, handler, police, officer, clock):
    asked = ask(case, handler, clock, police)[0]
    assert commands.remind() == 0
    clock.advance(days=13)
    assert (commands.remind(), commands.remind()) == (1, 0)
    clock.advance(days=3)
    assert (commands.remind(), commands.remind()) == (1, 0)
    assert Notice.objects.filter(recipient="karim@lindekerke.example", subject__startswith="Advies te laat").count() == 1
    commands.prolong(asked, by=handler.actor, due=due(clock, 10), why="Verlof")
    asked.refresh_from_db()
    assert asked.reminded_at is None and commands.remind() == 0


def test_an_adviser_asks_the_citizen_who_reads_which_service_asks(case, handler, police, officer, clock):
    asked = ask(case, handler, clock, police)[0]
    client = Client()
    client.force_login(officer)
    here = reverse("advice-request", args=[asked.public_id])
    report = case.reports.get()
    sent = {"do": "ask", "report": report.pk, "text": "Hoe laat was dit?", "due": due(clock, 7).isoformat()}
    assert client.post(here, sent).status_code == 302
    question = report.questions.get()
    assert question.asked_for == "Politiezone Lindestreek"
    event = case.events.get(kind="question_asked")
    assert event.text.startswith("Politiezone Lindestreek vraagt dit")
    conversation.answer_question(question, by=report.reporter.account.actor, text="Om acht uur.")
    assert "Om acht uur." in client.get(here).content.decode()
    citizen = Client()
    citizen.force_login(report.reporter.account)
    page = citizen.get(f"/mijn/{report.reference}/").content.decode()
    assert "Politiezone Lindestreek" in page and "Dirk Hermans" not in page


@pytest.fixture
def grid():
    return AdviceService.objects.create(
        code="netbeheerder", name="Netbeheer", way=AdviceService.Way.LINK, email="advies@net.example"
    )


def test_a_partner_without_account_answers_by_link_and_code(case, handler, grid, clock):
    asked = ask(case, handler, clock, grid)[0]
    notice = Notice.objects.get(recipient="advies@net.example")
    path = re.search(r"/advies/[^/]+/", notice.link).group()
    client = Client()
    assert client.get(path).url == path + "code/"
    client.post(path + "code/", {"do": "send"})
    code = re.search(r": (\d{6})\.", Notice.objects.get(once__startswith="advice-code").text)[1]
    wrong = client.post(path + "code/", {"do": "check", "code": "000000" if code != "000000" else "000001"})
    assert wrong.status_code == 422 and "klopt niet" in wrong.content.decode()
    assert client.post(path + "code/", {"do": "check", "code": f"{code[:3]} {code[3:]}"}).url == path
    assert "Is dit gevaarlijk" in client.get(path).content.decode()
    assert Client().get(path).status_code == 302, "another browser needs a code of its own"
    assert Client().post(path + "code/", {"do": "check", "code": code}).status_code == 422, "a code works once"
    client.post(path, {"do": "give", "verdict": "no_objection", "reasons": ""})
    assert answering.given(asked).given_by_name == "Netbeheer"
    clock.advance(days=60)
    assert client.get(path).status_code == 404


def test_guessing_codes_stops_after_five_times(case, handler, grid, clock):
    link = links.find(links.new(ask(case, handler, clock, grid)[0]))
    links.send_code(link)
    code = re.search(r": (\d{6})\.", Notice.objects.get(once__startswith="advice-code").text)[1]
    for _ in range(5):
        with pytest.raises(links.LinkRefused):
            links.check_code(link, "12345x")
    with pytest.raises(links.LinkRefused, match="te vaak"):
        links.check_code(link, code)


@pytest.fixture
def machine(police):
    client, secret = api_clients.create(
        "Politie", ApiClient.Kind.OAUTH, client_id="pz", scopes=("advice",), partner="politie"
    )
    answer = Client().post(
        "/api/v1/token", {"grant_type": "client_credentials", "client_id": "pz", "client_secret": secret}
    )
    return Client(headers={"authorization": f"Bearer {answer.json()['access_token']}"}), client


def test_a_partner_with_a_system_of_its_own_answers_once(case, handler, police, grid, machine, clock):
    caller, _ = machine
    asked, other = ask(case, handler, clock, police, grid)
    rows = caller.get("/api/v1/adviesvragen").json()["items"]
    assert [row["id"] for row in rows] == [str(asked.public_id)]
    whole = caller.get(f"/api/v1/adviesvragen/{asked.public_id}").json()
    assert whole["reports"][0]["text"] and whole["reports"][0]["reporter"] == ""
    assert caller.get(f"/api/v1/adviesvragen/{other.public_id}").status_code == 404
    body = json.dumps({"verdict": "conditional", "reasons": "Mits nadars", "conditions": ["Nadars"]})
    url = f"/api/v1/adviesvragen/{asked.public_id}/advies"
    assert caller.put(url, body, "application/json").status_code == 422, "no key"
    first = caller.put(url, body, "application/json", headers={"idempotency-key": "a1"})
    again = caller.put(url, body, "application/json", headers={"idempotency-key": "a1"})
    assert (first.status_code, again.status_code) == (200, 200) and first.json() == again.json()
    assert case.events.filter(kind="advice_given").count() == 1
    commands.go_on_without(other, by=handler.actor, why="Niet nodig meer")
    commands.work_in(case, by=handler.actor, summary="Verwerkt")
    late = caller.put(url, body, "application/json", headers={"idempotency-key": "a2"})
    assert late.status_code == 409 and late["Content-Type"] == "application/problem+json"


def test_tokens_are_refused_without_secret_scope_or_after_switching_off(machine):
    caller, client = machine
    form = {"grant_type": "client_credentials", "client_id": "pz", "client_secret": "wrong"}
    assert Client().post("/api/v1/token", form).json() == {"error": "invalid_client"}
    assert Client().get("/api/v1/adviesvragen").status_code == 401
    assert Client(headers={"authorization": "Bearer nonsense"}).get("/api/v1/adviesvragen").status_code == 401
    assert caller.get("/api/v1/adviesvragen").status_code == 200
    client.active = False
    client.save()
    assert caller.get("/api/v1/adviesvragen").status_code == 401


def test_a_condition_becomes_an_action_with_one_click(case, handler, police, clock):
    asked = ask(case, handler, clock, police)[0]
    answer = answering.give(asked, CONDITIONAL, by=Adviser("Dirk"))
    office = Client()
    office.force_login(handler)
    page = office.get(reverse("case", args=[case.reference])).content.decode()
    assert "Plaats nadars" in page and "Maak er een actie van" in page
    for _ in range(2):
        office.post(reverse("case-condition", args=[case.reference, answer.pk, 0]))
    action = Action.objects.get()
    assert action.title == "Plaats nadars" and "Politiezone" in action.why
    assert office.post(reverse("case-condition", args=[case.reference, answer.pk, 9])).status_code == 404


def test_asking_and_working_in_through_the_pages(case, handler, police, green, clock):
    office = Client()
    office.force_login(handler)
    url = reverse("case-action", args=[case.reference, "advies-vragen"])
    sent = {
        "version": case.version,
        "services": ["politie", "advies-groen"],
        "question": "Kan dit?",
        "due": due(clock).isoformat(),
        "share": ["text", "place"],
    }
    assert office.post(url, {**sent, "share": ["text", "identity"]}).status_code == 422
    assert office.post(url, sent).status_code == 302
    for asked in AdviceRequest.objects.all():
        answering.give(asked, Content(Verdict.FAVOURABLE, "Geen probleem."), by=Adviser("x"))
    url = reverse("case-action", args=[case.reference, "adviezen-verwerken"])
    page = office.get(url).content.decode()
    assert "Politiezone Lindestreek: gunstig. Geen probleem." in page
    case.refresh_from_db()
    assert office.post(url, {"version": case.version, "summary": "Beide gunstig."}).status_code == 302
    assert "Beide gunstig." in office.get(reverse("case", args=[case.reference])).content.decode()


def test_a_notice_goes_once_and_its_link_is_forgotten(case, handler, grid, clock, outside):
    ask(case, handler, clock, grid)
    notice = Notice.objects.get(recipient="advies@net.example")
    notices.send(notice.pk)
    notices.send(notice.pk)
    mails = outside.postbox.messages(channel="email")
    assert len(mails) == 1 and case.reference in mails[0]["subject"]
    notice.refresh_from_db()
    assert (notice.state, notice.link, notice.text) == (Notice.State.SENT, "", "")


def test_the_adviser_page_costs_the_same_whatever_the_case_holds(case, handler, police, officer, clock):
    asked = ask(case, handler, clock, police)[0]
    client = Client()
    client.force_login(officer)
    here = reverse("advice-request", args=[asked.public_id])
    client.get(here)
    with CaptureQueriesContext(connection) as few:
        client.get(here)
    for number in range(4):
        make.submit_report(text=f"Nog een {number}")
        last = type(case).objects.latest("pk")
        last.reports.update(case=case)
    with CaptureQueriesContext(connection) as more:
        client.get(here)
    assert len(more) == len(few)


@pytest.fixture
def partner_system():
    """A partner's own receiver: what it got, and what it answers."""
    got, answers = [], []

    async def receive(scope, _receive, send):
        body = b""
        while True:
            part = await _receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        got.append((headers, body))
        status = answers.pop(0) if answers else 204
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with serve(receive) as url:
        yield url, got, answers


def test_a_partner_with_a_webhook_is_told_signed_and_once(case, handler, police, clock, partner_system):
    url, got, answers = partner_system
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    api_clients.create("Politie", ApiClient.Kind.OAUTH, partner="politie", webhook_url=f"{url}/haak", outbound=secret)
    police.way = police.Way.API
    police.email = ""
    police.save()
    asked = ask(case, handler, clock, police)[0]
    assert not Notice.objects.filter(channel="email").exists()
    notice = Notice.objects.get(channel="webhook")
    answers += [503]
    notices.send(notice.pk)
    notice.refresh_from_db()
    assert notice.state == Notice.State.WAITING and "503" in notice.problem
    clock.advance(minutes=2)
    notices.send(notice.pk)
    notices.send(notice.pk)
    assert len(got) == 2 and got[0][0]["webhook-id"] == got[1][0]["webhook-id"], "a repeat is known by its id"
    headers, body = got[1]
    assert verify(secret, headers, body, time.time())
    event = json.loads(body)
    assert (event["type"], event["subject"]) == ("be.meldloket.advice.request", str(asked.public_id))
    assert event["data"]["reason"] == "asked" and event["data"]["url"].endswith(f"/adviesvragen/{asked.public_id}")
    assert "Lotte" not in body.decode() and asked.question not in body.decode()
    commands.withdraw(asked, by=handler.actor, why="Niet meer nodig")
    notices.send(Notice.objects.get(channel="webhook", state="waiting").pk)
    assert json.loads(got[-1][1])["data"]["state"] == "withdrawn"


def test_an_event_that_a_partner_refuses_is_shown_and_can_be_sent_again(case, handler, police, clock, partner_system):
    url, got, answers = partner_system
    secret = "whsec_" + base64.b64encode(b"k" * 32).decode()
    api_clients.create("Politie", ApiClient.Kind.OAUTH, partner="politie", webhook_url=url, outbound=secret)
    police.way, police.email = police.Way.API, ""
    police.save()
    ask(case, handler, clock, police)
    answers += [400]
    notice = Notice.objects.get(channel="webhook")
    notices.send(notice.pk)
    office = Client()
    office.force_login(handler)
    page = office.get(reverse("deliveries")).content.decode()
    assert "weigert de oproep (400)" in page and "Eigen systeem" in page
    office.post(reverse("notice-resend", args=[notice.pk]))
    again = office.post(reverse("notice-resend", args=[notice.pk]), follow=True)
    assert "Een collega was u voor" in again.content.decode()
    notices.send(notice.pk)
    notice.refresh_from_db()
    assert notice.state == Notice.State.SENT and len(got) == 2


# Bad input: a clear error, a line in the log, nothing changed.


def adviser_page(officer, asked):
    client = Client()
    client.force_login(officer)
    return client, reverse("advice-request", args=[asked.public_id])


FAVOURABLE = {"do": "give", "verdict": "favourable", "reasons": "Dat kan."}


def test_an_answer_after_the_term_waits_for_the_handler(case, handler, police, officer, clock, capsys):
    asked = ask(case, handler, clock, police)[0]
    client, url = adviser_page(officer, asked)
    clock.advance(days=20)
    page = client.get(url).content.decode()
    assert "De termijn liep tot" in page and "Vraag meer tijd" in page
    refused = client.post(url, FAVOURABLE)
    assert refused.status_code == 422 and "Vraag de behandelaar om meer tijd" in refused.content.decode()
    assert "Dat kan." in refused.content.decode() and "advice_refused" in capsys.readouterr().out
    assert not AdviceAnswer.objects.exists() and not case.events.filter(kind="advice_given").exists()
    client.post(url, {**FAVOURABLE, "do": "draft"})
    assert AdviceAnswer.objects.get().state == "draft", "what was written is kept"
    assert client.post(url, {"do": "more", "why": ""}).status_code == 422
    client.post(url, {"do": "more", "why": "De verkeersdienst telt volgende week."})
    told = Notice.objects.get(recipient=handler.email)
    assert "Meer tijd gevraagd" in told.subject and "verkeersdienst" in told.text
    assert case.events.filter(kind="advice_changed", text__contains="verkeersdienst").exists()
    commands.prolong(asked, by=handler.actor, due=clock().date() + timedelta(days=5), why="Telling")
    assert client.post(url, FAVOURABLE).status_code == 302
    assert AdviceAnswer.objects.get().state == "given"


def test_a_service_that_may_answer_late_just_does(case, handler, police, officer, clock):
    police.takes_late = True
    police.save()
    asked = ask(case, handler, clock, police)[0]
    clock.advance(days=20)
    client, url = adviser_page(officer, asked)
    assert "De termijn liep tot" not in client.get(url).content.decode()
    assert client.post(url, FAVOURABLE).status_code == 302


def test_an_answer_that_was_given_in_time_can_be_completed_later(case, handler, police, clock):
    asked = ask(case, handler, clock, police)[0]
    answering.give(asked, Content("favourable", "Dat kan."), by=Adviser("Dirk"))
    clock.advance(days=20)
    answering.give(asked, Content("favourable", "Dat kan, en het verkeer blijft."), by=Adviser("Dirk"))
    assert answering.given(asked).number == 2


def test_an_answer_after_withdrawal_changes_nothing(case, handler, police, officer, machine, clock, capsys):
    asked = ask(case, handler, clock, police)[0]
    client, url = adviser_page(officer, asked)
    commands.withdraw(asked, by=handler.actor, why="Niet meer nodig")
    refused = client.post(url, FAVOURABLE)
    assert refused.status_code == 422 and "niet meer nodig" in refused.content.decode()
    caller, _ = machine
    api = caller.put(
        f"/api/v1/adviesvragen/{asked.public_id}/advies",
        json.dumps({"verdict": "favourable"}),
        "application/json",
        headers={"idempotency-key": "a"},
    )
    assert api.status_code == 409 and "niet meer nodig" in api.json()["title"]
    assert capsys.readouterr().out.count("advice_refused") == 2
    assert not AdviceAnswer.objects.exists()


def entered(asked, clock):
    """Somebody who opened the personal link with the code."""
    token = links.new(asked)
    links.send_code(links.find(token))
    code = re.search(r": (\d{6})\.", Notice.objects.filter(once__startswith="advice-code").latest("pk").text)[1]
    client = Client()
    assert client.post(reverse("advice-link-code", args=[token]), {"do": "check", "code": code}).status_code == 302
    return client, reverse("advice-link", args=[token])


def test_a_revoked_link_is_dead_also_for_whoever_had_opened_it(case, handler, grid, clock, capsys):
    asked = ask(case, handler, clock, grid)[0]
    client, url = entered(asked, clock)
    assert client.get(url).status_code == 200
    office = Client()
    office.force_login(handler)
    case.refresh_from_db()
    form = {"version": case.version, "request": asked.pk, "how": "send"}
    assert office.post(reverse("case-action", args=[case.reference, "advies-link"]), form).status_code == 302
    for answer in (client.get(url), client.post(url, FAVOURABLE)):
        assert answer.status_code == 404 and "werkt niet meer" in answer.content.decode()
    assert "advice_link_refused" in capsys.readouterr().out and not AdviceAnswer.objects.exists()
    fresh = Notice.objects.filter(subject__startswith="Nieuwe link").get()
    assert Client().get("/advies/" + fresh.link.partition("/advies/")[2]).status_code == 302, "asks for a code"
    (by_login,) = ask(case, handler, clock, AdviceService.objects.create(code="x", name="X"))
    with pytest.raises(NotAllowed, match="persoonlijke link"):
        commands.renew_link(by_login, by=handler.actor, send=False)


def test_a_token_or_session_of_another_reaches_nothing(case, handler, police, grid, machine, clock):
    asked, other = ask(case, handler, clock, police, grid)
    caller, _ = machine
    for method, path in (("get", ""), ("put", "/advies"), ("get", f"/bestanden/{asked.public_id}")):
        call = getattr(caller, method)
        body = (json.dumps({"verdict": "favourable"}), "application/json") if method == "put" else ()
        answer = call(f"/api/v1/adviesvragen/{other.public_id}{path}", *body, headers={"idempotency-key": "a"})
        assert answer.status_code == 404, path
    client, _ = entered(other, clock)
    elsewhere = reverse("advice-link", args=[links.new(asked)])
    assert client.post(elsewhere, FAVOURABLE).status_code == 302, "asks for a code of its own"
    assert not AdviceAnswer.objects.exists()


def test_a_file_of_200_mb_is_refused_and_the_words_stay(case, handler, police, officer, clock):
    asked = ask(case, handler, clock, police)[0]
    client, url = adviser_page(officer, asked)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as large:
        large.write(b"%PDF-1.7\n")
        large.truncate(200 * 1024 * 1024)
        large.seek(0)
        answer = client.post(url, {**FAVOURABLE, "do": "draft", "files": large}, follow=True)
    page = answer.content.decode()
    assert "15 MB" in page and "Dat kan." in page
    assert AdviceAnswer.objects.get().files.count() == 0
