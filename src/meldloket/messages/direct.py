"""The one message that belongs to no report yet: the desk's personal link. Sent at once, so that the receptionist, who
still has the citizen on the phone, hears whether it went."""

from __future__ import annotations

import uuid

from django.conf import settings

from meldloket.catalogue.current import catalogue

from .email_html import email_html
from .ports import DeliveryProblem, Outgoing, plugged


def send_invitation(channel: str, to: str, path: str) -> str | None:
    """Sends the link by `channel` (email or sms) to an address or E.164 number. Gives None, or a Dutch sentence that says
    what went wrong."""
    way = plugged.get(channel)
    if way is None:
        return "Dit kanaal is niet ingesteld. Kies een ander, of registreer de melding zelf."
    name = catalogue().municipality.name
    link = settings.BASE_URL + path
    subject = f"Uw link om een melding te doen bij {name}"
    text = (
        f"U nam contact op met {name} om iets te melden.\n\nMet deze persoonlijke link doet u uw melding. "
        f"De link werkt zeven dagen, voor één melding:\n{link}"
    )
    if channel == "sms":
        text = f"{name}: doe uw melding met deze link (7 dagen geldig): {link}"
    message = Outgoing(
        delivery_id=uuid.uuid4(),
        channel=channel,
        reference="",
        recipient=to,
        subject=subject,
        text=text,
        html=email_html(subject, text, language="nl", municipality=name, link=link, link_label="Mijn melding doen"),
    )
    try:
        way.deliver(message)
    except DeliveryProblem as problem:
        return problem.reason
    return None
