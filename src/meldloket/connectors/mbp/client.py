"""Hands one bundle to the notification component. There is no feedback on what happens next: handed over is the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from meldloket.connectors.dosis.calls import Api, ApiSettings
from meldloket.messages.ports import DeliveryProblem, Outgoing, Receipt
from meldloket.people.protect import normalise

_MANDATORY = ("AanbiederUri", "Categorie", "Kanalen", "ProductId", "MerkCode", "SleutelWaardeParen")
_MANDATORY_KEYS = ("DossierNummer", "StatusVlaamseCode", "StatusVlaamseFase")


@dataclass(frozen=True)
class MbpSettings:
    """`api`: address and token. `path`: where a bundle is posted."""

    api: ApiSettings
    path: str = "/api/v2/notificaties"


class MbpChannel:
    """The way to the bell of Mijn Burgerprofiel. Safe to repeat: a bundle is known again by its Id, which is unique."""

    name = "mbp"
    safe_to_repeat = True

    def __init__(
        self,
        settings: MbpSettings,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings
        self._api = Api("Mijn Burgerprofiel", settings.api, transport, clock)

    def deliver(self, message: Outgoing) -> Receipt:
        """Posts `message.payload` (from `messages.dosis_body.mbp_bundle`) for the citizen with national number
        `message.recipient`. Returns the Id of the bundle.

        Raises DeliveryProblem. A 409 says that this Id is there already: that is what was wanted."""
        answer = self._api.call("POST", self.settings.path, json=complete(message))
        bundle_id = str(message.delivery_id)
        if answer.status_code == 409:
            return Receipt(bundle_id, "Mijn Burgerprofiel had dit bericht al.")
        self._api.expect(answer)
        if answer.content and self._api.read(answer) is None:
            raise self._api.unreadable()
        return Receipt(bundle_id, "Aanvaard door Mijn Burgerprofiel.")

    def check(self) -> str | None:
        """None when we get a token and the address answers. Knocks with a GET, which sends nothing and which the
        component may well refuse (405)."""
        try:
            answer = self._api.call("GET", self.settings.path)
            if answer.status_code != 405:
                self._api.expect(answer)
        except DeliveryProblem as problem:
            return problem.reason
        return None


def complete(message: Outgoing) -> dict[str, Any]:
    """The whole bundle: with its id and its one recipient. Raises DeliveryProblem (not to be retried, with `details`
    per field) for what the component is sure to refuse."""
    bundle = message.payload
    pairs = bundle.get("SleutelWaardeParen") or []
    given = {pair.get("Sleutel") for pair in pairs if pair.get("Waarde")}
    wrong = [{"field": name, "message": "Dit veld is verplicht."} for name in _MANDATORY if not bundle.get(name)]
    wrong += [{"field": name, "message": "Deze sleutel is verplicht."} for name in _MANDATORY_KEYS if name not in given]
    number = normalise(message.recipient)
    if number is None:
        wrong.append({"field": "Bestemmelingen[0]", "message": "Dit is geen geldig rijksregisternummer."})
    if wrong:
        fields = ", ".join(one["field"] for one in wrong)
        reason = f"De gegevens voor Mijn Burgerprofiel kloppen niet: {fields}."
        raise DeliveryProblem(reason, retry=False, details=wrong)
    return {**bundle, "Id": str(message.delivery_id), "Bestemmelingen": [{"Identificatie": number}]}
