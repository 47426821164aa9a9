"""The helicopter view's figures are those of a slow full count, after whatever happened to the cases, however they were
written and whatever was killed meanwhile."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from meldloket.actions import commands as actions
from meldloket.actions import work
from meldloket.actions.commands import Plan
from meldloket.actions.models import Task
from meldloket.actions.work import Entry, Result
from meldloket.advice import answering
from meldloket.advice import commands as advice
from meldloket.advice.answering import Adviser, Content
from meldloket.advice.models import AdviceRequest
from meldloket.cases import closing, commands, grouping
from meldloket.cases.lifecycle import STATES, NotAllowed
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.catalogue.models import AdviceService, Area, Department
from meldloket.decisions.models import Decision, Proposal
from meldloket.evaluation import answering as evaluating
from meldloket.evaluation import inviting
from meldloket.evaluation.models import Invitation
from meldloket.insight import behind, columns, keeping
from meldloket.insight.behind import Wanted
from meldloket.insight.figures import Overview, overview, spread
from meldloket.insight.models import Dirty, Fact
from meldloket.insight.scope import Scope
from meldloket.messages.models import Delivery
from meldloket.people.roles import Role
from support import factories as make
from support import slow_count
from support.evaluation import publish_form
from support.insight import sorted_flow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    columns.forget()
    yield rows
    current.forget()
    columns.forget()


class Town:
    """A town in which things happen at random, through the product's own commands."""

    def __init__(self, seed: int, clock, categories) -> None:
        self.random = random.Random(seed)  # noqa: S311  (which history, not a secret)
        self.clock = clock
        self.categories = list(categories.values())
        self.works = Department.objects.get(code="openbare-werken")
        self.handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",))
        self.citizen = make.make_citizen()
        self.police = AdviceService.objects.create(code="politie", name="Politie", email="p@example.org")
        box = {"type": "Polygon", "coordinates": [[[3.5, 51.0], [3.6, 51.0], [3.6, 51.1], [3.5, 51.1], [3.5, 51.0]]]}
        self.areas = [None, Area.objects.create(code="noord", name="Noord", geometry=box).pk]
        publish_form(self.handler.actor)

    def case(self) -> Case:
        if not Case.objects.exists():
            self.submit()
        return self.random.choice(list(Case.objects.select_related("category", "department")))

    def live(self, steps: int) -> None:
        self.submit()
        often = [self.submit, self.submit, self.admit, self.close, self.evaluate]
        happenings: list[Callable[[], object]] = [
            *(often * 2),
            *(self.refuse, self.ask_advice, self.answer_advice, self.work_in, self.plan, self.propose, self.finish),
            *(self.decide, self.reopen, self.group, self.complain, self.suspend, self.park, self.move_department),
            self.erase,
        ]
        for _ in range(steps):
            self.clock.advance(hours=self.random.randint(1, 40))
            try:
                with transaction.atomic():
                    self.random.choice(happenings)()
            except NotAllowed:
                continue

    def submit(self) -> None:
        category = self.random.choice(self.categories)
        make.submit_report(
            self.citizen,
            category=category,
            department=self.random.choice([None, category.department]),
            area_id=self.random.choice(self.areas),
            channel=self.random.choice(["web", "desk", "api"]),
        )

    def admit(self) -> None:
        commands.declare_admissible(self.case(), by=self.handler.actor, text="Goed.")

    def refuse(self) -> None:
        commands.declare_inadmissible(self.case(), by=self.handler.actor, reason="double", text="Dubbel.")

    def ask_advice(self) -> None:
        due = timezone.localdate(self.clock()) + timedelta(days=self.random.randint(1, 9))
        advice.ask(self.case(), [advice.Ask(self.police, "Kan dit?", due, ("text",))], by=self.handler.actor)

    def answer_advice(self) -> None:
        asked = AdviceRequest.objects.filter(state="open").order_by("?").first()
        if asked is not None:
            answering.give(asked, Content("favourable", "Akkoord."), by=Adviser(self.police.name))

    def work_in(self) -> None:
        advice.work_in(self.case(), by=self.handler.actor, summary="Akkoord.")

    def plan(self) -> None:
        plan = Plan(
            "Herstellen", self.works, due=timezone.localdate(self.clock()) + timedelta(days=self.random.randint(1, 9))
        )
        actions.add_action(self.case(), plan, by=self.handler.actor)

    def propose(self) -> None:
        actions.propose(self.case(), by=self.handler.actor, text="Wij herstellen het.")

    def finish(self) -> None:
        task = Task.objects.exclude(state__in=["done", "cancelled"]).order_by("?").first()
        if task is not None:
            work.start(task, by=self.handler.actor)
            work.finish(
                Task.objects.get(pk=task.pk), by=self.handler.actor, entry=Entry(text="Klaar"), result=Result(minutes=30)
            )

    def decide(self) -> None:
        """A decision that came back, without the road that it took."""
        now, case = self.clock(), self.case()
        proposal = Proposal.objects.create(case=case, title="Besluit", added_at=now)
        applied = self.random.choice([None, now])
        Decision.objects.create(
            proposal=proposal,
            outcome=self.random.choice(Decision.Outcome.values),
            number="1",
            decided_on=now.date(),
            digest="x",
            received_at=now,
            applied_at=applied,
        )

    def close(self) -> None:
        outcome = self.random.choice(["done", "planned", "not_found", "refused"])
        closing.close(self.case(), by=self.handler.actor, outcome=outcome, text="Zo eindigt het.")

    def reopen(self) -> None:
        commands.reopen(self.case(), by=self.handler.actor, text="Toch niet.")

    def evaluate(self) -> None:
        inviting.send_due()
        found = Invitation.objects.filter(state="sent").order_by("?").first()
        if found is not None:
            score = str(self.random.randint(1, 5))
            evaluating.submit(found, {"overall": [score], "solved": ["yes"]})

    def group(self) -> None:
        grouping.group(self.case(), self.case(), by=self.handler.actor)

    def complain(self) -> None:
        commands.make_complaint(self.case(), by=self.handler.actor)

    def suspend(self) -> None:
        commands.suspend_term(self.case(), by=self.handler.actor, why="Wij wachten.")

    def park(self) -> None:
        state = self.random.choice(["parked", "delivered"])
        Delivery.objects.filter(report__case=self.case()).update(state=state)

    def move_department(self) -> None:
        """Written by whatever: an update of many rows at once, past the commands."""
        Case.objects.filter(pk__lte=self.case().pk).update(department=self.works)

    def erase(self) -> None:
        if self.random.random() < 0.3:
            self.case().delete()


