"""The screening on texts that the model never saw, on traps, and on everything that is no report at all."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meldloket.screening.cli import screen_texts
from meldloket.screening.engine import Screener, emergency
from meldloket.screening.phrases import catalogue_rows, phrases_by_category

DATA = Path(__file__).parent / "data"
LEAST_PHRASES = 24


@pytest.fixture(scope="module")
def screener(tmp_path_factory: pytest.TempPathFactory) -> Screener:
    return Screener(tmp_path_factory.mktemp("screening"))


def held_out(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def share(screener: Screener, rows: list[dict[str, str]], first: int) -> float:
    """Which part of the texts has the right category among the first so many proposals."""
    rows = [row for row in rows if row["category"]]
    right = 0
    for row in rows:
        codes = [one["code"] for one in screener.screen(row["text"]).as_dict()["categories"][:first]]
        right += bool(set(codes) & set(row["category"].split("|")))
    return right / len(rows)


def test_every_category_of_the_catalogue_has_phrases_of_its_own() -> None:
    phrases = phrases_by_category()
    assert set(phrases) == set(catalogue_rows())
    assert {code: len(texts) for code, texts in phrases.items() if len(set(texts)) < LEAST_PHRASES} == {}


def test_no_held_out_text_is_among_the_phrases() -> None:
    known = {text.casefold() for texts in phrases_by_category().values() for text in texts}
    for name in ("screening_texts", "screening_hard"):
        assert [row["text"] for row in held_out(name) if row["text"].casefold() in known] == []


def test_texts_as_people_write_them_get_the_right_category(screener: Screener) -> None:
    rows = held_out("screening_texts")
    assert len(rows) > 100
    assert share(screener, rows, 1) >= 0.9
    assert share(screener, rows, 3) >= 0.97


def test_roundabout_texts_have_the_right_category_among_three(screener: Screener) -> None:
    rows = held_out("screening_hard")
    assert share(screener, rows, 1) >= 0.65
    assert share(screener, rows, 3) >= 0.85


@pytest.mark.parametrize("name", ["screening_texts", "screening_hard"])
def test_reasons_are_found_and_reports_are_not_refused(screener: Screener, name: str) -> None:
    missed, wrong = [], []
    for row in held_out(name):
        found = screener.screen(row["text"]).admissibility.reason
        if row["reason"] and found != row["reason"]:
            missed.append((row["reason"], found, row["text"]))
        elif not row["reason"] and found:
            wrong.append((found, row["text"]))
    assert wrong == []
    assert len(missed) <= 3


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Brand in het appartement boven mij, er zijn mensen binnen!", "112"),
        ("vuilnisbak in brand aan het station", "112"),
        ("Ik ruik gas in de straat", "112"),
        ("kind in de gracht gevallen help", "112"),
        ("mijn vrouw ademt niet meer", "112"),
        ("Ik denk dat er een bom ligt in het station", "112"),
        ("Mijn buurman heeft een mes en bedreigt mij", "101"),
        ("Ze zijn nu aan het inbreken bij de overburen", "101"),
        ("Il y a un incendie dans la maison d'à côté", "112"),
        ("There is a fire in the school", "112"),
        ("Das Haus brennt!", "112"),
    ],
)
def test_danger_is_seen_at_once(screener: Screener, text: str, number: str) -> None:
    found = emergency(text)
    assert found is not None and found.number == number
    screened = screener.screen(text)
    assert (screened.urgency.level, screened.admissibility.reason) == ("urgent", "emergency")


@pytest.mark.parametrize(
    "text",
    [
        "De straatlamp brandt niet meer",
        "Er brandt geen licht in de tunnel",
        "De lamp aan nummer 7 brandt dag en nacht",
        "Er staat een dode bom in het park, die mag geveld worden",
        "Gisteren is hier een ongeval gebeurd, het bord staat scheef",
        "Vorige week stond de vuilnisbak in brand, hij is nog niet vervangen",
        "De vuilnisbak is in brand gestoken",
        "De brandweer kan niet door onze straat",
        "Mijn kat is in het water gevallen",
        "Er kan een kind verdrinken als daar geen hek komt",
        "brandgevaar door droog gras",
    ],
)
def test_everyday_words_are_no_danger(text: str) -> None:
    assert emergency(text) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Ik wil klacht indienen over de medewerker aan het loket, hij was onbeleefd", True),
        ("klacht over lawaai van de buren 's nachts", False),
        ("Ik klaag over de put in de weg", False),
    ],
)
def test_a_complaint_is_about_the_administration(screener: Screener, text: str, complaint: bool) -> None:
    assert screener.screen(text).complaint is complaint


def test_proposals_come_with_score_and_words(screener: Screener) -> None:
    found = screener.screen("Er ligt een matras en een zetel gedumpt in de berm").as_dict()
    best = found["categories"][0]
    assert best["code"] == "sluikstort" and 0.5 < best["score"] <= 1
    assert set(best["words"]) & {"gedumpt", "matras", "zetel"}
    assert [row["score"] for row in found["categories"]] == sorted((r["score"] for r in found["categories"]), reverse=True)


def test_the_language_is_recognised(screener: Screener) -> None:
    texts = {
        "nl": "Het voetpad ligt helemaal open",
        "fr": "Les poubelles n'ont pas été ramassées cette semaine",
        "en": "The street light in our street is broken",
        "de": "Die Straßenlaterne vor unserem Haus ist kaputt",
    }
    assert {code: screener.screen(text).language for code, text in texts.items()} == {code: code for code in texts}
    assert screener.screen("مرحبا كيف الحال").language == "und"


def test_the_place_tells_who_is_competent(screener: Screener) -> None:
    found = screener.screen("Diepe put in het wegdek", place={"competent": "Agentschap Wegen en Verkeer"})
    assert (found.admissibility.reason, found.admissibility.refer_to) == ("other_authority", "Agentschap Wegen en Verkeer")


def test_only_categories_in_use_are_proposed(screener: Screener) -> None:
    found = screener.screen("De straatlamp brandt niet", allowed_categories={"wegdek", "voetpad"})
    assert {row.code for row in found.categories} <= {"wegdek", "voetpad"}


def test_a_correction_is_learnt_and_kept(tmp_path: Path) -> None:
    text = "de blauwe paal met de knop doet niets als ik hem indruk"
    first = Screener(tmp_path)
    before = {row.code: row.score for row in first.screen(text).categories}
    first.learn([(text, "straatmeubilair")] * 3)
    after = first.screen("blauwe paal met knop doet niets").categories[0]
    assert after.code == "straatmeubilair" and after.score > before.get("straatmeubilair", 0)
    assert Screener(tmp_path).screen("blauwe paal met knop doet niets").categories[0].code == "straatmeubilair"


def test_training_twice_gives_the_same_model(tmp_path: Path, screener: Screener) -> None:
    assert Screener(tmp_path).model.facts["made_of"] == screener.model.facts["made_of"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "a" * 20_000, "😀" * 500, "\x00\x07", "<script>alert(1)</script>", "\u202eabc", "(" * 3_000, "1 " * 5_000],
    ids=range(9),
)
def test_what_is_no_report_is_never_an_error(screener: Screener, text: str) -> None:
    json.dumps(screener.screen(text).as_dict())


@given(st.text(max_size=400))
@settings(deadline=None, max_examples=60)
def test_no_text_breaks_it(text: str) -> None:
    json.dumps(SHARED.screen(text).as_dict())
    emergency(text)


SHARED = Screener()


def test_the_command_line_reads_lines_and_tables() -> None:
    out = io.StringIO()
    assert screen_texts(io.StringIO("put in baan\n\nstraatlamp stuk\n"), "lines", out) == 0
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [row["categories"][0]["code"] for row in rows] == ["wegdek", "straatverlichting"]
    out = io.StringIO()
    assert screen_texts(io.StringIO('id;text\n7;"put; in baan"\n'), "csv", out) == 0
    row = json.loads(out.getvalue())
    assert (row["text"], row["input"]) == ("put; in baan", {"id": "7"})


def test_a_table_without_texts_is_said_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert screen_texts(io.StringIO("a,b\n1,2\n"), "csv", io.StringIO()) == 2
    assert "no column `text`" in capsys.readouterr().err
