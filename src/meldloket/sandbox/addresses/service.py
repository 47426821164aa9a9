"""The address services over HTTP: geolocation and the address register, as clients of the real ones call them
(specs/identity-and-registers §4.2, §4.3), with this double's own faults."""

from __future__ import annotations

from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from meldloket.sandbox.addresses import answers, skeleton
from meldloket.sandbox.addresses.lambert import from_lambert_72, from_lambert_2008
from meldloket.sandbox.addresses.plane import Point, to_plane
from meldloket.sandbox.addresses.register import Register
from meldloket.sandbox.faults import FaultSwitches

_TYPES = {"municipality": 1, "thoroughfarename": 2, "housenumber": 3, "1": 1, "2": 2, "3": 3}


def _wrong(text: str) -> JSONResponse:
    return JSONResponse({"Message": text}, 400)


def _count(text: str | None, default: int, most: int) -> int:
    """`c`: how many answers. Raises ValueError when it is not a whole number."""
    return default if not text else min(max(int(text), 1), most)


def _pair(text: str) -> tuple[float, float]:
    first, second = (float(part) for part in text.split(","))
    return first, second


def _guarded(handler: Any) -> Any:
    """A handler that says 429 or gives an empty answer when those faults are set, and 400 for what it cannot read."""

    @wraps(handler)
    async def guarded(self: AddressServices, request: Request) -> Response:
        if self.switches.take_special("status_429"):
            return JSONResponse({"Message": "Too many requests."}, 429, {"Retry-After": "1"})
        try:
            return await handler(self, request)
        except ValueError:
            return _wrong("The request is invalid.")

    return guarded


