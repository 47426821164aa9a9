"""A minutes package without an interface: the secretariat downloads what we would have sent, and uploads what comes back
(web.decisions.by_hand)."""

from __future__ import annotations

from uuid import UUID

from meldloket.decisions.ports import AgendaItem, MeetingRow, Taken


class DownloadPackage:
    """See decisions.ports.MinutesPackage. Nothing goes over a network: the proposal waits on a page to be carried."""

    def __init__(self, name: str) -> None:
        self.name, self.by_hand = name, True

    def hand_over(self, item: AgendaItem) -> Taken:
        """Our own reference, by which the secretariat knows the item again."""
        return Taken(f"{item.content['dossier']}-{str(item.key)[:4]}")

    def withdraw(self, key: UUID, why: str) -> None:
        """The secretariat sees it on its page."""

    def meetings(self) -> list[MeetingRow]:
        """None: those come from a calendar."""
        return []

    def check(self) -> str | None:
        """Nothing that could be unreachable."""
        return None
