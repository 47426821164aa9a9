"""The pages in four languages: nothing is missing, nothing stale, and placeholders survive."""

from __future__ import annotations

import csv
import gettext
import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "meldloket" / "catalogue" / "data"


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scripts_messages", ROOT / "scripts" / "messages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_is_translated_and_none_is_stale(messages: ModuleType) -> None:
    assert messages.problems() == []


def test_the_check_finds_what_is_wrong(messages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(messages.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    path = messages.po_file("fr")
    text = path.read_text("utf-8")
    text = text.replace('msgstr "Se connecter"', 'msgstr ""', 1).replace("%(number)s", "%(nummer)s", 2)
    path.write_text(text.replace("%(nummer)s", "%(number)s", 1), "utf-8")
    found = "\n".join(messages.problems())
    assert "fr: not translated: 'Aanmelden'" in found and "fr: other placeholders than the source" in found


def test_compiled_catalogues_are_what_django_reads(
    messages: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(messages.LOCALE, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    assert messages.compile_all() == 0
    with messages.po_file("de").with_suffix(".mo").open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("Aanmelden") == "Anmelden"


def test_every_default_category_has_a_name_in_every_language() -> None:
    kept = json.loads((DATA / "translations.json").read_text("utf-8"))
    with (DATA / "categories.csv").open(encoding="utf-8", newline="") as stream:
        names = {name for row in csv.DictReader(stream) for name in (row["name"], row["main_category"])}
    assert names == set(kept["names"])
    assert all(len(words) == len(kept["languages"]) and all(words) for words in kept["names"].values())
