"""The base map over HTTP: WMTS with key-value parameters, GetTile on the matrix set GoogleMapsVL
(specs/identity-and-registers §4.4)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from meldloket.sandbox.addresses.tiles import LAYERS, TileMaker

_MATRIX_SET = "GoogleMapsVL"
_HEADERS = {"Cache-Control": "public, max-age=86400", "Access-Control-Allow-Origin": "*"}


def _exception(code: str, text: str, locator: str = "", status: int = 400) -> Response:
    where = f' locator="{escape(locator)}"' if locator else ""
    return Response(
        '<?xml version="1.0" encoding="UTF-8"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1"'
        f' version="1.1.0"><ows:Exception exceptionCode="{code}"{where}><ows:ExceptionText>{escape(text)}'
        "</ows:ExceptionText></ows:Exception></ows:ExceptionReport>",
        status,
        media_type="text/xml",
    )


class Wmts:
    """Answers `GET /GRB/wmts`."""

    def __init__(self, maker: TileMaker) -> None:
        self.maker = maker

    async def get_tile(self, request: Request) -> Response:
        """Keys in any case. Wrong questions get an OGC exception report."""
        asked = {key.casefold(): value for key, value in request.query_params.items()}
        if asked.get("service", "").upper() != "WMTS":
            return _exception("InvalidParameterValue", "SERVICE must be WMTS", "SERVICE")
        if asked.get("request", "").casefold() != "gettile":
            return _exception("OperationNotSupported", "Only GetTile is answered here", "REQUEST", 501)
        for key, allowed in (
            ("version", ("1.0.0",)),
            ("layer", LAYERS),
            ("style", ("",)),
            ("format", ("image/png",)),
            ("tilematrixset", (_MATRIX_SET,)),
        ):
            if asked.get(key, "" if key == "style" else None) not in allowed:
                return _exception("InvalidParameterValue", f"{key.upper()} is not known here", key.upper())
        numbers = []
        for key in ("tilematrix", "tilerow", "tilecol"):
            value = asked.get(key, "").removeprefix(f"{_MATRIX_SET}:")
            if not (value.isascii() and value.isdigit() and len(value) < 9):
                return _exception("MissingParameterValue", f"{key.upper()} must be a whole number", key.upper())
            numbers.append(int(value))
        try:
            content = await run_in_threadpool(self.maker.tile, asked["layer"], *numbers)
        except ValueError as error:
            return _exception("TileOutOfRange", str(error), "TILEROW")
        return Response(content, media_type="image/png", headers=_HEADERS)
