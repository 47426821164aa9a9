"""The citizen fills the evaluation in: progress kept, sent once (B8.3); by the personal link, after login, or on the phone
with somebody of the desk."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from meldloket.cases import clock, events
from meldloket.cases.change import changing, move
from meldloket.cases.lifecycle import EventKind, NotAllowed, Status
from meldloket.cases.models import Case
from meldloket.people.roles import SYSTEM, Actor

from .inviting import CLOSED, OPEN
from .models import Answer, Invitation
from .questions import Answers, Kind, Question, read, tidy, unanswered


class Incomplete(NotAllowed):
    """Required questions have no answer. `questions`: those."""

    def __init__(self, questions: list[Question]) -> None:
        super().__init__("Beantwoord ook de verplichte vragen.")
        self.questions = questions


def questions_of(invitation: Invitation) -> list[Question]:
    """The questions that this citizen got."""
    return read(invitation.version.questions) if invitation.version is not None else []


def why_not(invitation: Invitation) -> str | None:
    """Dutch reason why it can't be filled in (any more); None when it can."""
    if invitation.state == Invitation.State.ANSWERED:
        return gettext_noop("U hebt deze evaluatie al ingevuld. Bedankt.")
    if invitation.state not in OPEN or (invitation.closes_on is not None and invitation.closes_on < clock.today()):
        return gettext_noop("De termijn om deze evaluatie in te vullen is voorbij.")
    if invitation.report.case.status not in CLOSED:
        return gettext_noop("Wij zijn opnieuw met uw melding bezig. U kan ze evalueren als ze weer is afgesloten.")
    return None


def keep(invitation: Invitation, sent: Mapping[str, list[str]]) -> Answers:
    """Keeps what was filled in so far. Raises NotAllowed when it can't be filled in any more."""
    if reason := why_not(invitation):
        raise NotAllowed(reason)
    answers = tidy(questions_of(invitation), sent)
    Invitation.objects.filter(pk=invitation.pk, state__in=OPEN).update(answers=answers)
    return answers


def submit(invitation: Invitation, sent: Mapping[str, list[str]], *, by: Actor | None = None) -> Invitation:
    """Sends the evaluation, once: a second time gives the first and changes nothing. `by`: who filled it in for the citizen
    on the phone; None for the citizen. Raises Incomplete, with everything kept, or NotAllowed."""
    with changing(invitation.report.case) as case:
        current = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("version", "report__case")
            .get(pk=invitation.pk)
        )
        if current.state == Invitation.State.ANSWERED:
            return current
        if reason := why_not(current):
            raise NotAllowed(reason)
        questions = questions_of(current)
        answers = tidy(questions, sent)
        missing = unanswered(questions, answers)
        if not missing:
            _record(current, questions, answers, by)
            _tell(current, case, by)
    if missing:
        keep(invitation, sent)
        raise Incomplete(missing)
    return current


def _record(invitation: Invitation, questions: list[Question], answers: Answers, by: Actor | None) -> None:
    rows = []
    for question in questions:
        values = answers.get(question.code)
        if not values:
            continue
        row = Answer(invitation=invitation, question=question.code)
        if question.kind == Kind.SCALE:
            row.number = int(values[0])
        elif question.kind == Kind.TEXT:
            row.text = values[0]
        else:
            row.chosen = values
        rows.append(row)
    Answer.objects.bulk_create(rows)
    invitation.state, invitation.answered_at, invitation.answers = Invitation.State.ANSWERED, clock.now(), {}
    invitation.filled_by_name = by.name if by else ""
    invitation.save()


def _tell(invitation: Invitation, case: Case, by: Actor | None) -> None:
    """The first evaluation brings the case to its last status; those of other reporters are events beside it."""
    data, report = {"evaluation": invitation.pk}, invitation.report
    if case.status == Status.HANDLED:
        move(case, "receive_evaluation", by or SYSTEM, report=report, data=data, by_reporter=by is None)
        return
    events.append(
        case,
        EventKind.EVALUATION_RECEIVED,
        by or SYSTEM,
        report=report,
        data=data,
        visible_to_reporter=True,
        by_reporter=by is None,
    )
