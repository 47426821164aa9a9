"""Somebody tries to learn about one person from what is public: with what they know about that person, with small groups,
by setting files, figures, map and editions against one another, by places, by order, and with reports of their own. Each
fails."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from meldloket.cases.models import Case, Report
from meldloket.catalogue import current
from meldloket.catalogue.models import Area, Category, PublicLevel
from meldloket.insight.models import OpenCase, OpenGroup, OpenMonth
from meldloket.insight.opendata import groups as grouping
from meldloket.insight.opendata import publishing
from meldloket.insight.opendata.groups import LADDERS, UNKNOWN_AS_ONE, Record, grouped, key_of, people_in, square
from meldloket.insight.opendata.people import people_of
from meldloket.people.models import NationalNumber
from support import factories as make

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)
HERE, THERE = (51.0501, 3.5501), (51.0777, 3.5888)
SECRET = "Mijn buurvrouw Rosa Geheimnaam is ziek"


@pytest.fixture(autouse=True)
def categories(clock):
    rows = make.make_catalogue()
    box = {"type": "Polygon", "coordinates": [[[3.5, 51.0], [3.6, 51.0], [3.6, 51.1], [3.5, 51.1], [3.5, 51.0]]]}
    Area.objects.create(code="noord", name="Noord", geometry=box)
    Area.objects.create(code="zuid", name="Zuid", geometry=box)
    current.forget()
    clock.freeze(datetime(2026, 8, 2, 5, tzinfo=UTC))
    yield rows
    current.forget()


def report(who=None, code="boom", *, day=10, month=6, place=HERE, area="noord", status="handled", outcome="done", **more):
    """A report of a day in 2026, as it stood when the month was published."""
    at = datetime(2026, month, day, 10, tzinfo=UTC)
    made = make.submit_report(
        who,
        category=Category.objects.get(code=code),
        area_id=Area.objects.get(code=area).pk if area else None,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        submitted_at=at,
        text=SECRET,
        **more,
    )
    Case.objects.filter(pk=made.case_id).update(
        status=status, outcome=outcome if status == "handled" else "", ended_at=at + timedelta(days=9)
    )
    return made


def people(count: int) -> list:
    return [make.make_citizen() for _ in range(count)]


def file_rows() -> list[dict[str, str]]:
    current.forget()
    answer = Client().get(reverse("open-data-csv"))
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def features() -> list[dict]:
    answer = Client().get(reverse("open-data-geojson"))
    return json.loads(b"".join(answer.streaming_content))["features"]


def about(rows: list[dict[str, str]], **said: str) -> list[dict[str, str]]:
    return [row for row in rows if all(row[name] == value for name, value in said.items())]


# --- who knows something of one person ---------------------------------------------------------------------------------


def test_four_people_are_not_told_apart_and_five_are():
    for one in people(4):
        report(one)
    publishing.publish(JUNE)
    assert file_rows() == []
    for one in people(5):
        report(one, month=5)
    publishing.publish(date(2026, 5, 1))
    (row,) = file_rows()
    assert (row["periode"], row["aantal"], row["categorie_code"], row["plaats"]) == (
        "2026-05",
        "5",
        "boom",
        "vak van 250 m",
    )


def test_one_person_with_ten_reports_is_one_person():
    rosa = make.make_citizen()
    for day in range(1, 11):
        report(rosa, day=day)
    for one in people(3):
        report(one)
    publishing.publish(JUNE)
    assert file_rows() == []


def test_one_person_is_known_behind_logins_numbers_and_addresses():
    """With the login, at the desk by number, by a second account with the same number, each with another e-mail address."""
    rosa = make.make_citizen()
    second = make.make_citizen()
    second.number = rosa.number
    second.save()
    loose = make.make_citizen()  # logged in before the number was known …
    lone = loose.number
    loose.number = None
    loose.save()
    ways = [
        {"account": rosa, "number": None},
        {"account": None, "number": rosa.number},
        {"account": second, "number": None},
        {"account": loose, "number": None},
        {"account": loose, "number": lone},  # … and once with it
        {"account": None, "number": lone},
    ]
    for place, way in enumerate(ways):
        report(None, reporter=make.make_reporter(email=f"rosa{place}@example.org", **way))
    found = people_of(Case.objects.values_list("pk", flat=True))
    assert len(frozenset().union(*(known for known, _ in found.values()))) == 2
    publishing.publish(JUNE)
    assert file_rows() == []


def test_throwaway_addresses_do_not_make_a_crowd_around_a_victim():
    """Without a login anybody can be many: such reports count as one person per ten, however many addresses they have."""
    report(make.make_citizen())
    for number in range(4 * UNKNOWN_AS_ONE - 1):
        report(None, reporter=make.make_reporter(email=f"nep{number}@example.org"))
    publishing.publish(JUNE)
    assert file_rows() == []


def test_erased_people_are_not_counted_twice_or_guessed():
    for one in people(5):
        made = report(one)
        if Report.objects.count() > 1:
            Report.objects.filter(pk=made.pk).update(reporter=None)
    publishing.publish(JUNE)
    assert file_rows() == []


def test_whoever_knows_the_place_of_a_rare_category_finds_nothing():
    """One tree among many potholes: nobody is told that there was a tree there."""
    for one in people(6):
        report(one, "wegdek")
    report(make.make_citizen(), "boom")
    publishing.publish(JUNE)
    (row,) = file_rows()
    assert (row["categorie_code"], row["aantal"]) == ("wegdek", "6")


def test_a_rare_end_is_not_said_of_a_group_of_others():
    """One of six was refused: the outcome that only one has is not said."""
    crowd = people(6)
    for one in crowd[:5]:
        report(one)
    report(crowd[5], outcome="refused")
    publishing.publish(JUNE)
    (row,) = file_rows()
    assert (row["afloop_code"], row["aantal"]) == ("done", "5")
    assert not about(file_rows(), afloop_code="refused")


# --- every group, whatever happened ------------------------------------------------------------------------------------


RECORDS = st.lists(
    st.tuples(
        st.sampled_from([(51.0501, 3.5501), (51.0502, 3.5502), (51.0541, 3.5501), (51.2, 3.9), None]),
        st.sampled_from(["noord", "zuid", ""]),
        st.sampled_from([("Groen", "boom"), ("Groen", "gras"), ("Wegen", "wegdek")]),
        st.sampled_from(["done", "open", "refused"]),
        st.integers(0, 8),
        st.integers(0, 3),
    ),
    max_size=60,
)


@given(RECORDS, st.sampled_from(sorted(LADDERS)))
def test_every_group_has_five_people_and_every_case_is_in_one_at_most(rows, length):
    records = [
        Record(
            number, *(place or (None, None)), area, main, code, end, 5 if end == "done" else None,
            frozenset([who]) if unknown == 0 else frozenset(), unknown,
        )
        for number, (place, area, (main, code), end, who, unknown) in enumerate(rows)
    ]  # fmt: skip
    made = list(grouped(records, LADDERS[length]))
    cases = [record.case_id for _, members in made for record in members]
    assert len(cases) == len(set(cases))
    assert len({key for key, _ in made}) == len(made)
    for key, members in made:
        assert (
            len(frozenset().union(*(record.people for record in members))) + sum(record.unknown for record in members) // 10
            >= 5
        )
        level = next(level for level in LADDERS[length] if key_of(members[0], level) == key)
        assert all(key_of(record, level) == key for record in members)  # nothing is said that is not true of all
    left = [record for record in records if record.case_id not in set(cases)]
    for level in LADDERS[length]:
        for _, same in itertools.groupby(
            sorted((record for record in left if key_of(record, level)), key=lambda r: str(key_of(r, level))),
            key=lambda r: str(key_of(r, level)),
        ):
            assert people_in(list(same)) < 5  # nothing was held back that could be said


# --- setting one thing against another ---------------------------------------------------------------------------------


def busy_town() -> None:
    """A year of all sorts, with rare ones among them."""
    crowd = people(40)
    kinds = ["boom", "wegdek", "wegdek", "straatverlichting"]
    for number in range(150):
        who = crowd[(number * 7) % len(crowd)]
        place = (HERE[0] + (number % 5) * 0.004, HERE[1] + (number % 3) * 0.006)
        report(
            who, kinds[number % 4], month=1 + number % 6, day=1 + number % 27, place=place if number % 11 else None,
            area=["noord", "zuid", None][number % 3], outcome=["done", "done", "planned", "refused"][number % 4 - 1],
            status="handled" if number % 5 else "in_execution",
        )  # fmt: skip


def test_between_two_editions_lies_never_fewer_than_five_people():
    """What is new since the last edition is whole groups; what was there stayed as it was, whatever happened since."""
    busy_town()
    seen: Counter[str] = Counter()
    for month in range(1, 7):
        publishing.publish(date(2026, month, 1))
        now = Counter(json.dumps(row, sort_keys=True) for row in file_rows())
        assert not seen - now, "something that was published changed"
        new = OpenGroup.objects.filter(month__month=date(2026, month, 1))
        assert sum((now - seen).values()) == len(new)
        for group in new:
            cases = OpenCase.objects.filter(group=group).values_list("case_id", flat=True)
            reporters = set(Report.objects.filter(case__in=cases).values_list("reporter__number", flat=True))
            assert len(reporters) >= 5
        seen = now
        # Meanwhile the world goes on: cases end otherwise, move, get another category, are erased, new ones come too late.
        moved = Case.objects.filter(submitted_at__month=month)
        moved.update(status="withdrawn", outcome="", latitude=51.09, category=Category.objects.get(code="boom"))
        moved.order_by("?").first().delete()
        report(make.make_citizen(), month=month)
    assert sum(seen.values()) > 5
    assert OpenCase.objects.count() == OpenCase.objects.values("case_id").distinct().count()


def test_publishing_again_changes_nothing():
    busy_town()
    assert publishing.publish(JUNE)
    before = file_rows()
    report(make.make_citizen())
    assert not publishing.publish(JUNE)
    assert file_rows() == before


def test_csv_geojson_map_and_page_say_the_same_and_nothing_more():
    """Figures, map and files are made of the same groups: no subtraction leaves fewer people than a group has."""
    busy_town()
    for month in range(1, 7):
        publishing.publish(date(2026, month, 1))
    rows = file_rows()
    assert [{**row["properties"]} for row in features()] == [
        {
            **row,
            "breedtegraad": float(row["breedtegraad"]) if row["breedtegraad"] else None,
            "lengtegraad": float(row["lengtegraad"]) if row["lengtegraad"] else None,
            "aantal": int(row["aantal"]),
            "mediaan_dagen": int(row["mediaan_dagen"]) if row["mediaan_dagen"] else None,
        }
        for row in rows
    ]
    for query in ("", "?jaar=2026", "?soort=wegdek", "?jaar=2026&soort=boom"):
        page = Client().get(reverse("public-figures") + query).content.decode()
        code = query.partition("soort=")[2]
        total = sum(int(row["aantal"]) for row in rows if code in ("", row["categorie_code"]))
        assert f'<dd class="ml-num">{total}</dd>' in page.replace(".", "")
        squares = json.loads(Client().get(reverse("public-figures-map") + query).content)["features"]
        there = [row for row in rows if row["plaats"].startswith("vak") and code in ("", row["categorie_code"])]
        assert sum(square["properties"]["count"] for square in squares) == sum(int(row["aantal"]) for row in there)
    sums: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        sums[row["wijk"]] += int(row["aantal"])
    table = Client().get(reverse("public-figures")).content.decode()
    for name in ("Noord", "Zuid"):
        found = re.search(rf'<th scope="row">{name}</th><td class="ml-num ml-number">(\d+)</td>', table)
        assert found is not None and int(found[1]) == sums[name]


def test_a_place_is_a_square_of_a_grid_that_never_moves():
    """Two points in one square read the same, and no series of editions closes in on a place."""
    spots = [(HERE[0] - 0.0001 * step, HERE[1] - 0.0001 * step) for step in range(5)]
    for one, place in zip(people(5), spots, strict=True):
        report(one, place=place)
    publishing.publish(JUNE)
    for one in people(7):
        report(one, month=7, place=spots[0])
    publishing.publish(date(2026, 7, 1))
    rows = file_rows()
    assert len({(row["breedtegraad"], row["lengtegraad"]) for row in rows}) == 1
    south, west, north, east = grouping.corners(*square(*HERE), "square")
    assert 240 < (north - south) * 111_195 < 260
    assert 240 < (east - west) * 111_195 * 0.629 < 260  # cos 51°
    assert all(south <= spot[0] < north and west <= spot[1] < east for spot in spots)
    raw = json.dumps(rows) + json.dumps(features())
    assert not any(f"{number:.4f}" in raw for spot in spots for number in spot)


def test_a_square_on_a_border_of_areas_is_not_made_smaller_by_the_area():
    crowd = people(8)
    for one in crowd[:5]:
        report(one, area="noord")
    for one in crowd[5:]:
        report(one, area="zuid")
    publishing.publish(JUNE)
    assert [(row["wijk_code"], row["aantal"]) for row in file_rows()] == [("noord", "5")]


def test_rows_have_no_references_no_ids_no_words_and_no_order_of_arrival():
    crowd = people(30)
    made = [
        report(one, code, place=place, day=1 + number)
        for number, (one, code, place) in enumerate(
            zip(crowd, ["wegdek", "boom", "wegdek"] * 10, [THERE, THERE, HERE] * 10, strict=True)
        )
    ]
    publishing.publish(JUNE)
    rows = file_rows()
    said = json.dumps(rows) + json.dumps(features()) + Client().get(reverse("public-figures")).content.decode()
    for one in made:
        assert one.reference not in said and str(one.public_id) not in said
    assert SECRET not in said and "Rosa" not in said and "Kerkstraat" not in said and "Peeters" not in said
    assert {name for name in rows[0] if "id" in name.split("_") or "referentie" in name} == set()
    assert [row["categorie_code"] for row in rows] == ["boom", "wegdek", "wegdek"]
    OpenGroup.objects.all().delete()
    OpenMonth.objects.all().delete()
    Case.objects.update(latitude=None, longitude=None)
    for number, one in enumerate(made):  # the same reports, the other way round
        place = [THERE, THERE, HERE][number % 3]
        Case.objects.filter(pk=made[-1 - number].case_id).update(latitude=place[0], longitude=place[1])
        Case.objects.filter(pk=made[-1 - number].case_id).update(
            category=Category.objects.get(code=["wegdek", "boom", "wegdek"][number % 3])
        )
        assert one.case_id
    publishing.publish(JUNE)
    assert [(row["categorie_code"], row["aantal"]) for row in file_rows()] == [
        (row["categorie_code"], row["aantal"]) for row in rows
    ]


def test_what_is_rare_waits_for_its_quarter_and_year():
    crowd = people(6)
    for month, one in zip((4, 5, 6, 7, 8, 9), crowd, strict=True):
        report(one, month=month)
    for month in range(4, 7):
        publishing.publish(date(2026, month, 1))
    assert file_rows() == []
    for month in range(7, 13):
        publishing.publish(date(2026, month, 1))
    (row,) = file_rows()
    assert (row["periode"], row["plaats"], row["aantal"]) == ("2026", "vak van 1 km", "6")


# --- what is not public at all -----------------------------------------------------------------------------------------


def test_a_category_that_is_not_public_is_nowhere_also_later(categories):
    for one in people(6):
        report(one, "boom")
    for one in people(6):
        report(one, "wegdek")
    Category.objects.filter(code="boom").update(public_level=PublicLevel.NOTHING)
    publishing.publish(JUNE)
    assert {row["categorie_code"] for row in file_rows()} == {"wegdek"}
    Category.objects.filter(code="wegdek").update(public_level=PublicLevel.NOTHING)
    assert file_rows() == []
    page = Client().get(f"{reverse('public-figures')}?soort=wegdek").content.decode()
    assert "rijweg" not in page


def test_a_mixed_group_goes_whole_when_one_of_its_categories_is_hidden():
    """Taking only that category's cases out of a coarse group would count them for whoever kept the edition before."""
    Category.objects.filter(code="straatverlichting").update(main_category="Groen")
    crowd = people(6)
    for number, one in enumerate(crowd):
        report(one, ["boom", "straatverlichting"][number % 2], month=1 + number, place=None, area=None)
    for month in range(1, 13):
        publishing.publish(date(2026, month, 1))
    (row,) = file_rows()
    assert (row["hoofdcategorie"], row["categorie_code"], row["aantal"]) == ("Groen", "", "6")
    Category.objects.filter(code="boom").update(public_level=PublicLevel.NOTHING)
    assert file_rows() == []


