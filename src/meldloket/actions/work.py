"""What people do with tasks: divide, claim, start, block, finish (B4.2, B4.3). Everything that is written down comes once,
by its key, also when a phone sends it hours later."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from meldloket.cases import clock, events
from meldloket.cases.change import changing, move
from meldloket.cases.lifecycle import EventKind, NotAllowed, Status
from meldloket.cases.models import Attachment, Case, Visibility
from meldloket.catalogue.models import Department
from meldloket.messages.notices import tell, tell_handler
from meldloket.people.models import Account
from meldloket.people.roles import SYSTEM, Actor, Role

from .access import OPEN
from .models import Action, Task, TaskEntry, TaskPart, TaskPhoto


class TaskChanged(Exception):
    """Somebody else changed the task after this person opened it; nothing was written."""


@dataclass(frozen=True)
class Entry:
    """What somebody writes down. `key`: made where it was written, so that a repeat is known; `at`: when it happened."""

    key: uuid.UUID = field(default_factory=uuid.uuid4)
    at: datetime | None = None
    text: str = ""


@contextmanager
def locked(task: Task, seen_version: int | None = None) -> Iterator[Task]:
    """The locked row of a task, saved at the end. Its cases are locked first, in the order of their numbers: two people
    never wait for each other crosswise."""
    with transaction.atomic():
        serving = TaskPart.objects.filter(task=task).values("case")
        list(Case.objects.select_for_update().filter(pk__in=serving).order_by("pk").values_list("pk"))
        current = Task.objects.select_for_update(of=("self",)).select_related("department", "assignee").get(pk=task.pk)
        if seen_version is not None and seen_version != current.version:
            raise TaskChanged
        yield current
        current.save()


def write(task: Task, kind: str, by: Actor, entry: Entry, *, late: bool = False) -> TaskEntry:
    task.version += 1
    return TaskEntry.objects.create(
        task=task,
        key=entry.key,
        kind=kind,
        at=min(entry.at or clock.now(), clock.now()),
        received_at=clock.now(),
        by_id=by.account_id,
        by_name=by.name,
        text=entry.text,
        late=late,
    )


def known(entry: Entry) -> bool:
    return TaskEntry.objects.filter(key=entry.key).exists()


def cases_of(task: Task) -> list[Case]:
    """The cases that a task serves, oldest first."""
    return list(Case.objects.filter(task_parts__task=task).distinct().order_by("pk"))


def append(task: Task, kind: EventKind, by: Actor, text: str) -> None:
    """An event on every case that the task serves."""
    for case in cases_of(task):
        with changing(case) as fresh:
            events.append(fresh, kind, by, text=text, data={"task": task.pk})


def add_task(
    cases: list[Case],
    *,
    by: Actor,
    title: str,
    department: Department,
    due: date | None = None,
    description: str = "",
    parent: Task | None = None,
    checklist: tuple[str, ...] = (),
    planned_minutes: int = 60,
) -> Task:
    """A task beside those of the actions: a subtask, or one round for several cases at once."""
    if not by.has(Role.HANDLER, Role.WORKER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    if not cases or not title.strip():
        raise NotAllowed("Geef de taak een naam en minstens één melding.")
    ended = [case.reference for case in cases if case.ended]
    if ended:
        raise NotAllowed(f"Afgesloten meldingen krijgen geen taken meer: {', '.join(ended)}.")
    first = cases[0]
    with transaction.atomic():
        task = Task.objects.create(
            title=title.strip()[:150],
            description=description,
            department=department,
            due=due,
            parent=parent,
            checklist=[{"text": row.strip(), "done": False} for row in checklist if row.strip()],
            planned_minutes=planned_minutes,
            place_label=first.place_label,
            latitude=first.latitude,
            longitude=first.longitude,
            added_at=clock.now(),
        )
        for case in cases:
            TaskPart.objects.create(task=task, case=case, action=_running_action(case))
        write(task, "planned", by, Entry())
        append(task, EventKind.TASK_PLANNED, by, f"{task.title} ({department.name})")
    return task


def _running_action(case: Case) -> Action | None:
    return case.actions.filter(state=Action.State.RUNNING).order_by("id").first()


def serve_also(task: Task, case: Case, *, by: Actor) -> Task:
    """One round for several holes in the road: the task serves this case too. Twice is once."""
    with locked(task) as current:
        if current.ended or case.ended:
            raise NotAllowed("De taak of de melding is al afgesloten.")
        _, new = TaskPart.objects.get_or_create(task=current, case=case, action=_running_action(case))
        if new:
            with changing(case) as fresh:
                data = {"task": current.pk}
                events.append(fresh, EventKind.TASK_PLANNED, by, text=f"{current.title} (gezamenlijk)", data=data)
    return current


@dataclass(frozen=True)
class Division:
    """How a task is divided. `assignee` None: the team's list."""

    department: Department
    assignee: Account | None = None
    due: date | None = None
    planned_minutes: int = 60


