"""Hands a task over to an Open311 system (GeoReport v2) and asks it for news."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx

from meldloket.actions.ports import HandedOver, Order, ReferralProblem, System, Told, Update
from meldloket.connectors.referral.calls import Answer, Caller, CallProblem, refused
from meldloket.connectors.referral.georeport import error_of, rows_of
from meldloket.connectors.referral.status import moment_of, since, told_of

DESCRIPTION_LENGTH = 4000  # GeoReport v2
#: Days back in which an earlier attempt of ours is looked for: longer than a hand-over is tried.
LOOK_BACK_DAYS = 7
_ENDS = (Told.DONE, Told.REFUSED)
#: Answers that say "we do not offer this list": then there is nothing to look in.
_NO_LIST = (400, 401, 403, 404, 405, 501)


class Open311Client:
    """GeoReport v2 as the specification has it, and servicerequestupdates when the other side offers it.

    `System.url`: the address before `/requests.json`; `System.secret`: API key. Settings: `service_code` (required),
    `jurisdiction_id`, `format` (`json` or `xml`), `updates` (true: ask servicerequestupdates too), `statuses` (their word
    to a value of Told), `key_attribute` (code of an attribute that takes our key)."""

    polls = True

    def __init__(self, client: httpx.Client | None = None) -> None:
        self._call = Caller(client) if client else Caller()

    def hand_over(self, system: System, order: Order) -> HandedOver:
        """Posts the request, once as far as the other side lets us see.

        The specification has no idempotence: after a time-out nobody knows whether a request was made. So the key stands at
        the end of the description, and after an attempt of unknown fate (`order.again`) a request with our key is looked
        for among those of the last week before anything is posted. A system that does not list its requests, or hides the
        description, can be told twice; the key in the text then shows it to people. Raises ReferralProblem."""
        if not system.settings.get("service_code"):
            raise ReferralProblem(f"{system.name}: service_code ontbreekt in de instellingen.", retry=False)
        if not order.place and (order.latitude is None or order.longitude is None):
            raise ReferralProblem(f"{system.name} neemt geen opdracht zonder plaats aan.", retry=False)
        try:
            if order.again and (earlier := self._find(system, order)):
                return HandedOver(external_id=earlier)
            answer = self._ask(system, "POST", "requests", data=_fields(system, order))
        except CallProblem as problem:
            # What was unknown stays so: a look-up that fails has not shown that nothing arrived.
            raise _told(system, problem, uncertain=problem.uncertain or order.again) from problem
        first = answer[0] if answer else {}
        external_id, token = first.get("service_request_id", "").strip(), first.get("token", "").strip()
        if not external_id and not token:
            raise ReferralProblem(f"{system.name} geeft geen nummer voor de opdracht.", retry=True, uncertain=True)
        return HandedOver(external_id=external_id[:120], token=token[:200])

    def news(self, system: System, external_id: str, token: str) -> tuple[str, list[Update]]:
        """The name (asked with the token as long as it is not known) and what was said, oldest first; nothing as long as
        there is no name. A request that they no longer have is a ReferralProblem, not news."""
        try:
            external_id = external_id or self._name(system, token)
            return (external_id, self._updates(system, external_id)) if external_id else ("", [])
        except CallProblem as problem:
            if problem.status in (404, 410):
                raise ReferralProblem(
                    f"{system.name} vindt onze opdracht {external_id or token} niet meer ({problem.status}).", retry=False
                ) from problem
            raise _told(system, problem) from problem

    def check(self, system: System) -> str | None:
        """Asks for the list of services, which changes nothing. None, or Dutch what is wrong."""
        code = str(system.settings.get("service_code") or "")
        if not code:
            return f"{system.name}: service_code ontbreekt in de instellingen."
        try:
            codes = {row.get("service_code", "") for row in self._ask(system, "GET", "services")}
        except CallProblem as problem:
            return f"{system.name} {problem.reason}"
        return None if code in codes else f"{system.name} kent service_code {code} niet."

    def _find(self, system: System, order: Order) -> str:
        """The name of a request that an earlier attempt made; empty when there is none or no list to look in."""
        try:
            rows = self._ask(system, "GET", "requests", params={"start_date": since(LOOK_BACK_DAYS)})
        except CallProblem as problem:
            if problem.status in _NO_LIST:
                return ""
            raise
        mine = (row for row in rows if str(order.key) in row.get("description", ""))
        return next((row["service_request_id"].strip() for row in mine if row.get("service_request_id")), "")

    def _name(self, system: System, token: str) -> str:
        if not token:
            return ""
        rows = self._ask(system, "GET", f"tokens/{quote(token, safe='')}")
        return next((row["service_request_id"].strip()[:120] for row in rows if row.get("service_request_id")), "")

    def _updates(self, system: System, external_id: str) -> list[Update]:
        rows = self._ask(system, "GET", f"requests/{quote(external_id, safe='')}")
        if not rows or not rows[0].get("status"):
            raise CallProblem(f"zegt niets over opdracht {external_id}.", retry=True)
        found: dict[str, Update] = {}
        if system.settings.get("updates"):
            asked = {"service_request_id": external_id}
            for row in self._ask(system, "GET", "servicerequestupdates", params=asked):
                if row.get("service_request_id", external_id) == external_id:
                    one = _update(system, row, row.get("description", ""))
                    found.setdefault(one.key, one)
        ordered = sorted(found.values(), key=lambda one: one.at)
        own = _update(system, rows[0], rows[0].get("status_notes", ""))
        # The request itself often knows only open and closed. Where its last update agrees, that one says it better:
        # "closed" beside "not ours" is no success, and "open" beside "planned" no step back.
        last = next((one.told for one in reversed(ordered) if one.told != Told.NOTE), None)
        if last is None or (last in _ENDS) != (own.told in _ENDS):
            ordered = sorted([*ordered, own], key=lambda one: one.at)
        return ordered

    def _ask(self, system: System, method: str, what: str, **request: Any) -> list[dict[str, str]]:
        form = "xml" if system.settings.get("format") == "xml" else "json"
        jurisdiction = str(system.settings.get("jurisdiction_id") or "")
        if jurisdiction:
            request["params"] = {"jurisdiction_id": jurisdiction, **request.get("params", {})}
        answer: Answer = self._call(method, f"{system.url.rstrip('/')}/{what}.{form}", **request)
        if not 200 <= answer.status <= 299:
            refused(answer, error_of(answer))
        return rows_of(answer)


def _told(system: System, problem: CallProblem, *, uncertain: bool = False) -> ReferralProblem:
    return ReferralProblem(f"{system.name} {problem.reason}", retry=problem.retry, uncertain=uncertain)


def _fields(system: System, order: Order) -> dict[str, str]:
    """The form of POST requests. The words give way when the description is too long, never the reference and the key."""
    end = f"\n\nOns kenmerk: {order.reference} ({order.key})"
    due = f"\n\nGraag klaar tegen {order.due}." if order.due else ""
    more = "".join(f"\n{photo}" for photo in order.photos[1:])
    words = order.title if order.description == order.title else f"{order.title}\n\n{order.description}"
    words = (words + due + more)[: DESCRIPTION_LENGTH - len(end)] + end
    settings = system.settings
    fields = {"service_code": str(settings["service_code"]), "description": words}
    if settings.get("jurisdiction_id"):
        fields["jurisdiction_id"] = str(settings["jurisdiction_id"])
    if system.secret:
        fields["api_key"] = system.secret
    if order.latitude is not None and order.longitude is not None:
        fields |= {"lat": f"{order.latitude:.7f}", "long": f"{order.longitude:.7f}"}
    if order.place:
        fields["address_string"] = order.place
    if order.photos:
        fields["media_url"] = order.photos[0]
    if settings.get("key_attribute"):
        fields[f"attribute[{settings['key_attribute']}]"] = str(order.key)
    return fields


def _update(system: System, row: dict[str, str], text: str) -> Update:
    """One record as an update. Without an id of its own it is known by status, moment and words."""
    status = row.get("status", "").strip()
    said_at = row.get("updated_datetime") or row.get("requested_datetime") or ""
    own = row.get("update_id", "").strip()
    digest = hashlib.sha256("\n".join((status, said_at, text)).encode()).hexdigest()[:32]
    return Update(
        key=f"update-{own}"[:160] if own else f"stand-{digest}",
        told=told_of(status, system.settings) if status else Told.NOTE,
        at=moment_of(said_at) or datetime.now(UTC),
        status=status[:80],
        text=text.strip()[:5000],
    )
