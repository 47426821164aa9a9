"""The parts of the case page that later steps add: advice, and actions with their tasks."""

from __future__ import annotations

from typing import Any

from meldloket.actions.models import Action as CaseAction
from meldloket.actions.models import Referral, Task, TaskPart
from meldloket.advice.models import AdviceAnswer, AdviceRequest, Verdict
from meldloket.cases import clock
from meldloket.cases.models import Case

from .action_kinds import Action

#: Tone of a verdict's tag; the word always stands beside it.
TONES = {
    Verdict.FAVOURABLE: "success",
    Verdict.NO_OBJECTION: "success",
    Verdict.CONDITIONAL: "warning",
    Verdict.UNFAVOURABLE: "error",
    Verdict.NOT_COMPETENT: "neutral",
}


def buttons(possible: list[Action], group: str) -> list[Action]:
    return [row for row in possible if row.group == group]


def advice_part(case: Case, possible: list[Action]) -> dict[str, Any]:
    """Requests with their answers, points that somebody owns, and the newest summary; empty when there is nothing to show
    or to do. `case` has its requests and points prefetched."""
    requests = sorted(case.advice_requests.all(), key=lambda row: row.pk)
    rows = [_request(case, row) for row in requests]
    acts = buttons(possible, "advice")
    if not rows and not acts:
        return {}
    slugs = {row.slug for row in possible}
    return {
        "rows": rows,
        "points": [row for row in case.advice_points.all() if row.settled_at is None],
        "settled": [row for row in case.advice_points.all() if row.settled_at is not None],
        "summary": case.advice_summaries.order_by("-id").first() if rows else None,
        "buttons": acts,
        "can": slugs,
    }


def _request(case: Case, request: AdviceRequest) -> dict[str, Any]:
    answers = sorted(request.answers.all(), key=lambda row: row.number)
    given = next((row for row in answers if row.state == AdviceAnswer.State.GIVEN), None)
    made = {row.source for row in case.actions.all()}
    conditions = []
    if given is not None:
        for place, text in enumerate(given.conditions):
            source = condition_source(given, place)
            conditions.append({"text": text, "place": place, "made": source in made})
    return {
        "request": request,
        "given": given,
        "tone": TONES.get(Verdict(given.verdict), "neutral") if given and given.verdict else "neutral",
        "earlier": [row for row in answers if row.state in (AdviceAnswer.State.REPLACED, AdviceAnswer.State.WITHDRAWN)],
        "conditions": conditions,
        "late": request.state == AdviceRequest.State.OPEN and request.due < clock.today(),
        "open": request.state == AdviceRequest.State.OPEN,
    }


def condition_source(answer: AdviceAnswer, place: int) -> str:
    """The name of a condition, by which one click makes one action."""
    return f"advice:{answer.pk}:{place}"


def decision_part(case: Case, possible: list[Action]) -> dict[str, Any]:
    """Proposals with where they stand; empty when there is nothing to show or to do. `case` has its proposals
    prefetched."""
    acts, rows = buttons(possible, "decision"), sorted(case.proposals.all(), key=lambda row: row.pk)
    return {"rows": rows, "buttons": acts} if rows or acts else {}


def work_part(case: Case, possible: list[Action]) -> dict[str, Any]:
    """Actions with their tasks and referrals; empty when there is nothing to show or to do."""
    acts = buttons(possible, "work")
    actions = [row for row in sorted(case.actions.all(), key=lambda row: row.pk) if row.state != CaseAction.State.DROPPED]
    parts = list(
        TaskPart.objects.filter(case=case)
        .select_related("task__department", "task__assignee")
        .order_by("action_id", "task__order", "task_id")
    )
    if not actions and not parts and not acts:
        return {}
    referrals = {
        row.task_id: row for row in Referral.objects.filter(task__parts__case=case).select_related("system").order_by("id")
    }
    tasks = [{"task": part.task, "action_id": part.action_id, "referral": referrals.get(part.task_id)} for part in parts]
    known = {action.pk for action in actions}
    return {
        "actions": [
            {
                "action": action,
                "tasks": [row for row in tasks if row["action_id"] == action.pk],
                "draft": action.state == CaseAction.State.DRAFT,
            }
            for action in actions
        ],
        "loose": [row for row in tasks if row["action_id"] not in known],
        "done": bool(parts) and all(part.task.state in (Task.State.DONE, Task.State.CANCELLED) for part in parts),
        "buttons": acts,
        "can": {row.slug for row in possible},
    }
