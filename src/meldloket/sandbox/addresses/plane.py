"""A flat working plane for the made-up town: metres east and north of its church, and back to degrees."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, radians, sin, sqrt
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

ORIGIN_LATITUDE, ORIGIN_LONGITUDE = 51.05, 3.55

_E2 = 0.00669437999014
_BEND = 1 - _E2 * sin(radians(ORIGIN_LATITUDE)) ** 2
METRES_PER_LATITUDE = 6378137.0 * (1 - _E2) / _BEND**1.5 * pi / 180
METRES_PER_LONGITUDE = 6378137.0 / sqrt(_BEND) * cos(radians(ORIGIN_LATITUDE)) * pi / 180

Point = tuple[float, float]


def to_degrees(x: float, y: float) -> Point:
    """(latitude, longitude) of a point of the plane."""
    return ORIGIN_LATITUDE + y / METRES_PER_LATITUDE, ORIGIN_LONGITUDE + x / METRES_PER_LONGITUDE


def to_plane(latitude: float, longitude: float) -> Point:
    """(x, y) in metres of a point in degrees."""
    return (longitude - ORIGIN_LONGITUDE) * METRES_PER_LONGITUDE, (latitude - ORIGIN_LATITUDE) * METRES_PER_LATITUDE


def as_geojson(geometry: BaseGeometry, digits: int = 6) -> dict[str, Any]:
    """A GeoJSON geometry (longitude, latitude) of something drawn on the plane; six digits are about 10 cm."""

    def degrees_of(points: np.ndarray) -> np.ndarray:
        longitude = ORIGIN_LONGITUDE + points[:, 0] / METRES_PER_LONGITUDE
        latitude = ORIGIN_LATITUDE + points[:, 1] / METRES_PER_LATITUDE
        return np.round(np.column_stack([longitude, latitude]), digits)

    return dict(shapely.geometry.mapping(shapely.transform(geometry, degrees_of)))


def smooth(points: Sequence[Point], step: float = 18.0, closed: bool = False) -> list[Point]:
    """A flowing line through the points (Catmull-Rom), with a point about every `step` metres."""
    given = np.asarray(points, dtype=float)
    if len(given) < 3:
        return [(float(x), float(y)) for x, y in given]
    if closed:
        padded = np.vstack([given[-1], given, given[:2]])
    else:
        padded = np.vstack([2 * given[0] - given[1], given, 2 * given[-1] - given[-2]])
    pieces = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        count = max(int(np.hypot(*(end - start)) / step), 1)
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        pieces.append(
            0.5
            * (
                2 * start
                + (end - before) * t
                + (2 * before - 5 * start + 4 * end - after) * t**2
                + (3 * start - before - 3 * end + after) * t**3
            )
        )
    line = np.vstack([*pieces, given[:1] if closed else given[-1:]])
    return [(float(x), float(y)) for x, y in line]
