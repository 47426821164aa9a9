"""Carrying messages out: one at a time per report and channel, in order, never inside a transaction, never told twice
(docs/adr/0004)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q

from meldloket.cases import clock
from meldloket.people.roles import Actor

from . import planning
from .jobs import defer
from .models import ChannelStop, Delivery
from .ports import Channel, DeliveryProblem, Outgoing, Receipt, plugged

log = structlog.get_logger("meldloket.delivery")

#: Waiting times after each failed attempt; after the last the delivery is parked.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 480))
#: A stopped channel is knocked on once it stood still this long.
PROBE = timedelta(minutes=10)
UNFINISHED = (Delivery.State.WAITING, Delivery.State.SENDING)
BROKEN = "Het versturen brak telkens af. Vraag de beheerder om in het logboek te kijken."
#: Seconds between attempts to write an outcome down while the database is away: what was told must be known to be told.
PATIENCE = (0.2, 0.5, 1, 2, 4, 8, 8)
UNCERTAIN = "Onzeker of dit bericht al verstuurd was. Kijk na of het aankwam voor u het opnieuw verstuurt."


class LeaseLost(Exception):
    """This worker was so slow that another took its delivery over; it must not hand it over any more."""


def lease() -> timedelta:
    """How long a worker has a delivery for itself: longer than the slowest channel takes, else two do the same work."""
    return timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


def drain(report_id: int, channel: str) -> int:
    """Carries out what waits for this report and channel, oldest first, until one must wait. Gives how many came to an end
    (delivered, superseded or parked)."""
    count = 0
    while (delivery := claim(report_id, channel)) is not None:
        if not _carry_out(delivery):
            break
        count += 1
    return count


def claim(report_id: int, channel: str) -> Delivery | None:
    """The oldest unfinished delivery, leased to this worker; None when nothing is due, when another worker has it, or when
    the channel stands still."""
    now = clock.now()
    with transaction.atomic():
        oldest = (
            Delivery.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("report__reporter__number", "report__case", "recipient_override")
            .filter(report_id=report_id, channel=channel, state__in=UNFINISHED)
            .order_by("pk")
            .first()
        )
        if oldest is None or ChannelStop.objects.filter(channel=channel).exists():
            return None
        earlier = Delivery.objects.filter(report_id=report_id, channel=channel, state__in=UNFINISHED, pk__lt=oldest.pk)
        if earlier.exists():  # an older one is locked by another worker at this very moment
            return None
        if oldest.state == Delivery.State.SENDING:
            if oldest.claimed_until is not None and oldest.claimed_until > now:
                return None
            if _may_have_arrived(oldest):
                _settle(oldest, state=Delivery.State.PARKED, problem=UNCERTAIN)
                return claim(report_id, channel)
            if oldest.attempts > len(BACKOFF):  # it breaks every worker that takes it up
                _settle(oldest, state=Delivery.State.PARKED, problem=BROKEN)
                return claim(report_id, channel)
        elif oldest.next_attempt_at > now:
            return None
        oldest.state, oldest.claimed_until = Delivery.State.SENDING, now + lease()
        oldest.attempts += 1
        oldest.handed_over_at = None
        oldest.save(update_fields=["state", "claimed_until", "attempts", "handed_over_at"])
        return oldest


def _may_have_arrived(delivery: Delivery) -> bool:
    """A worker died over it after handing over, on a channel that can't recognise a repeat."""
    way = plugged.get(delivery.channel)
    return delivery.handed_over_at is not None and (way is None or not way.safe_to_repeat)


def _settle(delivery: Delivery, **fields: Any) -> bool:
    """Writes what became of an attempt, unless it is no longer ours: `attempts` and `key` tell one attempt from another.
    True when it was written. A database that is away for a moment is waited for, outside a transaction."""
    late_success = fields["state"] == Delivery.State.DELIVERED  # the truth, even if somebody gave the attempt up meanwhile
    states = (*UNFINISHED, Delivery.State.PARKED) if late_success else (Delivery.State.SENDING,)
    mine = Delivery.objects.filter(
        pk=delivery.pk, key=delivery.key, attempts=delivery.attempts, state__in=states, delivered_at=None
    )
    written = bool(_patiently(lambda: mine.update(claimed_until=None, **fields)))
    if fields["state"] == Delivery.State.PARKED:
        log.warning("delivery_parked", channel=delivery.channel, key=str(delivery.key), report=delivery.report.reference)
    return written


