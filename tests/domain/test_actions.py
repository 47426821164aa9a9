"""Actions from plan to done: proposed in plain words, divided, carried out once, also from a phone without connection
(B4.1-B4.5)."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from meldloket.actions import commands, elsewhere, referring, work
from meldloket.actions.commands import Plan
from meldloket.actions.models import Action, ActionTemplate, Capacity, Referral, ReferralUpdate, Task, TaskEntry, TaskPhoto
from meldloket.actions.ports import Told, Update
from meldloket.actions.work import Division, Entry, Result
from meldloket.actions.workload import loads
from meldloket.cases.lifecycle import NotAllowed, Status
from meldloket.catalogue import current
from meldloket.catalogue.models import Department, OtherSystem
from meldloket.messages.models import Delivery, Notice
from meldloket.people import api_clients
from meldloket.people.roles import Role
from support import factories as make
from support.partners import running_contractor, running_operator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def works():
    return Department.objects.get(code="openbare-werken")


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",), email="karim@lindekerke.example")


@pytest.fixture
def worker():
    return make.make_staff(Role.WORKER, departments=("openbare-werken",), name="Tom Jacobs", email="tom@lindekerke.example")


def new_case(categories, handler):
    found = make.make_case(
        make.make_citizen(),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )
    found.status = Status.IN_ASSESSMENT
    found.save()
    return found


@pytest.fixture
def case(categories, handler, works):
    return new_case(categories, handler)


def fill(works, title="Put vullen", **more):
    return Plan(title=title, department=works, description="Met koudasfalt.", **more)


@pytest.fixture
def task(case, handler, works):
    commands.add_action(case, fill(works), by=handler.actor)
    commands.propose(case, by=handler.actor, text=commands.proposal_text(case))
    return Task.objects.get()


def test_without_a_decision_execution_starts_at_once_and_the_citizen_reads_what(case, handler, works, clock, outside):
    commands.add_action(case, fill(works, due=clock().date() + timedelta(days=9)), by=handler.actor)
    commands.add_action(case, fill(works, title="Aannemer bellen", public=False), by=handler.actor)
    text = commands.proposal_text(case)
    assert "Put vullen" in text and "Aannemer bellen" not in text
    commands.propose(case, by=handler.actor, text=text)
    case.refresh_from_db()
    assert case.status == Status.IN_EXECUTION
    assert set(case.actions.values_list("state", flat=True)) == {"running"}
    told = {row.channel: row for row in Delivery.objects.filter(event__kind="actions_proposed")}
    assert {"dosis", "email"} <= set(told) and "Put vullen" in told["email"].text
    assert case.reference in told["email"].subject


def test_where_a_decision_is_needed_tasks_wait(case, handler, works, clock):
    commands.add_action(case, fill(works, needs_decision=True, tasks=("Reglement", "Borden")), by=handler.actor)
    commands.add_action(case, fill(works, title="Nu al beveiligen"), by=handler.actor)
    commands.propose(case, by=handler.actor, text="Wij stellen dit voor.")
    case.refresh_from_db()
    assert case.status == Status.ACTIONS_PROPOSED
    states = dict(Task.objects.values_list("title", "state"))
    assert states == {"Reglement": "waiting", "Borden": "waiting", "Nu al beveiligen": "open"}
    waiting = Task.objects.get(title="Reglement")
    with pytest.raises(NotAllowed, match="besluit"):
        work.start(waiting, by=handler.actor)


def test_nothing_is_proposed_without_actions_or_with_an_open_question(case, handler, works):
    with pytest.raises(NotAllowed, match="minstens één actie"):
        commands.propose(case, by=handler.actor, text="Niets")
    commands.add_action(case, fill(works), by=handler.actor)
    case.waiting_for_reporter = True
    case.save()
    with pytest.raises(NotAllowed, match="vraag open"):
        commands.propose(case, by=handler.actor, text="Iets")


def test_a_template_fills_what_the_handler_leaves_empty(case, handler, works):
    template = ActionTemplate.objects.create(
        category=case.category, title="Wegdek herstellen", days=10, cost=Decimal("350.00"), tasks=["Beveiligen", "Vullen"]
    )
    ActionTemplate.objects.create(category=make.make_catalogue()["boom"], title="Boom snoeien")
    office = Client()
    office.force_login(handler)
    url = reverse("case-action", args=[case.reference, "actie"])
    page = office.get(url).content.decode()
    assert "Wegdek herstellen" in page and "Boom snoeien" not in page
    sent = {"version": case.version, "template": template.pk, "department": works.code, "cost": "410,50", "public": "on"}
    assert office.post(url, sent).status_code == 302
    action = Action.objects.get()
    assert (action.title, action.cost, action.planned_tasks) == (
        "Wegdek herstellen",
        Decimal("410.50"),
        ["Beveiligen", "Vullen"],
    )
    assert action.due is not None
    assert office.post(url, {"version": case.version + 1, "department": works.code}).status_code == 422


def test_an_action_can_be_changed_until_it_is_proposed_and_dropped_with_a_reason(case, handler, works):
    action = commands.add_action(case, fill(works), by=handler.actor)
    commands.change_action(action, fill(works, title="Put frezen"), by=handler.actor)
    commands.propose(case, by=handler.actor, text="Voorstel")
    action.refresh_from_db()
    with pytest.raises(NotAllowed, match="al voorgesteld"):
        commands.change_action(action, fill(works), by=handler.actor)
    with pytest.raises(NotAllowed, match="waarom"):
        commands.drop_action(action, by=handler.actor)
    commands.drop_action(action, by=handler.actor, why="De put is al gevuld.")
    assert Task.objects.get().state == Task.State.CANCELLED


def test_the_second_worker_hears_who_was_first(task, worker):
    other = make.make_staff(Role.WORKER, departments=("openbare-werken",), name="Bert Maes")
    work.claim(task, by=worker.actor)
    work.claim(task, by=worker.actor)
    with pytest.raises(NotAllowed, match="Tom Jacobs"):
        work.claim(task, by=other.actor)


def test_dividing_tells_the_worker_and_two_dividers_do_not_overwrite(task, handler, worker, works, clock):
    seen = task.version
    work.divide(task, Division(works, worker, clock().date(), 90), by=handler.actor, seen_version=seen)
    assert Notice.objects.get(recipient="tom@lindekerke.example").subject == "Nieuwe taak: Put vullen"
    with pytest.raises(work.TaskChanged):
        work.divide(task, Division(works, None, None, 30), by=handler.actor, seen_version=seen)
    task.refresh_from_db()
    assert (task.assignee, task.planned_minutes) == (worker, 90)


def test_the_load_of_a_team_counts_this_week_against_the_hours_of_each(task, handler, worker, works, clock):
    Capacity.objects.create(account=worker, hours=10)
    work.divide(task, Division(works, worker, clock().date(), 300), by=handler.actor)
    row = next(row for row in loads("openbare-werken") if row.account == worker)
    assert (row.open_tasks, row.minutes, row.percent) == (1, 300, 50)


def test_finishing_is_written_once_however_often_a_phone_sends_it(task, case, worker):
    entry, result = Entry(key=uuid.uuid4(), text="Gevuld."), Result(minutes=45, materials="2 zakken koudasfalt")
    for _ in range(3):
        work.finish(task, by=worker.actor, entry=entry, result=result)
    task.refresh_from_db()
    assert (task.state, task.minutes, task.result, task.assignee) == (Task.State.DONE, 45, "Gevuld.", worker)
    assert case.events.filter(kind="task_done").count() == 1
    assert Action.objects.get().state == Action.State.DONE
    assert Notice.objects.filter(subject__startswith="Alle taken zijn klaar").count() == 1
    late = Entry(text="Ik dacht dat het nog open stond.")
    work.block(task, by=worker.actor, entry=late)
    task.refresh_from_db()
    assert task.state == Task.State.DONE and TaskEntry.objects.get(key=late.key).late


def test_order_and_subtasks_are_kept(case, handler, worker, works):
    commands.add_action(case, fill(works, tasks=("Beveiligen", "Vullen")), by=handler.actor)
    commands.propose(case, by=handler.actor, text="Voorstel")
    first, second = Task.objects.order_by("order")
    with pytest.raises(NotAllowed, match="Beveiligen"):
        work.start(second, by=worker.actor)
    part = work.add_task([case], by=handler.actor, title="Borden halen", department=works, parent=first)
    with pytest.raises(NotAllowed, match="Borden halen"):
        work.finish(first, by=worker.actor, entry=Entry(), result=Result())
    for one in (part, first, second):
        work.finish(one, by=worker.actor, entry=Entry(), result=Result())
    assert set(Task.objects.values_list("state", flat=True)) == {"done"}


def test_one_round_serves_several_cases_and_finishing_it_finishes_it_for_all(
    categories, handler, worker, works, task, case
):
    other = new_case(categories, handler)
    commands.add_action(other, fill(works), by=handler.actor)
    commands.propose(other, by=handler.actor, text="Voorstel")
    own = Task.objects.exclude(pk=task.pk).get()
    work.cancel(own, by=handler.actor, why="Wordt meegenomen op de ronde.")
    work.serve_also(task, other, by=handler.actor)
    work.serve_also(task, other, by=handler.actor)
    work.finish(task, by=worker.actor, entry=Entry(text="Ronde klaar."), result=Result())
    for one in (case, other):
        assert one.events.filter(kind="task_done", text__contains="Ronde klaar").count() == 1
        assert one.actions.get().state == Action.State.DONE


def test_a_blocked_task_tells_the_handler_why(task, worker):
    with pytest.raises(NotAllowed, match="waarom"):
        work.block(task, by=worker.actor, entry=Entry(text=" "))
    work.block(task, by=worker.actor, entry=Entry(text="Er staat een auto op."))
    assert "Er staat een auto op." in Notice.objects.get(subject__startswith="Taak geblokkeerd").text
    work.resume(task, by=worker.actor)
    task.refresh_from_db()
    assert (task.state, task.blocked_reason) == (Task.State.OPEN, "")


def photo():
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(out, "JPEG")
    return SimpleUploadedFile("na.jpg", out.getvalue(), "image/jpeg")


def test_the_worker_page_takes_hours_photos_and_a_late_phone(task, worker, clock):
    phone = Client()
    phone.force_login(worker)
    page = phone.get(reverse("task", args=[task.public_id])).content.decode()
    assert "Put vullen" in page and "Er zit een diepe put" in page
    url, key = reverse("task-do", args=[task.public_id]), str(uuid.uuid4())
    sent = {"key": key, "do": "finish", "text": "Klaar", "minutes": "30", "moment": "after", "public": "on"}
    for _ in range(2):
        answer = phone.post(url, {**sent, "files": photo()}, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["problem"]) == (200, "")
    assert TaskPhoto.objects.get().public and not TaskPhoto.objects.get().attachment.added_by_reporter
    wrong = phone.post(url, {**sent, "key": uuid.uuid4(), "minutes": "veel"}, headers={"accept": "application/json"})
    assert wrong.status_code == 422
    file = TaskPhoto.objects.get().attachment
    assert phone.get(reverse("task-file", args=[task.public_id, file.public_id])).status_code == 200


def test_a_worker_of_another_team_sees_nothing(task):
    stranger = Client()
    stranger.force_login(make.make_staff(Role.WORKER, departments=("groen",), name="Greet Groen"))
    assert stranger.get(reverse("task", args=[task.public_id])).status_code == 404
    assert "Put vullen" not in stranger.get(reverse("task-list")).content.decode()


@pytest.mark.parametrize("view", ["lijst", "bord", "kalender"])
def test_lists_cost_the_same_whatever_they_hold(task, handler, worker, works, case, view, clock):
    client = Client()
    client.force_login(handler)
    url = reverse("task-list") + f"?weergave={view}&team=openbare-werken"
    work.divide(task, Division(works, worker, clock().date(), 60), by=handler.actor)
    page = client.get(url).content.decode()
    assert "Put vullen" in page and "Tom Jacobs" in page
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(6):
        more = work.add_task([case], by=handler.actor, title=f"Taak {number}", department=works)
        work.divide(more, Division(works, worker, clock().date(), 60), by=handler.actor)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few) <= 12


def test_the_case_page_stays_within_its_queries(task, case, handler, works):
    client = Client()
    client.force_login(handler)
    url = reverse("case", args=[case.reference])
    client.get(url)
    for number in range(5):
        work.add_task([case], by=handler.actor, title=f"Taak {number}", department=works)
    with CaptureQueriesContext(connection) as found:
        assert "Taak 4" in client.get(url).content.decode()
    assert len(found) <= 25


def test_what_a_handler_arranges_beside_a_task(task, case, handler, works, categories):
    client = Client()
    client.force_login(handler)
    other = new_case(categories, handler)

    def arrange(slug, **sent):
        return client.post(reverse("task-arrange", args=[task.public_id, slug]), sent)

    assert arrange("deeltaak", title="Borden halen").status_code == 302
    assert arrange("ook", reference=other.reference.lower()).status_code == 302
    assert arrange("ook", reference="MLD-1999-000001").status_code == 422
    assert arrange("annuleren", why="").status_code == 422
    assert arrange("wat").status_code == 404
    assert {row.pk for row in work.cases_of(task)} == {case.pk, other.pk}
    assert task.subtasks.get().title == "Borden halen"
    assert arrange("annuleren", why="Niet nodig").status_code == 302


# Referral: what comes back has its place.


@pytest.fixture
def system(works):
    return OtherSystem.objects.create(code="partner", name="Aannemer De Keien", adapter="email", email="keien@example.org")


@pytest.fixture
def referral(task, system, handler):
    return referring.refer(task, system, by=handler.actor)


def told(key, what, clock, minutes=0, text=""):
    return Update(key=key, told=what, at=clock() + timedelta(minutes=minutes), status=str(what), text=text)


def test_a_referred_task_comes_back_done_once_and_in_order(referral, task, case, clock):
    assert referring.receive(referral, told("1", Told.RECEIVED, clock, 1)).fate == "applied"
    assert referring.receive(referral, told("3", Told.IN_PROGRESS, clock, 3)).fate == "applied"
    assert referring.receive(referral, told("2", Told.RECEIVED, clock, 2, "Vertraagd")).fate == "older"
    assert referring.receive(referral, told("4", Told.DONE, clock, 4, "Gevuld")).fate == "applied"
    assert referring.receive(referral, told("4", Told.DONE, clock, 4, "Gevuld")).fate == "applied"
    assert referring.receive(referral, told("5", Told.REFUSED, clock, 5, "Toch niet")).fate == "closed"
    task.refresh_from_db()
    referral.refresh_from_db()
    assert (task.state, task.result, referral.state) == (Task.State.DONE, "Gevuld", Referral.State.DONE)
    assert ReferralUpdate.objects.count() == 5
    assert case.events.filter(kind="task_done").count() == 1
    assert "na het einde" in case.events.filter(kind="task_answered").latest("pk").text.lower()


def test_a_refused_task_is_the_teams_again_and_the_handler_hears(referral, task, clock):
    referring.receive(referral, told("1", Told.REFUSED, clock, 1, "Niet onze straat"))
    task.refresh_from_db()
    assert task.state == Task.State.BLOCKED and "Niet onze straat" in task.blocked_reason
    assert Notice.objects.filter(subject__startswith="Taak komt terug").exists()


def test_a_task_is_referred_once_and_recalled_with_a_reason(referral, task, system, handler, clock):
    assert referring.refer(task, system, by=handler.actor) == referral
    other = OtherSystem.objects.create(code="ander", name="Ander", adapter="email")
    with pytest.raises(NotAllowed, match="De Keien"):
        referring.refer(task, other, by=handler.actor)
    referring.recall(referral, by=handler.actor, why="Wij doen het zelf.")
    task.refresh_from_db()
    assert task.state == Task.State.OPEN
    assert referring.receive(referral, told("1", Told.DONE, clock, 1)).fate == "closed"
    task.refresh_from_db()
    assert task.state == Task.State.OPEN


def test_a_partner_with_nothing_answers_on_a_page_and_sees_no_reporter(referral, task, clock):
    url = reverse("referral-reply", args=[referring.reply_token(referral)])
    client = Client()
    page = client.get(url).content.decode()
    assert "Put vullen" in page and "Peeters" not in page and "melder@example.org" not in page
    key = str(uuid.uuid4())
    assert client.post(url, {"key": key, "told": "refused", "text": ""}).status_code == 422
    for _ in range(2):
        assert client.post(url, {"key": key, "told": "done", "text": "Klaar gisteren"}).status_code == 302
    task.refresh_from_db()
    assert task.state == Task.State.DONE
    assert ReferralUpdate.objects.count() == 1
    assert "afgesloten" in client.get(url).content.decode()
    assert client.get(reverse("referral-reply", args=["wat"])).status_code == 404


def test_silence_is_told_once(referral, clock):
    Referral.objects.update(state=Referral.State.SENT)
    assert referring.silent() == 0
    clock.advance(days=10)
    assert (referring.silent(), referring.silent()) == (1, 0)
    assert Notice.objects.filter(subject__startswith="Geen antwoord").count() == 1


def test_a_whole_case_is_passed_on_and_the_citizen_reads_where_to_follow_it(case, handler):
    words = "Dit is een gewestweg. U volgt dit via het meldpunt wegen."
    elsewhere.refer_case(case, by=handler.actor, authority="Wegen en Verkeer", text=words, close=False)
    case.refresh_from_db()
    assert (case.status, case.competent_authority) == (Status.IN_ASSESSMENT, "Wegen en Verkeer")
    elsewhere.refer_case(case, by=handler.actor, authority="Wegen en Verkeer", text=words, close=True)
    case.refresh_from_db()
    assert case.status == Status.REFERRED and case.ended
    texts = [event.text for event in case.events.filter(kind__startswith="referred")]
    assert texts == [words, words]


# Referral over real HTTP: each adapter with its double, handed over by the job and answered by the other side.


@pytest.fixture
def adapters(outside):
    from meldloket.actions import ports
    from meldloket.connectors.referral import EmailReferral, Open311Client, WebhookReferral
    from meldloket.messages import ports as message_ports

    before = dict(ports.plugged)
    email = EmailReferral(message_ports.plugged["email"], "Lindekerke")
    ports.plugged.update(open311=Open311Client(), webhook=WebhookReferral(), email=email)
    yield outside
    ports.plugged.clear()
    ports.plugged.update(before)


def partner(code, adapter, system, secret=""):
    row = OtherSystem.objects.create(
        code=code, name=system.name, adapter=adapter, url=system.url, email=system.email, settings=system.settings
    )
    if secret:
        api_clients.create(code, "oauth", client_id=code, partner=code, outbound=secret)
    return row


def test_open311_from_hand_over_to_done(adapters, task, handler, case):
    with running_operator() as (double, system):
        row = partner("leiestroom", "open311", system, system.secret)
        referral = referring.refer(task, row, by=handler.actor)
        double.fault(mode="special", special="answer_lost", count=1)
        referring.hand_over(referral.pk)
        referral.refresh_from_db()
        assert (referral.state, referral.uncertain) == (Referral.State.WAITING, True)
        Referral.objects.update(next_attempt_at=referral.added_at)
        referring.hand_over(referral.pk)
        referring.hand_over(referral.pk)
        referral.refresh_from_db()
        assert referral.state == Referral.State.SENT and len(double.state()["requests"]) == 1
        assert "Peeters" not in str(double.state()) and "melder@" not in str(double.state())
        double.answer(f"/opdrachten/{referral.external_id}", status="fixed", note="Lamp vervangen")
        assert referring.poll(referral.pk) == 1
        assert referring.poll(referral.pk) == 0
    task.refresh_from_db()
    assert (task.state, task.result) == (Task.State.DONE, "Lamp vervangen")


def test_a_handler_does_not_have_to_wait_for_the_next_time(adapters, task, handler):
    with running_operator() as (double, system):
        row = partner("leiestroom", "open311", system, system.secret)
        referral = referring.refer(task, row, by=handler.actor)
        with pytest.raises(NotAllowed, match="net door"):
            referring.hurry(task, by=handler.actor)
        double.fault(mode="error", status=503, count=1)
        referring.follow(referral.pk)
        office = Client()
        office.force_login(handler)
        assert "Nu opnieuw proberen" in office.get(reverse("task", args=[task.public_id])).content.decode()
        office.post(reverse("task-arrange", args=[task.public_id, "nu"]))
        referring.follow(referral.pk)
        referral.refresh_from_db()
        assert referral.state == Referral.State.SENT
        double.answer(f"/opdrachten/{referral.external_id}", status="fixed", note="Lamp vervangen")
        referring.hurry(task, by=handler.actor)
        referring.follow(referral.pk)
    again = office.post(reverse("task-arrange", args=[task.public_id, "nu"]))
    assert again.status_code == 422 and "niets om naar te vragen" in again.content.decode()
    with pytest.raises(NotAllowed):
        referring.hurry(task, by=make.make_staff(Role.WORKER).actor)


@pytest.mark.django_db(transaction=True)
def test_the_contractor_calls_back_signed_twice_out_of_order_and_after_closing(
    adapters, task, handler, live_server, settings
):
    settings.BASE_URL = live_server.url
    with running_contractor() as (double, system):
        row = partner("kasseilegger", "webhook", system, system.secret)
        referral = referring.refer(task, row, by=handler.actor)
        referring.hand_over(referral.pk)
        referral.refresh_from_db()
        assert (referral.state, referral.external_id) == (Referral.State.SENT, "WB-501")

        def says(status, note="", fault=""):
            if fault:
                double.fault(mode="special", special=fault, count=1)
            double.answer(f"/werkbonnen/{referral.key}", status=status, note=note)
            return double.state()["orders"][0]["log"][-1]["said"]

        assert says("received", fault="bad_signature").startswith("401")
        assert not referral.updates.exists()
        assert says("in_progress", "Ploeg is bezig", fault="twice").startswith("200")
        assert referral.updates.count() == 1
        assert '"older"' in says("received", "Te laat verstuurd", fault="out_of_order")
        assert says("done", "Gelegd").startswith("200")
        assert '"closed"' in says("refused", "Vergissing")
        assert says("note", fault="old_timestamp").startswith("401")
    task.refresh_from_db()
    assert (task.state, task.result) == (Task.State.DONE, "Gelegd")


@pytest.mark.django_db(transaction=True)
def test_the_contractor_is_late_and_goes_on_after_the_end(adapters, task, handler, live_server, settings):
    settings.BASE_URL = live_server.url
    with running_contractor() as (double, system):
        row = partner("kasseilegger", "webhook", system, system.secret)
        referral = referring.refer(task, row, by=handler.actor)
        referring.hand_over(referral.pk)
        for fault, status in (("late", "in_progress"), ("after_closing", "done")):
            double.fault(mode="special", special=fault, count=1)
            double.answer(f"/werkbonnen/{referral.key}", status=status, note="")
        said = [one["said"] for one in double.state()["orders"][0]["log"]]
        assert said[0] == "nog niet verstuurd" and said[1].startswith("200")
        assert all('"closed"' in one for one in said[2:]) and len(said) == 4
    task.refresh_from_db()
    assert task.state == Task.State.DONE


@pytest.mark.django_db(transaction=True)
def test_a_failed_look_up_after_a_lost_answer_makes_no_second_order(adapters, task, handler):
    with running_operator() as (double, system):
        row = partner("leiestroom", "open311", system, system.secret)
        referral = referring.refer(task, row, by=handler.actor)
        double.fault(mode="special", special="answer_lost", count=1)
        for url in (system.url, "http://127.0.0.1:9", system.url):
            OtherSystem.objects.filter(pk=row.pk).update(url=url)
            Referral.objects.update(next_attempt_at=referral.added_at)
            referring.hand_over(referral.pk)
        referral.refresh_from_db()
        assert referral.state == Referral.State.SENT and len(double.state()["requests"]) == 1


def test_the_call_back_refuses_what_it_does_not_know(referral, clock):
    client, url = Client(), reverse("referral-callback", args=[referral.key])
    assert client.post(url, b"{}", "application/json").status_code == 404, "this partner has no secret"
    api_clients.create("p", "oauth", client_id="p", partner="partner", outbound="whsec_" + "QUJD" * 8)
    assert client.post(url, b"{}", "application/json").status_code == 401
    answer = client.post(reverse("referral-callback", args=[uuid.uuid4()]), b"{}", "application/json")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_by_mail_with_the_way_to_answer(adapters, referral, task):
    referring.hand_over(referral.pk)
    mail = adapters.postbox.messages(channel="email", to="keien@example.org")[0]
    assert task.title in mail["subject"] and referring.reply_token(referral) in mail["text"]
    assert "Peeters" not in str(mail)


def test_a_system_that_refuses_brings_the_task_back(adapters, task, handler):
    with running_operator() as (_, system):
        row = partner("leiestroom", "open311", system, "wrong key")
        referral = referring.refer(task, row, by=handler.actor)
        referring.hand_over(referral.pk)
    referral.refresh_from_db()
    task.refresh_from_db()
    assert referral.state == Referral.State.FAILED and "api_key" in referral.problem
    assert task.state == Task.State.BLOCKED
