"""Where cases are: points that cluster, heat and areas, counted from the columns. Whatever the zoom and however many cases,
an answer holds at most MOST_CELLS cells."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from . import behind
from .behind import Wanted
from .columns import Column, Store
from .figures import Spread, handled, is_late, is_open, spread
from .models import NO_PLACE, NONE
from .scope import Box, Scope

MOST_CELLS = 2_000
MOST_ZOOM = 22
CLUSTER_PIXELS, HEAT_PIXELS = 60, 14
#: Which cases are on the map; codes stand in addresses, hence in Dutch.
WHICH = ("ontvangen", "open", "te-laat")
MICRO = 1_000_000  # places are in millionths of a degree


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cases that lie together: how many, how many of them are open and late, their middle (mean, degrees), and the box that
    holds them and no other. `case_id` of a single one."""

    count: int
    open: int
    late: int
    latitude: float
    longitude: float
    box: Box
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Heat:
    """Counts in equal cells of `height` and `width` degrees: (south, west, count) of each that is not empty."""

    height: float
    width: float
    cells: list[tuple[float, float, int]]


@dataclass(frozen=True, slots=True)
class InArea:
    """One area of the catalogue, NONE for what lies in none: received in the period, open and late now, and how long the
    cases took that were handled in the period."""

    area: int
    received: int
    open: int
    late: int
    spread: Spread


def chosen(store: Store, scope: Scope, which: str, today: date) -> Column:
    """Which cases `which` of WHICH is about; of those received, the ones in the period."""
    return behind.chosen(store, scope, Wanted(which), today)


def counted(store: Store, scope: Scope, which: str, today: date) -> tuple[int, int]:
    """How many cases, and how many of them have no place on the map."""
    found = chosen(store, scope, which, today)
    return int(found.sum()), int((found & (store["latitude"] == NO_PLACE)).sum())


@dataclass(frozen=True, slots=True)
class _Grid:
    """Cells in millionths of a degree over the cases in `rows`, counted from the south-west one; `code` of each case."""

    height: int
    width: int
    south: int  # in cells
    west: int
    across: int
    size: int
    rows: Column
    code: Column

    def corner(self, code: int) -> tuple[int, int]:
        """South and west of a cell, in millionths."""
        up, along = divmod(code, self.across)
        return (self.south + up) * self.height, (self.west + along) * self.width


def _grid(store: Store, scope: Scope, which: str, today: date, box: Box, zoom: int, pixels: int) -> _Grid | None:
    """The cases within `box` on cells of about so many pixels, larger when there would be too many; None without cases. A
    cell lies at the same place whatever part of the map is looked at, so that nothing jumps when it moves."""
    rows = np.flatnonzero(chosen(store, replace(scope, within=box), which, today))
    if not len(rows):
        return None
    latitude, longitude = store["latitude"][rows], store["longitude"][rows]
    width = max(1, round(pixels * 360 / (256 * 2**zoom) * MICRO))
    # Mercator's stretch at the whole degree, the same for every view of a town.
    height = max(1, round(width * math.cos(math.radians(round((box.south + box.north) / 2)))))
    ends = [int(found) for found in (latitude.min(), latitude.max(), longitude.min(), longitude.max())]
    while True:
        south, north, west, east = (end // step for end, step in zip(ends, (height, height, width, width), strict=True))
        across, size = east - west + 1, (east - west + 1) * (north - south + 1)
        if size <= MOST_CELLS:
            break
        height, width = height * 2, width * 2
    code = (latitude // height - south).astype("i4") * across + (longitude // width - west)
    return _Grid(height, width, south, west, across, size, rows, code)


def clusters(store: Store, scope: Scope, which: str, today: date, box: Box, zoom: int) -> list[Cluster]:
    """The cases of `scope` within `box`, grouped as fits the zoom level (as of web maps: 0 is the world)."""
    grid = _grid(store, scope, which, today, box, zoom, CLUSTER_PIXELS)
    if grid is None:
        return []
    rows, code = grid.rows, grid.code
    counts = np.bincount(code, minlength=grid.size)
    opened = np.bincount(code[is_open(store)[rows]], minlength=grid.size)
    late = np.bincount(code[is_late(store, today)[rows]], minlength=grid.size)
    north = np.bincount(code, weights=store["latitude"][rows], minlength=grid.size)
    east = np.bincount(code, weights=store["longitude"][rows], minlength=grid.size)
    place = np.bincount(code, weights=rows, minlength=grid.size)  # of a single case: its own
    return [
        Cluster(
            count=int(counts[cell]),
            open=int(opened[cell]),
            late=int(late[cell]),
            latitude=round(float(north[cell]) / int(counts[cell]) / MICRO, 6),
            longitude=round(float(east[cell]) / int(counts[cell]) / MICRO, 6),
            box=_part(grid, int(cell), box),
            case_id=int(store["case_id"][int(place[cell])]) if counts[cell] == 1 else None,
        )
        for cell in np.flatnonzero(counts)
    ]


def _part(grid: _Grid, cell: int, box: Box) -> Box:
    """The part of a cell that lies within the box, so that a list of it is as long as its cluster is large."""
    south, west = grid.corner(cell)
    edges = (
        max(box.south, south / MICRO),
        max(box.west, west / MICRO),
        min(box.north, (south + grid.height) / MICRO),
        min(box.east, (west + grid.width) / MICRO),
    )
    return Box(*(round(edge, 6) for edge in edges))


def heat(store: Store, scope: Scope, which: str, today: date, box: Box, zoom: int) -> Heat:
    """The cases of `scope` within `box` on a fine grid."""
    grid = _grid(store, scope, which, today, box, zoom, HEAT_PIXELS)
    if grid is None:
        return Heat(0, 0, [])
    counts = np.bincount(grid.code, minlength=grid.size)
    found = []
    for cell in np.flatnonzero(counts):
        south, west = grid.corner(int(cell))
        found.append((south / MICRO, west / MICRO, int(counts[cell])))
    return Heat(grid.height / MICRO, grid.width / MICRO, found)


def areas(store: Store, scope: Scope, today: date) -> list[InArea]:
    """Each area with cases in `scope`, in the order of its id."""
    here, code = scope.mask(store), store["area"] - NONE
    closed = np.flatnonzero(here & scope.during(store, "ended") & handled(store))
    size = int(code.max(initial=0)) + 1
    masks = (here & scope.during(store, "received"), here & is_open(store), here & is_late(store, today))
    received, opened, late = (np.bincount(code.take(np.flatnonzero(mask)), minlength=size) for mask in masks)
    of_closed, hours = code[closed], store["whole_hours"][closed]
    ended = np.bincount(of_closed, minlength=size)
    return [
        InArea(
            int(area) + NONE,
            int(received[area]),
            int(opened[area]),
            int(late[area]),
            spread(hours[of_closed == area]),
        )
        for area in np.flatnonzero(received + opened + ended)
    ]
