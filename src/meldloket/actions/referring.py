"""Handing a task over to the software in which it is really handled (B4.4), and what comes back: refused, lost, twice,
late, out of order, after closing: each has its place and is seen by the handler."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from procrastinate.contrib.django import app

from meldloket.cases import clock, terms
from meldloket.cases.lifecycle import EventKind, NotAllowed
from meldloket.cases.models import Attachment
from meldloket.catalogue.models import OtherSystem
from meldloket.people import api_clients
from meldloket.people.roles import SYSTEM, Actor, Role

from . import work
from .models import Referral, ReferralUpdate, Task
from .ports import HandedOver, Order, ReferralProblem, System, Told, Update, plugged

log = structlog.get_logger(__name__)

#: Minutes to wait after each failed hand-over; after the last one the handler must look.
WAITS = (1, 5, 15, 60, 180, 360, 720)
POLL_MINUTES = 10
OPEN = (Referral.State.WAITING, Referral.State.SENT, Referral.State.RECEIVED, Referral.State.IN_PROGRESS)
_STATE = {
    Told.RECEIVED: Referral.State.RECEIVED,
    Told.IN_PROGRESS: Referral.State.IN_PROGRESS,
    Told.DONE: Referral.State.DONE,
    Told.REFUSED: Referral.State.REFUSED,
}


def refer(task: Task, system: OtherSystem, *, by: Actor) -> Referral:
    """Puts a task in the hands of another system; the job hands it over. Raises NotAllowed."""
    if not by.has(Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    if system.departments.exists() and not system.departments.filter(pk=task.department_id).exists():
        raise NotAllowed(f"{system.name} werkt niet voor {task.department.name}.")
    with work.locked(task) as current:
        if current.ended or current.state == Task.State.WAITING:
            raise NotAllowed("Deze taak kan nu niet doorgegeven worden.")
        known = current.referrals.filter(state__in=OPEN).select_related("system").first()
        if known is not None:
            if known.system_id == system.pk:
                return known
            raise NotAllowed(f"Deze taak ligt al bij {known.system.name}. Neem ze eerst terug.")
        referral = Referral.objects.create(
            task=current,
            system=system,
            added_by_name=by.name,
            added_at=clock.now(),
            next_attempt_at=clock.now(),
        )
        current.state = Task.State.REFERRED
        work.write(current, "referred", by, work.Entry(text=system.name))
        work.append(current, EventKind.TASK_REFERRED, by, f"{current.title}: {system.name}")
        app.configure_task("hand_over", queue="messages").defer(referral_id=referral.pk)
    return referral


def reply_token(referral: Referral) -> str:
    """The token of the page on which a partner with nothing answers: made of the key and ours alone to make."""
    return signing.Signer(salt="referral-reply").sign(str(referral.key))


def by_token(token: str) -> Referral | None:
    """The referral of a reply link; None for a token that is not ours."""
    try:
        key = signing.Signer(salt="referral-reply").unsign(token)
    except signing.BadSignature:
        return None
    return Referral.objects.select_related("task__department", "system").filter(key=key).first()


def photo_token(attachment: Attachment, referral: Referral) -> str:
    """Opens one photo for as long as the referral is open."""
    return signing.dumps([attachment.pk, referral.pk], salt="referral-photo")


def photo_by_token(token: str) -> Attachment | None:
    """The photo of a token, while its referral is open; else None."""
    try:
        attachment, referral = signing.loads(token, salt="referral-photo")
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not Referral.objects.filter(pk=referral, state__in=OPEN).exists():
        return None
    return Attachment.objects.filter(pk=attachment).first()


def system_of(row: OtherSystem) -> System:
    """The other side as an adapter needs it, with its secret."""
    return System(row.code, row.name, row.url, row.email, api_clients.outbound_of(row.code), dict(row.settings))


def order_of(referral: Referral) -> Order:
    """The task as it is handed over; nothing of a reporter."""
    task = referral.task
    cases = work.cases_of(task)
    photos = Attachment.objects.filter(case__in=cases, kind=Attachment.Kind.PHOTO, added_by_reporter=True).order_by("id")
    where = "referral-reply" if referral.system.adapter == OtherSystem.Adapter.EMAIL else "referral-callback"
    argument = reply_token(referral) if where == "referral-reply" else str(referral.key)
    return Order(
        key=referral.key,
        reference=", ".join(case.reference for case in cases),
        title=task.title,
        description=task.description or task.title,
        place=task.place_label,
        latitude=task.latitude,
        longitude=task.longitude,
        due=task.due.isoformat() if task.due else "",
        photos=tuple(
            settings.BASE_URL + reverse("referral-photo", args=[photo_token(photo, referral)]) for photo in photos[:5]
        ),
        reply_url=settings.BASE_URL + reverse(where, args=[argument]),
        again=referral.uncertain,
    )


def hand_over(referral_id: int) -> None:
    """One attempt to hand a waiting referral over. What was handed over already stays so; a failure is tried again."""
    with transaction.atomic():
        referral = (
            Referral.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("task__department", "system")
            .filter(pk=referral_id, state=Referral.State.WAITING, next_attempt_at__lte=clock.now())
            .first()
        )
        if referral is None:
            return
        system, order = system_of(referral.system), order_of(referral)
        referral.attempts += 1
        referral.next_attempt_at = clock.now() + timedelta(minutes=5)  # claimed: a dead worker's is taken up again
        referral.uncertain = True  # until we know better: a worker that dies now may have handed it over
        referral.problem = ""
        referral.save(update_fields=["attempts", "next_attempt_at", "uncertain", "problem"])
    adapter = plugged.get(referral.system.adapter)
    try:
        if adapter is None:
            raise ReferralProblem("Deze koppeling is niet ingesteld.", retry=True)
        answer = adapter.hand_over(system, order)
    except ReferralProblem as problem:
        _failed(referral, problem, again=order.again)
    else:
        _handed_over(referral, answer, polls=adapter.polls)


def _handed_over(referral: Referral, answer: HandedOver, *, polls: bool) -> None:
    with work.locked(referral.task) as task:
        current = Referral.objects.select_for_update().get(pk=referral.pk)
        current.external_id = current.external_id or answer.external_id[:120]
        current.external_token = answer.token[:200]
        current.problem, current.uncertain = "", False
        if current.state == Referral.State.WAITING:  # an answer may have come in before we got here
            current.state = Referral.State.SENT
        current.next_attempt_at = clock.now() + timedelta(minutes=POLL_MINUTES) if polls else None
        current.save()
        name = f" ({current.external_id})" if current.external_id else ""
        work.write(task, "told", SYSTEM, work.Entry(text=f"Doorgegeven aan {referral.system.name}{name}"))


def _failed(referral: Referral, problem: ReferralProblem, *, again: bool) -> None:
    """`again`: the fate of an earlier attempt was unknown, and a failure now has not told it."""
    if problem.retry and referral.attempts <= len(WAITS):
        wait = timedelta(minutes=WAITS[referral.attempts - 1])
        Referral.objects.filter(pk=referral.pk, state=Referral.State.WAITING).update(
            problem=problem.reason[:300], next_attempt_at=clock.now() + wait, uncertain=problem.uncertain or again
        )
        return
    log.warning("referral_failed", key=str(referral.key), system=referral.system.code)
    _end(referral, Referral.State.FAILED, problem.reason)


def _end(referral: Referral, state: Referral.State, reason: str) -> None:
    """The other side will not do it: the task is the team's again, blocked with the reason, and the handler hears."""
    with work.locked(referral.task) as task:
        current = Referral.objects.select_for_update().get(pk=referral.pk)
        current.state, current.problem, current.next_attempt_at = state, reason[:300], None
        current.save()
        _back_to_team(task, f"{referral.system.name}: {reason}")