def _patiently(write: Callable[[], int]) -> int:
    for pause in PATIENCE:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
    return write()


def _carry_out(delivery: Delivery) -> bool:
    """Hands one claimed delivery over and writes what became of it. True when the next one may follow at once."""
    way = plugged.get(delivery.channel)
    try:
        if way is None:
            raise DeliveryProblem("Dit kanaal is niet ingesteld.", retry=False)
        message = outgoing(delivery)
        if message is None:
            raise DeliveryProblem("De gegevens van de melder zijn er niet meer.", retry=False)
        # No transaction is open here: a slow provider must hold no lock and no snapshot.
        receipt = _hand_over(way, message, delivery)
    except DeliveryProblem as problem:
        return _after_problem(delivery, problem)
    except LeaseLost:
        return False
    except DatabaseProblem:
        raise  # nothing is known of the row; its lease ends by itself
    except Exception as error:  # noqa: BLE001 - a fault of ours in one message must not keep the worker from the others
        # Only its name: its words may hold personal data.
        log.error("delivery_broke", channel=delivery.channel, key=str(delivery.key), error=type(error).__name__)
        handed_over = Delivery.objects.filter(pk=delivery.pk).exclude(handed_over_at=None).exists()
        return _after_problem(delivery, DeliveryProblem(BROKEN, retry=not handed_over, uncertain=handed_over))
    # A code must not stay readable after it was sent.
    text = "" if delivery.recipient_override_id else delivery.text
    return _settle(
        delivery,
        state=Delivery.State.DELIVERED,
        delivered_at=clock.now(),
        provider_reference=receipt.provider_reference[:200],
        problem="",
        problem_details=[],
        text=text,
    )


def _hand_over(way: Channel, message: Outgoing, delivery: Delivery) -> Receipt:
    if way.safe_to_repeat:
        return way.deliver(message)

    def before_handover() -> None:
        now = clock.now()
        mine = Delivery.objects.filter(
            pk=delivery.pk, key=delivery.key, attempts=delivery.attempts, state=Delivery.State.SENDING
        )
        if not mine.update(handed_over_at=now, claimed_until=now + lease()):
            raise LeaseLost

    return way.deliver(message, before_handover=before_handover)  # type: ignore[call-arg]


def outgoing(delivery: Delivery) -> Outgoing | None:
    """The complete message; None when its recipient was erased."""
    reporter = delivery.report.reporter
    recipient = ""
    if delivery.recipient_override is not None:
        recipient = delivery.recipient_override.value
    elif reporter is not None:
        if delivery.channel in ("dosis", "mbp"):
            recipient = reporter.number.open() if reporter.number else ""
        else:
            recipient = reporter.email if delivery.channel == "email" else reporter.mobile
    if not recipient:
        return None
    return Outgoing(
        delivery_id=delivery.key,
        channel=delivery.channel,
        reference=delivery.report.reference,
        recipient=recipient,
        subject=delivery.subject,
        text=delivery.text,
        html=planning.html_of(delivery) if delivery.channel == "email" else "",
        language=delivery.language,
        payload=delivery.payload,
    )


def _after_problem(delivery: Delivery, problem: DeliveryProblem) -> bool:
    """Retry later, stop the channel, give way to something newer, or park. True when the next one may follow at once."""
    if problem.stop_channel:
        ChannelStop.objects.get_or_create(
            channel=delivery.channel, defaults={"reason": problem.reason[:300], "since": clock.now()}
        )
        _wait(delivery, problem, timedelta())
        log.error("channel_stopped", channel=delivery.channel)
        return False
    if problem.superseded:
        return _settle(delivery, state=Delivery.State.SUPERSEDED, problem="", problem_details=[])
    if problem.retry and not problem.uncertain and delivery.attempts <= len(BACKOFF):
        _wait(delivery, problem, BACKOFF[delivery.attempts - 1])
        return False
    reason = UNCERTAIN if problem.uncertain else problem.reason
    return _settle(delivery, state=Delivery.State.PARKED, problem=reason[:500], problem_details=problem.details)


