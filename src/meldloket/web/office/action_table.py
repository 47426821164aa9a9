"""The actions on a case as one table: form, command, and the event of which the citizen is told, so that every action shows
what will be sent before it is sent."""

from __future__ import annotations

from meldloket.cases import commands, conversation, grouping
from meldloket.cases.lifecycle import EventKind, NotAllowed
from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue
from meldloket.people.permissions import allows
from meldloket.people.roles import Actor

from . import action_forms as forms
from .action_kinds import Action, by_lifecycle, is_open, with_text
from .advice_actions import ADVICE_ACTIONS
from .closing_actions import CLOSING_ACTIONS
from .decision_actions import DECISION_ACTIONS
from .work_actions import WORK_ACTIONS


def _question_open(case: Case, actor: Actor) -> bool:
    return case.waiting_for_reporter


def _ask(case: Case, by: Actor, form: forms.QuestionForm) -> object:
    data = form.cleaned_data
    report = case.reports.get(pk=data["report"])
    return conversation.ask_reporter(
        case, by=by, report=report, text=data["text"], due=data["due"], seen_version=data["version"]
    )


def _assign(case: Case, by: Actor, form: forms.AssignForm) -> object:
    data = form.cleaned_data
    return commands.reassign(
        case,
        by=by,
        handler=form.handlers.get(data["handler"]),
        department=form.departments[data["department"]],
        why=data["why"],
        seen_version=data["version"],
    )


def _category(case: Case, by: Actor, form: forms.CategoryForm) -> object:
    data = form.cleaned_data
    category = catalogue().category(data["category"])
    if category is None:
        raise NotAllowed("Deze categorie bestaat niet meer.")
    return commands.change_category(case, by=by, category=category, why=data["why"], seen_version=data["version"])


CASE_ACTIONS: tuple[Action, ...] = (
    Action(
        "ontvankelijk",
        "Ontvankelijk verklaren",
        "case.handle",
        forms.AdmissibleForm,
        with_text(commands.declare_admissible),
        by_lifecycle("declare_admissible"),
        tells=EventKind.ADMISSIBLE,
        primary=True,
        several=True,
    ),
    Action(
        "starten",
        "Behandeling starten",
        "case.handle",
        forms.OptionalTextForm,
        with_text(commands.start_assessment),
        by_lifecycle("start_assessment"),
        tells=EventKind.ASSESSMENT_STARTED,
        primary=True,
        several=True,
    ),
    Action(
        "niet-ontvankelijk",
        "Niet ontvankelijk verklaren",
        "case.handle",
        forms.InadmissibleForm,
        lambda case, by, form: commands.declare_inadmissible(
            case,
            by=by,
            reason=form.cleaned_data["reason"],
            text=form.cleaned_data["text"],
            seen_version=form.cleaned_data["version"],
        ),
        by_lifecycle("declare_inadmissible"),
        tells=EventKind.INADMISSIBLE,
        danger=True,
        several=True,
    ),
    Action(
        "vraag",
        "Vraag stellen aan de melder",
        "case.handle",
        forms.QuestionForm,
        _ask,
        is_open,
        tells=EventKind.QUESTION_ASKED,
    ),
    Action(
        "vraag-sluiten",
        "Vraag afsluiten zonder antwoord",
        "case.handle",
        forms.CloseQuestionForm,
        lambda case, by, form: conversation.close_question(
            form.questions[form.cleaned_data["question"]], by=by, seen_version=form.cleaned_data["version"]
        ),
        _question_open,
    ),
    Action(
        "vraag-verlengen",
        "Meer tijd geven om te antwoorden",
        "case.handle",
        forms.ExtendQuestionForm,
        lambda case, by, form: conversation.extend_question(
            form.questions[form.cleaned_data["question"]], by=by, due=form.cleaned_data["due"]
        ),
        _question_open,
        tells=EventKind.QUESTION_EXTENDED,
    ),
    Action(
        "nota",
        "Interne nota",
        "case.note",
        forms.NoteForm,
        lambda case, by, form: commands.add_note(case, by=by, text=form.cleaned_data["text"]),
        lambda *_: True,
        several=True,
    ),
    Action("toewijzen", "Toewijzen", "case.assign", forms.AssignForm, _assign, is_open, several=True),
    Action("categorie", "Categorie wijzigen", "case.assign", forms.CategoryForm, _category, is_open, several=True),
    Action(
        "termijn",
        "Termijn verlengen",
        "case.handle",
        forms.ExtendForm,
        lambda case, by, form: commands.extend_term(
            case,
            by=by,
            target=form.cleaned_data["target"],
            why=form.cleaned_data["why"],
            seen_version=form.cleaned_data["version"],
        ),
        is_open,
        tells=EventKind.TERM_EXTENDED,
        several=True,
    ),
    Action(
        "schorsen",
        "Termijn schorsen",
        "case.handle",
        forms.WhyForm,
        lambda case, by, form: commands.suspend_term(
            case, by=by, why=form.cleaned_data["why"], seen_version=form.cleaned_data["version"]
        ),
        lambda case, actor: not case.ended and case.suspended_at is None,
        several=True,
    ),
    Action(
        "hervatten",
        "Termijn hervatten",
        "case.handle",
        forms.ConfirmForm,
        lambda case, by, form: commands.resume_term(case, by=by, seen_version=form.cleaned_data["version"]),
        lambda case, actor: not case.ended and case.suspended_at is not None and not case.waiting_for_reporter,
        several=True,
    ),
    Action(
        "klacht",
        "Behandelen als klacht",
        "case.handle",
        forms.ConfirmForm,
        lambda case, by, form: commands.make_complaint(case, by=by, seen_version=form.cleaned_data["version"]),
        lambda case, actor: not case.ended and not case.is_complaint,
        tells=EventKind.MADE_COMPLAINT,
    ),
    Action(
        "samenvoegen",
        "Samenvoegen met een andere melding",
        "case.handle",
        forms.GroupForm,
        lambda case, by, form: grouping.group(case, form.found(), by=by),
        is_open,
        tells=EventKind.GROUPED,
    ),
    Action(
        "losmaken",
        "Melding losmaken",
        "case.handle",
        forms.UngroupForm,
        lambda case, by, form: grouping.ungroup(form.reports[form.cleaned_data["report"]], by=by),
        lambda case, actor: not case.ended and len(case.reports.all()) > 1,
        tells=EventKind.UNGROUPED,
    ),
    Action(
        "heropenen",
        "Heropenen",
        "case.handle",
        forms.ReopenForm,
        with_text(commands.reopen),
        by_lifecycle("reopen", "reopen_handled"),
        tells=EventKind.REOPENED,
    ),
)
#: Everything, in the order of the page.
ACTIONS: tuple[Action, ...] = (*CASE_ACTIONS, *ADVICE_ACTIONS, *WORK_ACTIONS, *DECISION_ACTIONS, *CLOSING_ACTIONS)
BY_SLUG = {action.slug: action for action in ACTIONS}


def possible_actions(case: Case, actor: Actor) -> list[Action]:
    """What this person can do with this case now, in the order of the table."""
    return [row for row in ACTIONS if allows(actor, row.permission) and row.possible(case, actor)]
