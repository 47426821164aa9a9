"""Charts with a table twin: the table is the page, the drawing is made from the same numbers by js/charts.js. Each number
can lead to the cases behind it, in the table and in the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Number = float | int | None

#: Ways to draw: lines through time, columns beside or upon each other, bars that lie (for names), a flow, a map of hours.
KINDS = ("lines", "columns", "stacked", "bars", "stacked-bars", "flow", "heat")


@dataclass(frozen=True)
class Series:
    """One row of numbers, as many as the chart has labels. None: not known, or hidden. `urls`: where each leads, or
    nothing. `tone`: a name of a colour (js/charts.js), empty for the next in line. `words`: what the table shows instead of
    the bare number."""

    name: str
    values: Sequence[Number]
    urls: Sequence[str] = ()
    tone: str = ""
    words: Sequence[str] = ()
    line: bool = False  # drawn as a line over columns
    drawn: bool = True  # False: only in the table, where another unit would spoil the drawing


@dataclass(frozen=True)
class Cell:
    """One number of the table: what is written, and where it leads."""

    words: str
    url: str


@dataclass(frozen=True)
class Link:
    """One stream of a flow: `count` from one node to another. `url`: the cases behind it."""

    source: str
    target: str
    count: int
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing with its table. `key`: unique on the page, an HTML id; `labels_name`: heading of the first column; `unit`:
    what the numbers are, e.g. "meldingen"; `note`: how they are counted; `missing`: what a cell without a number says."""

    key: str
    title: str
    kind: str
    labels_name: str = ""
    labels: Sequence[str] = ()
    series: Sequence[Series] = ()
    unit: str = "meldingen"
    note: str = ""
    links: Sequence[Link] = ()
    nodes: Sequence[tuple[str, str]] = field(default=())  # flow: (id, words)
    missing: str = "–"
    empty: str = "Geen meldingen voor deze keuze."

    @property
    def rows(self) -> list[tuple[str, list[Cell]]]:
        """The table: label and a cell per series."""
        return [(label, [self._cell(series, place) for series in self.series]) for place, label in enumerate(self.labels)]

    def _cell(self, series: Series, place: int) -> Cell:
        value = series.values[place]
        words = series.words[place] if series.words else in_figures(value)
        url = series.urls[place] if series.urls and value else ""
        return Cell(self.missing if value is None else words, url)

    @property
    def is_empty(self) -> bool:
        return not self.links and not any(value for series in self.series for value in series.values)

    @property
    def named_links(self) -> list[tuple[str, str, Link]]:
        """The flow in words: from, to, and the link; by source in the order of the nodes, the widest stream first."""
        words, order = dict(self.nodes), [code for code, _ in self.nodes]
        links = sorted(self.links, key=lambda link: (order.index(link.source), -link.count))
        return [(words[link.source], words[link.target], link) for link in links]

    @property
    def data(self) -> dict[str, Any]:
        """What js/charts.js draws."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "labels": list(self.labels),
            "series": [
                {"name": row.name, "values": list(row.values), "urls": list(row.urls), "tone": row.tone, "line": row.line}
                for row in self.series
                if row.drawn
            ],
            "nodes": [{"id": code, "words": words} for code, words in self.nodes],
            "links": [
                {"source": row.source, "target": row.target, "count": row.count, "url": row.url} for row in self.links
            ],
        }


def in_figures(value: Number) -> str:
    """A number in Belgian notation: 12345.5 → 12.345,5."""
    if value is None:
        return "–"
    text = f"{value:,.1f}" if isinstance(value, float) and not float(value).is_integer() else f"{value:,.0f}"
    return text.translate(str.maketrans(",.", ".,"))
