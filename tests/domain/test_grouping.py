"""Several reporters of one problem: one case, own words for each, nothing of one seen by another."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meldloket.actions import commands as actions
from meldloket.cases import commands, conversation, grouping
from meldloket.cases.lifecycle import NotAllowed, Status
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.intake import drafts
from meldloket.messages.models import Delivery
from meldloket.people.roles import Role
from meldloket.screening.similar import known_problem, similar
from support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


def a_report(categories, name, **fields):
    category = categories["wegdek"]
    values = {"text": "Er zit een diepe put in de weg.", "category": category, "department": category.department}
    return make.submit_report(make.make_citizen(name), **{**values, **fields})


@pytest.fixture
def three(categories):
    return [a_report(categories, name) for name in ("Lotte", "Karel", "Fatima")]


def page_of(report):
    client = Client()
    client.force_login(report.reporter.account)
    return client.get(reverse("my-report", args=[report.reference])).content.decode()


def test_three_reporters_each_keep_their_number_and_get_their_own_message(three, handler, outside):
    first, second, third = three
    for other in (second, third):
        grouping.group(first.case, other.case, by=handler.actor)
    case = Case.objects.get()
    assert set(case.reports.values_list("reference", flat=True)) == {report.reference for report in three}
    told = Delivery.objects.filter(event__kind="grouped", channel="email")
    assert {row.report_id for row in told} == {second.pk, third.pk}
    assert all(row.report.reference in row.subject and first.reference not in row.text for row in told)
    case.refresh_from_db()
    commands.declare_admissible(case, by=handler.actor, text="Wij komen.")
    mails = Delivery.objects.filter(event__kind="admissible", channel="email")
    assert {row.report_id for row in mails} == {report.pk for report in three}
    assert all(row.report.reference in row.subject for row in mails)


def test_the_old_number_still_finds_the_case(three, handler):
    first, second, _ = three
    grouping.group(first.case, second.case, by=handler.actor)
    client = Client()
    client.force_login(handler)
    page = client.get(reverse("case", args=[second.reference])).content.decode()
    assert first.reference in page and second.reference in page


def test_no_reporter_sees_what_was_written_to_or_by_another(three, handler):
    first, second, _ = three
    commands.declare_admissible(first.case, by=handler.actor, text="Dag Lotte, wij bellen u thuis.")
    conversation.add_evidence(first, by=first.reporter.account.actor, text="Mijn buurman Jef weet er meer van.")
    commands.declare_admissible(second.case, by=handler.actor, text="Dag Karel, dank u.")
    grouping.group(first.case, second.case, by=handler.actor)
    seen_by_first, seen_by_second = page_of(first), page_of(second)
    assert "Dag Lotte" in seen_by_first and "Jef" in seen_by_first and "Dag Karel" not in seen_by_first
    assert "Dag Karel" in seen_by_second and "Dag Lotte" not in seen_by_second and "Jef" not in seen_by_second
    assert second.reference not in seen_by_first and first.reference not in seen_by_second
    case = Case.objects.get(reports=first)
    commands.start_assessment(case, by=handler.actor, text="Nu begint het voor iedereen.")
    assert "voor iedereen" in page_of(first) and "voor iedereen" in page_of(second)
    question = conversation.ask_reporter(
        case, by=handler.actor, report=first, text="Waar bent u thuis?", due=case.final_date
    )
    assert "Waar bent u thuis?" in page_of(first) and "Waar bent u thuis?" not in page_of(second)
    assert question.report == first


def test_twice_is_once_and_crosswise_is_refused(three, handler):
    first, second, _ = three
    kept, gone = first.case, second.case
    grouping.group(kept, gone, by=handler.actor)
    assert grouping.group(kept, gone, by=handler.actor).pk == kept.pk
    with pytest.raises(NotAllowed, match="intussen"):
        grouping.group(gone, kept, by=handler.actor)
    assert kept.events.filter(kind="grouped").count() == 1


def test_what_can_not_be_grouped_says_why(three, categories, handler):
    first, second, third = three
    with pytest.raises(NotAllowed, match="dezelfde"):
        grouping.group(first.case, first.case, by=handler.actor)
    Case.objects.filter(pk=third.case_id).update(is_complaint=True)
    with pytest.raises(NotAllowed, match="klacht"):
        grouping.group(first.case, third.case, by=handler.actor)
    commands.declare_admissible(second.case, by=handler.actor, text="Ja")
    plan = actions.Plan("Put vullen", categories["wegdek"].department)
    actions.add_action(second.case, plan, by=handler.actor)
    with pytest.raises(NotAllowed, match="acties bepaald"):
        grouping.group(first.case, second.case, by=handler.actor)
    commands.declare_inadmissible(second.case, by=handler.actor, reason="other_authority", text="Nee")
    with pytest.raises(NotAllowed, match="afgesloten"):
        grouping.group(first.case, second.case, by=handler.actor)
    with pytest.raises(NotAllowed, match="rechten"):
        grouping.group(first.case, third.case, by=make.make_staff(Role.WORKER).actor)


def test_a_report_gets_its_own_case_back_with_the_status_it_had(three, handler, outside):
    first, second, _ = three
    commands.declare_admissible(second.case, by=handler.actor, text="Dag Karel")
    grouping.group(first.case, second.case, by=handler.actor)
    own = grouping.ungroup(second, by=handler.actor)
    assert (own.reference, own.status) == (second.reference, Status.ADMISSIBLE)
    assert "Dag Karel" in page_of(second)
    assert Delivery.objects.filter(event__kind="ungrouped", channel="email", report=second).count() == 1
    with pytest.raises(NotAllowed, match="losgemaakt"):
        grouping.ungroup(second, by=handler.actor)


def test_the_first_report_can_leave_too(three, handler):
    first, second, _ = three
    grouping.group(first.case, second.case, by=handler.actor)
    own = grouping.ungroup(first, by=handler.actor)
    left = Case.objects.get(reports=second)
    assert (own.reference, left.reference) == (first.reference, second.reference)


def test_one_of_several_withdraws_and_the_case_goes_on(three, handler, outside):
    first, second, _ = three
    grouping.group(first.case, second.case, by=handler.actor)
    client = Client()
    client.force_login(second.reporter.account)
    client.post(reverse("my-withdraw", args=[second.reference]), {"reason": "Opgelost"})
    assert Case.objects.get(reports=second).status == Status.WITHDRAWN
    left = Case.objects.get(reports=first)
    assert left.status == Status.SCREENING and not left.ended
    assert not Delivery.objects.filter(report=first, event__kind="withdrawn").exists()
    assert Delivery.objects.filter(report=second, event__kind="withdrawn", channel="dosis").exists()
    grouping.withdraw(first, by=first.reporter.account.actor)
    left.refresh_from_db()
    assert left.status == Status.WITHDRAWN


def test_the_office_groups_and_loosens_with_a_preview(three, handler, outside):
    first, second, _ = three
    office = Client()
    office.force_login(handler)
    page = office.get(reverse("case", args=[first.reference])).content.decode()
    assert "lijkt hetzelfde" in page and f"?met={second.reference}" in page
    url = reverse("case-action", args=[first.reference, "samenvoegen"])
    opened = office.get(f"{url}?met={second.reference}").content.decode()
    assert second.reference in opened and "Wij behandelen de meldingen samen" in opened
    assert office.post(url, {"version": first.case.version, "other": "MLD-1"}).status_code == 422
    assert office.post(url, {"version": first.case.version, "other": second.reference}).status_code == 302
    case = Case.objects.get(reports=first)
    loose = reverse("case-action", args=[first.reference, "losmaken"])
    assert office.post(loose, {"version": case.version, "report": second.pk}).status_code == 302
    assert Case.objects.get(reports=second).pk != case.pk


SAME = (
    ("Er zit een diepe put in de weg.", "Grote put in het wegdek, diep en gevaarlijk"),
    ("Putten in de straat, mijn fiets kapot", "Diepe putten in de straat"),
    ("Het asfalt is kapot voor nummer 12", "Kapot asfalt"),
)


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_problem_near_and_recent_is_recognised(categories, old, new):
    a_report(categories, "Lotte", text=old)
    found = known_problem(new, categories["wegdek"], 51.0501, 3.5501)
    assert found is not None and found.metres < 50


@pytest.mark.parametrize(
    ("latitude", "category", "days"),
    [(51.06, "wegdek", 0), (51.05, "boom", 0), (51.05, "wegdek", 90)],
    ids=["far", "another kind", "long ago"],
)
def test_what_is_far_another_kind_or_old_is_not_the_same(categories, clock, latitude, category, days):
    a_report(categories, "Lotte")
    clock.advance(days=days)
    assert known_problem("Een tak hangt laag", categories[category], latitude, 3.55) is None


def draft_of(person, text="Diepe put in de weg aan de school"):
    draft = drafts.start(person)
    draft.data = {
        "what": {"text": text, "category": "wegdek"},
        "where": {"latitude": 51.05, "longitude": 3.55, "label": "Kerkstraat 12", "street": "Kerkstraat"},
        "me": {"first_name": "Anna", "last_name": "Nieuw", "address": {}},
        "contact": {"email": "anna@example.org", "wants_email": True},
    }
    draft.save()
    return draft


@pytest.mark.parametrize("same", [True, False])
def test_before_sending_the_citizen_hears_that_it_is_known_and_chooses(categories, three, same):
    person = make.make_citizen("Anna")
    client = Client()
    client.force_login(person)
    draft = draft_of(person)
    page = client.get(reverse("report-step", args=[draft.public_id, "nakijken"])).content.decode()
    assert "Misschien kennen wij dit probleem al" in page
    for secret in ("Lotte", "Karel", three[0].reference, "Er zit een diepe put"):
        assert secret not in page
    mark = page.split('name="same" value="')[1].split('"')[0]
    for _ in range(2):
        client.post(reverse("report-send", args=[draft.public_id]), {"same": mark if same else ""})
    draft.refresh_from_db()
    others = draft.report.case.reports.count() - 1
    assert others == (1 if same else 0)
    assert "Lotte" not in page_of(draft.report)


def test_a_forged_mark_is_a_report_of_its_own(categories, three):
    person = make.make_citizen("Anna")
    client = Client()
    client.force_login(person)
    draft = draft_of(person)
    client.post(reverse("report-send", args=[draft.public_id]), {"same": "1:vals"})
    draft.refresh_from_db()
    assert draft.report.case.reports.count() == 1


def test_looking_for_similar_cases_is_one_query(categories, three):
    with CaptureQueriesContext(connection) as found:
        rows = similar(Case.objects.all(), 51.05, 3.55, "put in de weg", categories["wegdek"])
    assert len(rows) == 3 and len(found) == 1
