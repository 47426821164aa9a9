"""Lets the side streets grow between the main roads: slightly bent rows with staggered cross streets, never a plain
grid, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import atan2, cos, degrees, pi, sin

import shapely
from shapely import LineString, MultiLineString, Polygon
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize, split, substring, unary_union

from meldloket.sandbox.addresses import skeleton
from meldloket.sandbox.addresses.names import NAMES
from meldloket.sandbox.addresses.plane import Point, smooth
from meldloket.sandbox.addresses.roads import MAIN_ROADS, VILLAGE_ROADS
from meldloket.sandbox.addresses.skeleton import Municipality, Road

#: Width in metres of the carriageway with its pavements, by kind of road.
WIDTHS = {"regional": 15.0, "main": 11.0, "secondary": 9.0, "street": 7.0, "lane": 5.0, "path": 2.5, "square": 7.0}
_SHORTEST = 75.0
_NARROW = 2_500.0  # a block smaller than this many square metres gets no streets of its own


@dataclass
class Street:
    """A street: one name, one or more lines on the plane."""

    name: str
    kind: str
    zone: str
    municipality: Municipality
    postcode: str
    lines: list[LineString]
    number: int = field(default=0)  # its place in the register, from 1; 0 until the town gives it

    @property
    def width(self) -> float:
        return WIDTHS[self.kind]

    @cached_property
    def shape(self) -> BaseGeometry:
        return MultiLineString(self.lines)

    @property
    def length(self) -> float:
        return sum(line.length for line in self.lines)


def water() -> BaseGeometry:
    """River, dock and brooks as one surface."""
    river = LineString(smooth(skeleton.RIVER)).buffer(skeleton.RIVER_WIDTH / 2)
    brooks = [LineString(smooth(brook)).buffer(2.2) for brook in skeleton.BROOKS]
    ponds = [Polygon(smooth(outline, closed=True)) for kind, _, outline in skeleton.GROUNDS if kind == "water"]
    return unary_union([river, Polygon(skeleton.DOCK), *brooks, *ponds])


def railway() -> LineString:
    return LineString(smooth(skeleton.RAILWAY))


def ground(kind: str, outline: tuple[Point, ...]) -> Polygon:
    """The surface of an open ground; nature is round, what people fence in has corners."""
    return Polygon(smooth(outline, closed=True)) if kind in ("wood", "water", "park") else Polygon(outline)


def _main_streets() -> list[Street]:
    closed = LineString(smooth(skeleton.VEST, closed=True))
    streets = []
    for road in (*MAIN_ROADS, *VILLAGE_ROADS):
        line = LineString(smooth(road.points))
        if any(road.name == name for name, _, _ in skeleton.VEST_NAMES):
            line = _stretch(closed, road)
        streets.append(_street(road.name, road.kind, road.zone, [line], road.municipality, road.postcode))
    for name, outline in skeleton.SQUARES:
        edge = LineString([*outline, outline[0]])
        streets.append(_street(name, "square", "centre", [edge]))
    return streets


def _stretch(closed: LineString, road: Road) -> LineString:
    """The part of the closed ring between two of its corners: drawn apart, the joints would show a kink."""
    first, last = closed.project(shapely.Point(road.points[0])), closed.project(shapely.Point(road.points[-1]))
    return _between(closed, first, last if last > first else closed.length)


def _between(line: LineString, start: float, end: float) -> LineString:
    return LineString(substring(line, start, end).coords)


def _street(
    name: str,
    kind: str,
    zone: str,
    lines: list[LineString],
    municipality: Municipality = skeleton.LINDEKERKE,
    postcode: str = "",
) -> Street:
    return Street(name, kind, zone, municipality, postcode or municipality.postcode, lines)


def _bent(start: Point, end: Point, swing: float, dice: random.Random) -> LineString:
    """A line from start to end that bends gently to and fro by `swing` metres."""
    length = max(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5, 1.0)
    across = (-(end[1] - start[1]) / length, (end[0] - start[0]) / length)
    phase, waves = dice.uniform(0, 2 * pi), length / dice.uniform(500, 900)
    count = max(int(length / 20), 2)
    points = []
    for step in range(count + 1):
        t = step / count
        off = swing * (sin(phase + waves * 2 * pi * t) + 0.35 * cos(2.3 * phase + waves * 4.4 * pi * t))
        points.append(
            (start[0] + (end[0] - start[0]) * t + across[0] * off, start[1] + (end[1] - start[1]) * t + across[1] * off)
        )
    return LineString(points)


def _parts(geometry: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, LineString) and part.length > 1]


def _rows(block: Polygon, spacing: float, dice: random.Random) -> tuple[list[LineString], float, Point]:
    """The long streets of a block, along its longer side; also that direction and the middle."""
    box = shapely.minimum_rotated_rectangle(block)
    corners = shapely.get_coordinates(box).tolist()
    sides = [(corners[i + 1][0] - corners[i][0], corners[i + 1][1] - corners[i][1]) for i in (0, 1)]
    lengths = [(dx * dx + dy * dy) ** 0.5 for dx, dy in sides]
    (dx, dy), depth, width = (sides[0], lengths[1], lengths[0]) if lengths[0] >= lengths[1] else (
        sides[1], lengths[0], lengths[1])  # fmt: skip
    middle = (box.centroid.x, box.centroid.y)
    direction = degrees(atan2(dy, dx))
    count = max(round(depth / spacing) - 1, 1)
    rows = []
    inner = block.buffer(-spacing * 0.36)
    for row in range(count):
        y = (row + 1) * depth / (count + 1) - depth / 2 + dice.uniform(-0.12, 0.12) * spacing
        tilt = dice.uniform(-0.16, 0.16) * spacing
        line = _bent((-width, y - tilt), (width, y + tilt), spacing * 0.14, dice)
        line = rotate(LineString([(x + middle[0], v + middle[1]) for x, v in line.coords]), direction, origin=middle)
        rows += [
            part
            for part in _parts(line.intersection(block))
            if part.length > _SHORTEST and part.intersection(inner).length > 0.45 * part.length
        ]
    return rows, direction, middle


def _cross_streets(
    block: Polygon, rows: list[LineString], direction: float, middle: Point, spacing: float, dice: random.Random
) -> list[LineString]:
    """Cross streets that run from one row to a next one, seldom through all of them."""
    inner = block.buffer(-spacing * 0.4)
    reach = block.length
    found: list[LineString] = []
    at = -reach / 2
    while at < reach / 2:
        at += spacing * dice.uniform(1.05, 1.7)
        line = _bent((at, -reach), (at + dice.uniform(-0.3, 0.3) * spacing, reach), spacing * 0.07, dice)
        line = rotate(LineString([(x + middle[0], y + middle[1]) for x, y in line.coords]), direction, origin=middle)
        for part in _parts(line.intersection(block)):
            pieces = _parts(split(part, MultiLineString(rows))) if rows else [part]
            run: list[LineString] = []
            for piece in [*pieces, None]:
                fits = piece is not None and piece.length > 30 and piece.intersection(inner).length > 0.2 * piece.length
                if piece is not None and fits and dice.random() < 0.7:
                    run.append(piece)
                    continue
                if run:
                    merged = linemerge(run) if len(run) > 1 else run[0]
                    found += [street for street in _parts(merged) if street.length > _SHORTEST * 0.8]
                run = []
    return found


def _blocks(outline: Polygon, cutting: BaseGeometry, closed_ground: BaseGeometry) -> Iterable[Polygon]:
    """The pieces of a quarter between its main roads and off its water, railway and parks."""
    wide = outline.buffer(55, join_style="mitre")  # over the main road along its edge, so that streets reach it
    lines = unary_union([wide.exterior, cutting.intersection(wide.buffer(1))])
    for face in polygonize(lines):
        if face.buffer(-40).is_empty:  # a strip beyond the main road
            continue
        for part in shapely.get_parts(face.difference(closed_ground)):
            if isinstance(part, Polygon) and part.area > _NARROW * 4:
                yield part


def _trimmed(lines: list[LineString], cutting: BaseGeometry, dice: random.Random) -> list[LineString]:
    """Cuts off what sticks out behind the last junction (a short dead end may stay) and drops what joins nothing;
    longest first."""
    kept = []
    thick = [line.buffer(1.5) for line in [*lines, *_parts(cutting)]]
    tree = shapely.STRtree(thick)
    for index, line in enumerate(lines):
        others = [thick[near] for near in tree.query(line, predicate="intersects") if near != index]
        parts = [part for other in others for part in _parts(line.intersection(other))]
        touches = [line.project(shapely.Point(part.coords[end])) for part in parts for end in (0, -1)]
        if not touches:
            continue
        tail = dice.choice((0.0, 0.0, 55.0)) if len(touches) > 2 else 120.0
        start, end = max(min(touches) - tail, 0.0), min(max(touches) + tail, line.length)
        if end - start > _SHORTEST * 0.7:
            kept.append(_between(line, start, end))
    return sorted(kept, key=lambda line: -line.length)


def _side_streets(main: list[Street], seed: int) -> list[Street]:
    cutting = unary_union([street.shape for street in main if street.kind not in ("path", "square")])
    squares = [Polygon(outline).buffer(4) for _, outline in skeleton.SQUARES]
    grounds = [ground(kind, outline) for kind, _, outline in skeleton.GROUNDS]
    closed_ground = unary_union([water().buffer(14), railway().buffer(22), *squares, *grounds])
    streets: list[Street] = []
    for zone, spacing, names, outline in skeleton.QUARTERS:
        # every quarter throws its own dice, so that a change in one leaves the others as they were
        dice = random.Random(f"{seed}-{names}")  # noqa: S311  (a drawing, not a secret)
        lines: list[LineString] = []
        for block in _blocks(Polygon(outline), cutting, closed_ground):
            rows, direction, middle = _rows(block, spacing, dice)
            lines += rows + _cross_streets(block, rows, direction, middle, spacing, dice)
        lines = _trimmed(lines, cutting, dice)
        postcode = skeleton.ZANDHOEK.postcode if zone == "village" else ""
        for line, name in zip(lines, NAMES[names], strict=False):
            streets.append(_street(name, "street", zone, [line], postcode=postcode))
    return streets


def build_streets(seed: int) -> list[Street]:
    """All streets of Lindekerke and its villages around, main roads first."""
    main = _main_streets()
    return main + _side_streets(main, seed)


def direction_at(line: LineString, along: float) -> tuple[Point, float]:
    """The point at `along` metres on the line and the direction of the line there, in radians."""
    here = line.interpolate(along)
    before, after = line.interpolate(max(along - 1.5, 0)), line.interpolate(min(along + 1.5, line.length))
    return (here.x, here.y), atan2(after.y - before.y, after.x - before.x)


def turned(dx: float, dy: float, angle: float) -> Point:
    """(dx along, dy to the left) of a direction in radians, as a step on the plane."""
    return dx * cos(angle) - dy * sin(angle), dx * sin(angle) + dy * cos(angle)
