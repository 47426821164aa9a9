"""Whose is this point? The gate "is this place in our municipality" works on the boundary polygon, with the parts of
the municipality, its neighbours and other managers beside it (specs/identity-and-registers §4.6). Pure geometry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, inf, isfinite, pi, radians, sin, sqrt
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

_EARTH_RADIUS = 6_371_008.8
_METRES_PER_DEGREE = _EARTH_RADIUS * pi / 180
#: Parts drawn by hand leave slivers between them; a point this near to a part belongs to it (metres).
_SLIVER = 50.0
#: Everything in Belgium, with a margin: south, west, north, east.
_BELGIUM = (49.45, 2.3, 51.6, 6.5)
#: The Belgian coast from De Panne to het Zwin, some 3.5 km out so that piers and harbour dams stay land; lat, lon.
_COAST = ((51.12, 2.52), (51.19, 2.68), (51.275, 2.88), (51.36, 3.09), (51.41, 3.35))


class PointProblem(StrEnum):
    """Why a point cannot be a place of a report; None of these says anything about the municipality's border."""

    NOT_A_POINT = "not_a_point"  # not a number, or beyond the poles
    SWAPPED = "swapped"  # latitude and longitude the wrong way round
    ABROAD = "abroad"
    SEA = "sea"


@dataclass(frozen=True)
class Located:
    """Where a point lies. `area_code`: the part of the municipality, when inside one. `competent`: the neighbour when
    outside, another manager (regional road, railway, water) when inside on its strip, else None. `boundary_distance`:
    metres to the border, on either side; None without a border. `problem`: why the point makes no sense."""

    inside: bool
    area_code: str | None = None
    competent: str | None = None
    boundary_distance: float | None = None
    problem: PointProblem | None = None


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two (latitude, longitude) points in degrees, over the globe (haversine)."""
    latitude_a, latitude_b = radians(a[0]), radians(b[0])
    across = sin((latitude_b - latitude_a) / 2) ** 2
    along = sin(radians(b[1] - a[1]) / 2) ** 2
    chord = across + cos(latitude_a) * cos(latitude_b) * along
    return 2 * _EARTH_RADIUS * asin(min(1.0, sqrt(chord)))


def point_problem(latitude: float, longitude: float) -> PointProblem | None:
    """What is wrong with a point as a place in Belgium; None when nothing is."""
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        return PointProblem.NOT_A_POINT
    south, west, north, east = _BELGIUM
    if not (south <= latitude <= north and west <= longitude <= east):
        swapped = south <= longitude <= north and west <= latitude <= east
        return PointProblem.SWAPPED if swapped else PointProblem.ABROAD
    if longitude <= _COAST[-1][1] and latitude > _coast_at(longitude):
        return PointProblem.SEA
    return None


def _coast_at(longitude: float) -> float:
    return float(np.interp(longitude, [point[1] for point in _COAST], [point[0] for point in _COAST]))


def _features(geojson: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], BaseGeometry]]:
    """(properties, geometry) of a FeatureCollection, a Feature, a bare geometry or nothing. Raises ValueError."""
    if not geojson:
        return []
    try:
        if geojson["type"] == "FeatureCollection":
            return [found for feature in geojson["features"] for found in _features(feature)]
        if geojson["type"] == "Feature":
            return [(geojson.get("properties") or {}, shapely.make_valid(shape(dict(geojson["geometry"]))))]
        return [({}, shapely.make_valid(shape(dict(geojson))))]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
        raise ValueError("this is not GeoJSON with polygons") from error


class Geography:
    """A municipality's shapes, ready to answer for one point in some fifteen microseconds. All four arguments are GeoJSON
    dictionaries (WGS84), empty when not configured: `boundary` (polygons), `areas` (property `code`), `neighbours` and
    `authorities` (property `name`). Raises ValueError for what is not GeoJSON or misses its property.

    Without a boundary every sensible point is inside: an installation that has not drawn its border yet refuses
    nobody."""

    def __init__(
        self,
        boundary: Mapping[str, Any],
        areas: Mapping[str, Any] | None = None,
        neighbours: Mapping[str, Any] | None = None,
        authorities: Mapping[str, Any] | None = None,
    ) -> None:
        border = shapely.union_all([geometry for _, geometry in _features(boundary)])
        middle = border.centroid if not border.is_empty else shapely.Point(4.35, 50.85)
        self._longitude, self._latitude = middle.x, middle.y
        self._per_longitude = _METRES_PER_DEGREE * cos(radians(middle.y))
        self._has_border = not border.is_empty
        self._land = self._flat(border)
        self._border = self._land.boundary
        self._names: list[tuple[str, str]] = []
        shapes: list[BaseGeometry] = []
        for sort, geojson, key in (
            ("authority", authorities or {}, "name"),
            ("area", areas or {}, "code"),
            ("neighbour", neighbours or {}, "name"),
        ):
            for properties, geometry in _features(geojson):
                if not properties.get(key):
                    raise ValueError(f"a feature of {sort} misses its property {key!r}")
                self._names.append((sort, str(properties[key])))
                shapes.append(self._flat(geometry))
        self._shapes = np.array(shapes, dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        shapely.prepare(self._shapes)
        shapely.prepare(self._land)
        shapely.prepare(self._border)

    def locate(self, latitude: float, longitude: float) -> Located:
        """Where a WGS84 point (degrees) lies. A point on the border itself is inside. Never raises: a point that makes
        no sense is outside, with its `problem`."""
        if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
            return Located(False, problem=PointProblem.NOT_A_POINT)
        point = shapely.Point(
            (longitude - self._longitude) * self._per_longitude, (latitude - self._latitude) * _METRES_PER_DEGREE
        )
        inside = bool(shapely.intersects(self._land, point)) if self._has_border else True
        problem = None if inside and self._has_border else point_problem(latitude, longitude)
        if problem is not None:
            return Located(False, problem=problem)
        # prepared shapes answer faster than the tree's own predicate, which prepares the point instead
        near = self._tree.query(point)
        near = np.sort(near[shapely.intersects(self._shapes[near], point)])
        hits = [self._names[index] for index in near.tolist()]
        sort = "authority" if inside else "neighbour"
        return Located(
            inside,
            area_code=self._area(hits, point) if inside else None,
            competent=next((name for kind, name in hits if kind == sort), None),
            boundary_distance=float(self._border.distance(point)) if self._has_border else None,
        )

    def _area(self, hits: list[tuple[str, str]], point: BaseGeometry) -> str | None:
        for kind, name in hits:
            if kind == "area":
                return name
        nearest, found = _SLIVER, None
        for (kind, name), geometry in zip(self._names, self._shapes, strict=True):
            away = float(shapely.distance(geometry, point)) if kind == "area" else inf
            if away <= nearest:
                nearest, found = away, name
        return found

    def _flat(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in metres around the municipality's middle, so that distances are distances."""

        def metres(points: np.ndarray) -> np.ndarray:
            return np.column_stack(
                [
                    (points[:, 0] - self._longitude) * self._per_longitude,
                    (points[:, 1] - self._latitude) * _METRES_PER_DEGREE,
                ]
            )

        return shapely.transform(geometry, metres)
