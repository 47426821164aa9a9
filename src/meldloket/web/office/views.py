"""My work: what a handler opens in the morning, in the order in which it asks for attention."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from meldloket.actions.models import Task, TaskPart
from meldloket.advice.models import AdvicePoint, AdviceRequest
from meldloket.cases import clock, terms
from meldloket.cases.lifecycle import OPEN, EventKind, Status
from meldloket.cases.models import Case, CaseEvent, Closing, Reaction
from meldloket.people.permissions import allows
from meldloket.people.roles import Actor, Role
from meldloket.web.pages import account_of, actor_of, page

from .listing import describe, rows_of, visible

MOST = 20

#: What the reporter did that waits for the handler, until the handler did something themselves.
FROM_REPORTER = (EventKind.QUESTION_ANSWERED, EventKind.EVIDENCE_ADDED, EventKind.CONTACT_CHANGED)


@page("office", methods=("GET",))
def home(request: HttpRequest) -> HttpResponse:
    """New, answered, due soon and overdue: a handler's own cases, and the queue of their departments."""
    actor = actor_of(request)
    if not allows(actor, "case.view"):
        for permission, name in (
            ("advice.answer", "advice-list"),
            ("task.view", "task-list"),
            ("decision.follow", "secretariat"),
        ):
            if allows(actor, permission):
                return redirect(name)
        return render(request, "office/home_other.html", {})
    if not actor.has(Role.HANDLER):
        places = ((Role.RECEPTIONIST, "desk-start"), (Role.POLICY_OFFICER, "insight"))
        return redirect(next((name for role, name in places if actor.has(role)), "case-list"))
    cases = rows_of(visible(request))
    mine = cases.filter(handler_id=actor.account_id, status__in=OPEN)
    queue = cases.filter(handler=None, department__code__in=list(actor.departments), status__in=OPEN)
    running = mine.filter(suspended_at=None)
    today, soon = clock.today(), terms.add_working_days(clock.today(), 3)
    answered = _answered(actor.account_id)
    blocks = [
        _block("Melder niet tevreden: te behandelen", "reactions", _reacted(cases, actor).order_by("pk")),
        _block("Over tijd", "late", running.filter(target_date__lt=today).order_by("target_date", "pk")),
        _block("Advies: binnen, te laat of ongunstig", "advice", mine.filter(_advice(actor.account_id)).order_by("pk")),
        _block("Taken: geblokkeerd of allemaal klaar", "tasks", mine.filter(_tasks()).order_by("pk")),
        _block("Antwoord gekregen", "answered", mine.filter(pk__in=answered).order_by("pk")),
        _block("Nieuw: te beoordelen op ontvankelijkheid", "new", mine.filter(status=Status.SCREENING).order_by("pk")),
        _block(
            "Binnen 3 werkdagen", "soon", running.filter(target_date__range=(today, soon)).order_by("target_date", "pk")
        ),
        _block("Wacht op een behandelaar van uw dienst", "queue", queue.order_by("pk")),
        _block("Wacht op de melder", "waiting", mine.filter(waiting_for_reporter=True).order_by("target_date", "pk")),
    ]
    return render(request, "office/home.html", {"blocks": blocks, "account": account_of(request)})


def _reacted(cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """Closed cases of this handler, or of their departments when nobody handles them, to which a reporter reacted."""
    reacted = Closing.objects.filter(reactions__state=Reaction.State.OPEN, reopened_at=None).values("case")
    mine = Q(handler_id=actor.account_id) | Q(handler=None, department__code__in=list(actor.departments))
    return cases.filter(mine, pk__in=reacted)


def _advice(account_id: int | None) -> Q:
    """Cases whose advice asks for the handler: all in, one late, or a point that they own."""
    requests = AdviceRequest.objects.filter(case=OuterRef("pk"))
    waiting = requests.filter(state=AdviceRequest.State.OPEN)
    return (
        Q(Q(status=Status.IN_ADVICE) & ~Exists(waiting))
        | Q(Exists(waiting.filter(due__lt=clock.today())))
        | Q(Exists(AdvicePoint.objects.filter(case=OuterRef("pk"), owner_id=account_id, settled_at=None)))
    )


def _tasks() -> Q:
    """Cases in execution whose tasks ask for the handler: one blocked, or none left to do."""
    parts = TaskPart.objects.filter(case=OuterRef("pk"))
    left = parts.exclude(task__state__in=[Task.State.DONE, Task.State.CANCELLED])
    blocked = Exists(parts.filter(task__state=Task.State.BLOCKED))
    return Q(status=Status.IN_EXECUTION) & Q(blocked | (Exists(parts) & ~Exists(left)))


def _block(title: str, key: str, cases: Any) -> dict[str, Any]:
    rows = list(cases[: MOST + 1])
    return {"title": title, "key": key, "rows": describe(rows[:MOST]), "more": len(rows) > MOST}


def _answered(account_id: int | None) -> list[int]:
    """Cases of this handler in which the newest event is the reporter's."""
    newest = (
        CaseEvent.objects.filter(case__handler_id=account_id, case__status__in=OPEN, kind__in=FROM_REPORTER)
        .filter(Q(by_reporter=True), version=F("case__version"))
        .values_list("case_id", flat=True)
    )
    return list(newest[:200])
