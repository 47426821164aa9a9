"""What the documents say of the code is made from the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from meldloket.cases.lifecycle import TRANSITIONS
from meldloket.runtime.checking import settings_table

ROOT = Path(__file__).parents[2]


def between(text: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.S)
    assert found, name
    return found[1]


def test_the_table_of_settings_is_current():
    assert between((ROOT / "docs" / "operations.md").read_text(), "settings").strip() == settings_table().strip()


def test_the_drawn_lifecycle_is_the_table():
    drawn = set(
        re.findall(
            r"^    (\w+) --> (\w+) : (\w+)$", between((ROOT / "docs" / "architecture.md").read_text(), "lifecycle"), re.M
        )
    )
    assert drawn == {(str(source), str(row.target), row.command) for row in TRANSITIONS for source in row.sources}


def test_every_document_that_the_readme_names_exists():
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text()):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("requirements/*.txt")) + [ROOT / "package-lock.json"], ids=lambda path: path.name
)
def test_lock_files_name_no_registry(path):
    assert "://" not in re.sub(
        r'"url": "https?://(github\.com|opencollective\.com|www\.|tidelift)[^"]*"', "", path.read_text()
    )


def test_no_address_stands_in_the_log_of_refused_requests(rf):
    """A personal link is a secret; Django's own log of 4xx and 5xx names the route instead."""
    import logging

    from meldloket.runtime.logs import RouteInsteadOfAddress

    request = rf.get("/advies/geheim/")
    record = logging.LogRecord("django.request", 30, "", 0, "%s: %s", ("Not Found", request.path), None)
    record.request = request
    assert RouteInsteadOfAddress().filter(record)
    assert "geheim" not in record.getMessage()
