"""GeoReport v2 on the wire: one list of records as JSON or as XML, and the error document of the specification."""

from __future__ import annotations

from typing import Any

from lxml import etree
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

#: Outer and inner element per kind of answer.
ELEMENTS = {
    "services": ("services", "service"),
    "requests": ("service_requests", "request"),
    "updates": ("service_request_updates", "request_update"),
    "errors": ("errors", "error"),
    "discovery": ("discovery", "endpoint"),
}


def answer(request: Request, kind: str, rows: list[dict[str, Any]], status: int = 200, *, xml: bool = False) -> Response:
    """The records in the format that the address ends with; `xml`: whatever was asked."""
    if not xml and request.path_params.get("form", "json") == "json":
        return JSONResponse(rows, status)
    outer, inner = ELEMENTS[kind]
    root = etree.Element(outer)
    for row in rows:
        element = etree.SubElement(root, inner)
        for name, value in row.items():
            etree.SubElement(element, name).text = "" if value is None else str(value)
    body = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return Response(body, status, media_type="text/xml")


def error(request: Request, status: int, description: str) -> Response:
    return answer(request, "errors", [{"code": status, "description": description}], status)
