"""What a handler can do about a decision, as rows of the table of actions."""

from __future__ import annotations

from meldloket.actions.models import Action as CaseAction
from meldloket.cases.models import Case
from meldloket.decisions import commands
from meldloket.decisions.models import Proposal
from meldloket.people.roles import Actor

from . import action_forms as forms
from .action_kinds import Action


def _waits(case: Case, actor: Actor) -> bool:
    """Whether an action waits for a decision and no proposal is under way for it (both prefetched with the case)."""
    if case.ended or case.status not in commands.PREPARE:
        return False
    waiting = any(row.state == CaseAction.State.WAITING for row in case.actions.all())
    under_way = any(row.state not in (Proposal.State.WITHDRAWN, Proposal.State.DECIDED) for row in case.proposals.all())
    return waiting and not under_way


DECISION_ACTIONS: tuple[Action, ...] = (
    Action(
        "besluit-voorbereiden",
        "Besluit voorbereiden",
        "decision.prepare",
        forms.ConfirmForm,
        lambda case, by, form: commands.prepare(case, by=by, seen_version=form.cleaned_data["version"]),
        _waits,
        primary=True,
        group="decision",
    ),
)
