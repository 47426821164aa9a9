"""Draws the tiles of the base map with Pillow: twice as large as asked, then halved, which gives smooth edges; names
come on top at full sharpness. Drawn tiles are kept in memory (specs/identity-and-registers §4.4)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import lru_cache
from io import BytesIO
from math import hypot

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageOps
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from meldloket.sandbox.addresses import style
from meldloket.sandbox.addresses.labels import Label, Placement, font
from meldloket.sandbox.addresses.mercator import MAX_ZOOM, TILE, pixels_per_metre
from meldloket.sandbox.addresses.scene import Scene, Stroke, Surface
from meldloket.sandbox.addresses.town import Town

LAYERS = ("grb_bsk", "grb_bsk_grijs")
_FINE = 2  # drawn this many times larger
_KEPT = 3000


class TileMaker:
    """Tiles of one town. Safe to use from several threads; a tile that was drawn comes out of memory."""

    def __init__(self, town: Town) -> None:
        self.scene = Scene(town)
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int, int, int], bytes] = OrderedDict()
        self._placements: dict[int, Placement] = {}
        self._plain: dict[str, bytes] = {}

    def tile(self, layer: str, zoom: int, row: int, column: int) -> bytes:
        """A PNG of 256 x 256. Raises ValueError for a layer or a tile that the matrix set does not have."""
        side = 2**zoom if 0 <= zoom <= MAX_ZOOM else 0
        if layer not in LAYERS or not (0 <= row < side and 0 <= column < side):
            raise ValueError(f"no tile {zoom}/{column}/{row} in {layer}")
        key = (layer, zoom, row, column)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            box = shapely.box(column / side, row / side, (column + 1) / side, (row + 1) / side)
            if zoom < 9 or not self.scene.bounds.intersects(box):
                return self._plain_tile(layer)
            content = _as_png(self._toned(self._draw(zoom, row, column), layer))
            self._kept[key] = content
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return content

    def picture(self, zoom: int, west: float, north: float, width: int, height: int) -> bytes:
        """A PNG of a larger piece: (west, north) is the upper left corner in the unit square, sizes in pixels."""
        left, top = int(west * TILE * 2**zoom), int(north * TILE * 2**zoom)
        image = Image.new("RGB", (width, height), style.GROUND)
        for row in range(top // TILE, (top + height) // TILE + 1):
            for column in range(left // TILE, (left + width) // TILE + 1):
                with Image.open(BytesIO(self.tile(LAYERS[0], zoom, row, column))) as tile:
                    image.paste(tile, (column * TILE - left, row * TILE - top))
        return _as_png(image)

    def _plain_tile(self, layer: str) -> bytes:
        if layer not in self._plain:
            self._plain[layer] = _as_png(self._toned(Image.new("RGB", (TILE, TILE), style.GROUND), layer))
        return self._plain[layer]

    def _toned(self, image: Image.Image, layer: str) -> Image.Image:
        """The grey layer: without colour and a little lighter, so that markers speak."""
        if layer != "grb_bsk_grijs":
            return image
        return ImageOps.grayscale(image).point([min(255, int(70 + value * 0.74)) for value in range(256)])

    def _placement(self, zoom: int) -> Placement:
        if zoom not in self._placements:
            self._placements[zoom] = Placement(self.scene.town, zoom)
        return self._placements[zoom]

    def _draw(self, zoom: int, row: int, column: int) -> Image.Image:
        canvas = _Canvas(zoom, row, column)
        for surface in self.scene.surfaces.within(canvas.box):
            canvas.surface(surface)
        houses = self.scene.houses.within(canvas.box) if zoom >= 14 else []
        for house in houses:
            canvas.surface(house)
        canvas.strokes(self.scene.strokes.within(canvas.box))
        image = canvas.halved()
        if zoom >= 18:
            canvas.numbers(image, houses)
        for label in self._placement(zoom).on(column, row):
            _write(image, label, label.x - column * TILE, label.y - row * TILE)
        return image


class _Canvas:
    """The double-size picture of one tile."""

    def __init__(self, zoom: int, row: int, column: int) -> None:
        self.zoom = zoom
        self.scale = TILE * 2**zoom * _FINE
        self.corner = np.array([column, row]) * TILE * _FINE
        self.per_metre = pixels_per_metre(zoom)
        self.image = Image.new("RGB", (TILE * _FINE, TILE * _FINE), style.GROUND)
        self.pen = ImageDraw.Draw(self.image)
        margin = 24 / TILE
        side = 2**zoom
        self.box = shapely.box(
            (column - margin) / side, (row - margin) / side, (column + 1 + margin) / side, (row + 1 + margin) / side
        )

    def _pixels(self, points: np.ndarray) -> list[tuple[float, float]]:
        return list(map(tuple, (points * self.scale - self.corner).tolist()))

    def _polygons(self, geometry: BaseGeometry) -> list[Polygon]:
        if self.zoom >= 15 and geometry.area > self.box.area / 4:  # a far larger surface: only its part in view
            geometry = shapely.clip_by_rect(geometry, *self.box.bounds)
        return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon) and not part.is_empty]

    def surface(self, surface: Surface) -> None:
        if self.zoom < surface.from_zoom:
            return
        for polygon in self._polygons(surface.geometry):
            ring = self._pixels(np.asarray(polygon.exterior.coords))
            self.pen.polygon(ring, fill=surface.fill)
            if surface.edge and self.zoom >= (15 if surface.edge == style.FIELD_EDGE else 13):
                self.pen.line(ring, fill=surface.edge, width=_FINE if self.zoom < 17 else _FINE + 1)

    def strokes(self, strokes: list[Stroke]) -> None:
        """Borders and railway, then all edges of roads, then their surfaces: so that crossings flow together."""
        roads: dict[str, list[tuple[list[tuple[float, float]], float]]] = {}
        for stroke in strokes:
            points = self._pixels(stroke.points)
            if stroke.kind in ("border", "neighbour"):
                self._border(points, stroke.kind)
            elif stroke.kind == "rail":
                self._rail(points)
            else:
                width = style.road_width(stroke.kind, stroke.metres, self.zoom, self.per_metre)
                if width:
                    roads.setdefault(stroke.kind, []).append((points, width * _FINE))
        for kind in style.ROADS:
            edge = style.ROADS[kind][1]
            for points, width in roads.get(kind, []) if edge and self.zoom >= 13 else []:
                if self.zoom >= 14 or width >= 2.5 * _FINE:
                    self._thick(points, width + (1.6 if self.zoom > 13 else 1.2) * _FINE, edge)
        for kind, (fill, edge) in style.ROADS.items():
            colour = fill if self.zoom >= 14 or fill != "#ffffff" else "#fdfcfa"
            for points, width in roads.get(kind, []):
                if kind == "path":
                    self._dashes(points, width, fill, 6 * _FINE, 4 * _FINE)
                else:
                    self._thick(points, width, colour if self.zoom >= 13 or not edge or fill == "#ffffff" else edge)

    def _thick(self, points: list[tuple[float, float]], width: float, colour: str) -> None:
        self.pen.line(points, fill=colour, width=max(round(width), 1), joint="curve")
        if width > 3:
            half = width / 2 - 0.5
            for x, y in (points[0], points[-1]):
                self.pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    def _dashes(self, points: list[tuple[float, float]], width: float, colour: str, dash: float, gap: float) -> None:
        left, drawing = dash, True
        for (x_0, y_0), (x_1, y_1) in zip(points, points[1:], strict=False):
            length, at = hypot(x_1 - x_0, y_1 - y_0), 0.0
            if length > 20_000:  # only deep inside the closest zooms: the pattern is far larger than the tile
                self.pen.line(((x_0, y_0), (x_1, y_1)), fill=colour, width=round(width))
                continue
            while at < length:
                end = min(at + left, length)
                if drawing:
                    part = [(x_0 + (x_1 - x_0) * t / length, y_0 + (y_1 - y_0) * t / length) for t in (at, end)]
                    self.pen.line(part, fill=colour, width=max(round(width), 1))
                left -= end - at
                at = end
                if left <= 1e-6:
                    drawing = not drawing
                    left = dash if drawing else gap

    def _border(self, points: list[tuple[float, float]], kind: str) -> None:
        colour, width = (style.BORDER, 2.0) if kind == "border" else (style.NEIGHBOUR_BORDER, 1.2)
        if self.zoom >= 10:
            self._dashes(points, width * _FINE, colour, 11 * _FINE, 5 * _FINE)

    def _rail(self, points: list[tuple[float, float]]) -> None:
        if self.zoom < 11:
            return
        width = {11: 1.0, 12: 1.4, 13: 2.0, 14: 3.0, 15: 3.6}.get(self.zoom, max(4.0, 3.2 * self.per_metre)) * _FINE
        self._thick(points, width, style.RAIL)
        if self.zoom >= 14:
            self._dashes(points, width - 1.1 * _FINE, "#f4f4f2", 8 * _FINE, 8 * _FINE)

    def halved(self) -> Image.Image:
        return self.image.reduce(_FINE)

    def numbers(self, image: Image.Image, houses: list[Surface]) -> None:
        """House numbers in the middle of the houses."""
        size = {18: 8.5, 19: 11}.get(self.zoom, 13)
        pen = ImageDraw.Draw(image)
        for house in houses:
            if house.label:
                middle = (np.array(house.geometry.centroid.coords[0]) * self.scale - self.corner) / _FINE
                pen.text(tuple(middle), house.label, fill=style.INK_NUMBER, font=font(size), anchor="mm")


@lru_cache(maxsize=4000)
def _stamp(text: str, size: float, angle: float) -> tuple[Image.Image, Image.Image]:
    """(mask of the halo, mask of the letters) of a text turned by `angle` degrees; fits around its middle."""
    big = font(size * 2)
    width, height = int(big.getlength(text)) + 16, int(size * 2 * 1.5) + 12
    masks = []
    for stroke in (4, 0):
        mask = Image.new("L", (width, height), 0)
        ImageDraw.Draw(mask).text(
            (width / 2, height / 2), text, fill=255, font=big, anchor="mm", stroke_width=stroke, stroke_fill=255
        )
        if angle:
            mask = mask.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        masks.append(mask.resize((mask.width // 2, mask.height // 2), Image.Resampling.LANCZOS))
    return masks[0], masks[1]


def _write(image: Image.Image, label: Label, x: float, y: float) -> None:
    if label.shield:
        pen, half = ImageDraw.Draw(image), font(label.size).getlength(label.text) / 2 + 4
        pen.rounded_rectangle((x - half, y - 8, x + half, y + 8), 3, fill="#fff7e6", outline="#b77a2b")
        pen.text((x, y), label.text, fill=style.INK, font=font(label.size), anchor="mm")
        return
    halo, letters = _stamp(label.text, label.size, round(label.angle))
    corner = (round(x - halo.width / 2), round(y - halo.height / 2))
    image.paste(style.HALO, corner, halo.point([int(value * 0.82) for value in range(256)]))
    image.paste(label.colour, corner, letters)


def _as_png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()
