"""One action on several cases: what will be sent is shown first, each case stands on its own, and nobody reaches a case or
an action that is not theirs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meldloket.cases import commands
from meldloket.cases.lifecycle import Status
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.messages.models import Delivery
from meldloket.people.roles import Role
from support import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outside")]
WORDS = "Onze ploeg bekijkt deze week alle putten in uw wijk."


@pytest.fixture(autouse=True)
def categories(outside):
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


@pytest.fixture
def office(handler):
    client = Client()
    client.force_login(handler)
    return client


def make_cases(categories, count):
    category = categories["wegdek"]
    return [
        make.submit_report(
            make.make_citizen(f"Melder{number}"),
            text="Er zit een put in de weg.",
            category=category,
            department=category.department,
        ).case
        for number in range(count)
    ]


@pytest.fixture
def three(categories):
    return make_cases(categories, 3)


def opened(office, cases, slug):
    return office.get(reverse("case-bulk"), {"actie": slug, "melding": [case.reference for case in cases]})


def body(cases, slug, **fields):
    versions = {f"versie-{case.reference}": case.version for case in cases}
    return {"actie": slug, "melding": [case.reference for case in cases], **versions, **fields}


def send(office, cases, slug, **fields):
    """What a browser does: the preview follows what is typed, its mark goes along."""
    sent = body(cases, slug, **fields)
    shown = office.post(reverse("case-bulk-preview"), sent)
    outgoing = shown.context["outgoing"]
    return office.post(reverse("case-bulk"), {**sent, "gezien": outgoing.seen}, follow=True), outgoing


def told(case, kind):
    return Delivery.objects.filter(report__case=case, event__kind=kind)


def test_the_list_offers_what_a_role_can_do(office, three):
    assert "bundelen" in {row.slug for row in office.get(reverse("case-list")).context["several"]}
    desk = Client()
    desk.force_login(make.make_staff(Role.RECEPTIONIST))
    assert {row.slug for row in desk.get(reverse("case-list")).context["several"]} == {"nota"}
    policy = Client()
    policy.force_login(make.make_staff(Role.POLICY_OFFICER))
    page = policy.get(reverse("case-list"))
    assert not page.context["several"] and b'name="melding"' not in page.content


def test_each_reporter_gets_an_own_message_and_the_preview_counted_them(office, three):
    answer, outgoing = send(office, three, "ontvankelijk", text=WORDS)
    assert len(answer.context["good"]) == 3 and not answer.context["bad"]
    sent = Delivery.objects.filter(event__kind="admissible")
    channels = {"Mijn Burgerprofiel": "dosis", "E-mail": "email", "Sms": "sms"}
    assert outgoing.counts and dict(outgoing.counts) == {
        label: sent.filter(channel=channel).count() for label, channel in channels.items() if sent.filter(channel=channel)
    }
    for case in three:
        case.refresh_from_db()
        assert case.status == Status.ADMISSIBLE
        mail = told(case, "admissible").get(channel="email")
        assert WORDS in mail.text and case.reference in mail.subject


def test_nothing_is_sent_that_was_not_shown(office, three):
    page = opened(office, three, "ontvankelijk")
    sent = {**body(three, "ontvankelijk", text=WORDS), "gezien": page.context["outgoing"].seen}
    again = office.post(reverse("case-bulk"), sent)
    assert again.status_code == 422 and "Er is nog niets verstuurd" in again.content.decode()
    assert WORDS in again.content.decode()
    assert not Delivery.objects.filter(event__kind="admissible").exists()
    sent["gezien"] = again.context["outgoing"].seen
    assert office.post(reverse("case-bulk"), sent).status_code == 302
    assert Delivery.objects.filter(event__kind="admissible", channel="email").count() == 3


def test_one_that_can_not_does_not_hold_up_the_others(office, handler, three):
    commands.declare_admissible(three[0], by=handler.actor, text="Ja.")
    three[0].refresh_from_db()
    page = opened(office, three, "ontvankelijk")
    assert page.context["count"] == 2
    answer, outgoing = send(office, three, "ontvankelijk", text=WORDS)
    assert [row["reference"] for row in answer.context["bad"]] == [three[0].reference]
    assert len(answer.context["good"]) == 2
    assert told(three[0], "admissible").filter(channel="email").count() == 1


def test_what_changed_meanwhile_is_left_alone(office, handler, three):
    sent = body(three, "ontvankelijk", text=WORDS)
    commands.add_note(three[1], by=handler.actor, text="Eerst bellen.")
    outgoing = office.post(reverse("case-bulk-preview"), sent).context["outgoing"]
    answer = office.post(reverse("case-bulk"), {**sent, "gezien": outgoing.seen}, follow=True)
    (bad,) = answer.context["bad"]
    assert bad["reference"] == three[1].reference and "intussen gewijzigd" in bad["problem"]
    assert not told(three[1], "admissible").exists()


def test_the_same_form_twice_does_it_once(office, three):
    sent = body(three, "ontvankelijk", text=WORDS)
    sent["gezien"] = office.post(reverse("case-bulk-preview"), sent).context["outgoing"].seen
    for _ in range(2):
        office.post(reverse("case-bulk"), sent)
    assert Delivery.objects.filter(event__kind="admissible", channel="email").count() == 3


def test_a_gap_in_the_words_sends_nothing(office, three):
    Case.objects.exclude(pk=three[2].pk).update(place_label="")
    answer, outgoing = send(office, three, "ontvankelijk", text="Wij komen kijken op {plaats}.")
    assert "plaats" in " ".join(outgoing.missing)
    assert len(answer.context["bad"]) == 2 and len(answer.context["good"]) == 1
    assert "plaats" in answer.context["bad"][0]["problem"]
    assert Delivery.objects.filter(event__kind="admissible", channel="email").count() == 1


def test_several_are_joined_to_one_and_each_reporter_is_told(office, three):
    answer, outgoing = send(office, three, "bundelen", into=three[0].reference)
    assert len(answer.context["good"]) == 2
    case = Case.objects.get()
    assert case.pk == three[0].pk and case.reports.count() == 3
    mails = Delivery.objects.filter(event__kind="grouped", channel="email")
    assert dict(outgoing.counts)["E-mail"] == mails.count() == 2
    assert not mails.filter(report__reference=three[0].reference).exists()


def test_internal_actions_ask_for_no_preview(office, three):
    page = opened(office, three, "nota")
    assert not page.context["outgoing"].counts
    answer = office.post(reverse("case-bulk"), body(three, "nota", text="Samen bekijken."), follow=True)
    assert len(answer.context["good"]) == 3
    assert all(case.events.filter(kind="note_added", text="Samen bekijken.").exists() for case in three)


def test_a_case_or_an_action_of_somebody_else_is_out_of_reach(office, three, categories):
    hidden = make.make_case(is_complaint=True)
    page = opened(office, [hidden], "nota")
    assert page.status_code == 302
    page = opened(office, [*three, hidden], "nota")
    assert [line.case.reference for line, _ in page.context["lines"]] == [case.reference for case in three]
    desk = Client()
    desk.force_login(make.make_staff(Role.RECEPTIONIST))
    assert opened(desk, three, "ontvankelijk").status_code == 403
    assert desk.post(reverse("case-bulk"), body(three, "ontvankelijk", text=WORDS)).status_code == 403


@pytest.mark.parametrize("query", [{}, {"actie": "nota"}, {"actie": "verwijderen", "melding": "MLD-1"}])
def test_choosing_nothing_says_so(office, query):
    answer = office.get(reverse("case-bulk"), query, follow=True)
    assert "Kies eerst" in answer.content.decode()
    assert office.post(reverse("case-bulk-preview"), query).status_code == 422


def test_joining_asks_for_two(office, three):
    answer = office.get(reverse("case-bulk"), {"actie": "bundelen", "melding": three[0].reference}, follow=True)
    assert "minstens twee" in answer.content.decode()


def test_the_page_costs_the_same_for_many(office, categories):
    def queries(cases):
        opened(office, cases, "ontvankelijk")
        with CaptureQueriesContext(connection) as found:
            assert opened(office, cases, "ontvankelijk").status_code == 200
        return len(found)

    cases = make_cases(categories, 12)
    assert queries(cases[:2]) == queries(cases)
