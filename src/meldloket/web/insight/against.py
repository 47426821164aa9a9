"""What a period is compared with; it stands in the address beside the filters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from meldloket.insight.chosen import FIRST_DAY, Chosen
from meldloket.insight.comparing import same_last_year
from meldloket.insight.scope import Scope

WAYS = (("jaar", "Een jaar eerder"), ("vorige", "Periode ervoor"), ("dagen", "Andere dagen"))


@dataclass(frozen=True)
class Against:
    """One of WAYS, with the days for the last of them."""

    way: str
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, query: QueryDict) -> Against:
        """From `met`, `met-van` and `met-tot`; what can't be read counts as a year earlier."""
        way = query.get("met", "")
        if way == "dagen":
            since, until = _day(query.get("met-van")), _day(query.get("met-tot"))
            if since and until:
                return cls(way, max(FIRST_DAY, min(since, until)), max(FIRST_DAY, since, until))
        return cls(way if way == "vorige" else "jaar")

    @property
    def query(self) -> dict[str, object]:
        """Its part of an address."""
        return {"met": self.way if self.way != "jaar" else None, "met-van": self.since, "met-tot": self.until}

    def scope(self, scope: Scope) -> Scope:
        """The same cases in the other period."""
        if self.since and self.until:
            return replace(scope, since=self.since, until=self.until)
        return scope.before() if self.way == "vorige" else same_last_year(scope)

    def options(self) -> list[tuple[str, str, bool]]:
        """(value, words, chosen) for the form."""
        return [(value, words, value == self.way) for value, words in WAYS]


def during(chosen: Chosen, scope: Scope) -> Chosen:
    """The filters with the period of `scope`."""
    return replace(chosen, since=scope.since, until=scope.until, period="")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
