"""Charts for paper, drawn on the server as SVG: bars that lie, columns and lines. Each carries its content in words as its
title, which becomes the alternative text in the PDF; the table beside it has every number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .charts import in_figures

WIDTH = 640
INK, SOFT, LINE = "#17292c", "#4c5f62", "#d5dddd"
MAIN, QUIET, ACCENT = "#0c6a78", "#9fb0b3", "#c2601a"
LONGEST = 34  # characters of a label


@dataclass(frozen=True)
class Row:
    """Values of one series; `tone`: a colour. None: not known."""

    name: str
    values: Sequence[float | None]
    tone: str = MAIN


def _text(x: float, y: float, words: str, anchor: str = "start", ink: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}" font-size="12">{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, tone: str) -> str:
    size = f'width="{max(0, width):.1f}" height="{max(0, height):.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{tone}"/>'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{LINE}" stroke-width="1"/>'


def _svg(title: str, height: float, parts: list[str]) -> SafeString:
    return mark_safe(  # noqa: S308  (words are escaped where they are put in)
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" font-family="sans-serif"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1].rstrip()}…"


def _legend(rows: Sequence[Row]) -> list[str]:
    if len(rows) < 2:
        return []
    parts: list[str] = []
    x = 0.0
    for row in rows:
        parts += [_rect(x, 2, 12, 12, row.tone), _text(x + 18, 13, row.name)]
        x += 42 + 7 * len(row.name)
    return parts


def bars(title: str, rows: Sequence[tuple[str, int]]) -> SafeString:
    """Lying bars with the number at their end; `title` says what they are of."""
    most = max((value for _, value in rows), default=0) or 1
    left, step = 232, 24
    parts: list[str] = []
    for at, (label, value) in enumerate(rows):
        y = at * step
        width = (WIDTH - left - 64) * value / most
        parts += [_text(left - 10, y + 16, _short(label), "end"), _rect(left, y + 3, width, step - 7, MAIN)]
        parts.append(_text(left + width + 6, y + 16, in_figures(value), ink=SOFT))
    said = "; ".join(f"{label} {in_figures(value)}" for label, value in rows)
    return _svg(f"Staafdiagram. {title}: {said}.", len(rows) * step, parts)


def _scale(rows: Sequence[Row]) -> tuple[float, list[float]]:
    """The top of the axis and its marks: four or five round numbers."""
    most = max((value for row in rows for value in row.values if value is not None), default=0) or 1
    unit = 10 ** (len(str(int(most))) - 1)
    step = next(size * unit for size in (0.2, 0.25, 0.5, 1, 2, 2.5) if most / (size * unit) <= 5)
    step = max(1, round(step))
    top = step * -(-int(most) // step) if most == int(most) else step * (int(most) // step + 1)
    return float(top), [float(mark) for mark in range(0, int(top) + 1, step)]


def _frame(labels: Sequence[str], rows: Sequence[Row], height: float) -> tuple[list[str], float, float, float, float]:
    """Legend, axis and labels; (parts, left, width of a label's part, top, height of the drawing for the whole axis)."""
    left, top, bottom = 48.0, 30.0 if len(rows) > 1 else 12.0, height - 24.0
    highest, marks = _scale(rows)
    parts = _legend(rows)
    for mark in marks:
        y = bottom - (bottom - top) * mark / highest
        parts += [_rule(left, y, WIDTH, y), _text(left - 8, y + 4, in_figures(mark), "end", SOFT)]
    each = (WIDTH - left) / max(1, len(labels))
    parts += [_text(left + each * (at + 0.5), height - 6, label, "middle", SOFT) for at, label in enumerate(labels)]
    return parts, left, each, bottom, (bottom - top) / highest


def _said(labels: Sequence[str], rows: Sequence[Row]) -> str:
    return ". ".join(
        f"{row.name}: "
        + ", ".join(
            f"{label} {in_figures(value)}" for label, value in zip(labels, row.values, strict=True) if value is not None
        )
        for row in rows
    )


def columns(title: str, labels: Sequence[str], rows: Sequence[Row], height: float = 220) -> SafeString:
    """Standing columns, those of a label beside each other."""
    parts, left, each, bottom, scale = _frame(labels, rows, height)
    wide = each * 0.76 / max(1, len(rows))
    for place, row in enumerate(rows):
        for at, value in enumerate(row.values):
            if value is not None:
                x = left + each * at + each * 0.12 + place * wide
                parts.append(_rect(x, bottom - value * scale, wide - 1, value * scale, row.tone))
    return _svg(f"Kolommen. {title}. {_said(labels, rows)}.", height, parts)


def lines(title: str, labels: Sequence[str], rows: Sequence[Row], height: float = 220) -> SafeString:
    """Lines through time; a value that is not known breaks the line."""
    parts, left, each, bottom, scale = _frame(labels, rows, height)
    for row in rows:
        points = [
            (left + each * (at + 0.5), bottom - value * scale) for at, value in enumerate(row.values) if value is not None
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{row.tone}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{row.tone}"/>' for x, y in points]
    return _svg(f"Lijnen. {title}. {_said(labels, rows)}.", height, parts)
