"""Hands a task over as an e-mail with a reply link, for partners who have nothing but a mailbox."""

from __future__ import annotations

from meldloket.actions.ports import HandedOver, Order, ReferralProblem, System, Update
from meldloket.connectors.email import EmailChannel, EmailSettings
from meldloket.connectors.email.compose import recipient_address
from meldloket.messages.ports import DeliveryProblem, Outgoing


class EmailReferral:
    """Over the same mail server as the messages to citizens."""

    polls = False

    def __init__(self, settings: EmailSettings) -> None:
        self._channel = EmailChannel(settings)

    def hand_over(self, system: System, order: Order) -> HandedOver:
        """Sends the order. SMTP knows no repeat: after an uncertain failure the mail may come twice, with one Message-ID
        (`order.key`) and one reply link, on which a second answer changes nothing. A lost order would be worse.

        Raises ReferralProblem."""
        mail = Outgoing(
            delivery_id=order.key,
            channel="email",
            # Several cases have several references; one goes into the Reply-To address.
            reference=order.reference.partition(",")[0].strip(),
            recipient=system.email,
            subject=f"Opdracht {order.reference}: {order.title}",
            text=_words(system, order),
        )
        try:
            self._channel.deliver(mail)
        except DeliveryProblem as problem:
            retry = problem.retry or problem.uncertain
            raise ReferralProblem(f"{system.name}: {problem.reason}", retry=retry) from problem
        return HandedOver()

    def check(self, system: System) -> str | None:
        """Whether the address is one; the mail server is checked as a channel. None, or Dutch what is wrong."""
        try:
            recipient_address(system.email)
        except DeliveryProblem as problem:
            return f"{system.name}: {problem.reason}"
        return None

    def news(self, system: System, external_id: str, token: str) -> tuple[str, list[Update]]:
        """Nothing: they answer on the page behind the link."""
        return external_id, []


def _words(system: System, order: Order) -> str:
    """The e-mail in plain Dutch. What is not known is left out."""
    where = order.place
    if order.latitude is not None and order.longitude is not None:
        where = f"{where} ({order.latitude:.6f}, {order.longitude:.6f})".strip()
    due = "/".join(reversed(order.due.split("-")))
    parts = [
        "Dag",
        f"Wij geven u deze opdracht door: {order.title}.",
        order.description if order.description != order.title else "",
        f"Waar: {where}" if where else "",
        f"Graag klaar tegen: {due}" if due else "",
        "Foto's:\n" + "\n".join(order.photos) if order.photos else "",
        f"Laat ons via deze link weten of u de opdracht aanneemt en wanneer ze klaar is:\n{order.reply_url}",
        "Deel de link niet: wie ze heeft, kan in uw naam antwoorden. Antwoord niet op deze e-mail zelf.",
        f"Ons kenmerk: {order.reference}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
