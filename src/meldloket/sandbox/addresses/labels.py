"""Where the names stand on the map: placed once per zoom for the whole town, so that tiles agree at their edges and
no two names overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, degrees, hypot

import numpy as np
from PIL import ImageFont
from shapely.ops import linemerge

from meldloket.sandbox.addresses import skeleton, style
from meldloket.sandbox.addresses.mercator import TILE, plane_to_unit
from meldloket.sandbox.addresses.network import Street
from meldloket.sandbox.addresses.plane import smooth
from meldloket.sandbox.addresses.roads import REGIONAL_NUMBER
from meldloket.sandbox.addresses.town import Town

_CELL = 9  # pixels: the grain in which the map remembers what is taken


@dataclass(frozen=True)
class Label:
    """A name at a pixel of the world map of one zoom (its middle), turned by `angle` degrees. `shield`: on a plate."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    angle: float = 0.0
    shield: bool = False


@lru_cache(maxsize=64)
def font(size: float) -> ImageFont.FreeTypeFont:
    """Pillow's own font in this size (pixels)."""
    return ImageFont.load_default(size)  # type: ignore[return-value]


class Placement:
    """The labels of one zoom, found by the tile that they touch."""

    def __init__(self, town: Town, zoom: int) -> None:
        self.zoom = zoom
        self.scale = TILE * 2**zoom
        self._taken: set[tuple[int, int]] = set()
        self._tiles: dict[tuple[int, int], list[Label]] = {}
        self._place_names(town)
        self._street_names(town)

    def on(self, column: int, row: int) -> list[Label]:
        """The labels that touch this tile."""
        return self._tiles.get((column, row), [])

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        unit = plane_to_unit(np.array([[x, y]]))[0] * self.scale
        return float(unit[0]), float(unit[1])

    def _put(self, label: Label) -> None:
        """Takes the room of a label, unless something stands there already."""
        half = font(label.size).getlength(label.text) / 2 + 3
        across = label.size * 0.6
        ux, uy = np.cos(np.radians(label.angle)), -np.sin(np.radians(label.angle))
        cells = {
            (int((label.x + a * ux - b * uy) // _CELL), int((label.y + a * uy + b * ux) // _CELL))
            for a in np.arange(-half, half + _CELL * 0.8, _CELL * 0.8)
            for b in (-across, 0.0, across)
        }
        if cells & self._taken:
            return
        self._taken |= cells
        reach_x, reach_y = abs(half * ux) + abs(across * uy) + 4, abs(half * uy) + abs(across * ux) + 4
        for column in range(int((label.x - reach_x) // TILE), int((label.x + reach_x) // TILE) + 1):
            for row in range(int((label.y - reach_y) // TILE), int((label.y + reach_y) // TILE) + 1):
                self._tiles.setdefault((column, row), []).append(label)

    def _place_names(self, town: Town) -> None:
        for x, y, text, size, colour, first, last in _places(town):
            if first <= self.zoom <= last:
                self._put(Label(*self._pixel(x, y), text, size, colour))
        if self.zoom >= 12:
            road = next(street for street in town.streets if street.kind == "regional")
            for x, y, _ in self._along(road, 420, 30):
                self._put(Label(x, y, REGIONAL_NUMBER, 10.5, style.INK, shield=True))
        if self.zoom >= 13:
            size = 11.5 + min(self.zoom - 13, 3) * 0.7
            river = Street("de Linde", "main", "", skeleton.LINDEKERKE, "", [])
            points = np.array(smooth(skeleton.RIVER))
            for x, y, angle in self._along_points(points, 700, font(size).getlength(river.name) + 6):
                self._put(Label(x, y, river.name, size, style.INK_WATER, angle))

    def _street_names(self, town: Town) -> None:
        order = {"main": 0, "regional": 1, "secondary": 2, "square": -1, "street": 4, "lane": 5, "path": 6}
        first = {"main": 14, "regional": 14, "secondary": 15, "square": 16, "street": 15, "lane": 15, "path": 16}
        every = 420 if self.zoom < 18 else 640
        for street in sorted(town.streets, key=lambda street: (order[street.kind], -street.length)):
            if self.zoom < first[street.kind]:
                continue
            size = _street_size(street.kind, self.zoom)
            if street.kind == "square":
                middle = street.shape.centroid
                below = 30 if street.name == "Dorpsplein" else 0
                self._put(Label(*self._pixel(middle.x, middle.y - below), street.name, size, style.INK_STREET))
                continue
            room = font(size).getlength(street.name) + 6
            for x, y, angle in self._along(street, every, room):
                self._put(Label(x, y, street.name, size, style.INK_STREET, angle))

    def _along(self, street: Street, every: float, room: float) -> Iterator[tuple[float, float, float]]:
        merged = linemerge(street.lines) if len(street.lines) > 1 else street.lines[0]
        for line in getattr(merged, "geoms", [merged]):
            yield from self._along_points(np.array(line.coords), every, room)

    def _along_points(self, points: np.ndarray, every: float, room: float) -> Iterator[tuple[float, float, float]]:
        """Places (x, y, angle in degrees) on a line where `room` pixels are straight enough to write on."""
        pixels = plane_to_unit(points) * self.scale
        lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(pixels, axis=0).T))])
        total = float(lengths[-1])
        if total < room:
            return
        count = max(int(total // every), 1)
        for part in range(count):
            for shift in (0.5, 0.35, 0.65, 0.2, 0.8):
                middle = min(max((part + shift) * total / count, room / 2), total - room / 2)
                ends = np.array([middle - room / 2, middle, middle + room / 2])
                xs, ys = np.interp(ends, lengths, pixels[:, 0]), np.interp(ends, lengths, pixels[:, 1])
                chord = hypot(xs[2] - xs[0], ys[2] - ys[0])
                bulge = hypot(xs[1] - (xs[0] + xs[2]) / 2, ys[1] - (ys[0] + ys[2]) / 2)
                if chord < 0.96 * room or bulge > 5:
                    continue
                angle = degrees(atan2(-(ys[2] - ys[0]), xs[2] - xs[0]))
                angle = angle - 180 if angle > 90 else angle + 180 if angle <= -90 else angle
                yield (float(xs[0] + xs[2]) / 2 + float(xs[1])) / 2, (float(ys[0] + ys[2]) / 2 + float(ys[1])) / 2, angle
                break


def _street_size(kind: str, zoom: int) -> float:
    base = {"main": 11.0, "regional": 11.0, "secondary": 10.5}.get(kind, 10.0)
    return base + {14: -0.5, 15: 0, 16: 0.5, 17: 1.5}.get(zoom, 2.5)


def _places(town: Town) -> Iterator[tuple[float, float, str, float, str, int, int]]:
    """(x, y, text, size, colour, first zoom, last zoom) of everything with a name that is not a street."""
    yield 0, 0, "Lindekerke", 15, style.INK, 9, 12
    for who, shape in town.neighbours.items():
        seed = dict(skeleton.NEIGHBOUR_SEEDS)[who]
        yield *seed, who.name, 13, style.INK_BORDER, 10, 14
        yield shape.centroid.x, shape.centroid.y, f"Gemeente {who.name}", 11, style.INK_BORDER, 15, 15
    for _, name, (x, y) in skeleton.AREAS:
        text = " ".join(name.removeprefix("Lindekerke-").upper())
        y += 90 if name.endswith("Centrum") else 0  # not on the church
        yield x, y, text, 11.5, style.INK_AREA, 13, 13
        yield x, y, text, 14, style.INK_AREA, 14, 15
    x, y = skeleton.STATION
    yield x, y - 28, "Station Lindekerke", 11, style.INK, 15, 17
    yield x, y, "Station Lindekerke", 12.5, style.INK, 18, 21
    dock = np.array(skeleton.DOCK).mean(axis=0)
    yield float(dock[0]), float(dock[1]), "Dok", 11, style.INK_WATER, 16, 21
    for kind, name, outline in skeleton.GROUNDS:
        if name:
            middle = np.array(outline).mean(axis=0)
            colour = style.INK_WATER if kind == "water" else style.INK_AREA if kind == "industry" else style.INK_GREEN
            yield float(middle[0]), float(middle[1]), name, 11, colour, 14, 21
    for x, y in skeleton.CHURCHES:
        yield x, y + (24 if (x, y) == skeleton.CHURCHES[0] else 30), "Kerk", 10.5, style.INK_AREA, 17, 21
