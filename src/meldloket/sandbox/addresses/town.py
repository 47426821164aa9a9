"""The made-up municipality of Lindekerke, grown in memory from one seed: border, parts, neighbours, streets, houses
and addresses. Everything that the double answers or draws comes from here (specs/identity-and-registers §4.7)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import shapely
import shapely.affinity
from shapely import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union

from meldloket.sandbox.addresses import network, skeleton
from meldloket.sandbox.addresses.houses import Address, House, build_houses
from meldloket.sandbox.addresses.network import Street, build_streets
from meldloket.sandbox.addresses.plane import Point, as_geojson, smooth
from meldloket.sandbox.addresses.roads import REGIONAL_NUMBER, REGIONAL_ROAD
from meldloket.sandbox.addresses.skeleton import Municipality

SEED = 9999


@dataclass(frozen=True)
class Authority:
    """Somebody else who manages a strip of land inside the municipality: `line` and half the strip's width."""

    name: str
    label: str
    line: LineString
    reach: float


def _rough(points: tuple[Point, ...], seed: int, step: float = 170) -> list[Point]:
    """A closed line through the points as kinked as borders along ditches and fields are."""
    dice = random.Random(seed)  # noqa: S311  (a drawing, not a secret)
    line = smooth(points, step, closed=True)[:-1]
    rough = []
    for (x, y), (x_next, y_next) in zip(line, [*line[1:], line[0]], strict=True):
        rough.append((x, y))
        swing = dice.uniform(-0.2, 0.2)
        rough.append(((x + x_next) / 2 - (y_next - y) * swing, (y + y_next) / 2 + (x_next - x) * swing))
    return rough


class Town:
    """The whole of Lindekerke on the plane. Built lazily: who needs the border does not wait for the houses."""

    def __init__(self, seed: int = SEED) -> None:
        self.seed = seed

    @cached_property
    def boundary(self) -> Polygon:
        return Polygon(_rough(skeleton.BOUNDARY, self.seed))

    @cached_property
    def neighbours(self) -> dict[Municipality, Polygon]:
        """The three municipalities around, which fill a ring without a gap."""
        ring = Polygon(_rough(skeleton.OUTER, self.seed + 1, 420)).difference(self.boundary)
        pieces = _cut(ring, [LineString(smooth(cut)) for cut in skeleton.NEIGHBOUR_CUTS])
        return {who: _holding(pieces, seed) for who, seed in skeleton.NEIGHBOUR_SEEDS}

    @cached_property
    def areas(self) -> dict[tuple[str, str], Polygon]:
        """The six parts by (code, name); together exactly the municipality."""
        ring_south = LineString(smooth(skeleton.RINGLAAN))
        cuts = [LineString(smooth(skeleton.RIVER)), ring_south, *(LineString(cut) for cut in skeleton.AREA_CUTS)]
        pieces = _cut(self.boundary, cuts)
        return {(code, name): _holding(pieces, seed) for code, name, seed in skeleton.AREAS}

    @cached_property
    def authorities(self) -> list[Authority]:
        """The regional road, the railway and the river, each with its manager."""
        road = LineString(smooth(next(r.points for r in network.MAIN_ROADS if r.name == REGIONAL_ROAD)))
        return [
            Authority("Agentschap Wegen (gewestweg)", f"{REGIONAL_ROAD} ({REGIONAL_NUMBER})", road, 9.0),
            Authority("spoorwegbeheerder", "Spoorlijn", network.railway(), 9.0),
            Authority("waterwegbeheerder", "de Linde", LineString(smooth(skeleton.RIVER)), skeleton.RIVER_WIDTH / 2),
        ]

    @cached_property
    def streets(self) -> list[Street]:
        grown = build_streets(self.seed)
        here = {skeleton.LINDEKERKE: self.boundary, **self.neighbours}
        streets = [part for street in grown for part in _by_municipality(street, here)]
        for number, street in enumerate(streets, start=1):
            street.number = number
        return streets

    @cached_property
    def _built(self) -> tuple[list[House], list[Address]]:
        return build_houses(self.streets, self.seed)

    @property
    def houses(self) -> list[House]:
        return self._built[0]

    @property
    def addresses(self) -> list[Address]:
        return self._built[1]

    @cached_property
    def water(self) -> BaseGeometry:
        return network.water()

    @cached_property
    def fields(self) -> list[tuple[int, Polygon]]:
        """(shade 0 to 3, surface) of the fields around: cells between scattered points, as a farmer's land lies."""
        dice = np.random.default_rng(self.seed)
        grid = np.stack(np.meshgrid(np.arange(-8000, 8001, 300), np.arange(-9000, 9001, 300)), axis=-1).reshape(-1, 2)
        cells = shapely.voronoi_polygons(MultiPoint(grid + dice.uniform(-110, 110, grid.shape)))
        strips = shapely.affinity.rotate(shapely.affinity.scale(cells, 1.25, 0.7, origin=(0, 0)), 24, origin=(0, 0))
        return [(int(dice.integers(0, 4)), cell) for cell in shapely.get_parts(strips)]

    @cached_property
    def built_up(self) -> BaseGeometry:
        """The ground under the built-up parts: everything near a house."""
        houses = shapely.buffer(np.array([house.outline for house in self.houses], dtype=object), 42, quad_segs=2)
        grown = unary_union(houses).buffer(-16).simplify(4)
        # without its holes: an inner garden between four streets is town, not field
        return unary_union([Polygon(part.exterior) for part in shapely.get_parts(grown) if isinstance(part, Polygon)])