class AddressServices:
    """The handlers over one register."""

    def __init__(self, register: Register, switches: FaultSwitches) -> None:
        self.register = register
        self.switches = switches

    def routes(self) -> list[Route]:
        found = []
        for version in ("", "/v4"):
            found.append(Route(f"/geolocation{version}/Suggestion", self.suggestion))
            found.append(Route(f"/geolocation{version}/Location", self.location))
        return [
            *found,
            Route("/v2/adresmatch", self.address_match),
            Route("/v2/gemeenten", self.municipalities),
            Route("/v2/gemeenten/{nis}", self.municipality),
        ]

    @_guarded
    async def suggestion(self, request: Request) -> Response:
        """`GET /geolocation/v4/Suggestion?q=&c=`: lines of text, 5 unless asked otherwise."""
        text = request.query_params.get("q", "").strip()
        count = _count(request.query_params.get("c"), 5, 25)
        empty = len(text) < 2 or self.switches.take_special("empty_answers")
        return JSONResponse({"SuggestionResult": [] if empty else self.register.suggest(text, count)})

    @_guarded
    async def location(self, request: Request) -> Response:
        """`GET /geolocation/v4/Location?q=|latlon=|xy=&type=&c=`: places with coordinates, 1 unless asked, at most 5."""
        query = request.query_params
        count = _count(query.get("c"), 1, 5)
        kind = query.get("type", "").casefold()
        if kind and kind not in _TYPES:
            return _wrong("The type is invalid.")
        if self.switches.take_special("empty_answers"):
            return JSONResponse({"LocationResult": []})
        point = _asked_point(query.get("latlon"), query.get("xy"))
        if point is not None:
            found = [answers.location_of_address(address) for _, address in self.register.near(point, count)]
        elif query.get("q", "").strip():
            found = self._by_text(query["q"], _TYPES.get(kind, 0))
        else:
            return _wrong("Give q, latlon or xy.")
        return JSONResponse({"LocationResult": found[:count]})

    def _by_text(self, text: str, kind: int) -> list[dict[str, Any]]:
        question = self.register.take_apart(text)
        municipality = None if kind in (2, 3) or question.number else self.register.find_municipality(question)
        if municipality and (not question.street or not question.place):
            shape = {skeleton.LINDEKERKE: self.register.town.boundary, **self.register.town.neighbours}[municipality]
            middle = shape.representative_point()
            centre = (0.0, 0.0) if municipality is skeleton.LINDEKERKE else (middle.x, middle.y)
            return [answers.location_of_municipality(municipality, centre, shape.bounds)]
        if kind == 1:
            return []
        coarse = bool(question.number) and self.switches.take_special("street_level") is not None
        streets = self.register.find_streets(question)
        # a street that has the number goes before one that has not, as long as its name fits about as well
        likely = [(value, street) for value, street in streets if value > streets[0][0] - 0.1]
        order = sorted(likely, key=lambda item: self.register.number_in(item[1], question.number) is None) + [
            item for item in streets if item not in likely
        ]
        found: list[dict[str, Any]] = []
        for _, street in order:
            address = None if coarse or kind == 2 else self.register.number_in(street, question.number)
            if address is not None:
                found.append(answers.location_of_address(address))
            elif kind != 3:
                found.append(answers.location_of_street(street))
        return found

    @_guarded
    async def address_match(self, request: Request) -> Response:
        """`GET /v2/adresmatch`: fields in, at most ten scored matches out."""
        fields = {key: value.strip() for key, value in request.query_params.items()}
        if not any(fields.get(key) for key in ("gemeentenaam", "niscode", "postcode")):
            return self._problem(request, 400, "Geef 'gemeentenaam', 'niscode' of 'postcode' op.")
        if self.switches.take_special("empty_answers"):
            return JSONResponse(answers.address_matches([], [], self._base(request)))
        if fields.get("huisnummer") and self.switches.take_special("street_level"):
            fields.pop("huisnummer")
        matches, warnings = self.register.match(fields)
        return JSONResponse(answers.address_matches(matches, warnings, self._base(request)))

    @_guarded
    async def municipalities(self, request: Request) -> Response:
        """`GET /v2/gemeenten?offset=&limit=`: a page of the list; `volgende` while there is more."""
        query = request.query_params
        start, size = max(int(query.get("offset") or 0), 0), min(max(int(query.get("limit") or 100), 0), 500)
        everything = sorted([*self.register.municipalities, skeleton.ZANDHOEK], key=lambda one: one.nis)
        base = self._base(request)
        answer: dict[str, Any] = {
            "@context": "https://docs.basisregisters.vlaanderen.be/context/gemeente/2023-03-13/gemeente_list.jsonld",
            "gemeenten": [answers.municipality_entry(one, base) for one in everything[start : start + size]],
        }
        if start + size < len(everything):
            answer["volgende"] = f"{base}/v2/gemeenten?offset={start + size}&limit={size}"
        return JSONResponse(answer)

    @_guarded
    async def municipality(self, request: Request) -> Response:
        """`GET /v2/gemeenten/{nis}`."""
        for one in (*self.register.municipalities, skeleton.ZANDHOEK):
            if one.nis == request.path_params["nis"]:
                return JSONResponse(answers.municipality_detail(one))
        return self._problem(request, 404, "Onbestaande gemeente.")

    def _base(self, request: Request) -> str:
        return str(request.base_url).rstrip("/")

    def _problem(self, request: Request, status: int, detail: str) -> JSONResponse:
        body = {"type": f"urn:be.vlaanderen.basisregisters.api:{status}", "title": "Er heeft zich een fout voorgedaan!",
                "detail": detail, "status": status, "instance": request.url.path}  # fmt: skip
        return JSONResponse(body, status, media_type="application/problem+json")


def _asked_point(latlon: str | None, xy: str | None) -> Point | None:
    """The asked point on the plane; Lambert 2008 is told from Lambert 72 by its far larger numbers."""
    if latlon:
        return to_plane(*_pair(latlon))
    if xy:
        x, y = _pair(xy)
        return to_plane(*(from_lambert_2008(x, y) if x > 400_000 else from_lambert_72(x, y)))
    return None
