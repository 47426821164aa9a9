"""The town as things to draw, in layers from bottom to top, each with a tree that finds what lies in a tile."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
import shapely.affinity
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from meldloket.sandbox.addresses import network, skeleton, style
from meldloket.sandbox.addresses.mercator import geometry_to_unit, plane_to_unit
from meldloket.sandbox.addresses.network import turned
from meldloket.sandbox.addresses.plane import smooth
from meldloket.sandbox.addresses.town import Town

_STRETCH = 10  # points of a line that are kept together, so that a tile draws only what it shows


@dataclass(frozen=True)
class Surface:
    """A filled polygon. `from_zoom`: drawn from this zoom on; `label`: what stands in it at close zooms."""

    geometry: BaseGeometry
    fill: str
    edge: str
    from_zoom: int
    label: str = ""


@dataclass(frozen=True)
class Stroke:
    """A stretch of a line. `kind` is a kind of road, `rail`, `border` or `neighbour`."""

    points: np.ndarray
    kind: str
    metres: float


class Layer:
    """Things of one sort with a search tree over their geometry in the unit square."""

    def __init__(self, things: list, geometries: list[BaseGeometry]) -> None:
        self.things = things
        self.geometries = np.array(geometries, dtype=object)
        self._tree = shapely.STRtree(self.geometries)

    def within(self, box: BaseGeometry) -> list:
        """The things whose bounds meet the box, in drawing order."""
        return [self.things[index] for index in sorted(self._tree.query(box).tolist())]


class Scene:
    """All layers of a town, made when first drawn."""

    def __init__(self, town: Town) -> None:
        self.town = town

    @cached_property
    def bounds(self) -> BaseGeometry:
        """The drawn world; outside it a tile is plain ground."""
        return shapely.box(*geometry_to_unit(shapely.box(-6800, -5800, 6800, 5800)).bounds)

    @cached_property
    def _land(self) -> BaseGeometry:
        """What is drawn: the town and its neighbours; the world ends a little beyond."""
        return shapely.union_all([self.town.boundary, *self.town.neighbours.values()]).buffer(250).simplify(20)

    @cached_property
    def surfaces(self) -> Layer:
        """Fields, built-up ground, parks, woods, water and squares, lowest first."""
        found: list[tuple[BaseGeometry, str, str, int]] = []
        for shade, cell in self.town.fields:
            if cell.intersects(self._land):
                found.append((cell.intersection(self._land), style.FIELDS[shade], style.FIELD_EDGE, 9))
        found += [(part, style.BUILT_UP, "", 9) for part in shapely.get_parts(self.town.built_up)]
        for kind, _, outline in skeleton.GROUNDS:
            found.append((network.ground(kind, outline), *style.SURFACES[kind], 11))
        fill, edge = style.SURFACES["water"]
        found += [(part, fill, edge, 9) for part in shapely.get_parts(self.town.water.intersection(self._land))]
        found += [(Polygon(outline), *style.SQUARE, 14) for _, outline in skeleton.SQUARES]
        things = [Surface(geometry_to_unit(shape), fill, edge, first) for shape, fill, edge, first in found]
        return Layer(things, [thing.geometry for thing in things])

    @cached_property
    def houses(self) -> Layer:
        """Buildings with their house number, churches and the station."""
        colours = {"centre": style.HOUSE_CENTRE, "harbour": style.HOUSE_HARBOUR}
        outlines = np.array([house.outline for house in self.town.houses], dtype=object)
        moved = shapely.transform(outlines, plane_to_unit)
        things = [
            Surface(outline, *colours.get(house.zone, style.HOUSE), 15, house.number)
            for house, outline in zip(self.town.houses, moved, strict=True)
        ]
        for x, y in skeleton.CHURCHES:
            for shape in _church(x, y):
                things.append(Surface(geometry_to_unit(shape), *style.CHURCH, 14))
        for x, y, width, depth in skeleton.SHEDS:
            shed = shapely.box(x - width / 2, y - depth / 2, x + width / 2, y + depth / 2)
            things.append(Surface(geometry_to_unit(shapely.affinity.rotate(shed, 4)), *style.HOUSE_HARBOUR, 14))
        x, y = skeleton.STATION
        station = shapely.affinity.rotate(shapely.box(x - 42, y - 9, x + 42, y + 9), -2)
        things.append(Surface(geometry_to_unit(station), *style.CHURCH, 14))
        return Layer(things, [thing.geometry for thing in things])

    @cached_property
    def strokes(self) -> Layer:
        """Roads, railway and borders, cut into short stretches."""
        rank = {kind: place for place, kind in enumerate(("neighbour", "border", "rail", *style.ROADS))}
        lines: list[tuple[str, float, np.ndarray]] = [
            ("neighbour", 0, np.array(shape.exterior.coords)) for shape in self.town.neighbours.values()
        ]
        lines.append(("border", 0, np.array(self.town.boundary.exterior.coords)))
        lines.append(("rail", 4, np.array(network.railway().coords)))
        for street in self.town.streets:
            lines += [(street.kind, street.width, np.array(line.coords)) for line in street.lines]
        things = []
        for kind, metres, points in sorted(lines, key=lambda line: rank[line[0]]):
            for part in shapely.get_parts(shapely.LineString(points).intersection(self._land)):
                unit = plane_to_unit(np.array(part.coords))
                starts = range(0, len(unit) - 1, _STRETCH)
                things += [Stroke(unit[first : first + _STRETCH + 1], kind, metres) for first in starts]
        return Layer(things, [shapely.LineString(thing.points) for thing in things])


def _church(x: float, y: float) -> list[Polygon]:
    """Nave, transept and tower, the choir to the east."""

    def block(left: float, low: float, right: float, high: float) -> Polygon:
        corners = [turned(dx, dy, 0.12) for dx, dy in ((left, low), (right, low), (right, high), (left, high))]
        return Polygon([(x + dx, y + dy) for dx, dy in corners])

    choir = [turned(16 + dx, dy, 0.12) for dx, dy in smooth(((0, -6), (7, -4), (9, 0), (7, 4), (0, 6)), 2)]
    cross = shapely.union_all([
        block(-18, -7, 16, 7), block(2, -14, 11, 14), Polygon([(x + dx, y + dy) for dx, dy in choir])
    ])  # fmt: skip
    return [part for part in shapely.get_parts(cross) if isinstance(part, Polygon)] + [block(-25, -5, -16, 5)]
