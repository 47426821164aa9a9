"""Contact data corrected by the citizen: the new address or number counts once its code came back, the old one is warned
(wishes.md). The code is derived, never stored."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from meldloket.people.models import Reporter
from meldloket.people.roles import Actor

from . import clock, events
from .lifecycle import EventKind, NotAllowed
from .models import ContactVerification, Report

VALID_FOR = timedelta(hours=24)
MOST_ATTEMPTS = 5


def code_for(verification: ContactVerification) -> str:
    """The six digits that were sent for this change."""
    mac = hmac.new(
        settings.NUMBER_HASH_KEY.encode(), f"contact:{verification.pk}:{verification.value}".encode(), hashlib.sha256
    )
    return f"{int.from_bytes(mac.digest()[:8], 'big') % 1_000_000:06d}"


def request_change(report: Report, *, by: Actor, channel: str, value: str) -> ContactVerification:
    """Notes the wished address (channel `email`) or number (`sms`, E.164) and has the code sent to it. Nothing changes
    until confirm_change."""
    with transaction.atomic():
        report.verifications.filter(channel=channel, verified_at=None).delete()
        verification = ContactVerification.objects.create(
            report=report, channel=channel, value=value, expires_at=clock.now() + VALID_FOR
        )
        events.append(
            report.case,
            EventKind.CONTACT_CHANGED,
            by,
            report=report,
            data={"stage": "requested", "channel": channel, "verification": verification.pk},
            by_reporter=True,
        )
    return verification


def confirm_change(report: Report, *, by: Actor, channel: str, code: str) -> Reporter:
    """The code came back: the new address or number is taken over and the old one is told of it. Raises NotAllowed for a
    wrong, old or too often tried code."""
    with transaction.atomic():
        verification = (
            report.verifications.select_for_update().filter(channel=channel, verified_at=None).order_by("-id").first()
        )
        if verification is None or verification.expires_at < clock.now():
            raise NotAllowed("Deze code is niet meer geldig. Vraag een nieuwe code.")
        verification.attempts += 1
        verification.save(update_fields=["attempts"])
        right = hmac.compare_digest(code_for(verification), code.strip())
        if right and verification.attempts <= MOST_ATTEMPTS:
            return _take_over(report, verification, by)
        tries_left = verification.attempts < MOST_ATTEMPTS
    # Outside the transaction, so that the counted attempt stays counted.
    raise NotAllowed(
        "Die code klopt niet. Kijk ze na en probeer opnieuw."
        if tries_left
        else "U probeerde te vaak een verkeerde code. Vraag een nieuwe code."
    )


def _take_over(report: Report, verification: ContactVerification, by: Actor) -> Reporter:
    reporter = report.reporter
    if reporter is None:
        raise NotAllowed("De gegevens van deze melder zijn al gewist.")
    now = clock.now()
    verification.verified_at = now
    verification.save(update_fields=["verified_at"])
    if verification.channel == "email":
        old, reporter.email, reporter.email_verified_at = reporter.email, verification.value, now
        reporter.wants_email = True
    else:
        old, reporter.mobile, reporter.mobile_verified_at = reporter.mobile, verification.value, now
        reporter.wants_sms = True
    reporter.save()
    # The old address stands in the verification's row, not in the event: events hold no personal data.
    warned = ContactVerification.objects.create(
        report=report,
        channel=verification.channel,
        value=old,
        replaced=True,
        expires_at=now,
        verified_at=now,
    )
    events.append(
        report.case,
        EventKind.CONTACT_CHANGED,
        by,
        report=report,
        data={"stage": "confirmed", "channel": verification.channel, "old": warned.pk if old else None},
        visible_to_reporter=True,
        by_reporter=True,
    )
    return reporter
