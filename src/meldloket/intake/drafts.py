"""A report that is being filled in, kept on the server at every step: the back button, an expired session, a restart and
a second tab lose nothing (B1.4)."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import timedelta
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from meldloket.cases import clock
from meldloket.cases.models import IntakeChannel
from meldloket.catalogue.current import catalogue
from meldloket.people.access import log_access
from meldloket.people.models import Account, NationalNumber

from .models import Draft
from .ports import RegisterAnswer, WhyNot, plugged

#: Drafts that nobody touched for so long are swept away, with their files.
KEPT_FOR = timedelta(days=30)


def start(account: Account | None, *, channel: str = IntakeChannel.WEB, registered_by: Account | None = None) -> Draft:
    """A new draft. Without an account it belongs to whoever holds `session_token` in their session."""
    return Draft.objects.create(
        account=account,
        session_token="" if account or registered_by else secrets.token_urlsafe(24),
        channel=channel,
        registered_by=registered_by,
        number=account.number if account else None,
        data={"contact": {"language": account.language if account else "nl"}},
    )


def find(public_id: UUID, account: Account | None, session_tokens: list[str]) -> Draft | None:
    """The draft, when it is this person's: their account's, their session's, or registered by them. None for anyone else,
    as if it did not exist."""
    mine = Q(pk__in=[])
    if session_tokens:
        mine |= Q(session_token__in=[token for token in session_tokens if token])
    if account is not None:
        mine |= Q(account=account, registered_by=None) | Q(registered_by=account)
    found = Draft.objects.filter(mine, public_id=public_id).order_by().first()
    if found is not None and account is not None and found.account_id == account.pk:
        found.account = account  # is at hand: a join over all its columns costs more than the row itself
    if found is not None and found.account_id is None and account is not None and found.registered_by_id is None:
        # Whoever logs in on the way takes the draft along.
        found.account, found.number = account, account.number
        found.save(update_fields=["account", "number", "updated_at"])
    return found


def unfinished(account: Account) -> Draft | None:
    """The newest draft of this citizen that was not sent."""
    return Draft.objects.filter(account=account, report=None, registered_by=None).order_by("-id").first()


def save_step(draft: Draft, step: str, values: dict[str, Any]) -> Draft:
    """Keeps what was given in one step; other steps stay as the other tab left them."""
    with transaction.atomic():
        fresh = Draft.objects.select_for_update().get(pk=draft.pk)
        if fresh.report_id is None:
            fresh.data = {**fresh.data, step: values}
            fresh.version += 1
            fresh.save(update_fields=["data", "version", "updated_at"])
    draft.data, draft.version, draft.report_id = fresh.data, fresh.version, fresh.report_id
    return draft


def prefill(draft: Draft, *, actor: Account | None, purpose: str = "", again: bool = False) -> dict[str, Any]:
    """What the register says about the draft's person (B1.3), asked once and kept with the draft; `again` asks anew. The
    look-up is logged with its purpose. Gives the kept answer: first_name, last_name, address, why_not, hints,
    fetched_at; the form opens without it when the register is slow or down."""
    if draft.register and not again:
        return dict(draft.register)
    settings = catalogue().municipality
    if draft.number is None or not settings.prefill or plugged.register is None:
        return _keep(draft, RegisterAnswer(why_not=WhyNot.SWITCHED_OFF))
    insz = draft.number.open()
    staff_number = actor.number.open() if actor and actor.is_staff_account and actor.number else None
    started = perf_counter()
    answer = plugged.register.look_up(insz, actor_insz=staff_number)
    log_access(
        by=actor,
        action="look_up",
        purpose=purpose or settings.prefill_purpose,
        number=draft.number,
        call_reference=answer.reference,
        service="GeefPersoon-02.02",
        outcome=_outcome(answer),
        codes=answer.codes,
        milliseconds=int((perf_counter() - started) * 1000),
    )
    return _keep(draft, answer)


def _outcome(answer: RegisterAnswer) -> str:
    if answer.why_not == WhyNot.UNAVAILABLE:
        return "unanswered"
    if answer.why_not == WhyNot.REFUSED:
        return "refused"
    return "succeeded" if answer.found else "failed"


def _keep(draft: Draft, answer: RegisterAnswer) -> dict[str, Any]:
    kept = {
        "first_name": answer.first_name,
        "last_name": answer.last_name,
        "address": asdict(answer.address) if answer.address else {},
        "why_not": answer.why_not.value if answer.why_not else "",
        "hints": list(answer.hints),
        "fetched_at": clock.now().isoformat() if answer.found else "",
    }
    draft.register = kept
    # An unreachable register is asked again at the next visit of the step.
    if answer.why_not != WhyNot.UNAVAILABLE:
        draft.save(update_fields=["register", "updated_at"])
    return kept


def set_person(draft: Draft, insz: str) -> None:
    """The desk registers for somebody with this national number (11 digits, checked)."""
    draft.number = NationalNumber.of(insz)
    draft.register = {}
    draft.save(update_fields=["number", "register", "updated_at"])


def sweep() -> int:
    """Removes drafts that were left alone too long, and files that belong to nothing. Run daily. Gives how many drafts."""
    old = Draft.objects.filter(report=None, updated_at__lt=clock.now() - KEPT_FOR)
    count = 0
    for draft in old.prefetch_related("files__attachment"):
        for kept in draft.files.all():
            kept.attachment.file.delete(save=False)
            if kept.attachment.thumbnail:
                kept.attachment.thumbnail.delete(save=False)
            kept.attachment.delete()
        draft.delete()
        count += 1
    return count
