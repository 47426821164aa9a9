"""The map of the helicopter view: every case counts once and in its own cell, an answer stays small, and nobody sees on it
what they may not see."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as some

from meldloket.cases import closing, commands
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.catalogue.models import Area
from meldloket.insight import columns, places
from meldloket.insight.columns import COLUMNS, PARTS, Store
from meldloket.insight.figures import STATUSES
from meldloket.insight.models import NO_PLACE, NONE
from meldloket.insight.places import MOST_CELLS, WHICH
from meldloket.insight.scope import Box, Scope, in_box, number_of
from meldloket.people.roles import Role
from support import factories as make
from support import slow_count

DAY = date(2026, 11, 24)
WORLD = "-90,-180,90,180"


def store_of(points: list[tuple[float, float]]) -> Store:
    """Columns of open cases at these places (latitude, longitude), received and late on DAY by turns."""
    count = len(points)
    columns = {name: np.full(count, NONE, kind) for name, (_, kind) in COLUMNS.items()}
    for name, (_, kind) in COLUMNS.items():
        if kind == "?":
            columns[name] = np.zeros(count, "?")
    columns["case_id"] = np.arange(1, count + 1)
    columns["status"][:] = STATUSES.index("in_assessment")
    columns["received"][:] = number_of(DAY)
    columns["target"][::2] = number_of(DAY) - 1
    columns["latitude"] = np.array([round(north * 1e6) for north, _ in points], "i4")
    columns["longitude"] = np.array([round(east * 1e6) for _, east in points], "i4")
    return Store(columns, {table: {name: np.empty(0, "i8") for name in names} for table, names in PARTS.items()}, 1)


degrees = some.tuples(some.floats(-89.9, 89.9), some.floats(-179.9, 179.9))
town = some.tuples(some.floats(51.0, 51.1), some.floats(3.5, 3.6))
boxes = some.tuples(degrees, degrees).map(
    lambda ends: Box(*map(min, zip(*ends, strict=True)), *map(max, zip(*ends, strict=True)))
)
near = some.tuples(town, town).map(lambda ends: Box(*map(min, zip(*ends, strict=True)), *map(max, zip(*ends, strict=True))))
zooms = some.integers(0, 22)


@settings(max_examples=150, deadline=None)
@given(some.lists(degrees | town, max_size=60), boxes | near, zooms, some.sampled_from(WHICH))
def test_every_case_in_the_box_counts_once_and_lies_in_its_cell(points, box, zoom, which):
    store, scope = store_of(points), Scope(DAY, DAY)
    here = in_box(store, box)
    wanted = here & (store["target"] >= 0) if which == "te-laat" else here
    found = places.clusters(store, scope, which, DAY, box, zoom)
    assert sum(cluster.count for cluster in found) == wanted.sum()
    assert sum(cluster.late for cluster in found) == (here & (store["target"] >= 0)).sum()
    assert len(found) <= MOST_CELLS
    for cluster in found:
        inside = wanted & in_box(store, cluster.box)
        assert inside.sum() == cluster.count  # the list behind it is as long
        assert cluster.box.south <= cluster.latitude <= cluster.box.north
        assert cluster.box.west <= cluster.longitude <= cluster.box.east
        assert cluster.case_id == (store["case_id"][inside][0] if cluster.count == 1 else None)
    heat = places.heat(store, scope, which, DAY, box, zoom)
    assert sum(count for *_, count in heat.cells) == wanted.sum()
    assert len(heat.cells) <= MOST_CELLS


def test_a_cell_stays_where_it_is_when_the_map_moves():
    chance = random.Random(3)  # noqa: S311  (which town, not a secret)
    store = store_of([(chance.uniform(51.0, 51.1), chance.uniform(3.5, 3.6)) for _ in range(500)])
    here, beside = Box(51.0, 3.5, 51.08, 3.58), Box(51.02, 3.52, 51.1, 3.6)
    seen = [
        {(cluster.box.south, cluster.box.west) for cluster in places.clusters(store, Scope(DAY, DAY), "open", DAY, box, 15)}
        for box in (here, beside)
    ]
    assert len(seen[0] & seen[1]) > 100


def test_closer_by_there_are_more_and_smaller_groups():
    chance = random.Random(4)  # noqa: S311
    store = store_of([(chance.uniform(51.0, 51.1), chance.uniform(3.5, 3.6)) for _ in range(3000)])
    box = Box(51.0, 3.5, 51.1, 3.6)
    sizes = [len(places.clusters(store, Scope(DAY, DAY), "ontvangen", DAY, box, zoom)) for zoom in range(9, 14)]
    assert sizes == sorted(sizes) and sizes[0] < 5 and sizes[-1] > 100


def test_no_place_is_nowhere():
    store = store_of([(51.05, 3.55), (0.0, 0.0)])
    store["latitude"][1] = store["longitude"][1] = NO_PLACE
    assert [row.count for row in places.clusters(store, Scope(DAY, DAY), "open", DAY, Box(-90, -180, 90, 180), 3)] == [1]
    assert places.counted(store, Scope(DAY, DAY), "open", DAY) == (2, 1)


@pytest.fixture
def categories(db):
    rows = make.make_catalogue()
    current.forget()
    columns.forget()
    yield rows
    current.forget()
    columns.forget()


@pytest.fixture
def filled(categories, clock):
    """Thirty cases over two areas and outside, some of them closed."""
    handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",))
    box = {"type": "Polygon", "coordinates": [[[3.5, 51.0], [3.6, 51.0], [3.6, 51.1], [3.5, 51.1], [3.5, 51.0]]]}
    areas = [None, *(Area.objects.create(code=code, name=code.title(), geometry=box).pk for code in ("noord", "zuid"))]
    chance = random.Random(5)  # noqa: S311
    for place in range(30):
        clock.advance(hours=chance.randint(1, 30))
        case = make.make_case(category=categories["wegdek"])
        where = {"latitude": chance.uniform(51.0, 51.1), "longitude": chance.uniform(3.5, 3.6)}
        Case.objects.filter(pk=case.pk).update(area=chance.choice(areas), **where)
        if place % 3 == 0:
            case = commands.declare_admissible(Case.objects.get(pk=case.pk), by=handler.actor, text="Goed.")
            closing.close(case, by=handler.actor, outcome="done", text="Klaar.")
    current.forget()
    return handler


def test_areas_equal_a_slow_count(filled, clock):
    today = timezone.localdate(clock())
    for scope in (Scope(today - timedelta(days=90), today), Scope(today - timedelta(days=9), today - timedelta(days=4))):
        with columns.reading(now=True) as store:
            found = places.areas(store, scope, today)
        counted = {row.area: (row.received, row.open, row.late) for row in found}
        slow: dict[int, Counter[str]] = {}
        for case in Case.objects.all():
            received = slow_count.local(case.submitted_at)
            row = slow.setdefault(case.area_id or NONE, Counter())
            row["received"] += scope.since <= received <= scope.until
            row["open"] += case.ended_at is None
            row["late"] += case.ended_at is None and case.target_date < today
        assert counted == {
            area: (row["received"], row["open"], row["late"])
            for area, row in slow.items()
            if row.total() or area in counted
        }
        for row in found:
            part = replace(scope, area=row.area) if row.area != NONE else None
            if part:
                assert row.spread == slow_count.overview(part, today).steps["whole"]


def get(account, **query):
    client = Client()
    client.force_login(account)
    return client.get(reverse("insight-places"), query)


@pytest.mark.parametrize(
    ("kind", "which", "expected"),
    [("punten", "ontvangen", 30), ("punten", "open", 20), ("warmte", "ontvangen", 30), ("wijken", "open", 20)],
)
def test_the_page_asks_for_a_part_of_the_map(filled, kind, which, expected):
    found = get(filled, soort=kind, kaart=which, zoom=13, binnen="51.0,3.5,51.1,3.6").json()
    assert found["count"] == found["total"] == expected and found["without"] == 0
    if kind == "punten":
        single = [row for row in found["points"] if row["count"] == 1]
        assert all(Case.objects.filter(reference=row["reference"]).exists() and row["url"] for row in single)
    elif kind == "warmte":
        assert sum(count for *_, count in found["cells"]) == expected
    else:
        named = {row["name"]: row["count"] for row in found["areas"]}
        assert named == {name: Case.objects.filter(area__name=name, ended_at=None).count() for name in ("Noord", "Zuid")}


def test_the_list_behind_a_group_is_as_long_as_the_group(filled):
    client = Client()
    client.force_login(filled)
    for row in get(filled, soort="punten", zoom=12, binnen="51.0,3.5,51.1,3.6").json()["points"]:
        within = ",".join(f"{edge:.6f}" for edge in row["box"])
        html = client.get(reverse("insight-behind"), {"wat": "ontvangen", "binnen": within}).content.decode()
        assert f'<span class="ml-count">{row["count"]}</span>' in html


def test_a_complaint_is_on_no_map_of_whoever_may_not_see_it(filled):
    Case.objects.filter(pk=Case.objects.latest("pk").pk).update(is_complaint=True)
    insider = make.make_staff(Role.HANDLER, departments=("klachten",))
    for kind in ("punten", "warmte", "wijken"):
        columns.forget()
        seen = [get(who, soort=kind, zoom=13, binnen=WORLD).json()["count"] for who in (filled, insider)]
        assert seen == [29, 30]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"soort": "punten"},
        {"soort": "punten", "zoom": "13"},
        {"soort": "hitte", "zoom": "13", "binnen": WORLD},
        {"soort": "punten", "kaart": "alles", "zoom": "13", "binnen": WORLD},
        {"soort": "punten", "zoom": "23", "binnen": WORLD},
        {"soort": "punten", "zoom": "-1", "binnen": WORLD},
        {"soort": "punten", "zoom": "1e1", "binnen": WORLD},
        {"soort": "punten", "zoom": "٣", "binnen": WORLD},
        {"soort": "punten", "zoom": "9" * 400, "binnen": WORLD},
        {"soort": "warmte", "zoom": "13", "binnen": "51,3.5,51.1"},
        {"soort": "warmte", "zoom": "13", "binnen": "nan,nan,nan,nan"},
        {"soort": "warmte", "zoom": "13", "binnen": "-inf,-inf,inf,inf"},
        {"soort": "warmte", "zoom": "13", "binnen": "51,179,52,-179"},  # over the date line
        {"soort": "wijken", "zoom": "13", "binnen": "52,3,51,4"},
        {"soort": "wijken", "zoom": "13", "binnen": "51,3,52,181"},
        {"soort": "wijken", "zoom": "13", "binnen": "zuid,west,noord,oost"},
    ],
)
def test_what_can_not_be_read_is_said_in_plain_words(categories, query):
    officer = make.make_staff(Role.POLICY_OFFICER)
    answer = get(officer, **query)
    assert answer.status_code == 400
    assert answer.json()["problem"].endswith(".")


@pytest.mark.parametrize("zoom", [0, 5, 13, 22])
@pytest.mark.parametrize("binnen", [WORLD, "51.05,3.55,51.05,3.55", "89.9,-180,90,180", "-90,-180,-89,-179"])
def test_any_part_of_the_world_has_an_answer(filled, zoom, binnen):
    for kind in ("punten", "warmte", "wijken"):
        answer = get(filled, soort=kind, zoom=zoom, binnen=binnen)
        assert answer.status_code == 200, answer.content


def test_the_map_costs_as_many_queries_for_many_points_as_for_few(filled, categories):
    def queries() -> int:
        columns.forget()
        get(filled, soort="punten", zoom=18, binnen=WORLD)  # whatever is read once a minute
        with CaptureQueriesContext(
            connection,
        ) as seen:
            get(filled, soort="punten", zoom=18, binnen=WORLD)
        return len(seen)

    few = queries()
    for place in range(20):
        case = make.make_case(category=categories["wegdek"])
        Case.objects.filter(pk=case.pk).update(latitude=51 + place / 300, longitude=3.5)
    assert queries() == few


def test_the_page_says_without_scripts_what_the_map_shows(filled):
    client = Client()
    client.force_login(filled)
    html = client.get(reverse("insight-map"), {"soort": "wijken", "kaart": "open", "wijk": "noord"}).content.decode()
    assert 'value="wijken" checked' in html and 'value="open" checked' in html
    row = html.split('<th scope="row">Noord</th>')[1].split("</tr>")[0]
    count = Case.objects.filter(area__code="noord", ended_at=None).count()
    assert f">{count}</a>" in row and "bij-wijk=noord" in row
    assert '<th scope="row">Zuid</th>' not in html
    assert 'data-bounds="51.0,3.5,51.1,3.6"' in html
