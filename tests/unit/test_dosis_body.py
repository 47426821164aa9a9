"""The body of an upload: right names, right lengths, and nothing optional that could keep a status from the citizen."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meldloket.messages.dosis_body import (
    CUT,
    CaseSnapshot,
    cut,
    dosis_body,
    fit,
    flaws,
    mbp_bundle,
    moment,
    rising,
    units,
)

SNAPSHOT = CaseSnapshot(
    bron="urn://lindekerke/meldingen",
    dossier_number="MLD-2026-000123",
    title="Melding: verzakt voetpad, Molenstraat",
    changed_at=datetime(2026, 3, 4, 9, 15, 0, 123999, tzinfo=UTC),
    code="Ontvankelijk",
    phase="Behandeling",
    detail="Uw melding is ontvankelijk. De dienst Openbaar Domein behandelt ze.",
    action=None,
    deep_link="https://meldingen.lindekerke.example/mijn/MLD-2026-000123",
    product="12345",
    manager={
        "name": "Meldpunt Lindekerke",
        "department": "Openbaar Domein",
        "phone": "+32 9 000 00 00",
        "email": "meldingen@lindekerke.example",
        "website": "https://www.lindekerke.example",
        "address": {"street": "Markt", "number": "1", "postcode": "9999", "municipality": "Lindekerke"},
    },
)


def test_the_whole_body() -> None:
    assert dosis_body(SNAPSHOT) == {
        "Identificatie": {"Bron": "urn://lindekerke/meldingen", "DossierNummer": "MLD-2026-000123"},
        "Naam": "Melding: verzakt voetpad, Molenstraat",
        "WijzigingsDatum": "2026-03-04T10:15:00.123+01:00",
        "TypeDossierCode": "DossierStatus",
        "Status": {
            "VlaamsCode": "Ontvankelijk",
            "VlaamsFase": "Behandeling",
            "Detail1": "Uw melding is ontvankelijk. De dienst Openbaar Domein behandelt ze.",
            "Actie": {"ActieNodig": False},
        },
        "Doorverwijzing": "https://meldingen.lindekerke.example/mijn/MLD-2026-000123",
        "Producten": [{"Id": "12345"}],
        "DossierBeheerder": {
            "Naam": "Meldpunt Lindekerke",
            "Dienst": "Openbaar Domein",
            "Telefoon": "+32 9 000 00 00",
            "Email": "meldingen@lindekerke.example",
            "Website": "https://www.lindekerke.example",
            "Adres": {"Straat": "Markt", "Nummer": "1", "Postcode": "9999", "Gemeente": "Lindekerke"},
        },
    }
    assert flaws(dosis_body(SNAPSHOT)) == []


def test_an_open_question_is_an_action() -> None:
    body = dosis_body(replace(SNAPSHOT, action="Beantwoord de vraag: op welke hoogte is het?"))
    assert body["Status"]["Actie"] == {
        "ActieNodig": True,
        "Actie": "Beantwoord de vraag: op welke hoogte is het?",
    }


def test_without_manager_and_detail_the_parts_are_left_out() -> None:
    body = dosis_body(replace(SNAPSHOT, manager={}, detail="  \n"))
    assert "DossierBeheerder" not in body
    assert "Detail1" not in body["Status"]
    assert flaws(body) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"email": "geen adres"}, {}),
        ({"website": "www.lindekerke.example"}, {}),
        ({"website": "javascript:alert(1)"}, {}),
        ({"address": {"street": "Markt"}}, {}),
        ({"name": "Meldpunt", "email": "@"}, {"Naam": "Meldpunt"}),
        (
            {"address": {"street": "Markt", "number": "12-14"}},
            {"Adres": {"Straat": "Markt", "Nummer": "12"}},
        ),
        (
            {"address": {"street": "Markt", "number": "123bis"}},
            {"Adres": {"Straat": "Markt", "Nummer": "123b"}},
        ),
    ],
)
def test_a_wrong_part_of_the_manager_never_keeps_a_status_back(given: Any, kept: dict[str, Any]) -> None:
    assert dosis_body(replace(SNAPSHOT, manager=given)).get("DossierBeheerder", {}) == kept


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "Naam"),
        ({"code": ""}, "Status.VlaamsCode"),
        ({"phase": ""}, "Status.VlaamsFase"),
        ({"bron": ""}, "Identificatie.Bron"),
        ({"dossier_number": "x" * 256}, "Identificatie.DossierNummer"),
        ({"action": ""}, "Status.Actie.Actie"),
        ({"deep_link": "mijn/melding"}, "Doorverwijzing"),
        ({"product": "IPDC-1"}, "Producten"),
        ({"product": ""}, "Producten"),
    ],
)
def test_what_cannot_be_mended_is_named(change: dict[str, Any], field: str) -> None:
    assert [flaw["field"] for flaw in flaws(dosis_body(replace(SNAPSHOT, **change)))] == [field]


def test_exactly_one_product() -> None:
    body = dosis_body(SNAPSHOT)
    for products in ([], [{"Id": "1"}, {"Id": "2"}], [{}], "1", None, [1]):
        assert [flaw["field"] for flaw in flaws({**body, "Producten": products})] == ["Producten"]


@pytest.mark.parametrize("junk", [{}, {"Status": None}, {"Status": "x"}, {"Identificatie": []}])
def test_a_body_that_is_none_has_flaws(junk: dict[str, Any]) -> None:
    assert {"Naam", "Status.VlaamsCode", "Identificatie.Bron"} <= {flaw["field"] for flaw in flaws(fit(junk))}


def test_a_moment_needs_a_time_zone_and_follows_summer_time() -> None:
    assert moment(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "2026-07-01T14:00:00.000+02:00"
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 7, 1, 12))


def test_the_date_of_a_case_only_rises() -> None:
    first = rising(datetime(2026, 3, 4, 9, 15, 0, 123999, tzinfo=UTC), None)
    assert first.microsecond == 123000
    second = rising(first, first)
    assert second - first == timedelta(milliseconds=1)
    third = rising(first - timedelta(hours=1), second)
    assert moment(first) < moment(second) < moment(third)
    later = first + timedelta(days=1)
    assert rising(later, third) == later


@given(st.datetimes(timezones=st.just(UTC)), st.lists(st.timedeltas(timedelta(-1), timedelta(1)), max_size=20))
def test_a_clock_that_jumps_never_makes_two_equal_dates(start: datetime, jumps: list[timedelta]) -> None:
    if not 1900 < start.year < 9000:
        return
    dates: list[datetime] = []
    for jump in [timedelta(), *jumps]:
        dates.append(rising(start + jump, dates[-1] if dates else None))
    assert dates == sorted(set(dates))
    assert len({moment(one) for one in dates}) == len(dates)


def test_a_bundle() -> None:
    bundle = mbp_bundle(
        SNAPSHOT,
        brand="LINDEKERKE",
        notified_at=datetime(2026, 4, 21, 6, tzinfo=UTC),
        last_day=date(2026, 7, 21),
        link_name="Bekijk het besluit",
    )
    values = {pair["Sleutel"]: pair["Waarde"] for pair in bundle.pop("SleutelWaardeParen")}
    assert bundle == {
        "AanbiederUri": "urn://lindekerke/meldingen",
        "Categorie": "DossierGerelateerdBerichtWijzigingDossier",
        "DatumNotificatie": "2026-04-21T08:00:00.000+02:00",
        "TransactieId": "urn://lindekerke/meldingen+MLD-2026-000123",
        "Vervaldatum": "2026-07-21T00:00:00+02:00",
        "Kanalen": [{"Code": "Passief"}],
        "ProductId": "12345",
        "MerkCode": "LINDEKERKE",
    }
    assert values["DossierNummer"] == "MLD-2026-000123"
    assert values["StatusVlaamseCode"] == "Ontvankelijk"
    assert values["StatusVlaamseFase"] == "Behandeling"
    assert values["ExterneLinkNaam"] == "Bekijk het besluit"
    assert values["DocumentLinkUri"] == SNAPSHOT.deep_link
    assert values["DossierBeheerderEmail"] == "meldingen@lindekerke.example"
    assert all(values.values())


def test_a_bundle_tells_the_action_rather_than_the_status() -> None:
    bundle = mbp_bundle(
        replace(SNAPSHOT, action="Beantwoord de vraag."), brand="LINDEKERKE", notified_at=SNAPSHOT.changed_at
    )
    assert {"Sleutel": "StatusDetail1", "Waarde": "Beantwoord de vraag."} in bundle["SleutelWaardeParen"]


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("kort", 255, "kort"),
        ("a" * 255, 255, "a" * 255),
        ("a" * 256, 255, "a" * 254 + "…"),
        ("woord " * 60, 255, "woord " * 41 + "woord…"),
        ("😀" * 128, 255, "😀" * 127 + "…"),
        ("een\r\ntwee\tdrie\x00", 255, "een twee drie"),
        ("halve \ud83d pas", 255, "halve pas"),
        ("𐀀 𐀀", 4, "𐀀"),
        ("12 bis", 4, "12"),
        ("123bis", 4, "123b"),
    ],
)
def test_cut(text: str, longest: int, short: str) -> None:
    assert cut(text, longest) == short


anything = st.text(st.characters(), max_size=700)


@given(anything, st.sampled_from([1, 4, 19, 20, 120, 255]))
def test_a_cut_text_always_fits_and_stays_what_it_is(text: str, longest: int) -> None:
    short = cut(text, longest)
    assert units(short) <= longest
    assert len(short.encode("utf-16-le")) == 2 * units(short)  # also: no half characters
    assert cut(short, longest) == short
    assert short == " ".join(short.split())
    assert short.rstrip("…") in " ".join(text.split()) or any(ord(char) < 32 or not char.isprintable() for char in text)


@given(anything, anything, st.none() | anything, anything, anything)
def test_no_text_of_a_citizen_makes_a_body_too_long(
    title: str, detail: str, action: str | None, name: str, street: str
) -> None:
    manager = {"name": name, "phone": detail, "address": {"street": street, "number": title}}
    body = dosis_body(replace(SNAPSHOT, title=title, detail=detail, action=action, manager=manager))  # type: ignore[arg-type]
    json.dumps(body, ensure_ascii=False).encode()
    for path, longest in CUT.items():
        value: Any = body
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        assert value is None or units(value) <= longest
    assert {flaw["field"] for flaw in flaws(body)} <= {"Naam", "Status.Actie.Actie"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(["Naam", "Status", "Producten", "DossierBeheerder", "Identificatie", "Doorverwijzing", "Adres"])


@given(st.dictionaries(names, json_values, max_size=5))
def test_fitting_never_fails_and_never_changes_its_argument(body: dict[str, Any]) -> None:
    before = deepcopy(body)
    fitted = fit(body)
    assert body == before
    assert fit(fitted) == fitted
    assert flaws(fitted)
