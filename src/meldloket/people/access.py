"""Opening protected data, always with a purpose and always written down, in the same transaction as the opening."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from .models import AccessLog, Account, NationalNumber
from .permissions import allows


class PurposeMissing(Exception):
    """Nobody opens protected data without saying why."""


def open_number(number: NationalNumber, *, by: Account, purpose: str, reference: str = "") -> str:
    """The national number in full (11 digits), for whoever has `protected.open`; the log keeps who, about whom and why.
    Raises PurposeMissing when the purpose is empty or shorter than five characters, PermissionError without the right."""
    if not allows(by.actor, "protected.open"):
        raise PermissionError("protected.open")
    if len(purpose.strip()) < 5:
        raise PurposeMissing
    with transaction.atomic():
        log_access(by=by, action="open_number", purpose=purpose, number=number, report_reference=reference)
        return number.open()


def log_access(
    *,
    by: Account | None,
    action: str,
    purpose: str,
    number: NationalNumber | None = None,
    report_reference: str = "",
    call_reference: str = "",
    service: str = "",
    outcome: str = "succeeded",
    codes: tuple[str, ...] = (),
    milliseconds: int = 0,
) -> AccessLog:
    """Adds a row to the log (specs/identity 2.8): never the content of what was seen."""
    return AccessLog.objects.create(
        at=timezone.now(),
        actor=by,
        actor_name=by.full_name if by and by.is_staff_account else "",
        action=action,
        purpose=purpose.strip()[:300],
        subject_digest=number.digest if number else "",
        subject_ciphertext=bytes(number.ciphertext) if number else b"",
        report_reference=report_reference,
        call_reference=call_reference,
        service=service,
        outcome=outcome,
        codes=list(codes),
        milliseconds=milliseconds,
    )
