"""Which cases somebody chose to look at: filters that live in the address, so that a view can be shared, saved, mailed and
come back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from meldloket.cases import clock
from meldloket.cases.models import IntakeChannel
from meldloket.catalogue.current import catalogue
from meldloket.people.roles import Actor

from .scope import Scope

#: What narrows the cases, beside the period.
NAMES = ("categorie", "hoofdcategorie", "dienst", "wijk", "kanaal")
#: Periods with a name, and its words: so many days up to and with today, or from 1 January.
PERIODS = (("30", "30 dagen"), ("90", "3 maanden"), ("365", "12 maanden"), ("jaar", "Dit jaar"))
FIRST_DAY = date(2000, 1, 1)
CHANNELS: tuple[str, ...] = tuple(IntakeChannel.values)


@dataclass(frozen=True)
class Chosen:
    """What was chosen, with a period of at least a day. Unknown values are left out rather than refused: a shared
    address never breaks. `period`: the name of a period that moves along with today, empty when the days were chosen."""

    since: date
    until: date
    period: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict, *, period: str = "365") -> Chosen:
        """The filters of an address; `period`: what counts when it names none."""
        today = clock.today()
        since, until = _day(query.get("van")), _day(query.get("tot"))
        listed = known_values()
        values = {name: query.get(name, "").strip()[:120] for name in NAMES}
        values = {name: value for name, value in values.items() if value in listed[name]}
        if since or until:
            until = max(FIRST_DAY, min(until or today, date(2199, 12, 31)))
            since = max(FIRST_DAY, min(since or until - timedelta(days=364), until))
            return cls(since, until, "", values)
        chosen = query.get("periode", "")
        chosen = chosen if chosen in dict(PERIODS) else period
        begin = today.replace(month=1, day=1) if chosen == "jaar" else today - timedelta(days=int(chosen) - 1)
        return cls(begin, today, chosen, values)

    def query(self, **changes: Any) -> str:
        """The query string of these filters with some changed; None takes one out."""
        own: dict[str, Any] = {"periode": self.period} if self.period else {"van": self.since, "tot": self.until}
        return urlencode(
            {name: value for name, value in {**own, **self.values, **changes}.items() if value not in (None, "")}
        )

    def scope(self, actor: Actor) -> Scope:
        """Which cases that are, for whoever asks: complaints only for whoever may see them (cases.access)."""
        known, get = catalogue(), self.values.get
        categories = [row for row in known.categories if get("categorie") in (None, row.code)]
        categories = [row for row in categories if get("hoofdcategorie") in (None, row.main_category)]
        narrowed = "categorie" in self.values or "hoofdcategorie" in self.values
        return Scope(
            self.since,
            self.until,
            categories=frozenset(row.pk for row in categories) if narrowed else None,
            area=next((row.pk for row in known.areas if row.code == get("wijk")), None),
            department=next((row.pk for row in known.departments if row.code == get("dienst")), None),
            channel=CHANNELS.index(get("kanaal", "")) if get("kanaal") else None,
            complaints=actor.is_system or bool(actor.departments & known.complaint_departments),
        )

    def in_words(self) -> list[tuple[str, str]]:
        """(name, words) of each chosen filter, for chips and titles."""
        words = known_values()
        return [(name, words[name][value]) for name, value in self.values.items()]


def known_values() -> dict[str, dict[str, str]]:
    """Filter → value → words."""
    known = catalogue()
    return {
        "categorie": {row.code: row.name for row in known.categories},
        "hoofdcategorie": {row.main_category: row.main_category for row in known.categories},
        "dienst": {row.code: row.name for row in known.departments},
        "wijk": {row.code: row.name for row in known.areas},
        "kanaal": {value: str(words) for value, words in IntakeChannel.choices},
    }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None
