"""Whose is a point: the boundary decides, parts and other managers follow (catalogue.geography)."""

from __future__ import annotations

import json
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meldloket import catalogue
from meldloket.catalogue.geography import Geography, PointProblem, distance_m, point_problem

DATA = Path(catalogue.__file__).parent / "data" / "lindekerke"
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def square(west: float, south: float, east: float, north: float, **properties: str) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


#: A square of 0.02 degrees with two parts that leave a sliver, a neighbour in the east and a road through the middle.
SQUARE = Geography(
    square(3.50, 51.00, 3.52, 51.02),
    collection(square(3.50, 51.00, 3.5099, 51.02, code="west"), square(3.5101, 51.00, 3.52, 51.02, code="east")),
    collection(square(3.52, 51.00, 3.54, 51.02, name="Buurgemeente")),
    collection(square(3.49, 51.0099, 3.53, 51.0101, name="Wegbeheerder")),
)


LINDEKERKE = Geography(
    *(json.loads((DATA / f"{name}.geojson").read_text()) for name in ("boundary", "areas", "neighbours", "authorities"))
)


def test_a_point_inside_has_its_part_and_no_other_authority() -> None:
    found = SQUARE.locate(51.005, 3.505)
    assert (found.inside, found.area_code, found.competent, found.problem) == (True, "west", None, None)
    assert found.boundary_distance == pytest.approx(distance_m((51.005, 3.505), (51.005, 3.50)), rel=0.002)


def test_a_point_on_the_road_stays_ours_and_names_who_manages_it() -> None:
    found = SQUARE.locate(51.01, 3.505)
    assert (found.inside, found.competent) == (True, "Wegbeheerder")


def test_outside_the_neighbour_is_competent_also_on_the_road() -> None:
    for latitude in (51.005, 51.01):
        found = SQUARE.locate(latitude, 3.525)
        assert (found.inside, found.area_code, found.competent) == (False, None, "Buurgemeente")


def test_outside_where_nobody_is_known() -> None:
    found = SQUARE.locate(51.05, 3.505)
    assert (found.inside, found.competent, found.problem) == (False, None, None)
    assert found.boundary_distance == pytest.approx(distance_m((51.05, 3.505), (51.02, 3.505)), rel=0.002)


def test_the_border_itself_is_inside_and_a_sliver_belongs_to_the_nearest_part() -> None:
    assert SQUARE.locate(51.00, 3.51).inside
    assert SQUARE.locate(51.005, 3.50995).area_code == "west"
    assert SQUARE.locate(51.005, 3.51005).area_code == "east"


def test_without_a_border_nobody_is_refused() -> None:
    found = Geography({}).locate(51.05, 3.55)
    assert (found.inside, found.area_code, found.competent, found.boundary_distance) == (True, None, None, None)
    assert Geography({}).locate(51.05, 33.55).problem is PointProblem.ABROAD


def test_a_bare_geometry_and_several_polygons_will_do() -> None:
    rings = [square(3.50, 51.00, 3.51, 51.01), square(3.60, 51.00, 3.61, 51.01)]
    parts = {"type": "MultiPolygon", "coordinates": [one["geometry"]["coordinates"] for one in rings]}
    both = Geography(parts)
    assert both.locate(51.005, 3.505).inside
    assert both.locate(51.005, 3.605).inside
    assert not both.locate(51.005, 3.555).inside


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Feature"},
        {"type": "Polygon", "coordinates": "nowhere"},
        {"features": []},
        {"type": "FeatureCollection", "features": None},
        {"type": "Nonsense", "coordinates": []},
    ],
)
def test_what_is_not_geojson_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="GeoJSON"):
        Geography(wrong)


def test_a_part_without_code_is_refused() -> None:
    with pytest.raises(ValueError, match="'code'"):
        Geography({}, collection(square(3.5, 51, 3.6, 51.1, name="Zonder code")))


@pytest.mark.parametrize(
    ("point", "problem"),
    [
        ((nan, 3.5), PointProblem.NOT_A_POINT),
        ((51.0, inf), PointProblem.NOT_A_POINT),
        ((91.0, 3.5), PointProblem.NOT_A_POINT),
        ((3.55, 51.05), PointProblem.SWAPPED),
        ((0.0, 0.0), PointProblem.ABROAD),
        ((48.86, 2.35), PointProblem.ABROAD),
        ((51.45, 2.9), PointProblem.SEA),
        ((51.30, 2.6), PointProblem.SEA),
        ((51.235, 2.914), None),  # the quay of Ostend
        ((51.359, 3.199), None),  # the end of a dam of Zeebrugge
        ((51.05, 3.55), None),
        ((49.55, 5.8), None),
    ],
)
def test_points_that_make_no_sense(point: tuple[float, float], problem: PointProblem | None) -> None:
    assert point_problem(*point) is problem
    assert SQUARE.locate(*point).problem is problem


@given(latitude=st.floats(), longitude=st.floats())
def test_no_point_makes_it_stumble(latitude: float, longitude: float) -> None:
    found = SQUARE.locate(latitude, longitude)
    assert not (found.inside and found.problem)
    assert found.area_code is None or found.inside


@given(latitude=st.floats(51.0001, 51.0199), longitude=st.floats(3.5001, 3.5199))
def test_every_point_within_the_square_is_inside_in_one_part(latitude: float, longitude: float) -> None:
    found = SQUARE.locate(latitude, longitude)
    assert found.inside
    assert found.area_code == ("west" if longitude < 3.51 else "east")


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_is_a_distance(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> None:
    there, back = distance_m((lat_a, lon_a), (lat_b, lon_b)), distance_m((lat_b, lon_b), (lat_a, lon_a))
    assert there == pytest.approx(back)
    assert 0 <= there <= 20_015_200


def test_distances_that_are_known() -> None:
    assert distance_m((51.05, 3.55), (51.05, 3.55)) == 0
    assert distance_m((51.0, 3.5), (52.0, 3.5)) == pytest.approx(111_195, abs=1)
    assert distance_m((0.0, 179.5), (0.0, -179.5)) == pytest.approx(111_195, abs=1)


def test_lindekerke_knows_its_parts_its_neighbours_and_its_regional_road() -> None:
    centre = LINDEKERKE.locate(51.05, 3.55)
    assert (centre.inside, centre.area_code, centre.competent) == (True, "lindekerke-centrum", None)
    assert LINDEKERKE.locate(51.0353, 3.5255).area_code == "zandhoek"
    assert LINDEKERKE.locate(51.0547, 3.6113).competent == "Oosterlinde"
    assert LINDEKERKE.locate(51.0192, 3.5535).competent == "Beekdorp"
    assert LINDEKERKE.locate(51.0809, 3.5312).competent == "Wijnhove"
    road = LINDEKERKE.locate(51.062315, 3.551426)
    assert (road.inside, road.competent) == (True, "Agentschap Wegen (gewestweg)")


@given(latitude=st.floats(51.03, 51.07, allow_subnormal=False), longitude=st.floats(3.51, 3.59, allow_subnormal=False))
def test_lindekerke_has_no_holes_and_no_overlap_with_its_neighbours(latitude: float, longitude: float) -> None:
    found = LINDEKERKE.locate(latitude, longitude)
    if found.inside:
        assert found.area_code is not None
    else:
        assert found.competent in {"Oosterlinde", "Beekdorp", "Wijnhove"}
