"""What the handler determines: actions, from templates or freely, and proposing them to the citizen (B4.1, B4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import override

from meldloket.cases import clock, events, terms
from meldloket.cases.change import changing, move
from meldloket.cases.lifecycle import EventKind, NotAllowed, Status
from meldloket.cases.models import Case
from meldloket.catalogue.models import Department
from meldloket.people.roles import SYSTEM, Actor, Role

from .models import Action, ActionTemplate, Task, TaskPart

#: Statuses in which actions can be prepared.
PREPARE = (Status.ADMISSIBLE, Status.IN_ASSESSMENT, Status.IN_ADVICE, Status.ACTIONS_PROPOSED, Status.IN_EXECUTION)


@dataclass(frozen=True)
class Plan:
    """What an action is. `cost` in euro; `tasks`: titles of the tasks that it will be divided in, empty for one task."""

    title: str
    department: Department
    description: str = ""
    why: str = ""
    cost: Decimal | None = None
    due: date | None = None
    public: bool = True
    needs_decision: bool = False
    tasks: tuple[str, ...] = ()


def plan_from(template: ActionTemplate, case: Case) -> Plan:
    """The plan that a template stands for in this case. Raises NotAllowed when no department is known."""
    department = template.department or case.department
    if department is None:
        raise NotAllowed("Wijs de melding eerst aan een dienst toe.")
    return Plan(
        title=template.title,
        department=department,
        description=template.description,
        cost=template.cost,
        due=terms.add_working_days(clock.today(), template.days),
        public=template.public,
        needs_decision=template.needs_decision,
        tasks=tuple(template.tasks),
    )


def _may_prepare(case: Case, by: Actor) -> None:
    if not by.has(Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    if case.status not in PREPARE:
        raise NotAllowed("In deze stap kan u geen acties bepalen.")


def add_action(case: Case, plan: Plan, *, by: Actor, source: str = "", seen_version: int | None = None) -> Action:
    """Adds an action in preparation. `source`: what it comes from (a condition of an advice); the same source again gives
    the same action."""
    if not plan.title.strip():
        raise NotAllowed("Geef de actie een naam.")
    with changing(case, seen_version=seen_version) as fresh:
        _may_prepare(fresh, by)
        if source and (known := fresh.actions.filter(source=source).first()):
            return known
        action = Action.objects.create(
            case=fresh, source=source, added_by_name=by.name, added_at=clock.now(), **_fields(plan)
        )
        events.append(fresh, EventKind.ACTION_ADDED, by, text=plan.title, data={"action": action.pk})
    return action


def _fields(plan: Plan) -> dict[str, object]:
    return {
        "title": plan.title.strip()[:150],
        "department": plan.department,
        "description": plan.description,
        "why": plan.why,
        "cost": plan.cost,
        "due": plan.due,
        "public": plan.public,
        "needs_decision": plan.needs_decision,
        "planned_tasks": [row.strip()[:150] for row in plan.tasks if row.strip()],
    }


def change_action(action: Action, plan: Plan, *, by: Actor, seen_version: int | None = None) -> Action:
    """Changes an action that was not proposed yet."""
    with changing(action.case, seen_version=seen_version) as case:
        current = _draft(action)
        for name, value in _fields(plan).items():
            setattr(current, name, value)
        current.save()
        events.append(case, EventKind.ACTION_CHANGED, by, text=plan.title, data={"action": current.pk})
    return current


def _draft(action: Action) -> Action:
    current = Action.objects.select_for_update().get(pk=action.pk)
    if current.state != Action.State.DRAFT:
        raise NotAllowed("Deze actie is al voorgesteld. Schrap ze met een reden, of werk verder met haar taken.")
    return current


def drop_action(action: Action, *, by: Actor, why: str = "") -> Action:
    """Gives an action up; its open tasks are cancelled with the reason. One that was proposed needs a reason."""
    with changing(action.case) as case:
        current = Action.objects.select_for_update().get(pk=action.pk)
        if current.state in (Action.State.DONE, Action.State.DROPPED):
            return current
        if current.state != Action.State.DRAFT and not why.strip():
            raise NotAllowed("Zeg waarom deze actie niet doorgaat.")
        current.state = Action.State.DROPPED
        current.save()
        for task in Task.objects.select_for_update().filter(parts__action=current):
            if not task.ended and not task.parts.exclude(action=current).exists():
                task.state, task.result, task.version = Task.State.CANCELLED, why, task.version + 1
                task.save()
        data = {"action": current.pk}
        events.append(case, EventKind.ACTION_DROPPED, by, text=f"{current.title}. {why}".strip(), data=data)
    return current


def proposal_text(case: Case, language: str = "nl") -> str:
    """A draft of what the citizen will read: the public actions in preparation, in plain words."""
    rows = list(case.actions.filter(state=Action.State.DRAFT, public=True).select_related("department"))
    if not rows:
        return ""
    lines = ["Dit stellen wij voor:"]
    with override(language):
        for action in rows:
            when = f", gepland tegen {date_format(action.due, 'j F Y')}" if action.due else ""
            lines.append(f"- {action.title} ({action.department.name}{when})")
            if action.description:
                lines[-1] += f": {action.description}"
    if any(action.needs_decision for action in rows):
        lines += ["", "Hiervoor moet het college of de gemeenteraad eerst een besluit nemen. U krijgt daarvan bericht."]
    return "\n".join(lines)


def propose(case: Case, *, by: Actor, text: str, seen_version: int | None = None) -> Case:
    """Proposes what is in preparation: the citizen is told in plain words through every channel (B4.5), tasks are made, and
    where no decision is needed execution starts at once. Raises NotAllowed without actions."""
    with changing(case, seen_version=seen_version) as fresh:
        drafts = list(fresh.actions.select_for_update().filter(state=Action.State.DRAFT).order_by("id"))
        if not drafts:
            raise NotAllowed("Bepaal eerst minstens één actie.")
        if fresh.status in (Status.ACTIONS_PROPOSED, Status.IN_EXECUTION):
            if not by.has(Role.HANDLER):
                raise NotAllowed("U hebt daar geen rechten voor.")
            events.append(fresh, EventKind.ACTIONS_PROPOSED, by, text=text, visible_to_reporter=True)
        else:
            move(fresh, "propose_actions", by, text=text)
        for action in drafts:
            action.state = Action.State.WAITING if action.needs_decision else Action.State.RUNNING
            action.save()
            _make_tasks(fresh, action)
        waiting = fresh.actions.filter(state=Action.State.WAITING).exists()
        if fresh.status == Status.ACTIONS_PROPOSED and not waiting:
            move(fresh, "start_execution", SYSTEM)
    return fresh


def _make_tasks(case: Case, action: Action) -> None:
    """One task per planned title, done one after the other; a single one for the whole action without titles."""
    state = Task.State.WAITING if action.needs_decision else Task.State.OPEN
    before: Task | None = None
    for order, title in enumerate(action.planned_tasks or [action.title]):
        task = Task.objects.create(
            title=title,
            description=action.description,
            department=action.department,
            state=state,
            due=action.due,
            order=order,
            place_label=case.place_label,
            latitude=case.latitude,
            longitude=case.longitude,
            added_at=clock.now(),
        )
        TaskPart.objects.create(task=task, case=case, action=action)
        if before is not None:
            task.after.add(before)
        before = task
