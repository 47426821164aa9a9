"""The town that benchmarks measure is one that the product could have made: its cases follow the lifecycle, nothing hangs
in the air, and its figures are those of a slow full count."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest
from benchmarks import town
from django.db import models
from django.utils import timezone

from meldloket.actions.models import Action, Task, TaskPart
from meldloket.advice.models import AdviceAnswer, AdviceRequest
from meldloket.cases.lifecycle import STATES, TRANSITIONS, EventKind, Status
from meldloket.cases.models import Case, CaseEvent, Closing, Reaction, Report
from meldloket.catalogue import current
from meldloket.decisions.models import Decision, Proposal
from meldloket.evaluation.models import Answer, Invitation
from meldloket.insight import columns
from meldloket.insight.figures import overview
from meldloket.insight.scope import Scope
from meldloket.messages.models import Delivery
from meldloket.people.roles import Role
from meldloket.runtime import loading
from support import factories as make
from support import slow_count
from support.insight import sorted_flow

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not town.present(), reason="../shared/data with the real reports is not here"),
]
CASES = 600
FILLED = (Case, Report, CaseEvent, Closing, Reaction, AdviceRequest, AdviceAnswer, Action, Task, TaskPart, Proposal)
FILLED += (Decision, Invitation, Answer, Delivery)


@pytest.fixture
def filled():
    loading.load(None, overwrite=False, progress=lambda items, *_: items)
    current.forget()
    columns.forget()
    handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",))
    town.fill(CASES, handler.pk)
    yield handler
    current.forget()
    columns.forget()


def test_a_small_town_is_one_that_the_product_could_have_made(filled):
    assert Case.objects.count() == CASES
    for model in FILLED:
        assert model.objects.exists(), f"no {model.__name__}"
        points_to_what_is_there(model)
    follows_the_lifecycle()
    agrees_with_its_events()
    evaluates_as_the_product_would()
    figures_are_those_of_a_slow_count()


def points_to_what_is_there(model: type[models.Model]) -> None:
    """The rows were written without the checks of foreign keys."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            known = field.remote_field.model.objects.values("pk")
            lost = model.objects.exclude(**{field.name: None}).exclude(**{f"{field.attname}__in": known})
            assert not lost.exists(), f"{model.__name__}.{field.name}"
        elif field.choices:
            values = [value for value, _ in field.flatchoices]
            strange = set(model.objects.values_list(field.attname, flat=True)) - set(values) - {""}
            assert not strange, f"{model.__name__}.{field.name}: {strange}"


def follows_the_lifecycle() -> None:
    ways = {(source, row.target, str(row.event)) for row in TRANSITIONS for source in row.sources}
    status: dict[int, str] = defaultdict(str)
    last = {}
    for event in CaseEvent.objects.order_by("id"):
        assert last.get(event.case_id, event.at) <= event.at <= timezone.now()
        last[event.case_id] = event.at
        if event.to_status:
            assert event.from_status == status[event.case_id]
            began = event.kind == EventKind.SUBMITTED and event.to_status == Status.SUBMITTED
            assert began or (event.from_status, event.to_status, event.kind) in ways
            status[event.case_id] = event.to_status
    assert status == dict(Case.objects.values_list("pk", "status"))


def agrees_with_its_events() -> None:
    ended = {status for status, state in STATES.items() if state.ended}
    assert set(Case.objects.values_list("status", flat=True)) > ended  # and some that are open
    for case in Case.objects.prefetch_related("events", "closings", "reports", "task_parts__task", "proposals"):
        kinds = [event.kind for event in sorted(case.events.all(), key=lambda row: (row.at, row.pk))]
        closings = sorted(case.closings.all(), key=lambda row: row.closed_at)
        handled = case.status in (Status.HANDLED, Status.EVALUATED)
        assert (case.ended_at is not None) == STATES[case.status].ended
        assert bool(case.outcome) == handled
        assert len(closings) == kinds.count(EventKind.CLOSED)
        if handled:
            assert (closings[-1].outcome, closings[-1].closed_at) == (case.outcome, case.ended_at)
        assert sum(row.reopened_at is not None for row in closings) == kinds.count(EventKind.REOPENED)
        assert len(case.reports.all()) == 1 + kinds.count(EventKind.GROUPED)
        assert not handled or all(part.task.ended for part in case.task_parts.all())
        assert case.suspended_at is None or EventKind.TERM_RESUMED not in kinds
        decided = EventKind.DECISION_RECEIVED in kinds
        assert [row.state for row in case.proposals.all() if row.state == Proposal.State.DECIDED] == ["decided"] * decided


def evaluates_as_the_product_would() -> None:
    closed = Report.objects.filter(case__status__in=[Status.HANDLED, Status.EVALUATED])
    assert set(Invitation.objects.values_list("report", flat=True)) == set(closed.values_list("pk", flat=True))
    scores = set(Answer.objects.filter(question="overall").values_list("number", flat=True))
    assert scores <= {1, 2, 3, 4, 5} and len(scores) > 2
    answered = Invitation.objects.filter(state=Invitation.State.ANSWERED)
    assert set(answered.values_list("report__case__status", flat=True)) == {Status.EVALUATED}
    assert not Invitation.objects.exclude(state=Invitation.State.PLANNED).filter(version=None).exists()


def figures_are_those_of_a_slow_count() -> None:
    today, department = timezone.localdate(), Case.objects.values_list("department", flat=True)[0]
    every = Scope(today - timedelta(days=2200), today, complaints=True)
    for scope in (
        every,
        Scope(today - timedelta(days=400), today),
        Scope(today - timedelta(days=900), today, department=department),
    ):
        with columns.reading(now=True) as store:
            assert sorted_flow(overview(store, scope, today)) == slow_count.overview(scope, today)
