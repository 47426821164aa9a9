"""Computes the contrast of every pair of design tokens that stands together on a page, light and dark, so that a
municipality's own colours can be judged before citizens see them.

Usage: `python scripts/check_contrast.py [tokens.css [theme.css …]]`. Later files override earlier ones. Prints each pair
that falls short of WCAG 2.2 AA (1.4.3 for text, 1.4.11 for parts of controls); exit code 1 when there is one.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[1] / "src/meldloket/web/static/meldloket/tokens.css"

TEXT, PART = 4.5, 3.0

#: (foreground, background, least ratio)
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((ink, ground, TEXT) for ink in ("ink", "ink-soft", "link") for ground in ("ground", "paper", "sunken")),
    ("link-hover", "primary-soft", TEXT),
    ("link", "primary-soft", TEXT),
    ("ink", "primary-soft", TEXT),
    ("ink-soft", "primary-soft", TEXT),
    ("ink", "mark", TEXT),
    ("ink-soft", "mark", TEXT),
    ("primary", "primary-soft", TEXT),
    ("primary-strong", "primary-soft", TEXT),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-strong", TEXT),
    ("primary", "ground", PART),
    ("primary", "paper", PART),
    ("line-strong", "paper", PART),
    ("line-strong", "ground", PART),
    *(("focus", ground, PART) for ground in ("ground", "paper", "sunken", "primary-soft")),
    *((tone, f"{tone}-soft", TEXT) for tone in ("info", "success", "warning", "error")),
    *((tone, "paper", TEXT) for tone in ("info", "success", "warning", "error")),
    *((f"{tone}-line", "paper", PART) for tone in ("info", "success", "warning", "error")),
    ("error", "ground", TEXT),
    ("on-emergency", "emergency", TEXT),
    ("on-emergency", "error", TEXT),
    ("rail-ink", "rail", TEXT),
    ("on-rail-current", "rail-current", TEXT),
    ("on-rail-current", "rail", TEXT),
    ("accent", "paper", PART),
)

Colour = tuple[int, int, int]


def declarations(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """The `--ml-…` values of a style sheet: those of the light theme, and those inside a dark media query."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    media: list[str] = []
    for part in re.finditer(r"([^{};]+)\{|\}|--ml-([a-z0-9-]+)\s*:\s*([^;}]+)", css):
        if part.group(1) is not None:
            media.append(part.group(1).strip())
        elif part.group(2) is not None:
            where = " ".join(media)
            if "print" in where or "prefers-contrast" in where or "html.office" in where.split("@media")[0]:
                continue
            (dark if "dark" in where else light)[part.group(2)] = part.group(3).strip()
        elif media:
            media.pop()
    return light, dark


def colour(value: str) -> Colour:
    """`#rgb` or `#rrggbb` → red, green, blue (0 to 255). Raises ValueError for anything else."""
    digits = value.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if not value.startswith("#") or not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
        raise ValueError(f"{value!r} is not a colour of the form #rrggbb")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(rgb: Colour) -> float:
    """Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    parts = [part / 255 for part in rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(colour(one)), luminance(colour(other))))
    return (high + 0.05) / (low + 0.05)


def shortfalls(sheets: list[str]) -> list[str]:
    """A sentence for each pair that falls short in the light or the dark theme; empty when all hold."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for sheet in sheets:
        one, other = declarations(sheet)
        light |= one
        dark |= other
    found = []
    for theme, tokens in (("light", light), ("dark", {**light, **dark})):
        for front, back, least in PAIRS:
            got = ratio(tokens[front], tokens[back])
            if got < least:
                found.append(f"{theme}: --ml-{front} on --ml-{back} is {got:.2f}, at least {least} is needed")
    return found


def main() -> int:
    """Checks the sheets named on the command line, else our own tokens."""
    paths = [Path(name) for name in sys.argv[1:]] or [TOKENS]
    problems = shortfalls([path.read_text("utf-8") for path in paths])
    for problem in problems:
        print(problem)
    if not problems:
        print(f"{2 * len(PAIRS)} pairs of colours hold.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
