"""Messages to people who are no reporters: advisers, partners, colleagues. Planned with the command, sent by the
worker, tried again for hours, and parked with the reason when it can't be."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from meldloket.cases import clock
from meldloket.catalogue.current import catalogue

from .email_html import email_html
from .models import Notice
from .ports import DeliveryProblem, Outgoing, plugged
from .sms_text import to_gsm7

log = structlog.get_logger(__name__)

#: Minutes to wait after each failed attempt; after the last the notice is parked.
WAITS = (1, 5, 15, 60, 180, 360, 720)


def tell(
    once: str, recipient: str, subject: str, text: str, *, link: str = "", link_label: str = "", sms: bool = False
) -> None:
    """Plans one e-mail (or SMS) in the caller's transaction; the same `once` again plans nothing. Nothing happens without a
    recipient. `link`: a path of this product or a whole address. No personal data of reporters in any of it."""
    if not recipient:
        return
    now = clock.now()
    address = settings.BASE_URL + link if link.startswith("/") else link
    notice, new = Notice.objects.get_or_create(
        once=once[:120],
        defaults={
            "channel": "sms" if sms else "email",
            "recipient": recipient,
            "subject": " ".join(subject.split())[:255],
            "text": text,
            "link": address,
            "link_label": link_label,
            "planned_at": now,
            "next_attempt_at": now,
        },
    )
    if new:
        app.configure_task("send_notice", queue="messages").defer(notice_id=notice.pk)


def send(notice_id: int) -> None:
    """Sends one notice that is due. What was sent already stays so; a failure is tried again later."""
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True)
            .filter(pk=notice_id, state=Notice.State.WAITING, next_attempt_at__lte=clock.now())
            .first()
        )
        if notice is None:
            return
        # Claimed for five minutes: another worker leaves it alone, a dead one's notice is taken up again.
        notice.attempts += 1
        notice.next_attempt_at = clock.now() + timedelta(minutes=5)
        notice.save(update_fields=["attempts", "next_attempt_at"])
    way = plugged.get(notice.channel)
    try:
        if way is None:
            raise DeliveryProblem("Dit kanaal is niet ingesteld.", retry=True)
        receipt = way.deliver(_outgoing(notice))
    except DeliveryProblem as problem:
        _failed(notice, problem)
    else:
        notice.state, notice.sent_at, notice.text, notice.link = Notice.State.SENT, clock.now(), "", ""
        notice.problem = ""
        notice.save()
        log.info("notice_sent", key=str(notice.key), reference=receipt.provider_reference)


def _outgoing(notice: Notice) -> Outgoing:
    town = catalogue().municipality.name
    text = f"{notice.text}\n\n{notice.link}" if notice.link else notice.text
    if notice.channel == "sms":
        return Outgoing(notice.key, "sms", "", notice.recipient, text=to_gsm7(text))
    html = email_html(
        notice.subject, notice.text, language="nl", municipality=town, link=notice.link, link_label=notice.link_label
    )
    return Outgoing(notice.key, "email", "", notice.recipient, subject=notice.subject, text=text, html=html)


def _failed(notice: Notice, problem: DeliveryProblem) -> None:
    notice.problem = problem.reason[:300]
    if problem.retry and notice.attempts <= len(WAITS):
        notice.next_attempt_at = clock.now() + timedelta(minutes=WAITS[notice.attempts - 1])
    else:
        notice.state = Notice.State.PARKED
        log.warning("notice_parked", key=str(notice.key), reason=problem.reason)
    notice.save()


def due() -> list[int]:
    """Notices whose moment has come, for the sweep."""
    rows = Notice.objects.filter(state=Notice.State.WAITING, next_attempt_at__lte=clock.now())
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:200])
