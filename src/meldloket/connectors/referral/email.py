"""For partners with nothing but e-mail: the order as a message, with a link to a page on which they answer."""

from __future__ import annotations

from datetime import date

from meldloket.actions.ports import HandedOver, Order, ReferralProblem, System, Update
from meldloket.messages.email_html import email_html
from meldloket.messages.ports import Channel, DeliveryProblem, Outgoing


class EmailReferral:
    """Sends the order through the e-mail channel that citizens' messages use too; answers come in through the page."""

    polls = False

    def __init__(self, channel: Channel, municipality: str) -> None:
        self._channel = channel
        self._municipality = municipality

    def hand_over(self, system: System, order: Order) -> HandedOver:
        """See actions.ports. E-mail knows no repeats: what may have left is not sent again."""
        if order.again:
            raise ReferralProblem(
                "De e-mail is misschien al vertrokken. Bel de partner, of neem de taak terug.", retry=False
            )
        subject = f"Taak {order.reference}: {order.title}"
        parts = [f"Dag\n\n{self._municipality} vraagt u om dit te doen: {order.title}."]
        parts += [order.description] if order.description != order.title else []
        parts += [f"Plaats: {order.place}"] if order.place else []
        parts += [f"Ten laatste op {date.fromisoformat(order.due):%d/%m/%Y}."] if order.due else []
        parts += ["Foto’s:\n" + "\n".join(order.photos)] if order.photos else []
        parts.append(f"Antwoord op deze pagina: u hoeft zich niet aan te melden.\n\n{order.reply_url}")
        text = "\n\n".join(parts)
        html = email_html(
            subject, text, language="nl", municipality=self._municipality, link=order.reply_url, link_label="Antwoorden"
        )
        message = Outgoing(order.key, "email", "", system.email, subject=subject, text=text, html=html)
        try:
            receipt = self._channel.deliver(message)
        except DeliveryProblem as problem:
            # Uncertain is not repeated: two orders for one hole in the road cost more than a phone call.
            retry = problem.retry and not problem.uncertain
            raise ReferralProblem(problem.reason, retry=retry, uncertain=problem.uncertain) from problem
        return HandedOver(external_id=receipt.provider_reference[:120])

    def check(self, system: System) -> str | None:
        """The mail server is checked as a channel; here whether there is an address. None, or Dutch what is wrong."""
        return None if "@" in system.email else f"{system.name}: het e-mailadres ontbreekt."

    def news(self, system: System, external_id: str, token: str) -> tuple[str, list[Update]]:
        """Nothing: the partner answers on the page."""
        return external_id, []
