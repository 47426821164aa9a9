"""The demonstration's filling: every report of the real town finds a category of ours, at its own moment."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from meldloket.runtime.demo_assen import CODES
from meldloket.screening.phrases import catalogue_rows, phrases_by_category

REPORTS = Path(__file__).parents[3] / "shared" / "data" / "assen-reports.csv"


def test_every_translation_names_a_category_with_texts() -> None:
    assert set(CODES.values()) <= set(catalogue_rows())
    assert set(CODES.values()) <= set(phrases_by_category())


@pytest.mark.skipif(not REPORTS.exists(), reason="the reports of Assen are not on this machine")
def test_nearly_every_real_report_has_a_category_of_its_own() -> None:
    with REPORTS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    without = [row for row in rows if (row["category"], row["subcategory"]) not in CODES]
    assert len(rows) > 2000
    assert len(without) / len(rows) < 0.2
