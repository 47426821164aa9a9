"""What a handler can do about actions and tasks, as rows of the table of actions."""

from __future__ import annotations

from meldloket.actions import commands, elsewhere, work
from meldloket.actions.models import Action as CaseAction
from meldloket.cases.lifecycle import EventKind, Status
from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue
from meldloket.people.roles import Actor

from . import work_forms as forms
from .action_kinds import Action


def _add_task(case: Case, by: Actor, form: forms.AddTaskForm) -> object:
    data = form.cleaned_data
    return work.add_task(
        [case],
        by=by,
        title=data["title"],
        department=next(row for row in catalogue().departments if row.code == data["department"]),
        due=data["due"],
        description=data["description"],
        checklist=tuple(data["checklist"].splitlines()),
        planned_minutes=data["minutes"],
    )


def _prepares(case: Case, actor: Actor) -> bool:
    return case.status in commands.PREPARE


def _drafts(case: Case, actor: Actor) -> bool:
    return _prepares(case, actor) and any(row.state == CaseAction.State.DRAFT for row in case.actions.all())


def _proposable(case: Case, actor: Actor) -> bool:
    return case.status != Status.IN_ADVICE and not case.waiting_for_reporter and _drafts(case, actor)


def _refer(case: Case, by: Actor, form: forms.ReferCaseForm) -> object:
    data = form.cleaned_data
    return elsewhere.refer_case(
        case,
        by=by,
        authority=data["authority"],
        text=data["text"],
        close=data["how"] == "close",
        seen_version=data["version"],
    )


WORK_ACTIONS: tuple[Action, ...] = (
    Action(
        "acties-voorstellen",
        "Acties voorstellen aan de melder",
        "case.handle",
        forms.ProposeForm,
        lambda case, by, form: commands.propose(
            case, by=by, text=form.cleaned_data["text"], seen_version=form.cleaned_data["version"]
        ),
        _proposable,
        tells=EventKind.ACTIONS_PROPOSED,
        primary=True,
        group="work",
    ),
    Action(
        "actie",
        "Actie toevoegen",
        "case.handle",
        forms.AddActionForm,
        lambda case, by, form: commands.add_action(case, form.plan(), by=by, seen_version=form.cleaned_data["version"]),
        _prepares,
        group="work",
    ),
    Action(
        "actie-wijzigen",
        "Actie wijzigen",
        "case.handle",
        forms.ChangeActionForm,
        lambda case, by, form: commands.change_action(
            form.actions[form.cleaned_data["action"]],
            form.plan(),
            by=by,
            seen_version=form.cleaned_data["version"],
        ),
        _drafts,
        group="row",
    ),
    Action(
        "actie-schrappen",
        "Actie schrappen",
        "case.handle",
        forms.DropActionForm,
        lambda case, by, form: commands.drop_action(
            form.actions[form.cleaned_data["action"]], by=by, why=form.cleaned_data["why"]
        ),
        lambda case, actor: not case.ended and any(row.state in forms.LIVE for row in case.actions.all()),
        group="row",
    ),
    Action("taak", "Taak toevoegen", "case.handle", forms.AddTaskForm, _add_task, _prepares, group="work"),
    Action(
        "doorgeven",
        "Doorgeven aan een andere overheid",
        "case.handle",
        forms.ReferCaseForm,
        _refer,
        lambda case, actor: not case.ended and case.status != Status.IN_ADVICE,
        tells=EventKind.REFERRED_CLOSED,
    ),
)
