"""What the operator keeps: requests, what was said of them, and the tokens under which they were taken."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from meldloket.sandbox.store import Store

JURISDICTION = "leiestroom.example"
SERVICES = {
    "verlichting": ("Openbare verlichting defect", "Een lamp brandt niet of knippert.", "verlichting"),
    "kabel": ("Kabel of kast beschadigd", "Een elektriciteitskast staat open of een kabel ligt bloot.", "elektriciteit"),
    "gasgeur": ("Gasgeur", "Bel bij gasgeur altijd eerst het noodnummer.", "gas"),
}
#: Word of the field, what it says on the page, and whether the request is closed with it in GeoReport's own two words.
STATUSES = {
    "open": ("Ontvangen", False),
    "investigating": ("In onderzoek", False),
    "in_progress": ("In uitvoering", False),
    "action_scheduled": ("Ingepland", False),
    "fixed": ("Hersteld", True),
    "no_further_action": ("Geen verdere actie", True),
    "not_councils_responsibility": ("Niet voor ons", True),
    "duplicate": ("Dubbel", True),
}


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


class Desk:
    """The operator's files. `clock` gives an aware moment."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self.store, self.clock = store, clock

    @property
    def token_first(self) -> bool:
        """Whether a new request is answered with a token, for which the number can be asked."""
        return bool(self.store.get("settings", "token_first"))

    def set_token_first(self, wanted: bool) -> None:
        self.store.put("settings", "token_first", wanted)

    def take(self, fields: dict[str, str]) -> dict[str, Any]:
        """A new request from the fields of a POST that was checked."""
        now = stamp(self.clock())
        number = str((self.store.get("settings", "last_number") or 26000) + 1)  # never one of a lost order again
        self.store.put("settings", "last_number", int(number))
        request = {
            "service_request_id": number,
            "token": secrets.token_hex(8),
            "status": "open",
            "status_notes": "",
            "service_code": fields["service_code"],
            "requested_datetime": now,
            "updated_datetime": now,
            "updates": [],
            **{name: fields.get(name, "") for name in ("description", "lat", "long", "address_string", "media_url")},
        }
        self.store.put("requests", number, request)
        return request

    def get(self, number: str) -> dict[str, Any] | None:
        return self.store.get("requests", number)

    def by_token(self, token: str) -> dict[str, Any] | None:
        return next((one for one in self.all() if one["token"] == token), None)

    def all(self) -> list[dict[str, Any]]:
        """In order of arrival."""
        return [request for _, request in self.store.items("requests")]

    def say(self, number: str, status: str, text: str, *, minutes_ago: int = 0) -> dict[str, Any] | None:
        """The operator, or a client over the interface, says how it stands. None for an unknown request. Raises ValueError
        for an unknown status. `minutes_ago`: said earlier, heard now."""
        if status not in STATUSES:
            raise ValueError("unknown status")
        request = self.get(number)
        if request is None:
            return None
        at = stamp(self.clock() - timedelta(minutes=minutes_ago))
        update = {
            "update_id": f"{number}-{len(request['updates']) + 1}",
            "service_request_id": number,
            "status": status,
            "updated_datetime": at,
            "description": text,
            "media_url": "",
        }
        request["updates"].append(update)
        if not minutes_ago:
            request |= {"status": status, "status_notes": text, "updated_datetime": at}
        self.store.put("requests", number, request)
        return update


def public(request: dict[str, Any]) -> dict[str, str]:
    """A request as GeoReport v2 shows it: `open` or `closed`, the finer word is for the updates."""
    name, about, group = SERVICES[request["service_code"]]
    return {
        "service_request_id": request["service_request_id"],
        "status": "closed" if STATUSES[request["status"]][1] else "open",
        "status_notes": request["status_notes"],
        "service_name": name,
        "service_code": request["service_code"],
        "description": request["description"],
        "agency_responsible": "Netbeheer Leiestroom",
        "service_notice": "",
        "requested_datetime": request["requested_datetime"],
        "updated_datetime": request["updated_datetime"],
        "expected_datetime": "",
        "address": request["address_string"],
        "address_id": "",
        "zipcode": "",
        "lat": request["lat"],
        "long": request["long"],
        "media_url": request["media_url"],
    }
