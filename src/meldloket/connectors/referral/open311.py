"""Client of Open311 GeoReport v2: posts the task as a service request, and asks how it goes. GeoReport knows no key of
repeats, so ours stands in the description and is looked for before anything is posted a second time."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from lxml import etree

from meldloket.actions.ports import HandedOver, Order, ReferralProblem, System, Told, Update

#: Words of the field (wishes.md) and what they mean; settings["statuses"] of a system goes before.
STATUSES = {
    "open": Told.RECEIVED,
    "acknowledged": Told.RECEIVED,
    "investigating": Told.IN_PROGRESS,
    "in_progress": Told.IN_PROGRESS,
    "planned": Told.IN_PROGRESS,
    "action_scheduled": Told.IN_PROGRESS,
    "fixed": Told.DONE,
    "closed": Told.DONE,
    "no_further_action": Told.REFUSED,
    "not_councils_responsibility": Told.REFUSED,
    "duplicate": Told.REFUSED,
    "internal_referral": Told.NOTE,
}


class Open311Client:
    """One client for every system that speaks GeoReport; `system.settings`: `service_code`, `jurisdiction_id`, `updates`
    (the other side has servicerequestupdates), `statuses` (their word → ours)."""

    polls = True

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(timeout=httpx.Timeout(15.0, connect=3.0), follow_redirects=False)

    def hand_over(self, system: System, order: Order) -> HandedOver:
        """See actions.ports. After an attempt of unknown fate (`order.again`) the request is looked for first."""
        if order.again and (known := self._look_for(system, order)):
            return HandedOver(external_id=known)
        fields: dict[str, Any] = {
            "api_key": system.secret,
            "service_code": system.settings.get("service_code", ""),
            "description": f"{order.title}\n{order.description}\n\nKenmerk {order.reference} ({order.key})",
            "address_string": order.place,
            **self._jurisdiction(system),
        }
        if order.latitude is not None and order.longitude is not None:
            fields |= {"lat": f"{order.latitude:.7f}", "long": f"{order.longitude:.7f}"}
        if order.photos:
            fields["media_url"] = order.photos[0]
        row = _first(self._call("POST", system, "requests.json", data=fields))
        number, token = _text(row, "service_request_id"), _text(row, "token")
        if not number and not token:
            raise ReferralProblem("Het andere systeem gaf geen nummer.", retry=True, uncertain=True)
        return HandedOver(external_id=number[:120], token=token[:200])

    def _look_for(self, system: System, order: Order) -> str:
        """The request that holds our key, among those of the last days; empty when it never arrived."""
        since = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = self._call("GET", system, "requests.json", params={"start_date": since, **self._jurisdiction(system)})
        for row in rows:
            if str(order.key) in _text(row, "description"):
                return _text(row, "service_request_id")[:120]
        return ""

    def news(self, system: System, external_id: str, token: str) -> tuple[str, list[Update]]:
        """See actions.ports."""
        jurisdiction = self._jurisdiction(system)
        if not external_id:
            if not token:
                raise ReferralProblem("Het andere systeem gaf nooit een nummer.", retry=False)
            row = _first(self._call("GET", system, f"tokens/{token}.json", params=jurisdiction))
            external_id = _text(row, "service_request_id")
            if not external_id:
                return "", []
        row = _first(self._call("GET", system, f"requests/{external_id}.json", params=jurisdiction))
        updates = [self._update(system, row, _text(row, "status"), _text(row, "status_notes"))]
        if system.settings.get("updates"):
            found = self._call(
                "GET", system, "servicerequestupdates.json", params={"service_request_id": external_id, **jurisdiction}
            )
            updates += [self._update(system, one, _text(one, "status"), _text(one, "description")) for one in found]
        return external_id, sorted(updates, key=lambda one: one.at)

    def _update(self, system: System, row: dict[str, Any], status: str, text: str) -> Update:
        when = _text(row, "updated_datetime") or _text(row, "requested_datetime")
        try:
            at = datetime.fromisoformat(when)
        except ValueError:
            at = datetime.now(UTC)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        own = system.settings.get("statuses", {})
        meaning = own.get(status) if isinstance(own, dict) else None
        told = Told(meaning) if meaning in list(Told) else STATUSES.get(status.lower(), Told.NOTE)
        # Without a moment of its own a status counts once, not at every poll.
        made = hashlib.sha256(f"{status}|{when}|{text}".encode()).hexdigest()[:24]
        return Update(
            key=_text(row, "update_id") or f"state:{made}", told=told, at=at, status=status[:80], text=text[:4000]
        )

    def _jurisdiction(self, system: System) -> dict[str, str]:
        name = system.settings.get("jurisdiction_id", "")
        return {"jurisdiction_id": name} if name else {}

    def _call(self, method: str, system: System, path: str, **how: Any) -> list[dict[str, Any]]:
        """The rows of an answer, JSON or XML. Raises ReferralProblem with the code and words of an error document."""
        try:
            answer = self._client.request(method, f"{system.url.rstrip('/')}/{path}", **how)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise ReferralProblem("Het adres van het andere systeem klopt niet.", retry=False) from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ReferralProblem("Het andere systeem is niet bereikbaar.", retry=True) from error
        except httpx.HTTPError as error:
            raise ReferralProblem("Het andere systeem antwoordde niet.", retry=True, uncertain=True) from error
        if answer.status_code in (408, 429) or answer.status_code >= 500:
            uncertain = answer.status_code != 429
            raise ReferralProblem(
                f"Het andere systeem kan nu niet ({answer.status_code}).", retry=True, uncertain=uncertain
            )
        try:
            rows = _rows(answer)
        except ValueError as error:
            if answer.status_code < 400:
                raise ReferralProblem(
                    "Het andere systeem gaf een onleesbaar antwoord.", retry=True, uncertain=True
                ) from error
            rows = []
        if answer.status_code >= 300:
            said = _text(rows[0], "description")[:160] if rows else ""
            raise ReferralProblem(f"Het andere systeem weigert ({answer.status_code}). {said}".strip(), retry=False)
        return rows


def _rows(answer: httpx.Response) -> list[dict[str, Any]]:
    """The documents of an answer. Raises ValueError when it is neither JSON nor XML of the specification's form."""
    if "xml" in answer.headers.get("content-type", ""):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            root = etree.fromstring(answer.content, parser)
        except etree.XMLSyntaxError as error:
            raise ValueError("not XML") from error
        return [{child.tag: child.text or "" for child in one if isinstance(child.tag, str)} for one in root]
    found = answer.json()
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("not a list of documents")
    return rows


def _first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    if not rows:
        raise ReferralProblem("Het andere systeem kent deze taak niet.", retry=True)
    return rows[0]


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
