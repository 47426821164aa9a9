"""What the policy page shows of its figures: rows in words, each number with the way to the cases behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format

from meldloket.cases.models import IntakeChannel
from meldloket.catalogue.current import catalogue
from meldloket.insight import hotspots
from meldloket.insight.chosen import Chosen
from meldloket.insight.comparing import Row, Side
from meldloket.insight.hotspots import Spot
from meldloket.insight.models import NONE, Rise
from meldloket.insight.seasons import Season
from meldloket.insight.together import Pair

from .behind import link
from .charts import Chart, Series, in_figures
from .drawings import Names
from .words import day_words, hours_words, percent_words, points_words, reports_words, score_words, signed

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MOST_DRAWN = 12
FEW = "te weinig"


@dataclass(frozen=True)
class Measure:
    """One line of the comparison of everything: both values in words, where they lead, and what the difference means."""

    name: str
    now: str
    before: str
    verdict: str = ""
    now_url: str = ""
    before_url: str = ""


def measures(row: Row, chosen: Chosen, other: Chosen) -> list[Measure]:
    """Everything together, both periods."""
    now, before = row.now, row.before
    on_time = ""
    if now.on_time is not None and before.on_time is not None:
        on_time = _surely(row.better, points_words(round(now.on_time) - round(before.on_time)))
    change = "" if row.change is None else _surely(row.more, signed(row.change, "\u00a0%"))
    lines = [
        Measure("Ontvangen", *_both(now.received, before.received), change),
        Measure("Afgehandeld", *_both(now.closed, before.closed)),
        Measure("Helft afgehandeld binnen", _hours(now, "median"), _hours(before, "median")),
        Measure("Negen op de tien binnen", _hours(now, "p90"), _hours(before, "p90")),
        Measure("Binnen de beloofde termijn", percent_words(now.on_time), percent_words(before.on_time), on_time),
        Measure("Open op het einde", *_both(now.backlog, before.backlog)),
        Measure("Respons op de evaluatie", _rate(now), _rate(before)),
        Measure("Tevredenheid", score_words(now.satisfaction.mean), score_words(before.satisfaction.mean)),
    ]
    whats = ("ontvangen", "afgehandeld", "afgehandeld", "afgehandeld", "op-tijd", "achterstand", "", "")
    return [
        Measure(
            line.name,
            line.now,
            line.before,
            line.verdict,
            link(chosen, what, op=chosen.until if what == "achterstand" else None) if what else "",
            link(other, what, op=other.until if what == "achterstand" else None) if what else "",
        )
        for line, what in zip(lines, whats, strict=True)
    ]


def _both(now: int, before: int) -> tuple[str, str]:
    return in_figures(now), in_figures(before)


def _hours(side: Side, name: str) -> str:
    value = getattr(side, name)
    return FEW if value is None else hours_words(value)


def _rate(side: Side) -> str:
    return percent_words(side.satisfaction.rate)


def _surely(sure: bool, words: str) -> str:
    """What a difference means: a rise or fall only when it is more than chance."""
    return f"{words}: {'een echt verschil' if sure else 'kan toeval zijn'}"


@dataclass(frozen=True)
class Group:
    """A category or area in both periods. `mark`: "more", "less" or nothing; `fair`: the same for being in time."""

    name: str
    row: Row
    url: str
    before_url: str
    mark: str
    change: str
    on_time: str
    on_time_before: str
    on_time_mark: str
    expected: str
    fair: str
    median: str
    p90: str
    score: str
    late_url: str
    people: str


def groups(
    rows: Iterable[Row],
    names: dict[int, tuple[str, str]],
    part: str,
    periods: tuple[Chosen, Chosen],
    people: dict[int, int],
) -> list[Group]:
    """`rows` in words; `names`: id → (code, name); `part`: the name in the address that narrows the list behind; `periods`:
    this one and the other; `people`: who reported, as far as known."""
    chosen, other = periods
    found = []
    for row in rows:
        code, name = names.get(row.group, ("geen", "Zonder categorie"))
        narrowed = {part: code}
        now, before, change = row.now, row.before, row.change
        points = (now.on_time or 0) - (before.on_time or 0)
        found.append(
            Group(
                name=name,
                row=row,
                url=link(chosen, "ontvangen", **narrowed) if now.received else "",
                before_url=link(other, "ontvangen", **narrowed) if before.received else "",
                mark=_way(row.more, (change if change is not None else 1)),
                change="–" if change is None else signed(change, "\u00a0%"),
                on_time=percent_words(now.on_time),
                on_time_before=percent_words(before.on_time),
                on_time_mark=_way(row.better, points),
                expected=percent_words(now.fair) if now.on_time is not None else "–",
                fair=_way(row.fairly, (now.on_time or 0) - (now.fair or 0)),
                median=hours_words(now.median),
                p90=hours_words(now.p90),
                score=score_words(now.satisfaction.mean),
                late_url=link(chosen, "buiten-termijn", **narrowed) if now.promised > now.kept else "",
                people=in_figures(people.get(row.group)),
            )
        )
    return found


def _way(sure: bool, difference: float) -> str:
    return "" if not sure else ("more" if difference > 0 else "less")


def compared_chart(found: list[Group]) -> Chart:
    """The largest categories, both periods."""
    rows = found[:MOST_DRAWN]
    return Chart(
        "compared",
        "Ontvangen per categorie",
        "bars",
        "Categorie",
        [row.name for row in rows],
        [
            Series("Deze periode", [row.row.now.received for row in rows], [row.url for row in rows]),
            Series("Vergeleken met", [row.row.before.received for row in rows], [row.before_url for row in rows], "quiet"),
        ],
    )


def season_charts(found: Season) -> list[Chart]:
    """The months of each year, the months against the average, and the hours of the week."""
    lines = Chart(
        "season",
        "Meldingen per maand, over de jaren",
        "lines",
        "Maand",
        MONTHS,
        [Series(str(year), months) for year, months in sorted(found.years.items(), reverse=True)],
        note="Met de gekozen filters, over hoogstens vijf jaar. Een maand die nog loopt, staat er niet bij.",
    )
    years = f" Volle jaren: {', '.join(map(str, found.complete))}." if found.complete else ""
    index = Chart(
        "index",
        "Welke maanden druk zijn",
        "columns",
        "Maand",
        MONTHS,
        [Series("Ten opzichte van het gemiddelde", found.index)],
        unit="100 is gemiddeld",
        note=f"100 is een gemiddelde maand, 120 is een vijfde drukker; per dag gerekend.{years}",
        empty="Er is nog geen vol jaar met meldingen.",
    )
    week = Chart(
        "week",
        "Wanneer in de week",
        "heat",
        "Uur",
        [f"{hour} u" for hour in range(24)],
        [Series(day, counts) for day, counts in zip(DAYS, found.week, strict=True)],
        note="Meldingen van de gekozen periode, naar het uur waarop ze binnenkwamen.",
    )
    return [lines, index, week]


def spot_rows(found: list[Spot], chosen: Chosen, names: Names) -> list[dict[str, Any]]:
    """The places, with the street that most cases name."""
    rows = []
    for spot, street in zip(found, hotspots.streets(found), strict=True):
        area = names.areas.get(spot.area, ("", ""))[1] if spot.area != NONE else ""
        mix = [
            f"{names.categories.get(pk, ('', 'Zonder categorie'))[1]} ({in_figures(count)})"
            for pk, count in spot.categories[:3]
        ]
        more = len(spot.categories) - 3
        rows.append(
            {
                "street": street or "Plek zonder straatnaam",
                "area": area,
                "count": spot.count,
                "weeks": spot.weeks,
                "first": spot.first,
                "last": spot.last,
                "mix": ", ".join(mix) + (f" en nog {more} {'soort' if more == 1 else 'soorten'}" if more > 0 else ""),
                "url": link(chosen, "ontvangen", binnen=spot.within),
            }
        )
    return rows


FATES = {
    "late": "na de termijn afgehandeld",
    "reopened": "heropend",
    "dissatisfied": "ontevreden (score 1 of 2)",
}
STEPS = {"advice": "Er werd advies gevraagd", "decision": "Het bestuur besliste", "execution": "Er werd iets uitgevoerd"}


def pair_rows(pairs: Iterable[Pair], names: Names) -> list[dict[str, str]]:
    """What goes together, in words."""
    words: dict[str, tuple[str, dict[Any, str]]] = {
        "category": ("Categorie", {pk: name for pk, (_, name) in names.categories.items()}),
        "area": ("Wijk", {pk: name for pk, (_, name) in names.areas.items()}),
        "department": ("Dienst", {pk: name for pk, (_, name) in names.departments.items()}),
        "channel": ("Kanaal", dict(enumerate(map(str, IntakeChannel.labels)))),
        "step": ("Stap", STEPS),
    }
    rows = []
    for pair in pairs:
        factor, known = words[pair.factor]
        low, high = sorted((pair.gap.low, pair.gap.high))
        rows.append(
            {
                "factor": factor,
                "value": known.get(pair.value, "?"),
                "fate": FATES[pair.fate],
                "share": f"{pair.share} % van {in_figures(pair.cases)}",
                "others": f"{pair.other_share} % van {in_figures(pair.others)}",
                "gap": points_words(pair.gap.points),
                "between": f"{signed(low)} en {signed(high)}",
            }
        )
    return rows


def rise_rows(rises: Iterable[Rise]) -> list[dict[str, Any]]:
    """Rises that were told, newest first, with the week in which they were last seen."""
    known = {row.pk: row for row in catalogue().categories}
    rows = []
    for rise in rises:
        category, since = known.get(rise.category_id), rise.since
        if category is None:
            continue
        usual = max(1, round(rise.expected))
        week = Chosen(since, rise.until)
        rows.append(
            {
                "name": category.name,
                "words": f"{reports_words(rise.count)} van {day_words(since)} tot en met {day_words(rise.until)}; "
                f"gewoon is ongeveer {in_figures(usual)}",
                "url": link(week, "ontvangen", categorie=category.code),
                "told": date_format(rise.told_at, "j F"),
                "department": category.department.name,
            }
        )
    return rows
