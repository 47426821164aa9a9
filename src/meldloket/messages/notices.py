"""Messages to people who are no reporters: advisers, partners, colleagues. Planned with the command, sent by the
worker, tried again for hours, and parked with the reason when it can't be."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from meldloket.cases import clock
from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue
from meldloket.people import api_clients
from meldloket.people.models import Account

from .email_html import email_html
from .models import Notice
from .ports import DeliveryProblem, Event, Outgoing, plugged, senders
from .sms_text import to_gsm7

WEBHOOK = "webhook"
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
    _plan(
        once,
        channel="sms" if sms else "email",
        recipient=recipient,
        subject=" ".join(subject.split())[:255],
        text=text,
        link=settings.BASE_URL + link if link.startswith("/") else link,
        link_label=link_label,
    )


def tell_handler(case: Case, once: str, subject: str, text: str, *, otherwise: Account | None = None) -> None:
    """Plans one e-mail to whoever handles the case (`otherwise`: to this person), with the way to the case; its reference
    is added to the subject. As `tell` for the rest."""
    handler = case.handler or otherwise
    if handler is not None:
        link = f"/kantoor/meldingen/{case.reference}/"
        tell(once, handler.email, f"{subject}: {case.reference}", text, link=link, link_label="Naar het dossier")


def tell_system(once: str, partner: str, kind: str, subject: str, data: dict[str, Any]) -> None:
    """Plans one signed event for the system of `partner` in the caller's transaction, when it has a webhook; the same
    `once` again plans nothing. `kind`: the CloudEvents type; `data`: no personal data."""
    if api_clients.webhook_of(partner) is not None:
        words = json.dumps({"subject": subject, "data": data}, ensure_ascii=False)
        _plan(once, channel=WEBHOOK, recipient=partner, subject=kind, text=words)


def _plan(once: str, **fields: Any) -> None:
    now = clock.now()
    defaults = {**fields, "planned_at": now, "next_attempt_at": now}
    notice, new = Notice.objects.get_or_create(once=once[:120], defaults=defaults)
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
    try:
        reference = _hand_over(notice)
    except DeliveryProblem as problem:
        _failed(notice, problem)
    else:
        notice.state, notice.sent_at, notice.text, notice.link = Notice.State.SENT, clock.now(), "", ""
        notice.problem = ""
        notice.save()
        log.info("notice_sent", key=str(notice.key), reference=reference)


def _hand_over(notice: Notice) -> str:
    """Gives the notice to its channel. Returns the name at the other side. Raises DeliveryProblem."""
    if notice.channel == WEBHOOK:
        return _post(notice)
    way = plugged.get(notice.channel)
    if way is None:
        raise DeliveryProblem("Dit kanaal is niet ingesteld.", retry=True)
    return way.deliver(_outgoing(notice)).provider_reference


def _post(notice: Notice) -> str:
    """The address and the secret are those of this moment: a partner that moved gets what waited at its new address."""
    hook, sender = api_clients.webhook_of(notice.recipient), senders.get(WEBHOOK)
    if hook is None or sender is None:
        raise DeliveryProblem("Deze partner heeft geen webhook (meer).", retry=False)
    said = json.loads(notice.text)
    sender.send(*hook, Event(notice.key, notice.subject, said["subject"], said["data"]))
    return ""


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


def resend(notice: Notice) -> bool:
    """A parked notice is tried again at once. False when it is not parked any more."""
    now = clock.now()
    with transaction.atomic():
        parked = Notice.objects.filter(pk=notice.pk, state=Notice.State.PARKED)
        if not parked.update(state=Notice.State.WAITING, attempts=0, problem="", next_attempt_at=now):
            return False
        app.configure_task("send_notice", queue="messages").defer(notice_id=notice.pk)
    return True


def due() -> list[int]:
    """Notices whose moment has come, for the sweep."""
    rows = Notice.objects.filter(state=Notice.State.WAITING, next_attempt_at__lte=clock.now())
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:200])
