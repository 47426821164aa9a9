"""Sends the snapshot of a case to DOSIS and asks afterwards what became of it (specs/dosis-and-mbp, chapter 3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from meldloket.connectors.dosis.calls import Api, ApiSettings, without_numbers
from meldloket.messages.dosis_body import BRUSSELS, fit, flaws
from meldloket.messages.ports import DeliveryProblem, Outgoing, ProcessingResult, Receipt
from meldloket.people.protect import normalise

RESULT = "/api/v1/dosis/resultaten/perUploadId"
CASES = "/api/v1/dosis/dossiers"
SOURCES = "/api/v2/dosis/bronnen/uris"


@dataclass(frozen=True)
class DosisSettings:
    """`api`: address and token. `source`: our source URI (bron). `upload_path`: where a snapshot is posted; it was
    `/api/v2/dossiers` in 2021."""

    api: ApiSettings
    source: str
    upload_path: str = "/api/v2/dosis/dossiers"


class DosisChannel:
    """The way to DOSIS. Safe to repeat: the same UploadId with the same body is the same upload."""

    name = "dosis"
    safe_to_repeat = True

    def __init__(
        self,
        settings: DosisSettings,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings
        self._api = Api("DOSIS", settings.api, transport, clock)

    def deliver(self, message: Outgoing) -> Receipt:
        """Uploads `message.payload` (from `messages.dosis_body`) for the citizen with national number
        `message.recipient`. Returns the UploadId: DOSIS processes it later, ask `result`.

        Raises DeliveryProblem: `details` name the fields that DOSIS refuses or that we know it would refuse."""
        answer = self._api.read(self._api.call("POST", self.settings.upload_path, json=complete(message)))
        upload_id = str(message.delivery_id)
        if not isinstance(answer, dict) or str(answer.get("UploadId", "")).lower() != upload_id:
            raise self._api.unreadable()
        return Receipt(upload_id, "Aanvaard door DOSIS.")

    def result(self, upload_id: UUID) -> ProcessingResult | None:
        """What became of an upload; None while it is not processed. Raises DeliveryProblem when asking failed."""
        answer = self._api.call("GET", RESULT, params={"uploadId": str(upload_id)})
        if answer.status_code == 404:
            return None
        body = self._api.read(answer)
        if not isinstance(body, dict) or not isinstance(body.get("Succes"), bool):
            raise self._api.unreadable()
        return ProcessingResult(_moment(body.get("TijdstipVerwerking")), body["Succes"], _remarks(body))

    def withdraw(self, dossier_number: str) -> None:
        """Deletes a case that should never have been there (wrong person, test). One that is gone already is fine.
        Raises DeliveryProblem."""
        answer = self._api.call("DELETE", CASES, params={"bron": self.settings.source, "dossierNummer": dossier_number})
        if answer.status_code != 404:
            self._api.expect(answer)

    def check(self) -> str | None:
        """None when we get in and DOSIS knows our source, else one Dutch sentence."""
        try:
            sources = self._api.read(self._api.call("GET", SOURCES))
        except DeliveryProblem as problem:
            return problem.reason
        if not isinstance(sources, list) or self.settings.source not in sources:
            return f"DOSIS kent onze bron {self.settings.source or '(leeg)'} niet voor deze client."
        return None


def complete(message: Outgoing) -> dict[str, Any]:
    """The whole body of an upload: fitted, with its id and its one citizen. Raises DeliveryProblem (not to be retried,
    with `details` per field) for what DOSIS is sure to refuse."""
    body = fit(message.payload)
    wrong = flaws(body)
    number = normalise(message.recipient)
    if number is None:
        wrong.append({"field": "Agenten[0].Identificatie", "message": "Dit is geen geldig rijksregisternummer."})
    if wrong:
        fields = ", ".join(one["field"] for one in wrong)
        raise DeliveryProblem(f"De gegevens voor DOSIS kloppen niet: {fields}.", retry=False, details=wrong)
    agent = {"Identificatie": number, "Toegangsrechten": [{"Code": "Raadpleger"}]}
    return {**body, "UploadId": str(message.delivery_id), "Agenten": [agent]}


def _moment(value: Any) -> datetime | None:
    """DOSIS writes the moment without offset: then it is Belgian time."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)


def _remarks(body: dict[str, Any]) -> tuple[str, ...]:
    """The summary and the separate errors, each once."""
    errors = body.get("Fouten")
    listed = errors if isinstance(errors, list) else []
    words = [body.get("Fout"), *(one.get("Omschrijving") for one in listed if isinstance(one, dict))]
    return tuple(dict.fromkeys(text for word in words if (text := without_numbers(word))))
