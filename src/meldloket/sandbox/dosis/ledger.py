"""What DOSIS holds: every upload in the order in which it came, the cases they make together, and the notifications.

Nothing is overwritten: a case is its uploads, and its current snapshot is the one with the latest date."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from meldloket.sandbox.dosis.checks import BRUSSELS, read_moment
from meldloket.sandbox.store import Store

#: Sources that this client may deliver for.
SOURCES = ("urn://lindekerke/meldingen",)
BRANDS = ("LINDEKERKE",)
_ORIGIN = datetime(1970, 1, 1, tzinfo=BRUSSELS)


class UsedUploadId(Exception):
    """The UploadId is known, with another body."""


class Ledger:
    """Uploads, cases and notifications of one double. `delay`: seconds until an upload is processed; `clock` returns an
    aware moment."""

    def __init__(self, store: Store, delay: float, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.delay = timedelta(seconds=delay)
        self.clock = clock

    def now(self) -> datetime:
        """The moment in Belgian time, in which everything is kept."""
        return self.clock().astimezone(BRUSSELS)

    @property
    def notifies(self) -> bool:
        """The switch "DOSIS notifies": whether a changed status makes a notification by itself."""
        return bool((self.store.get("settings", "settings") or {}).get("notifies", True))

    def set_notifies(self, notifies: bool) -> None:
        self.store.put("settings", "settings", {"notifies": notifies})

    def accept(self, body: dict[str, Any], *, success: bool = True) -> str:
        """Keeps a valid upload and returns its UploadId. A repeat adds nothing. `success` False: it is taken, and its
        processing will have failed. Raises UsedUploadId."""
        upload_id = str(body.get("UploadId") or uuid4()).lower()
        known = self.store.get("uploads", upload_id)
        if known is not None:
            if known["body"] != body:
                raise UsedUploadId
            return upload_id
        source, number = body["Identificatie"]["Bron"], body["Identificatie"]["DossierNummer"]
        before = self.current(source, number, everything=True)
        now = self.now()
        upload = {
            "upload_id": upload_id,
            "source": source,
            "number": number,
            "changed_at": body.get("WijzigingsDatum") or now.isoformat(),
            "received_at": now.isoformat(),
            "processed_at": (now + self.delay).isoformat(),
            "success": success,
            "body": body,
        }
        self.store.put("uploads", upload_id, upload)
        self._append("cases", _case_key(source, number), upload_id)
        for agent in body["Agenten"]:
            self._append("citizens", agent["Identificatie"], _case_key(source, number))
        if success and self.notifies and _is_news(before, upload):
            self._notify(upload)
        return upload_id

    def uploads(self, source: str = "", number: str = "") -> Iterator[dict[str, Any]]:
        """In the order of reception: of one case, or all of them. Deleted cases are left out of the first only."""
        if number:
            ids = self.store.get("cases", _case_key(source, number)) or []
            return (upload for one in ids if (upload := self.store.get("uploads", one)))
        return (upload for _, upload in self.store.items("uploads"))

    def find(self, upload_id: str) -> dict[str, Any] | None:
        return self.store.get("uploads", upload_id.lower())

    def is_processed(self, upload: dict[str, Any]) -> bool:
        return datetime.fromisoformat(upload["processed_at"]) <= self.now()

    def current(self, source: str, number: str, *, everything: bool = False) -> dict[str, Any] | None:
        """The snapshot with the latest date, the last received of equals. `everything`: also what is not processed."""
        snapshots = self.history(source, number, everything=everything)
        return snapshots[-1] if snapshots else None

    def history(self, source: str, number: str, *, everything: bool = False) -> list[dict[str, Any]]:
        """The snapshots of a case by their date, oldest first."""
        good = [
            one
            for one in self.uploads(source, number)
            if one["success"] and (everything or datetime.fromisoformat(one["processed_at"]) <= self.now())
        ]
        return sorted(good, key=changed_at)

    def delete(self, source: str, number: str) -> bool:
        """Withdraws a case: its uploads stay in the ledger, the citizen no longer sees it. False when it is unknown."""
        return self.store.delete("cases", _case_key(source, number))

    def cases_of(self, citizen: str) -> list[list[dict[str, Any]]]:
        """The cases (each as its history) of which the current snapshot names this national number."""
        histories = [self.history(*json.loads(key)) for key in self.store.get("citizens", citizen) or []]
        return [history for history in histories if history and citizen in agents_of(history[-1])]

    def add_bundle(self, bundle: dict[str, Any]) -> None:
        """Keeps a notification (shape: `notices.normalise`). The same id again adds nothing."""
        if self.store.get("notifications", bundle["id"]) is None:
            self.store.put("notifications", bundle["id"], bundle)
            for citizen in bundle["recipients"]:
                self._append("inboxes", citizen, bundle["id"])

    def inbox(self, citizen: str) -> list[dict[str, Any]]:
        """Notifications to show now, the newest first: those that are due and not past their last day."""
        now = self.now()
        found = [self.store.get("notifications", one) for one in self.store.get("inboxes", citizen) or []]
        shown = [one for one in found if one and datetime.fromisoformat(one["visible_at"]) <= now and not _over(one, now)]
        return shown[::-1]

    def state(self) -> dict[str, Any]:
        """Everything in order, for tests."""
        alive = {one for _, ids in self.store.items("cases") for one in ids}
        return {
            "settings": {"notifies": self.notifies},
            "uploads": [_told(one, withdrawn=key not in alive) for key, one in self.store.items("uploads")],
            "notifications": [one for _, one in self.store.items("notifications")],
        }

    def _append(self, collection: str, key: str, value: str) -> None:
        values = self.store.get(collection, key) or []
        if value not in values:
            self.store.put(collection, key, [*values, value])

    def _notify(self, upload: dict[str, Any]) -> None:
        body, status = upload["body"], upload["body"]["Status"]
        manager = body.get("DossierBeheerder") or {}
        values = {
            "DossierNummer": upload["number"],
            "StatusVlaamseCode": status["VlaamsCode"],
            "StatusVlaamseFase": status["VlaamsFase"],
            "DossierNaam": body["Naam"],
            "StatusDetail1": status.get("Detail1"),
            "Actie": (status.get("Actie") or {}).get("Actie") if needs_action(upload) else None,
            "DocumentLinkUri": body.get("Doorverwijzing"),
            "DossierBeheerderNaam": manager.get("Naam"),
        }
        self.add_bundle(
            {
                "id": str(uuid4()),
                "made_by": "dosis",
                "upload_id": upload["upload_id"],
                "transaction": f"{upload['source']}+{upload['number']}",
                "recipients": agents_of(upload),
                "channels": ["Passief"],
                "brand": "",
                "product": body["Producten"][0]["Id"],
                "date": upload["received_at"],
                "visible_at": upload["processed_at"],
                "expires": None,
                "values": {name: value for name, value in values.items() if value},
            }
        )


def changed_at(upload: dict[str, Any]) -> datetime:
    return read_moment(upload["changed_at"]) or _ORIGIN


def agents_of(upload: dict[str, Any]) -> list[str]:
    return [agent["Identificatie"] for agent in upload["body"]["Agenten"]]


def needs_action(upload: dict[str, Any]) -> bool:
    return bool(((upload["body"].get("Status") or {}).get("Actie") or {}).get("ActieNodig"))


def _case_key(source: str, number: str) -> str:
    return json.dumps([source, number], ensure_ascii=False)


def _is_news(before: dict[str, Any] | None, upload: dict[str, Any]) -> bool:
    """Whether code, phase or action differ from what was current, and the upload itself is not older than that."""
    if not upload["body"].get("Status"):
        return False
    if before is None:
        return True
    return changed_at(upload) >= changed_at(before) and _essence(before) != _essence(upload)


def _essence(upload: dict[str, Any]) -> tuple[Any, ...]:
    status = upload["body"].get("Status") or {}
    action = (status.get("Actie") or {}).get("Actie") if needs_action(upload) else None
    return status.get("VlaamsCode"), status.get("VlaamsFase"), needs_action(upload), action


def _over(bundle: dict[str, Any], now: datetime) -> bool:
    """After 24:00 of its last day a bundle is no longer shown."""
    last = read_moment(bundle["expires"]) if bundle["expires"] else None
    return last is not None and now.astimezone(BRUSSELS).date() > last.astimezone(BRUSSELS).date()


def _told(upload: dict[str, Any], *, withdrawn: bool) -> dict[str, Any]:
    """An upload as tests want to read it."""
    body, status = upload["body"], upload["body"].get("Status") or {}
    return {
        "UploadId": upload["upload_id"],
        "Bron": upload["source"],
        "DossierNummer": upload["number"],
        "WijzigingsDatum": upload["changed_at"],
        "Naam": body["Naam"],
        "code": status.get("VlaamsCode"),
        "phase": status.get("VlaamsFase"),
        "detail": status.get("Detail1"),
        "action": (status.get("Actie") or {}).get("Actie") if needs_action(upload) else None,
        "agents": agents_of(upload),
        "link": body.get("Doorverwijzing"),
        "received_at": upload["received_at"],
        "success": upload["success"],
        "withdrawn": withdrawn,
        "body": body,
    }
