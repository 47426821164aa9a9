"""The copy of the facts in memory: what somebody reads never changes under them, and nobody waits for another's news."""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta

import numpy as np
import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from meldloket.cases import closing, commands
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.insight import columns, keeping
from meldloket.insight.figures import overview
from meldloket.insight.models import Dirty, Fact, TaskFact
from meldloket.insight.satisfaction import part_of
from meldloket.insight.scope import Scope
from meldloket.people.roles import Role
from support import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    columns.forget()
    yield rows
    current.forget()
    columns.forget()


def close(case: Case) -> None:
    by = make.make_staff(Role.HANDLER, departments=("openbare-werken",)).actor
    case = commands.declare_admissible(Case.objects.get(pk=case.pk), by=by, text="Goed.")
    closing.close(case, by=by, outcome="done", text="Klaar.")


def test_what_somebody_reads_never_changes_under_them(clock, categories):
    first, second = make.make_case(category=categories["wegdek"]), make.make_case(category=categories["wegdek"])
    today = timezone.localdate(clock())
    scope = Scope(today - timedelta(days=9), today)
    with columns.reading(now=True) as before:
        figures = overview(before, scope, today)
        close(first)
        Case.objects.filter(pk=second.pk).delete()
        make.make_case(category=categories["wegdek"])
        with columns.reading(now=True) as after:
            news = overview(after, scope, today).headline
        assert overview(before, scope, today) == figures
    assert (figures.headline.received, figures.headline.open) == (2, 2)
    assert (news.received, news.open) == (2, 1)


def test_a_copy_without_news_is_the_same_copy(clock, categories):
    make.make_case(category=categories["wegdek"])
    with columns.reading(now=True) as before, columns.reading(now=True) as after:
        assert before is after


def test_who_reads_does_not_wait_for_who_fetches(clock, categories, monkeypatch):
    make.make_case(category=categories["wegdek"])
    with columns.reading(now=True) as before:
        pass
    monkeypatch.setattr(columns, "FRESH_SECONDS", 0.0)
    make.make_case(category=categories["wegdek"])
    fetching, done = threading.Event(), threading.Event()

    def fetch() -> None:
        with columns._turn:
            fetching.set()
            done.wait(20)

    thread = threading.Thread(target=fetch)
    thread.start()
    try:
        assert fetching.wait(20)
        with columns.reading() as store:  # a copy of a moment ago is good enough
            assert store is before
    finally:
        done.set()
        thread.join()
    with columns.reading() as store:
        assert len(store["case_id"]) == 2


def test_a_stale_copy_is_not_good_enough(clock, categories, monkeypatch):
    make.make_case(category=categories["wegdek"])
    with columns.reading(now=True):
        pass
    monkeypatch.setattr(columns, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(columns, "STALE_SECONDS", 0.0)
    make.make_case(category=categories["wegdek"])
    fetching = threading.Event()

    def fetch() -> None:
        with columns._turn:
            fetching.set()
            time.sleep(0.3)

    thread = threading.Thread(target=fetch)
    thread.start()
    assert fetching.wait(20)
    with columns.reading() as store:
        assert len(store["case_id"]) == 2
    thread.join()


def test_while_another_counts_a_visitor_goes_on(clock, categories):
    make.make_case(category=categories["wegdek"])
    marks = Dirty.objects.count()
    where = connection.get_connection_params()
    with psycopg.connect(
        dbname=where["dbname"], host=where["host"], user=where["user"], autocommit=True, connect_timeout=10
    ) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [keeping.LOCK])
        assert keeping.refresh(wait=False) == 0
    assert Dirty.objects.count() == marks > 0 and not Fact.objects.exists()
    assert keeping.refresh(wait=False) == marks
    assert Fact.objects.count() == 1


def test_the_keeper_counts_and_fetches(clock, categories):
    make.make_case(category=categories["wegdek"])
    columns.renew()
    assert not Dirty.objects.exists()
    assert len(columns._store["case_id"]) == 1


def test_parts_belong_to_cases_that_are_there(clock, categories):
    kept, lost = make.make_case(category=categories["wegdek"]), make.make_case(category=categories["wegdek"])
    with columns.reading(now=True) as store:
        case_ids = np.array([kept.pk, 10**9, lost.pk, kept.pk])
        assert part_of(store, store["case_id"] == kept.pk, case_ids).tolist() == [True, False, False, True]
        empty = columns.Store.empty()
        assert not part_of(empty, empty["case_id"] == 1, case_ids).any()


class Facts:
    """Facts that are counted again and again, without the cases behind them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  (which history, not a secret)

    def change(self) -> None:
        """A few cases: new ones, higher or (of somebody who took long) lower; changed ones; some that are gone."""
        known = list(Fact.objects.values_list("pk", flat=True))
        new = [max(known, default=100) + place for place in range(1, self.random.randint(1, 4))]
        if self.random.random() < 0.3:
            new += self.random.sample(range(1, 100), 2)
        for case_id in {*new, *self.random.sample(known, min(len(known), 3))}:
            self.count(case_id)

    def count(self, case_id: int) -> None:
        gone = self.random.random() < 0.1
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('insight_seq')")
            (seq,) = cursor.fetchone()
        facts = {"seq": seq, "gone": gone, "area": self.random.randint(-1, 3), "received": self.random.choice([5, 99_999])}
        Fact.objects.update_or_create(case_id=case_id, defaults=facts)
        TaskFact.objects.filter(case_id=case_id).delete()
        for task in range(0 if gone else self.random.randint(0, 2)):
            TaskFact.objects.create(case_id=case_id, task=task, department=self.random.randint(1, 3))


def content(store: columns.Store) -> tuple[object, object]:
    part = store.parts["insight_task"]
    rows = sorted(zip(*(part[name].tolist() for name in part), store.slots(part["case_id"]).tolist(), strict=True))
    return {name: store[name].tolist() for name in columns.COLUMNS}, rows


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_with_all_news_equals_one_that_is_fetched_whole(seed):
    facts, store, read = Facts(seed), columns.Store.empty(), []
    for _ in range(25):
        facts.change()
        store = store.renewed()
        assert content(store) == content(columns.Store.empty().renewed())
        read.append((store, content(store)))
    for earlier, what_it_said in read:
        assert content(earlier) == what_it_said


def test_news_shares_what_did_not_change(clock, categories):
    case = make.make_case(category=categories["wegdek"])
    with columns.reading(now=True) as before:
        pass
    Case.objects.filter(pk=case.pk).update(is_complaint=True)
    with columns.reading(now=True) as after:
        assert after["complaint"].tolist() == [True] and before["complaint"].tolist() == [False]
        assert after["area"].base is before["area"].base or after["area"] is before["area"]
        assert after.parts["insight_task"] is before.parts["insight_task"]
