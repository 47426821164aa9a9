"""The way in for a partner without an account: a personal link that opens one request until a while after its term, and a
one-time code by SMS or e-mail at each visit. Only digests are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, time, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from meldloket.cases import clock
from meldloket.messages.notices import tell

from .models import AdviceLink, AdviceRequest

#: Days after the term during which a link still opens: a late advice is better than none.
log = structlog.get_logger(__name__)
DAYS_AFTER_TERM = 14
CODE_MINUTES = 15
MOST_ATTEMPTS = 5
MOST_CODES = 10


class LinkRefused(Exception):
    """The link or code can't be used. `reason`: Dutch, for the partner."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def new(request: AdviceRequest) -> str:
    """A fresh token for this request; earlier links go on working."""
    token = secrets.token_urlsafe(32)
    until = datetime.combine(request.due + timedelta(days=DAYS_AFTER_TERM), time(23, 59))
    AdviceLink.objects.create(request=request, token_digest=_digest(token), expires_at=timezone.make_aware(until))
    return token


def revoke(request: AdviceRequest) -> int:
    """No earlier link to this request works any more, also where it was opened already. Gives how many there were."""
    now = clock.now()
    return AdviceLink.objects.filter(request=request, expires_at__gt=now).update(expires_at=now)


def find(token: str) -> AdviceLink:
    """The link of this token. Raises LinkRefused when it is unknown or too old."""
    link = (
        AdviceLink.objects.select_related("request__service", "request__case__category")
        .filter(token_digest=_digest(token))
        .first()
    )
    if link is None or link.expires_at <= clock.now():
        log.info("advice_link_refused", known=link is not None)
        raise LinkRefused("Deze link werkt niet meer. Vraag de gemeente om een nieuwe.")
    return link


def masked_way(link: AdviceLink) -> str:
    """Where the code goes, so that the partner knows where to look, without showing the whole of it."""
    service = link.request.service
    if service.mobile:
        return f"•••• {service.mobile[-3:]}"
    name, _, domain = service.email.partition("@")
    return f"{name[:1]}•••@{domain}"


def send_code(link: AdviceLink) -> None:
    """Sends a new code of six digits, to the mobile number of the service or else its mailbox. Raises LinkRefused when too
    many were asked."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        current = AdviceLink.objects.select_for_update().get(pk=link.pk)
        if current.codes_sent >= MOST_CODES:
            raise LinkRefused("Er zijn te veel codes gevraagd voor deze link. Vraag de gemeente om een nieuwe.")
        current.codes_sent += 1
        current.code_digest = _digest(f"{current.pk}:{code}")
        current.code_expires_at = clock.now() + timedelta(minutes=CODE_MINUTES)
        current.attempts = 0
        current.save()
        service = link.request.service
        tell(
            f"advice-code:{current.pk}:{current.codes_sent}",
            service.mobile or service.email,
            "Uw code om een adviesvraag te openen",
            f"Uw code voor adviesvraag {link.request.case.reference}: {code}. Ze werkt {CODE_MINUTES} minuten.",
            sms=bool(service.mobile),
        )


def check_code(link: AdviceLink, code: str) -> None:
    """Raises LinkRefused when the code is wrong, too old, or tried too often; a code works once."""
    with transaction.atomic():
        current = AdviceLink.objects.select_for_update().get(pk=link.pk)
        if not current.code_digest or current.code_expires_at is None or current.code_expires_at < clock.now():
            refused: str | None = "Deze code is verlopen. Vraag een nieuwe."
        elif current.attempts >= MOST_ATTEMPTS:
            refused = "U hebt te vaak geprobeerd. Vraag een nieuwe code."
        elif not hmac.compare_digest(current.code_digest, _digest(f"{current.pk}:{''.join(code.split())}")):
            current.attempts += 1
            refused = "Deze code klopt niet. Kijk na of u de laatste code gebruikt."
        else:
            current.code_digest, current.attempts, refused = "", 0, None
        current.save()
    if refused:
        raise LinkRefused(refused)