def scopes(town: Town) -> list[Scope]:
    today = timezone.localdate(town.clock())
    days = town.random.randint(5, 60)
    every = Scope(today - timedelta(days=400), today, complaints=True)
    return [
        every,
        replace(every, complaints=False),
        Scope(today - timedelta(days=days), today - timedelta(days=3)),
        Scope(today - timedelta(days=days), today, categories=frozenset({town.categories[0].pk, town.categories[2].pk})),
        replace(every, department=town.works.pk, area=town.areas[1]),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_figures_equal_a_slow_full_count_after_a_random_history(seed, clock, categories):
    town = Town(seed, clock, categories)
    for _ in range(3):  # the copy in memory is brought up to date in between, as in a running process
        town.live(45)
        keeping.refresh_all()
        today = timezone.localdate(clock())
        for scope in scopes(town):
            with columns.reading(now=True) as store:
                fast = overview(store, scope, today)
            assert sorted_flow(fast) == slow_count.overview(scope, today)


def test_a_rebuild_from_nothing_gives_the_same_facts(clock, categories):
    town = Town(99, clock, categories)
    town.live(80)
    keeping.refresh_all()

    def facts():
        return list(Fact.objects.filter(gone=False).order_by("pk").values().iterator())

    kept = [{**row, "seq": 0} for row in facts()]
    with connection.cursor() as cursor:
        for table in ("insight_fact", "insight_advice", "insight_task", "insight_decision"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our own)
    assert keeping.rebuild() == len(kept)
    assert [{**row, "seq": 0} for row in facts()] == kept


def test_a_refresh_that_dies_loses_nothing(clock, categories, monkeypatch):
    case = make.make_case(category=categories["wegdek"])
    marks = Dirty.objects.count()

    def die(cursor, cases):
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_count", die)
        with pytest.raises(RuntimeError), transaction.atomic():
            keeping.refresh()
    assert Dirty.objects.count() == marks > 0
    keeping.refresh_all()
    assert Fact.objects.get().case_id == case.pk and not Dirty.objects.exists()


def test_somebody_without_complaints_does_not_count_them(clock, categories):
    make.make_case(category=categories["wegdek"])
    Case.objects.update(is_complaint=True)
    make.make_case(category=categories["wegdek"])
    today = timezone.localdate(clock())
    with columns.reading(now=True) as store:
        found = overview(store, Scope(today, today), today).headline.received
        with_complaints = overview(store, Scope(today, today, complaints=True), today).headline.received
    assert (found, with_complaints) == (1, 2)


def test_median_and_ninetieth_percentile_are_exact():
    import numpy as np

    hours = np.array([-1, 5, 1, 3, 2, 4, -1, 10, 9, 8, 7, 6], "i2")
    assert spread(hours) == slow_count.spread([row for row in hours.tolist() if row >= 0])
    assert spread(np.array([], "i2")).median is None


def behind_counts(found: Overview, town: Town, scope: Scope) -> list[tuple[Wanted, Scope, int]]:
    """Every figure that has a list behind it, with what it says."""
    head = found.headline
    rows = [
        (Wanted("ontvangen"), scope, head.received),
        (Wanted("open"), scope, head.open),
        (Wanted("te-laat"), scope, head.late),
        (Wanted("afgehandeld"), scope, head.closed),
        (Wanted("op-tijd"), scope, head.kept),
        (Wanted("buiten-termijn"), scope, head.promised - head.kept),
    ]
    for bucket in found.trend:
        part = replace(scope, since=bucket.since, until=bucket.until)
        rows += [
            (Wanted("ontvangen"), part, bucket.received),
            (Wanted("beeindigd"), part, bucket.closed),
            (Wanted("achterstand", day=bucket.until), scope, bucket.backlog),
        ]
    rows += [(Wanted("uitkomst", category=a, department=b, end=end), scope, n) for a, b, end, n in found.flow]
    rows += [(Wanted("ontvangen", area=area), scope, count) for area, count in found.areas]
    for step, took in found.steps.items():
        rows.append((Wanted("stap", step=step), scope, took.count))
    for load in found.loads:
        rows.append((Wanted("open", department=load.department), scope, load.open))
        rows.append((Wanted("te-laat", department=load.department), scope, load.late))
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_behind_every_figure_stand_as_many_cases_as_it_says(seed, clock, categories):
    town = Town(40 + seed, clock, categories)
    town.live(120)
    keeping.refresh_all()
    today = timezone.localdate(clock())
    for scope in scopes(town):
        with columns.reading(now=True) as store:
            found = overview(store, scope, today)
            for wanted, part, count in behind_counts(found, town, scope):
                ids = behind.cases(store, part, wanted, today)
                assert len(ids) == count, (wanted, part)
                assert list(ids) == sorted(ids)
            waiting = behind.cases(store, scope, Wanted("taken"), today)
        with_tasks = {part.case_id for task in Task.objects.all() if not task.ended for part in task.parts.all()}
        assert set(waiting) == {
            case.pk
            for case in Case.objects.filter(pk__in=with_tasks)
            if slow_count.in_scope(case, scope) and not STATES[case.status].ended
        }


def test_behind_advice_and_decisions_stand_their_cases(clock, categories):
    town = Town(7, clock, categories)
    town.live(60)
    for happening in (town.admit, town.ask_advice, town.answer_advice, town.decide, town.park) * 12:
        with contextlib.suppress(NotAllowed), transaction.atomic():
            happening()
    keeping.refresh_all()
    today = timezone.localdate(clock())
    scope = scopes(town)[0]
    asked = AdviceRequest.objects.exclude(state__in=["withdrawn", "skipped"])
    decided = Decision.objects.exclude(applied_at=None)
    assert asked.exists() and decided.exists()
    with columns.reading(now=True) as store:
        advised = behind.cases(store, scope, Wanted("advies", service=town.police.pk), today)
        waiting = behind.cases(store, scope, Wanted("advies", stand="open"), today)
        late = behind.cases(store, scope, Wanted("advies", stand="late"), today)
        settled = behind.cases(store, scope, Wanted("besluit", body="college"), today)
        parked = behind.cases(store, scope, Wanted("niet-bezorgd"), today)
    assert set(advised) == set(asked.values_list("case_id", flat=True))
    assert set(waiting) == set(asked.filter(answered_at=None).values_list("case_id", flat=True))
    assert set(late) == {row.case_id for row in asked if (slow_count.local(row.answered_at) or today) > row.due}
    assert set(settled) == set(decided.filter(proposal__body="college").values_list("proposal__case_id", flat=True))
    assert set(parked) == set(Delivery.objects.filter(state="parked").values_list("report__case_id", flat=True))
