"""A personal link to the form, sent by the desk to somebody who phoned (B1.1): it expires, and opens one draft only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from meldloket.cases import clock
from meldloket.cases.models import IntakeChannel
from meldloket.people.models import Account

from . import drafts
from .models import Draft, Invitation

VALID_FOR = timedelta(days=7)


class LinkNotValid(Exception):
    """The link is unknown, too old, or its report was sent already."""


def invite(*, by: Account, channel: str, note: str = "") -> tuple[Invitation, str]:
    """Makes a link for somebody who gets it by `channel` (email or sms). Gives the row and the token, which is nowhere
    else; `note` is what the receptionist already heard and stands in the form as the text."""
    token = secrets.token_urlsafe(24)
    now = clock.now()
    invitation = Invitation.objects.create(
        token_digest=_digest(token), channel=channel, sent_by=by, note=note, created_at=now, expires_at=now + VALID_FOR
    )
    return invitation, token


def accept(token: str) -> Draft:
    """The draft of this link, made at its first use. Raises LinkNotValid."""
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update().filter(token_digest=_digest(token), expires_at__gt=clock.now()).first()
        )
        if invitation is None:
            raise LinkNotValid
        if invitation.draft is None:
            draft = drafts.start(None, channel=IntakeChannel.LINK)
            if invitation.note:
                drafts.save_step(draft, "what", {"text": invitation.note, "category": ""})
            invitation.draft = draft
            invitation.save(update_fields=["draft"])
        if invitation.draft.report_id is not None:
            raise LinkNotValid
        return invitation.draft


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