def test_complaints_are_never_public():
    for one in people(9):
        report(one, is_complaint=True)
    publishing.publish(JUNE)
    assert file_rows() == []


def test_text_of_reporters_is_not_public_here_whatever_the_level():
    Category.objects.update(public_level=PublicLevel.TEXT)
    for one in people(5):
        report(one)
    publishing.publish(JUNE)
    assert len(file_rows()) == 1
    assert SECRET not in json.dumps(file_rows()) + json.dumps(features())


def test_only_months_that_are_long_over_are_published(clock):
    for month in (5, 6, 7):
        for one in people(5):
            report(one, month=month)
    clock.freeze(datetime(2026, 7, 31, 21, 59, tzinfo=UTC))  # the last minute of July in Belgium
    assert publishing.publish_due() == 1
    assert {row["periode"] for row in file_rows()} == {"2026-05"}
    clock.freeze(datetime(2026, 7, 31, 22, 1, tzinfo=UTC))
    assert publishing.publish_due() == 1
    assert publishing.publish_due() == 0
    assert {row["periode"] for row in file_rows()} == {"2026-05", "2026-06"}


def test_a_name_that_an_administrator_gave_is_no_formula():
    Area.objects.filter(code="noord").update(name="=HYPERLINK(1)")
    for one in people(5):
        report(one)
    publishing.publish(JUNE)
    assert file_rows()[0]["wijk"] == "'=HYPERLINK(1)"


def test_numbers_of_people_are_kept_to_ourselves():
    """How many people a group has stands beside it for whoever checks, and is in no answer."""
    crowd = people(5)
    for one in [*crowd, crowd[0], crowd[0]]:
        report(one)
    publishing.publish(JUNE)
    assert OpenGroup.objects.get().people == 5
    assert "5" not in {value for name, value in file_rows()[0].items() if name not in ("aantal",)}
    assert file_rows()[0]["aantal"] == "7"
    assert NationalNumber.objects.count() >= 5
