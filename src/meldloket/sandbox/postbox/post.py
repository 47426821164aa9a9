"""The pile of post: everything that arrived, e-mail and SMS alike, in order of arrival."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from meldloket.sandbox.store import Store

BRUSSELS = ZoneInfo("Europe/Brussels")
CHANNELS = ("email", "sms")


@dataclass(frozen=True)
class PostFilter:
    """Which post is asked for: a channel, a recipient (whole address or number, case ignored), words to find."""

    channel: str = ""
    to: str = ""
    words: str = ""

    def meets(self, message: dict[str, Any]) -> bool:
        if self.channel and message["channel"] != self.channel:
            return False
        if self.to and self.to.strip().casefold() not in (one.casefold() for one in message["recipients"]):
            return False
        haystack = f"{message['subject']} {message['text']} {message['to']} {message['from']}".casefold()
        return all(word in haystack for word in self.words.casefold().split())


EVERYTHING = PostFilter()


class Post:
    """Adds and finds messages in the double's store. The bytes of an e-mail lie apart, so that a list stays light."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def add(self, message: dict[str, Any], parts: dict[str, str] | None = None) -> dict[str, Any]:
        """Files a message with its number and moment of arrival; `parts` (attachments, base64) by their position."""
        number = (self.store.get("counter", "messages") or 0) + 1
        self.store.put("counter", "messages", number)
        filed = {
            "id": uuid4().hex,
            "number": number,
            "received_at": datetime.now(BRUSSELS).isoformat(timespec="milliseconds"),
            **message,
        }
        self.store.put("messages", filed["id"], filed)
        if parts:
            self.store.put("parts", filed["id"], parts)
        return filed

    def get(self, message_id: str) -> dict[str, Any] | None:
        return self.store.get("messages", message_id)

    def part(self, message_id: str, position: int) -> str | None:
        return (self.store.get("parts", message_id) or {}).get(str(position))

    def find(self, wanted: PostFilter = EVERYTHING) -> list[dict[str, Any]]:
        """What meets the filter, in order of arrival."""
        return [message for _, message in self.store.items("messages") if wanted.meets(message)]

    def clear(self) -> None:
        self.store.clear()