def _wait(delivery: Delivery, problem: DeliveryProblem, delay: timedelta) -> None:
    with transaction.atomic():
        written = _settle(
            delivery,
            state=Delivery.State.WAITING,
            next_attempt_at=clock.now() + delay,
            problem=problem.reason[:500],
            problem_details=problem.details,
        )
        if delay and written:
            defer({(delivery.report_id, delivery.channel)}, delay=delay)


def due() -> set[tuple[int, str]]:
    """(report, channel) of everything that should have moved by now: retries whose time came, leases of dead workers."""
    now = clock.now()
    rows = Delivery.objects.filter(
        Q(state=Delivery.State.WAITING, next_attempt_at__lte=now) | Q(state=Delivery.State.SENDING, claimed_until__lte=now)
    ).exclude(channel__in=ChannelStop.objects.values("channel"))
    return set(rows.order_by().values_list("report_id", "channel").distinct()[:5000])


def resend(delivery: Delivery, by: Actor) -> bool:
    """A member of staff sends a parked message again, at once. A safe channel knows the same key again; it becomes new
    where a repeat must count as new: on any other channel, and when DOSIS took the upload but could not process it. Words
    with a gap are filled anew. False when nothing is sent: somebody was first, or the gap is still there."""
    way = plugged.get(delivery.channel)
    with transaction.atomic():
        current = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("event", "report__case__category", "report__reporter", "recipient_override")
            .get(pk=delivery.pk)
        )
        if current.state != Delivery.State.PARKED:
            return False
        if current.problem.startswith(planning.UNFILLED):
            try:
                planning.refill(current)
            except planning.MissingPlaceholder as missing:
                current.problem = planning.unfilled(missing)
                current.save(update_fields=["problem"])
                return False
        if current.delivered_at is not None or (way is not None and not way.safe_to_repeat):
            current.key = uuid.uuid4()
        current.state, current.attempts = Delivery.State.WAITING, 0
        current.next_attempt_at, current.handed_over_at, current.delivered_at = clock.now(), None, None
        current.save()
        defer({(current.report_id, current.channel)})
    log.info("delivery_resent", channel=delivery.channel, key=str(delivery.key), by=by.account_id)
    return True


def restart_channel(channel: str) -> int:
    """The configuration was mended: everything that waited for this channel goes on. Gives how many reports."""
    with transaction.atomic():
        ChannelStop.objects.filter(channel=channel).delete()
        waiting = Delivery.objects.filter(channel=channel, state=Delivery.State.WAITING)
        waiting.update(next_attempt_at=clock.now(), attempts=F("attempts") * 0)
        pairs = set(waiting.order_by().values_list("report_id", "channel").distinct())
        defer(pairs)
    return len(pairs)


def try_stopped_channels() -> int:
    """A channel that stood still for a while and answers well again goes on by itself. Gives how many did."""
    restarted = 0
    for stop in ChannelStop.objects.filter(since__lte=clock.now() - PROBE):
        way = plugged.get(stop.channel)
        if way is not None and way.check() is None:
            restart_channel(stop.channel)
            restarted += 1
    return restarted


def ask_results() -> int:
    """Asks DOSIS what became of its uploads; a failed one is parked with its errors. Gives how many it knew."""
    way = plugged.get("dosis")
    if way is None or not hasattr(way, "result"):
        return 0
    now = clock.now()
    asked = Delivery.objects.filter(
        channel="dosis",
        state=Delivery.State.DELIVERED,
        processed_at=None,
        delivered_at__range=(now - timedelta(days=1), now - timedelta(minutes=1)),
    ).select_related("report")
    known = 0
    for delivery in asked.order_by("delivered_at")[:200]:
        try:
            result = way.result(delivery.key)
        except DeliveryProblem:
            break
        if result is None:
            continue
        known += 1
        if result.success:
            Delivery.objects.filter(pk=delivery.pk).update(processed_at=result.processed_at or now)
        else:
            problem = "DOSIS kon deze status niet verwerken: " + " ".join(result.errors)
            taken = Delivery.objects.filter(pk=delivery.pk, key=delivery.key, state=Delivery.State.DELIVERED)
            taken.update(state=Delivery.State.PARKED, problem=problem[:500])
            log.warning("delivery_parked", channel="dosis", key=str(delivery.key), report=delivery.report.reference)
    return known
