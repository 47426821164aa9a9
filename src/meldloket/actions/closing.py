"""What a closing begins from: what was done about a case, in plain words, with the photos that may be shown (B7.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from meldloket.cases.lifecycle import Outcome, Status
from meldloket.cases.models import Attachment, Case

from .models import Action, Task

#: What the draft says of the photos; the form that sends it sees to it that they are there.
PHOTOS_STAND = "De foto’s van het resultaat staan bij uw melding op onze website."


@dataclass(frozen=True)
class Draft:
    """`outcome`: the likeliest one, empty when nothing tells; `text`: Dutch, for the handler to read over; `photos`: of the
    work, that were marked as public."""

    outcome: str
    text: str
    photos: list[Attachment]


def draft(case: Case) -> Draft:
    """A draft of the closing message, from the actions and tasks of this round: what an earlier closing told is not told
    again."""
    closed_before = case.closings.order_by("-id").values_list("closed_at", flat=True).first()
    actions = Action.objects.filter(case=case, public=True).select_related("department").order_by("id")
    tasks = (
        Task.objects.filter(parts__case=case, state=Task.State.DONE)
        .select_related("department")
        .prefetch_related("parts__action")
        .order_by("done_at", "id")
    )
    if closed_before is not None:
        actions = actions.filter(added_at__gt=closed_before)
        tasks = tasks.filter(done_at__gt=closed_before)
    done = list(tasks.distinct())
    refused = [row for row in actions if row.state == Action.State.REFUSED]
    shown = {row.pk: row for row in actions if row.state == Action.State.DONE}
    lines = _done(done, shown)
    photos = public_photos(case, done)
    paragraphs = []
    if lines:
        paragraphs.append("\n".join(["Wij hebben uw melding aangepakt. Dit is gebeurd:", *lines]))
    if refused:
        names = "\n".join(f"- {row.title}" for row in refused)
        paragraphs.append(f"Het bestuur keurde dit niet goed:\n{names}")
    if photos:
        paragraphs.append(PHOTOS_STAND)
    return Draft(_likeliest(case, bool(lines), bool(refused)), "\n\n".join(paragraphs), photos)


def _done(tasks: list[Task], actions: dict[int, Action]) -> list[str]:
    """One line per finished action with what its tasks brought; then the tasks that belong to none."""
    lines = []
    told: set[int] = set()
    with override("nl"):
        for action in actions.values():
            own = [task for task in tasks if action.pk in {part.action_id for part in task.parts.all()}]
            told |= {task.pk for task in own}
            lines.append(_line(action.title, action.department.name, own))
        for task in tasks:
            hidden = any(part.action is not None and not part.action.public for part in task.parts.all())
            if task.pk not in told and not hidden:
                lines.append(_line(task.title, task.department.name, [task]))
    return lines


def _line(title: str, department: str, tasks: list[Task]) -> str:
    ready = max((task.done_at for task in tasks if task.done_at is not None), default=None)
    when = f", klaar op {date_format(timezone.localtime(ready), 'j F Y')}" if ready else ""
    results = " ".join(f"{task.result.strip().rstrip('.')}." for task in tasks if task.result.strip())
    return f"- {title} ({department}{when})" + (f". {results}" if results else "")


def _likeliest(case: Case, done: bool, refused: bool) -> str:
    if done:
        return Outcome.DONE
    return Outcome.REFUSED if refused or case.status == Status.REJECTED else ""


def public_photos(case: Case, tasks: list[Task]) -> list[Attachment]:
    """The photos of these tasks that whoever took them marked as public, oldest first."""
    found = Attachment.objects.filter(task_photos__task__in=tasks, task_photos__public=True)
    return list(found.select_related("case").distinct().order_by("id"))
