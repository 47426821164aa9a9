"""The addresses double as one application: geolocation, address register, base map, and a page that shows the town."""

from __future__ import annotations

import math

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meldloket.sandbox.addresses.mercator import TILE, to_unit
from meldloket.sandbox.addresses.plane import ORIGIN_LATITUDE, ORIGIN_LONGITUDE, to_degrees, to_plane
from meldloket.sandbox.addresses.register import Register
from meldloket.sandbox.addresses.service import AddressServices
from meldloket.sandbox.addresses.tiles import TileMaker
from meldloket.sandbox.addresses.town import town
from meldloket.sandbox.addresses.wmts import Wmts
from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.pages import page, static_mount

_WIDTH, _HEIGHT = 928, 640
_MIN_ZOOM, _MAX_ZOOM = 12, 19


class TownPages:
    """`GET /`: the map as an image that can be clicked, without any script; `GET /kaart.png`: that image."""

    def __init__(self, config: SandboxConfig, register: Register, maker: TileMaker) -> None:
        self.config = config
        self.register = register
        self.maker = maker

    async def overview(self, request: Request) -> Response:
        """Query: `lat`, `lon`, `z`, a click (`punt.x`, `punt.y`) that becomes the new middle, `zoek`."""
        latitude, longitude, zoom = _view(request)
        text = request.query_params.get("zoek", "").strip()[:120]
        found = self.register.suggest(text, 8) if len(text) >= 2 else []
        click = request.query_params.get("punt.x"), request.query_params.get("punt.y")
        if all(value and value.isdigit() for value in click):
            latitude, longitude = _clicked(latitude, longitude, zoom, int(click[0] or 0), int(click[1] or 0))
        near = self.register.near(to_plane(latitude, longitude), 1)
        return page(
            request,
            "addresses.html",
            latitude=round(latitude, 6),
            longitude=round(longitude, 6),
            zoom=zoom,
            closer=min(zoom + 1, _MAX_ZOOM),
            further=max(zoom - 1, _MIN_ZOOM),
            width=_WIDTH,
            height=_HEIGHT,
            text=text,
            found=[(line, *self._point_of(line)) for line in found],
            near=(near[0][1].full(box=False), round(near[0][0])) if near else None,
            figures=self._figures(),
        )

    def _point_of(self, line: str) -> tuple[float, float]:
        """(latitude, longitude) of a suggested line, rounded for a link."""
        question = self.register.take_apart(line)
        streets = self.register.find_streets(question)
        address = self.register.number_in(streets[0][1], question.number) if streets else None
        x, y = address.at if address else streets[0][1].middle if streets else (0.0, 0.0)
        latitude, longitude = to_degrees(x, y)
        return round(latitude, 6), round(longitude, 6)

    def _figures(self) -> list[tuple[str, str]]:
        names = {street.name for street in self.register.streets if street.municipality.nis == "49999"}
        addresses = self.register.town.addresses
        figures = [
            ("straten in Lindekerke", len(names)),
            ("adressen in de streek", len(addresses)),
            ("busnummers", sum(1 for address in addresses if address.box)),
            ("delen van de gemeente", len(self.register.town.areas)),
        ]
        return [(label, f"{number:,}".replace(",", ".")) for label, number in figures]

    async def image(self, request: Request) -> Response:
        """The picture of the page, by the same query."""
        latitude, longitude, zoom = _view(request)
        x, y = to_unit(latitude, longitude)
        side = TILE * 2**zoom
        corner = (x - _WIDTH / 2 / side, y - _HEIGHT / 2 / side)
        content = await run_in_threadpool(self.maker.picture, zoom, *corner, _WIDTH, _HEIGHT)
        return Response(content, media_type="image/png", headers={"Cache-Control": "public, max-age=3600"})


def _view(request: Request) -> tuple[float, float, int]:
    """Middle and zoom that a page asks for; kept within the drawn world."""
    query = request.query_params
    try:
        latitude, longitude = float(query.get("lat", ORIGIN_LATITUDE)), float(query.get("lon", ORIGIN_LONGITUDE))
        zoom = int(query.get("z", 14))
    except ValueError:
        return ORIGIN_LATITUDE, ORIGIN_LONGITUDE, 14
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return ORIGIN_LATITUDE, ORIGIN_LONGITUDE, 14
    x, y = to_plane(latitude, longitude)
    held = to_degrees(min(max(x, -6000), 6000), min(max(y, -5000), 5000))
    return *held, min(max(zoom, _MIN_ZOOM), _MAX_ZOOM)


def _clicked(latitude: float, longitude: float, zoom: int, column: int, row: int) -> tuple[float, float]:
    """The point under a pixel of the picture."""
    side = TILE * 2**zoom
    x, y = to_unit(latitude, longitude)
    x, y = x + (column - _WIDTH / 2) / side, y + (row - _HEIGHT / 2) / side
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y)))), x * 360 - 180


def create_app(config: SandboxConfig) -> Starlette:
    """The double of the address services and the base map. Special faults: `empty_answers` (lists stay empty),
    `street_level` (a house number is answered with its street), `status_429` (too many requests)."""
    switches = FaultSwitches()
    place = town()
    register = Register(place)
    maker = TileMaker(place)
    register.near((0, 0), 1)  # grows the town now, so that the first question is not late
    pages = TownPages(config, register, maker)
    return Starlette(
        routes=[
            Route("/", pages.overview),
            Route("/kaart.png", pages.image),
            *AddressServices(register, switches).routes(),
            Route("/GRB/wmts", Wmts(maker).get_tile),
            static_mount(),
        ],
        middleware=[Middleware(FaultMiddleware, switches=switches)],
    )
