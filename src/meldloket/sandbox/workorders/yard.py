"""What the contractor keeps: orders, and the messages about them that went back, or could not.

Fault switches of mode `special` on the way back: `sends_twice`, `out_of_order` (held until the next message of the order
has gone), `late` (held until somebody sends it), `after_closing` (something more is said after the end), `wrong_signature`,
`old_timestamp`."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from meldloket.sandbox.faults import FaultSwitches
from meldloket.sandbox.store import Store
from meldloket.sandbox.workorders.signature import SIGNING_KEY, signature

WRONG_KEY = "whsec_ZWVuLWhlZWwtYW5kZXItZ2VoZWltLWRhbi1kYXQ="
STATUSES = {
    "accepted": "Aanvaard",
    "refused": "Geweigerd",
    "started": "Gestart",
    "done": "Klaar",
    "note": "Bericht",
}
ENDS = ("refused", "done")


class Yard:
    """Orders and outbox. `clock` gives an aware moment."""

    def __init__(self, store: Store, faults: FaultSwitches, http: httpx.AsyncClient, clock: Callable[[], datetime]) -> None:
        self.store, self.faults, self.http, self.clock = store, faults, http, clock

    def take(self, event: dict[str, Any]) -> str:
        """The number of the order in a `be.meldloket.task.referred`; the same event again is the same order."""
        known = self.store.get("numbers", event["id"])
        if known:
            return known
        number = f"WB-{sum(1 for _ in self.store.items('numbers')) + 1:04d}"
        self.store.put("numbers", event["id"], number)
        order = {"number": number, "status": "", "received": self.clock().isoformat(), **event["data"]}
        if not self.faults.take_special("loses_order"):
            self.store.put("orders", number, order)
        return number

    def orders(self) -> list[dict[str, Any]]:
        """In order of arrival, each with its messages."""
        messages = [message for _, message in self.store.items("outbox")]
        return [
            {**order, "messages": [one for one in messages if one["number"] == number]}
            for number, order in self.store.items("orders")
        ]

    async def say(self, number: str, status: str, text: str) -> bool:
        """A person at the contractor says how it stands; what goes back depends on the switches. False for an unknown
        order."""
        order = self.store.get("orders", number)
        if order is None:
            return False
        if status != "note":
            order["status"] = status
            self.store.put("orders", number, order)
        earlier = [key for key, one in self.store.items("outbox") if one["number"] == number and one["held"] == "next"]
        held = "next" if self.faults.take_special("out_of_order") else ""
        held = "button" if self.faults.take_special("late") else held
        message = self._write(order, status, text, held)
        if not held:
            await self.send(message)
            if self.faults.take_special("sends_twice"):
                await self.send(message)
            for key in earlier:
                await self.send(key)
        if status in ENDS and self.faults.take_special("after_closing"):
            await self.send(self._write(order, "started", "We zijn er toch nog aan bezig.", ""))
        return True

    def _write(self, order: dict[str, Any], status: str, text: str, held: str) -> str:
        key = f"kassei-{secrets.token_hex(8)}"
        event = {
            "specversion": "1.0",
            "id": key,
            "source": "urn:kasseilegger:werkbonnen",
            "type": "be.meldloket.task.status",
            "subject": order["key"],
            "time": self.clock().isoformat(),
            "datacontenttype": "application/json",
            "data": {"status": status, "text": text, "number": order["number"]},
        }
        message = {"key": key, "number": order["number"], "event": event, "held": held, "answer": "", "sent": 0}
        self.store.put("outbox", key, message)
        return key

    async def send(self, key: str) -> bool:
        """Sends a message (again), signed at this moment. False for an unknown one."""
        message = self.store.get("outbox", key)
        order = self.store.get("orders", message["number"]) if message else None
        if message is None or order is None:
            return False
        body = json.dumps(message["event"], ensure_ascii=False).encode()
        moment = self.clock()
        if self.faults.take_special("old_timestamp"):
            moment -= timedelta(minutes=10)
        seconds = int(moment.timestamp())
        secret = WRONG_KEY if self.faults.take_special("wrong_signature") else SIGNING_KEY
        headers = {
            "content-type": "application/cloudevents+json",
            "webhook-id": key,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signature(key, seconds, body, secret),
        }
        try:
            answer = await self.http.post(order["replyUrl"], content=body, headers=headers)
            said = str(answer.status_code)
        except (httpx.HTTPError, httpx.InvalidURL):
            said = "niet bereikbaar"
        message |= {"answer": said, "sent": message["sent"] + 1, "held": ""}
        self.store.put("outbox", key, message)
        return True
