"""Which open cases may be the same problem: near, alike in category and words, recent; with the reasons, so that a person
can judge (wishes.md: duplicates as one matter)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from meldloket.cases import clock
from meldloket.cases.models import Case
from meldloket.catalogue.geography import distance_m
from meldloket.catalogue.models import Category

from .text import clean, words

#: From this score on a case is called the same problem (tests/domain/test_grouping.py has pairs).
SAME = 0.5
NEARBY_METRES = 250
MOST_LOOKED_AT = 200
STEM = 4  # letters of a word that count
#: Words that stand in every text and make no two alike.
SMALL = frozenset(
    [
        "een",
        "het",
        "van",
        "met",
        "niet",
        "voor",
        "naar",
        "maar",
        "ook",
        "dit",
        "dat",
        "zijn",
        "hier",
        "daar",
        "mijn",
        "zit",
        "der",
        "den",
        "bij",
        "aan",
        "die",
        "wij",
        "ons",
        "haar",
        "hun",
        "heel",
        "erg",
    ]
)


@dataclass(frozen=True)
class Similar:
    """An open case near a place. `score` 0 to 1; `words`: those in common, as they were written; `days`: its age."""

    case: Case
    metres: int
    days: int
    same_category: bool
    words: tuple[str, ...]
    score: float

    @property
    def same(self) -> bool:
        return self.score >= SAME


def similar(
    cases: QuerySet[Case], latitude: float, longitude: float, text: str, category: Category | None
) -> list[Similar]:
    """The cases of `cases` within 250 m that are still open, the likeliest first; of very many the
    newest are looked at. One query, on the index of places (benchmarks/similar.py)."""
    tall = NEARBY_METRES / 111_000
    wide = tall / max(math.cos(math.radians(latitude)), 0.01)
    near = (
        cases.filter(
            ended_at=None,
            latitude__range=(latitude - tall, latitude + tall),
            longitude__range=(longitude - wide, longitude + wide),
        )
        .select_related("category")
        .order_by("-pk")[:MOST_LOOKED_AT]
    )
    mine = _keys(text)
    rows = [_compare(case, (latitude, longitude), mine, category) for case in near]
    return sorted((row for row in rows if row.metres <= NEARBY_METRES), key=lambda row: (-row.score, row.metres))


def _keys(text: str) -> dict[str, str]:
    """Beginnings of the words that say something ("diep" and "diepe" are one) → as they were written."""
    telling = (word for word in words(clean(text)) if len(word.folded) > 2 and word.folded not in SMALL and not word.place)
    return {word.folded[:STEM]: word.written for word in telling}


def _compare(case: Case, place: tuple[float, float], mine: dict[str, str], category: Category | None) -> Similar:
    metres = distance_m(place, (case.latitude or 0, case.longitude or 0))
    days = (clock.now() - case.submitted_at).days
    theirs = _keys(case.summary)
    common = sorted(set(mine) & set(theirs))
    alike = len(common) / math.sqrt(max(len(mine), 1) * max(len(theirs), 1))
    same = category is not None and case.category_id == category.pk
    most_metres = category.group_metres if category else NEARBY_METRES / 5
    most_days = category.group_days if category else 60
    if metres > most_metres or days > most_days:
        score = 0.0
    else:
        closeness = 1 - metres / (2 * max(most_metres, 1))
        score = closeness * ((0.55 if same else 0.15) + 0.45 * min(1.0, 2 * alike))
    return Similar(case, round(metres), days, same, tuple(mine[key] for key in common[:6]), round(score, 2))


def known_problem(text: str, category: Category | None, latitude: float | None, longitude: float | None) -> Similar | None:
    """The open case that a new report is most likely about, for the citizen before sending; None when nothing is likely
    enough, or when its category is not public."""
    if latitude is None or longitude is None:
        return None
    since = clock.now() - timedelta(days=category.group_days if category else 60)
    open_cases = Case.objects.filter(is_complaint=False, submitted_at__gte=since).exclude(category__public_level="nothing")
    found = similar(open_cases.exclude(category=None), latitude, longitude, text, category)
    return found[0] if found and found[0].same else None