def _back_to_team(task: Task, reason: str) -> None:
    if task.ended:
        return
    task.state, task.blocked_reason = Task.State.BLOCKED, reason[:300]
    work.write(task, "blocked", SYSTEM, work.Entry(text=reason))
    work.append(task, EventKind.TASK_BLOCKED, SYSTEM, f"{task.title}: {reason}")
    work.tell_handlers(task, "referral", f"Taak komt terug: {task.title}", reason)


def recall(referral: Referral, *, by: Actor, why: str) -> Referral:
    """The handler takes the task back; what still comes from the other side is kept as a note."""
    if not why.strip():
        raise NotAllowed("Zeg waarom u de taak terugneemt.")
    with work.locked(referral.task) as task:
        current = Referral.objects.select_for_update().get(pk=referral.pk)
        if current.state in OPEN:
            current.state, current.problem, current.next_attempt_at = Referral.State.RECALLED, why[:300], None
            current.save()
            if not task.ended:
                task.state = Task.State.OPEN
                work.write(task, "note", by, work.Entry(text=f"Teruggenomen van {referral.system.name}. {why}"))
                work.append(task, EventKind.TASK_CHANGED, by, f"{task.title}: teruggenomen. {why}")
    return current


def receive(referral: Referral, update: Update) -> ReferralUpdate:
    """Takes in one update of the other side. The same key again gives the same row and changes nothing; what is older than
    what we know, or comes after the end, is kept as a note that the handler sees."""
    with work.locked(referral.task) as task:
        current = Referral.objects.select_for_update().select_related("system").get(pk=referral.pk)
        known = current.updates.filter(key=update.key[:160]).first()
        if known is not None:
            return known
        fate = _fate(current, task, update)
        row = ReferralUpdate.objects.create(
            referral=current,
            key=update.key[:160],
            told=update.told,
            status=update.status[:80],
            text=update.text,
            at=update.at,
            received_at=clock.now(),
            fate=fate,
        )
        if fate == ReferralUpdate.Fate.APPLIED:
            _apply(current, task, update)
        else:
            text = f"{current.system.name}: {row.words}. {update.text}".strip()
            late = fate != ReferralUpdate.Fate.NOTE
            work.write(task, "told", SYSTEM, work.Entry(text=text), late=late)
            if fate == ReferralUpdate.Fate.CLOSED:
                work.append(task, EventKind.TASK_ANSWERED, SYSTEM, f"{task.title}: {text} ({fate.label.lower()})")
    return row