def divide(task: Task, division: Division, *, by: Actor, seen_version: int | None = None) -> Task:
    """The handler gives a task to a team or a person, with a term (B4.2)."""
    if not by.has(Role.HANDLER, Role.WORKER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    who = division.assignee
    with locked(task, seen_version) as current:
        if current.ended:
            raise NotAllowed("Deze taak is al afgesloten.")
        changed = who is not None and who.pk != current.assignee_id
        current.department, current.assignee, current.due = division.department, who, division.due
        current.planned_minutes = division.planned_minutes
        text = f"{current.title}: {who.full_name if who else division.department.name}"
        write(current, "assigned", by, Entry(text=text))
        append(current, EventKind.TASK_PLANNED, by, text)
        if changed and who is not None and who.pk != by.account_id:
            _tell_assignee(current, who)
    return current


def _tell_assignee(task: Task, who: Account) -> None:
    until = f" tegen {task.due:%d/%m/%Y}" if task.due else ""
    tell(
        f"task:{task.pk}:assigned:{task.version}",
        who.email,
        f"Nieuwe taak: {task.title}",
        f"U kreeg een taak{until}: {task.title}, {task.place_label}.",
        link=f"/kantoor/taken/{task.public_id}/",
        link_label="Naar de taak",
    )


def claim(task: Task, *, by: Actor) -> Task:
    """A worker takes a task of the team; the second one hears who was first."""
    with locked(task) as current:
        if current.assignee_id == by.account_id:
            return current
        if current.ended:
            raise NotAllowed("Deze taak is al afgesloten.")
        if current.assignee is not None:
            raise NotAllowed(f"{current.assignee.full_name} nam deze taak al.")
        current.assignee_id = by.account_id
        write(current, "assigned", by, Entry(text=by.name))
        append(current, EventKind.TASK_PLANNED, by, f"{current.title}: {by.name}")
    return current


def release(task: Task, *, by: Actor) -> Task:
    """Back to the team's list."""
    with locked(task) as current:
        if not current.ended and current.assignee_id is not None:
            current.assignee = None
            write(current, "assigned", by, Entry(text="Terug naar de lijst van het team"))
            append(current, EventKind.TASK_PLANNED, by, f"{current.title}: {current.department.name}")
    return current


def _first(task: Task) -> str | None:
    """Dutch reason why a task can't begin yet."""
    if task.state == Task.State.WAITING:
        return "Deze taak wacht op een besluit."
    if task.state == Task.State.REFERRED:
        return "Deze taak wordt in een ander systeem afgehandeld."
    waiting = task.after.exclude(state__in=[Task.State.DONE, Task.State.CANCELLED]).first()
    return f"Eerst moet dit klaar zijn: {waiting.title}." if waiting else None


def start(task: Task, *, by: Actor, entry: Entry | None = None) -> Task:
    """Somebody begins; an unclaimed task becomes theirs."""
    entry = entry or Entry()
    with locked(task) as current:
        if known(entry) or current.state == Task.State.IN_PROGRESS:
            return current
        if current.ended:
            write(current, "started", by, entry, late=True)
            return current
        if reason := _first(current):
            raise NotAllowed(reason)
        current.state, current.blocked_reason = Task.State.IN_PROGRESS, ""
        current.assignee_id = current.assignee_id or by.account_id
        write(current, "started", by, entry)
        append(current, EventKind.TASK_CHANGED, by, f"{current.title}: begonnen")
        _into_execution(current)
    return current


def _into_execution(task: Task) -> None:
    """The first work after an approval brings the case into execution."""
    for case in cases_of(task):
        if case.status == Status.APPROVED:
            with changing(case) as fresh:
                move(fresh, "start_execution", SYSTEM)


def block(task: Task, *, by: Actor, entry: Entry) -> Task:
    """It can't go on; the reason is seen by the handler."""
    if not entry.text.strip():
        raise NotAllowed("Zeg waarom het niet verder kan.")
    with locked(task) as current:
        if known(entry):
            return current
        if current.ended:
            write(current, "blocked", by, entry, late=True)
            return current
        current.state, current.blocked_reason = Task.State.BLOCKED, entry.text.strip()[:300]
        write(current, "blocked", by, entry)
        append(current, EventKind.TASK_BLOCKED, by, f"{current.title}: {entry.text}")
        tell_handlers(current, "blocked", f"Taak geblokkeerd: {current.title}", f"Reden: {entry.text}")
    return current


def resume(task: Task, *, by: Actor, entry: Entry | None = None) -> Task:
    """What blocked it is gone."""
    entry = entry or Entry()
    with locked(task) as current:
        if not known(entry) and current.state == Task.State.BLOCKED:
            current.state, current.blocked_reason = Task.State.OPEN, ""
            write(current, "resumed", by, entry)
            append(current, EventKind.TASK_CHANGED, by, f"{current.title}: kan verder")
    return current


@dataclass(frozen=True)
class Result:
    """What came of a task. `minutes` worked this time; `ticked`: places in the checklist that are done; `photo_ids`:
    attachments that belong to no case yet; `public_photos`: the closing message may show them."""

    minutes: int = 0
    materials: str = ""
    ticked: tuple[int, ...] = ()
    photo_ids: tuple[int, ...] = ()
    moment: str = TaskPhoto.Moment.AFTER
    public_photos: bool = False


def note(task: Task, *, by: Actor, entry: Entry, result: Result) -> Task:
    """Hours, material, ticks and photos on the way, without finishing."""
    with locked(task) as current:
        if not known(entry):
            write(current, "note", by, entry, late=current.ended)
            _apply(current, result, by)
    return current


def finish(task: Task, *, by: Actor, entry: Entry, result: Result) -> Task:
    """Done, for all the cases it serves. The same entry again changes nothing; a second finish is kept as a note."""
    with locked(task) as current:
        if known(entry):
            return current
        if current.ended:
            write(current, "done", by, entry, late=True)
            _apply(current, result, by)
            return current
        if reason := _first(current):
            raise NotAllowed(reason)
        open_parts = current.subtasks.exclude(state__in=[Task.State.DONE, Task.State.CANCELLED]).first()
        if open_parts is not None:
            raise NotAllowed(f"Eerst moet deze deeltaak klaar zijn: {open_parts.title}.")
        _apply(current, result, by)
        current.state, current.result, current.blocked_reason = Task.State.DONE, entry.text, ""
        current.done_at = min(entry.at or clock.now(), clock.now())
        current.assignee_id = current.assignee_id or by.account_id
        current.save()
        write(current, "done", by, entry)
        _into_execution(current)
        ended(current, by, f"{current.title}. {entry.text}".strip())
    return current


def ended(task: Task, by: Actor, text: str) -> None:
    """What follows from a finished task: its actions may be done, the handlers hear when nothing is left. Call inside the
    transaction in which the task ended."""
    append(task, EventKind.TASK_DONE, by, text)
    for part in task.parts.select_related("action", "case__handler").order_by("case_id"):
        action = part.action
        if action is not None and action.state == Action.State.RUNNING and not _open_tasks(action).exists():
            action.state = Action.State.DONE
            action.save(update_fields=["state"])
        left = Task.objects.filter(parts__case=part.case, state__in=OPEN).exclude(pk=task.pk).exists()
        if not left and part.case.status == Status.IN_EXECUTION:
            text = f"Alle taken van dossier {part.case.reference} zijn uitgevoerd. U kan het afsluiten."
            tell_handler(part.case, f"case:{part.case.pk}:tasks-done:{task.pk}", "Alle taken zijn klaar", text)


def _open_tasks(action: Action):  # type: ignore[no-untyped-def]
    return Task.objects.filter(parts__action=action, state__in=OPEN)


def _apply(task: Task, result: Result, by: Actor) -> None:
    task.minutes += max(0, result.minutes)
    if result.materials.strip():
        task.materials = "\n".join(part for part in (task.materials, result.materials.strip()) if part)
    for place in result.ticked:
        if 0 <= place < len(task.checklist):
            task.checklist[place]["done"] = True
    task.save()
    for attachment in Attachment.objects.filter(pk__in=result.photo_ids, case=None):
        attachment.case = cases_of(task)[0]
        attachment.added_by_reporter, attachment.visibility = False, Visibility.INTERNAL
        attachment.save()
        TaskPhoto.objects.create(task=task, attachment=attachment, moment=result.moment, public=result.public_photos)


def cancel(task: Task, *, by: Actor, why: str) -> Task:
    """No longer needed; the reason stays with it."""
    if not why.strip():
        raise NotAllowed("Zeg waarom deze taak niet meer nodig is.")
    with locked(task) as current:
        if not current.ended:
            current.state, current.result = Task.State.CANCELLED, why
            current.save()
            write(current, "cancelled", by, Entry(text=why))
            ended(current, by, f"{current.title}: geannuleerd. {why}")
    return current


def tell_handlers(task: Task, why: str, subject: str, text: str) -> None:
    for case in Case.objects.filter(task_parts__task=task).select_related("handler").distinct():
        tell_handler(case, f"task:{task.pk}:{why}:{task.version}:{case.pk}", subject, text)