def _by_municipality(street: Street, municipalities: dict[Municipality, Polygon]) -> list[Street]:
    """A street that crosses a border is one street in each municipality; beyond the last border it has no houses."""
    if street.kind == "regional" or municipalities[street.municipality].contains(street.shape):
        return [street]
    parts = []
    for who, surface in [*municipalities.items(), (None, unary_union(list(municipalities.values())))]:
        rest = street.shape.intersection(surface) if who else street.shape.difference(surface)
        lines = [line for line in shapely.get_parts(rest) if line.length > 1]
        if lines:
            zone, postcode = (street.zone, who.postcode) if who else ("beyond", "")
            postcode = street.postcode if who is street.municipality else postcode
            parts.append(Street(street.name, street.kind, zone, who or street.municipality, postcode, lines))
    return parts


def _cut(surface: BaseGeometry, cuts: list[LineString]) -> list[Polygon]:
    edges = unary_union([surface.boundary, *cuts])
    return [piece for piece in polygonize(edges) if surface.contains(piece.representative_point())]


def _holding(pieces: list[Polygon], point: Point) -> Polygon:
    return next(piece for piece in pieces if piece.contains(shapely.Point(point)))


@lru_cache(maxsize=2)
def town(seed: int = SEED) -> Town:
    """The town of this seed, shared by all who ask."""
    return Town(seed)


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _feature(geometry: BaseGeometry, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": as_geojson(geometry)}


def boundary_geojson(seed: int = SEED) -> dict[str, Any]:
    """The municipality as a FeatureCollection with one polygon (`name`, `nis`), WGS84."""
    here = skeleton.LINDEKERKE
    return _collection([_feature(town(seed).boundary, name=here.name, nis=here.nis)])


def areas_geojson(seed: int = SEED, tolerance: float = 2.0) -> dict[str, Any]:
    """The six parts (`code`, `name`), simplified together so that they keep fitting; tolerance in metres."""
    parts = town(seed).areas
    simple = shapely.coverage_simplify(np.array(list(parts.values()), dtype=object), tolerance, simplify_boundary=False)
    return _collection([_feature(shape, code=code, name=name) for (code, name), shape in zip(parts, simple, strict=True)])


def neighbours_geojson(seed: int = SEED) -> dict[str, Any]:
    """The three municipalities around (`name`, `nis`, `postcode`)."""
    around = town(seed).neighbours
    return _collection(
        [_feature(shape, name=who.name, nis=who.nis, postcode=who.postcode) for who, shape in around.items()]
    )


def roads_geojson(seed: int = SEED) -> dict[str, Any]:
    """The lines that somebody else manages: regional road, railway, river (`name` of the manager, `label`)."""
    return _collection(
        [
            _feature(authority.line.simplify(1), name=authority.name, label=authority.label)
            for authority in town(seed).authorities
        ]
    )


def authorities_geojson(seed: int = SEED) -> dict[str, Any]:
    """The strips of land of other managers inside the municipality (`name`, `label`)."""
    here = town(seed).boundary
    return _collection(
        [
            _feature(
                authority.line.simplify(1).buffer(authority.reach, quad_segs=2).intersection(here).simplify(0.6),
                name=authority.name,
                label=authority.label,
            )
            for authority in town(seed).authorities
        ]
    )
