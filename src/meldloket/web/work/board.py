"""The tasks of a team as a list, a board or a calendar, and how much work each person has (B4.2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from meldloket.actions.access import tasks_for
from meldloket.actions.models import Task
from meldloket.actions.workload import loads
from meldloket.cases import clock
from meldloket.catalogue.current import catalogue
from meldloket.people.permissions import allows
from meldloket.people.roles import Actor
from meldloket.web.pages import actor_of, page

MOST = 100
VIEWS = (("lijst", "Lijst"), ("bord", "Bord"), ("kalender", "Kalender"))
COLUMNS = (
    ("Wacht", (Task.State.WAITING,)),
    ("Te doen", (Task.State.OPEN,)),
    ("Bezig", (Task.State.IN_PROGRESS,)),
    ("Geblokkeerd", (Task.State.BLOCKED,)),
    ("Bij ander systeem", (Task.State.REFERRED,)),
    ("Klaar deze week", (Task.State.DONE,)),
)
LIVE = (Task.State.OPEN, Task.State.IN_PROGRESS, Task.State.BLOCKED, Task.State.WAITING, Task.State.REFERRED)
WEEKS = 3


@page("task.view", methods=("GET",))
def task_list(request: HttpRequest) -> HttpResponse:
    """The tasks of a team; without a choice those of one's own teams, with one's own first."""
    actor = actor_of(request)
    view = request.GET.get("weergave", "lijst")
    teams = [row for row in catalogue().departments if row.active and _sees(actor, row.code)]
    team = next((row for row in teams if row.code == request.GET.get("team")), None)
    tasks = _tasks(actor, team.code if team else "")
    keep = {"team": team.code} if team else {}
    context: dict[str, Any] = {
        "view": view,
        "views": [
            {"label": label, "url": f"?{urlencode({'weergave': slug, **keep})}", "current": slug == view}
            for slug, label in VIEWS
        ],
        "teams": teams,
        "team": team,
        "loads": loads(team.code) if team and allows(actor, "task.divide") else [],
    }
    if view == "bord":
        context["columns"] = _columns(tasks)
    elif view == "kalender":
        context["weeks"] = _weeks(tasks)
    else:
        context["blocks"] = _blocks(tasks, actor)
    return render(request, "work/list.html", context)


def _sees(actor: Actor, code: str) -> bool:
    return allows(actor, "task.divide") or allows(actor, "catalogue.edit") or code in actor.departments


def _tasks(actor: Actor, team: str) -> QuerySet[Task]:
    rows = tasks_for(actor).select_related("department", "assignee")
    if team:
        return rows.filter(department__code=team)
    mine = Q(assignee_id=actor.account_id)
    return rows.filter(mine | Q(department__code__in=actor.departments)) if actor.departments else rows.filter(mine)


def _blocks(tasks: QuerySet[Task], actor: Actor) -> list[dict[str, Any]]:
    live = tasks.filter(state__in=LIVE).order_by(F("due").asc(nulls_last=True), "id")
    mine = list(live.filter(assignee_id=actor.account_id)[:MOST])
    free = list(live.filter(assignee=None)[:MOST])
    others = list(live.exclude(assignee=None).exclude(assignee_id=actor.account_id)[:MOST])
    return [
        {"key": "mine", "title": "Mijn taken", "rows": _rows(mine)},
        {"key": "free", "title": "Nog van niemand", "rows": _rows(free)},
        {"key": "others", "title": "Bij collega’s", "rows": _rows(others)},
    ]


def _rows(tasks: list[Task]) -> list[dict[str, Any]]:
    today = clock.today()
    return [{"task": task, "late": task.due is not None and task.due < today} for task in tasks]


def _columns(tasks: QuerySet[Task]) -> list[dict[str, Any]]:
    week = clock.now() - timedelta(days=7)
    rows = list(
        tasks.filter(Q(state__in=LIVE) | Q(state=Task.State.DONE, done_at__gte=week)).order_by(
            F("due").asc(nulls_last=True), "id"
        )[: MOST * 3]
    )
    return [{"title": title, "rows": _rows([row for row in rows if row.state in states])} for title, states in COLUMNS]


def _weeks(tasks: QuerySet[Task]) -> list[dict[str, Any]]:
    """This week and the next two, by working day; what is late stands on its own before them."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    end = monday + timedelta(weeks=WEEKS)
    rows = list(tasks.filter(state__in=LIVE, due__lt=end).order_by("due", "id")[: MOST * 3])
    by_day: dict[date, list[Task]] = {}
    for row in rows:
        if row.due is not None:
            by_day.setdefault(row.due, []).append(row)
    weeks: list[dict[str, Any]] = [
        {"title": "Over tijd", "days": [{"day": None, "rows": [row for row in rows if row.due and row.due < monday]}]}
    ]
    for number in range(WEEKS):
        first = monday + timedelta(weeks=number)
        days = [first + timedelta(days=place) for place in range(7)]
        weeks.append(
            {
                "title": f"Week van {first:%d/%m}",
                "days": [
                    {"day": day, "today": day == today, "rows": by_day.get(day, [])}
                    for day in days
                    if day.weekday() < 5 or by_day.get(day)
                ],
            }
        )
    return [week for week in weeks if week["title"] != "Over tijd" or week["days"][0]["rows"]]
