"""What is left of a person once the term of their report is over: nothing (design.md, "Personal data"). The log of who
opened protected data stays: it is the proof of that, and knows the person by a digest alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from .models import Account, NationalNumber, Reporter

#: A citizen's account without reports is kept this long after the last login.
ACCOUNT_KEPT = timedelta(days=365)


def erase_reporter(reporter: Reporter, now: datetime) -> None:
    """Empties the personal data of one report. The citizen's account goes too when nothing else needs it and nobody logged
    in for ACCOUNT_KEPT; so does the national number. Call in a transaction; again changes nothing."""
    account, number = reporter.account, reporter.number
    empty = Reporter(pk=reporter.pk, wants_email=False, language=reporter.language, erased_at=reporter.erased_at or now)
    empty.save(force_update=True)
    if account is not None and _unused(account, now):
        account.delete()
    if number is not None and not _needed(number):
        number.delete()


def _unused(account: Account, now: datetime) -> bool:
    seen = account.last_login or account.created_at
    busy = Reporter.objects.filter(account=account).exists()
    return not account.is_staff_account and seen < now - ACCOUNT_KEPT and not busy


def _needed(number: NationalNumber) -> bool:
    return Reporter.objects.filter(number=number).exists() or Account.objects.filter(number=number).exists()