def _fate(referral: Referral, task: Task, update: Update) -> ReferralUpdate.Fate:
    if referral.state not in OPEN or task.ended:
        return ReferralUpdate.Fate.CLOSED
    if referral.last_at is not None and update.at < referral.last_at:
        return ReferralUpdate.Fate.OLDER
    return ReferralUpdate.Fate.NOTE if update.told == Told.NOTE else ReferralUpdate.Fate.APPLIED


def _apply(referral: Referral, task: Task, update: Update) -> None:
    referral.state, referral.status, referral.last_at = _STATE[update.told], update.status[:80], update.at
    if referral.state not in OPEN:
        referral.next_attempt_at = None
    referral.save()
    words = f"{referral.system.name}: {referral.get_state_display()}. {update.text}".strip()
    if update.told == Told.DONE:
        task.state, task.result, task.done_at = Task.State.DONE, update.text, min(update.at, clock.now())
        task.save()
        work.write(task, "done", SYSTEM, work.Entry(text=words))
        work.ended(task, SYSTEM, f"{task.title}. {words}")
    elif update.told == Told.REFUSED:
        _back_to_team(task, f"{referral.system.name} weigert: {update.text or update.status}")
    else:
        work.write(task, "told", SYSTEM, work.Entry(text=words))
        work.append(task, EventKind.TASK_ANSWERED, SYSTEM, f"{task.title}: {words}")


def poll(referral_id: int) -> int:
    """Asks the other side for news of one referral. Gives how many updates were new."""
    referral = Referral.objects.select_related("task__department", "system").get(pk=referral_id)
    adapter = plugged.get(referral.system.adapter)
    if adapter is None or not adapter.polls or referral.state not in OPEN or referral.state == Referral.State.WAITING:
        return 0
    later = clock.now() + timedelta(minutes=POLL_MINUTES)
    try:
        external_id, updates = adapter.news(system_of(referral.system), referral.external_id, referral.external_token)
    except ReferralProblem as problem:
        Referral.objects.filter(pk=referral.pk).update(problem=problem.reason[:300], next_attempt_at=later)
        return 0
    Referral.objects.filter(pk=referral.pk, state__in=OPEN).update(
        external_id=external_id[:120], problem="", next_attempt_at=later
    )
    before = referral.updates.count()
    for update in updates:
        receive(referral, update)
    return referral.updates.count() - before


def hurry(task: Task, *, by: Actor) -> None:
    """The next attempt, or the next question for news, now: a handler does not want to wait. Raises NotAllowed."""
    if not by.has(Role.HANDLER):
        raise NotAllowed("U hebt daar geen rechten voor.")
    with transaction.atomic():
        rows = task.referrals.select_for_update().filter(state__in=OPEN, next_attempt_at__isnull=False)
        referral = rows.first()
        if referral is None:
            raise NotAllowed("Er is niets om naar te vragen: het andere systeem laat zelf iets weten.")
        if referral.state == Referral.State.WAITING and not referral.problem:
            raise NotAllowed("Wij geven deze taak net door. Kijk straks nog eens.")
        Referral.objects.filter(pk=referral.pk).update(next_attempt_at=clock.now())
        app.configure_task("follow_referral", queue="messages").defer(referral_id=referral.pk)


def follow(referral_id: int) -> None:
    """The next step with one referral: hand it over when it still waits, else ask for news."""
    waiting = Referral.objects.filter(pk=referral_id, state=Referral.State.WAITING).exists()
    if waiting:
        hand_over(referral_id)
    else:
        poll(referral_id)


def due() -> list[Referral]:
    """What must be handed over or asked after now."""
    rows = Referral.objects.filter(state__in=OPEN, next_attempt_at__lte=clock.now())
    return list(rows.select_related("system").order_by("next_attempt_at")[:100])


def silent() -> int:
    """Once a day: tells the handler, once, of what the other side did not answer within its term. Gives how many."""
    count = 0
    for referral in Referral.objects.filter(state=Referral.State.SENT).select_related("system", "task"):
        limit = terms.add_working_days(referral.added_at.date(), referral.system.answer_days)
        if clock.today() > limit and not referral.problem.startswith("Geen antwoord"):
            reason = f"Geen antwoord van {referral.system.name} sinds {referral.added_at:%d/%m/%Y}."
            Referral.objects.filter(pk=referral.pk).update(problem=reason)
            work.tell_handlers(referral.task, f"silent-{referral.pk}", f"Geen antwoord: {referral.task.title}", reason)
            count += 1
    return count
