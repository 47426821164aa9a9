"""Which tasks a person sees: workers those of their teams and their own, handlers and administrators all of them (those of
complaints apart, as with cases)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from meldloket.cases.closing import OpenPart
from meldloket.cases.models import Case
from meldloket.people.roles import Actor, Role

from .models import Action, Task, TaskPart

#: States of a task in which somebody, or another system, still has to do something.
OPEN = (Task.State.WAITING, Task.State.OPEN, Task.State.IN_PROGRESS, Task.State.BLOCKED, Task.State.REFERRED)


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """The tasks that this member of staff may open."""
    if actor.has(Role.HANDLER, Role.ADMINISTRATOR):
        return Task.objects.all()
    if actor.has(Role.WORKER):
        return Task.objects.filter(Q(department__code__in=actor.departments) | Q(assignee_id=actor.account_id))
    return Task.objects.none()


def why_not_emptied(case: Case) -> str | None:
    """A case with actions or tasks keeps its own file: others join it, not the other way."""
    busy = Action.objects.filter(case=case).exists() or TaskPart.objects.filter(case=case).exists()
    return f"Voor {case.reference} zijn al acties bepaald. Voeg de andere melding daarbij samen." if busy else None


def open_parts(case: Case) -> list[OpenPart]:
    """Tasks and actions that keep a case from closing."""
    tasks = Task.objects.filter(parts__case=case, state__in=OPEN).distinct().order_by("order", "id")
    sentences = [f"Taak “{task.title}”: {task.get_state_display().lower()}." for task in tasks]
    words = {
        Action.State.DRAFT: "nog niet voorgesteld. Stel ze voor of schrap ze.",
        Action.State.WAITING: "wacht op een besluit.",
    }
    actions = Action.objects.filter(case=case, state__in=list(words)).order_by("id")
    sentences += [f"Actie “{row.title}”: {words[Action.State(row.state)]}" for row in actions]
    return [OpenPart(sentence, "acties") for sentence in sentences]
