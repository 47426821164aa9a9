"""The arithmetic of web map tiles: web mercator (EPSG:3857) scaled so that the world is one square from 0 to 1, with
y downwards, as in the matrix set GoogleMapsVL (specs/identity-and-registers §4.4)."""

from __future__ import annotations

from math import asinh, cos, pi, radians, tan

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from meldloket.sandbox.addresses import plane

TILE = 256
MAX_ZOOM = 21
_EARTH = 2 * pi * 6378137.0


def to_unit(latitude: float, longitude: float) -> tuple[float, float]:
    """(x, y) from 0 to 1 of a WGS84 point in degrees."""
    return (longitude + 180) / 360, (1 - asinh(tan(radians(latitude))) / pi) / 2


def tile_of(latitude: float, longitude: float, zoom: int) -> tuple[int, int]:
    """(column, row) of the tile that holds the point."""
    x, y = to_unit(latitude, longitude)
    return int(x * 2**zoom), int(y * 2**zoom)


def pixels_per_metre(zoom: float) -> float:
    """How many pixels a metre on the ground takes around the town."""
    return float(TILE * 2**zoom / (_EARTH * cos(radians(plane.ORIGIN_LATITUDE))))


def plane_to_unit(points: np.ndarray) -> np.ndarray:
    """Points of the town's plane (n x 2, metres) as points of the unit square."""
    longitude = plane.ORIGIN_LONGITUDE + points[:, 0] / plane.METRES_PER_LONGITUDE
    latitude = np.radians(plane.ORIGIN_LATITUDE + points[:, 1] / plane.METRES_PER_LATITUDE)
    return np.column_stack([(longitude + 180) / 360, (1 - np.arcsinh(np.tan(latitude)) / pi) / 2])


def geometry_to_unit(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, plane_to_unit)
