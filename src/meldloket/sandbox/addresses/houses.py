"""Puts houses along the streets and numbers on the houses: odd on the left, even on the right, now and then a 12A, a
number that is missing, a block of flats with box numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from meldloket.sandbox.addresses import network, skeleton
from meldloket.sandbox.addresses.network import Street, direction_at, turned


@dataclass(frozen=True)
class Way:
    """How a zone is built: metres of front, depth, distance from the road's edge, gap between houses, and the chance
    of a house with flats."""

    front: tuple[float, float]
    depth: tuple[float, float]
    setback: tuple[float, float]
    gap: tuple[float, float]
    flats: float


WAYS = {
    "centre": Way((6.5, 9.5), (10, 15), (1.0, 1.6), (0, 0.1), 0.06),
    "harbour": Way((12, 22), (14, 20), (3, 5), (2, 14), 0.2),
    "suburb": Way((8.5, 12), (9, 12.5), (5, 8), (3.5, 10), 0.03),
    "ribbon": Way((10, 15), (9, 13), (8, 14), (8, 70), 0.0),
    "village": Way((8.5, 13), (9, 13), (4, 8), (5, 16), 0.0),
    "rural": Way((12, 20), (9, 13), (12, 22), (45, 170), 0.0),
}
#: Streets that keep their roads but have no house numbers at all.
WITHOUT_NUMBERS = frozenset({"Jaagpad", "Lindepad"})


@dataclass(frozen=True)
class Address:
    """An address of the register. `at` is the point on the plane that stands for it, inside the house."""

    object_id: int
    street: Street
    number: str
    box: str
    at: tuple[float, float]

    @property
    def short(self) -> str:
        """`Kerkstraat 12A bus 2`."""
        return f"{self.street.name} {self.number}" + (f" bus {self.box}" if self.box else "")

    def full(self, box: bool = True) -> str:
        """`Kerkstraat 12A bus 2, 9999 Lindekerke`."""
        text = self.short if box else f"{self.street.name} {self.number}"
        return f"{text}, {self.street.postcode} {self.street.municipality.name}"


@dataclass(frozen=True)
class House:
    """A building: its outline on the plane, its number, and the quarter's kind (for its colour)."""

    outline: Polygon
    number: str
    zone: str
    boxes: tuple[str, ...]
    street: Street
    at: tuple[float, float]


@dataclass(frozen=True)
class _Plot:
    """A place where a house could stand, before it is known whether there is room."""

    outline: Polygon
    street: Street
    left: bool
    flats: bool
    at: tuple[float, float]


def _plots(street: Street, dice: random.Random, quarters: BaseGeometry) -> Iterator[_Plot]:
    """Both sides of a street, from its beginning on; outside the quarters a main road has a ribbon of houses."""
    for line in street.lines:
        for left in (True, False):
            way = WAYS[street.zone]
            along = dice.uniform(4, 9) + way.gap[0]
            while along < line.length - 4:
                outside = street.zone == "suburb" and not shapely.contains_xy(quarters, *line.interpolate(along).coords[0])
                way = WAYS["ribbon" if outside else street.zone]
                flats = dice.random() < way.flats
                front = dice.uniform(*way.front) * (2.2 if flats else 1.0)
                middle, angle = direction_at(line, min(along + front / 2, line.length))
                depth = dice.uniform(*way.depth)
                near = street.width / 2 + dice.uniform(*way.setback)
                sign = 1 if left else -1
                corners = [
                    turned(x, sign * y, angle)
                    for x, y in (
                        (-front / 2, near),
                        (front / 2, near),
                        (front / 2, near + depth),
                        (-front / 2, near + depth),
                    )
                ]
                outline = Polygon([(middle[0] + dx, middle[1] + dy) for dx, dy in corners])
                step = turned(0, sign * (near + depth / 2), angle)
                yield _Plot(outline, street, left, flats, (middle[0] + step[0], middle[1] + step[1]))
                along += front + dice.uniform(*way.gap)


def _obstacles(streets: list[Street]) -> list[BaseGeometry]:
    """Where no house can stand: roads, water, railway, open grounds, squares, churches."""
    grounds = [network.ground(kind, outline) for kind, _, outline in skeleton.GROUNDS if kind != "industry"]
    churches = [shapely.Point(point).buffer(34) for point in skeleton.CHURCHES]
    return [
        *(line.buffer(street.width / 2 + 0.4) for street in streets for line in street.lines),
        *(Polygon(outline).buffer(1) for _, outline in skeleton.SQUARES),
        shapely.Point(skeleton.STATION).buffer(38),
        network.water().buffer(5),
        network.railway().buffer(14),
        *grounds,
        *churches,
    ]


def _with_room(plots: list[_Plot], obstacles: list[BaseGeometry]) -> list[_Plot]:
    """Drops the plots that meet an obstacle or an earlier plot; all at once, because there are thousands."""
    outlines = np.array([plot.outline for plot in plots], dtype=object)
    kept = np.ones(len(plots), dtype=bool)
    kept[shapely.STRtree(obstacles).query(outlines, predicate="intersects")[0]] = False
    slim = shapely.buffer(outlines, -1.1)  # neighbours in a row share a wall, and back gardens in a bend
    first, second = shapely.STRtree(slim).query(slim, predicate="intersects")
    for earlier, later in sorted(zip(first.tolist(), second.tolist(), strict=True), key=lambda pair: (pair[1], pair[0])):
        if earlier < later and kept[earlier]:
            kept[later] = False
    return [plot for plot, stays in zip(plots, kept, strict=True) if stays]


def _numbered(plots: list[_Plot], dice: random.Random) -> Iterator[House]:
    """Gives the houses of one street their numbers, side by side along the street."""
    for left in (True, False):
        number, letters = (-1 if left else 0), 0
        for plot in (plot for plot in plots if plot.left is left):
            if number > 0 and dice.random() < 0.035:
                letters += 1
                text = f"{number}{chr(ord('A') + letters - 1)}"
            else:
                number, letters = number + (4 if dice.random() < 0.03 else 2), 0
                text = str(number)
            boxes: tuple[str, ...] = ()
            if plot.flats:
                boxes = tuple(str(box) for box in range(1, dice.randint(3, 9)))
            yield House(plot.outline, text, plot.street.zone, boxes, plot.street, plot.at)


def build_houses(streets: list[Street], seed: int) -> tuple[list[House], list[Address]]:
    """The houses and their addresses, in the order of the streets; the same for the same seed."""
    plots: list[_Plot] = []
    quarters = unary_union([Polygon(outline).buffer(70) for _, _, _, outline in skeleton.QUARTERS])
    shapely.prepare(quarters)
    for street in streets:
        if street.name in WITHOUT_NUMBERS or street.zone not in WAYS or street.kind == "regional":
            continue
        plots += _plots(street, random.Random(f"{seed}-{street.number}"), quarters)  # noqa: S311
    plots = _with_room(plots, _obstacles(streets))
    by_street: dict[tuple[str, str, str], list[_Plot]] = {}
    for plot in plots:  # a border can cut a street in two stretches: they share one row of numbers
        by_street.setdefault((plot.street.name, plot.street.postcode, plot.street.municipality.nis), []).append(plot)
    houses: list[House] = []
    addresses: list[Address] = []
    for key, own in by_street.items():
        dice = random.Random(f"{seed}-numbers-{key}")  # noqa: S311
        for house in _numbered(own, dice):
            houses.append(house)
            for box in ("", *house.boxes):
                addresses.append(Address(7_000_000 + len(addresses) + 1, house.street, house.number, box, house.at))
    return houses, addresses
