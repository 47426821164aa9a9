"""Hands one SMS to the gateway: the generic interface of specs/identity-and-registers §5, which most providers offer
or which a small adapter in front of them can."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from meldloket.messages.ports import DeliveryProblem, Outgoing, Receipt

_E164 = re.compile(r"\+[1-9]\d{7,14}")
_CONFIGURATION = {
    401: "De sms-dienst aanvaardt onze sleutel niet",
    402: "Het tegoed bij de sms-dienst is op",
    403: "De sms-dienst aanvaardt onze sleutel niet",
    404: "Het adres van de sms-dienst klopt niet",
    405: "Het adres van de sms-dienst klopt niet",
}


@dataclass(frozen=True)
class SmsSettings:
    """`url`: where a message is posted. `api_key`: goes as a Bearer token. `sender`: at most 11 letters and digits, or
    a number. `safe_to_repeat`: the gateway knows our reference again and sends nothing twice; ask the provider.
    `timeout`: seconds to wait for an answer (3 to connect)."""

    url: str
    api_key: str = field(repr=False)
    sender: str
    safe_to_repeat: bool = True
    timeout: float = 10.0


class SmsChannel:
    """The way out by SMS."""

    name = "sms"

    def __init__(self, settings: SmsSettings, client: httpx.Client | None = None) -> None:
        self.settings = settings
        self.safe_to_repeat = settings.safe_to_repeat
        self._client = client or httpx.Client(timeout=httpx.Timeout(settings.timeout, connect=3.0))

    def deliver(self, message: Outgoing, before_handover: Callable[[], None] = lambda: None) -> Receipt:
        """Posts the message; `before_handover` is called once, just before. Returns the gateway's id.

        Raises DeliveryProblem: 4xx is final except 408 and 429; an answer that got lost is retried when the gateway
        recognises the reference, else it is uncertain."""
        if not _E164.fullmatch(message.recipient):
            raise DeliveryProblem("Dit is geen geldig gsm-nummer.", retry=False)
        before_handover()
        body = {
            "to": message.recipient,
            "from": self.settings.sender,
            "text": message.text,
            "reference": str(message.delivery_id),
        }
        try:
            answer = self._client.post(self.settings.url, json=body, headers=self._headers())
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise DeliveryProblem("De sms-dienst is niet bereikbaar.", retry=True) from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            reason = "Het adres van de sms-dienst klopt niet."
            raise DeliveryProblem(reason, retry=True, stop_channel=True) from error
        except httpx.HTTPError as error:
            raise self._in_the_dark("De sms-dienst antwoordde niet") from error
        return self._read(answer)

    def check(self) -> str | None:
        """Knocks with a GET, which sends nothing: any answer but a refusal of the key means that somebody is there."""
        try:
            answer = self._client.get(self.settings.url, headers=self._headers())
        except (httpx.HTTPError, httpx.InvalidURL):
            return "Sms: de sms-dienst is niet bereikbaar."
        if answer.status_code in (401, 402, 403, 404):
            return f"Sms: {_CONFIGURATION[answer.status_code][0].lower()}{_CONFIGURATION[answer.status_code][1:]}."
        return f"Sms: de sms-dienst heeft een storing ({answer.status_code})." if answer.status_code >= 500 else None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.api_key}"}

    def _read(self, answer: httpx.Response) -> Receipt:
        status = answer.status_code
        if status in (408, 429):
            raise DeliveryProblem(f"De sms-dienst kan nu niet ({status}).", retry=True)
        if status in _CONFIGURATION:
            raise DeliveryProblem(f"{_CONFIGURATION[status]} ({status}).", retry=True, stop_channel=True)
        if 300 <= status <= 399:
            raise DeliveryProblem("De sms-dienst verwijst ons door naar een ander adres.", retry=True, stop_channel=True)
        if 400 <= status <= 499:
            field_name = _word(answer, "error", "field")
            about = f", veld {field_name}" if field_name else ""
            details = [{"field": field_name, "message": f"niet aanvaard ({status})"}] if field_name else []
            raise DeliveryProblem(f"De sms-dienst weigert dit bericht ({status}{about}).", retry=False, details=details)
        if status >= 500:
            raise self._in_the_dark(f"De sms-dienst heeft een storing ({status})")
        provider_reference = _word(answer, "id")
        if not provider_reference:
            raise self._in_the_dark("De sms-dienst gaf een onleesbaar antwoord")
        return Receipt(provider_reference, "Aanvaard door de sms-dienst.")

    def _in_the_dark(self, what: str) -> DeliveryProblem:
        """The message left and nobody knows whether it was taken."""
        if self.safe_to_repeat:
            return DeliveryProblem(f"{what}.", retry=True)
        return DeliveryProblem(f"{what}: de sms is misschien toch vertrokken.", retry=False, uncertain=True)


def _word(answer: httpx.Response, *path: str) -> str:
    """A short word at a place in the JSON answer, or empty: what another system writes is never trusted to be there."""
    try:
        value: Any = answer.json()
    except ValueError:
        return ""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return str(value)[:80] if isinstance(value, str | int) and not isinstance(value, bool) else ""
