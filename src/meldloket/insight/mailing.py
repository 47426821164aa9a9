"""A kept view by mail: the figures that matter in a few lines, and the way to the page. Each reader gets the figures of
what they may see themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.http import QueryDict

from meldloket.cases import clock
from meldloket.messages import notices
from meldloket.people.models import Account
from meldloket.people.permissions import allows

from . import columns, figures
from .chosen import Chosen
from .models import Overview

PATH = "/kantoor/inzicht/"


def keep(owner: Account, name: str, chosen: Chosen, *, shared: bool, mail: str, readers: Iterable[Account]) -> Overview:
    """Keeps a view of `owner` under `name`; the same name changes it. `mail`: of Overview.Mail; without readers it goes to
    the owner. The first mail comes at the start of the next week or month."""
    with transaction.atomic():
        fields = {"query": chosen.query(), "shared": shared, "mail": mail, "mailed_on": clock.today()}
        view, _ = Overview.objects.update_or_create(owner=owner, name=name, defaults=fields)
        view.readers.set(readers)
    return view


def turn(mail: str, today: date) -> date | None:
    """The day on which the current turn of a weekly or monthly mail began; None when it is never mailed."""
    if mail == Overview.Mail.WEEKLY:
        return today - timedelta(days=today.weekday())
    return today.replace(day=1) if mail == Overview.Mail.MONTHLY else None


def send_due() -> int:
    """Plans the mails of every view whose turn came, also when the worker stood still on the day itself; once per reader
    and turn. Gives how many views that were."""
    today, count = clock.today(), 0
    for view in Overview.objects.exclude(mail=Overview.Mail.NEVER).select_related("owner").order_by("pk"):
        began = turn(view.mail, today)
        if began is None or (view.mailed_on and view.mailed_on >= began):
            continue
        texts = [(reader, _text(view, reader)) for reader in _readers(view)]
        with transaction.atomic():
            for reader, text in texts:
                notices.tell(
                    f"overview:{view.pk}:{reader.pk}:{began}",
                    reader.email,
                    f"Overzicht “{view.name}”",
                    text,
                    link=f"{PATH}?{view.query}",
                    link_label="Naar het overzicht",
                )
            view.mailed_on = today
            view.save(update_fields=["mailed_on"])
        count += 1
    return count


def _readers(view: Overview) -> list[Account]:
    """Who gets it: whoever was chosen, else the owner; nobody who left or lost the right."""
    rows = list(view.readers.all()) or [view.owner]
    return [row for row in rows if row.is_active and allows(row.actor, "insight.view")]


def _text(view: Overview, reader: Account) -> str:
    """The figures in plain words."""
    chosen = Chosen.read(QueryDict(view.query))
    with columns.reading(now=True) as store:
        found = figures.overview(store, chosen.scope(reader.actor), clock.today())
    head, mean = found.headline, found.satisfaction.mean
    narrowed = ", ".join(words for _, words in chosen.in_words())
    lines = [
        f"Van {chosen.since:%d/%m/%Y} tot en met {chosen.until:%d/%m/%Y}{f' ({narrowed})' if narrowed else ''}:",
        "",
        f"Ontvangen: {head.received} (periode ervoor: {head.received_before})",
        f"Afgehandeld: {head.closed}",
        f"Nu open: {head.open}",
        f"Nu over tijd: {head.late}",
    ]
    if head.promised:
        lines.append(f"Binnen de beloofde termijn: {round(100 * head.kept / head.promised)} %")
    if mean is not None:
        lines.append(f"Tevredenheid: {mean} op 5".replace(".", ","))
    owner = "" if reader.pk == view.owner_id else f"\n\n{view.owner.full_name} liet u dit overzicht sturen."
    return "\n".join(lines) + owner
