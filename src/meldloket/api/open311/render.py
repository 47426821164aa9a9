"""Documents as JSON or XML, and errors in the specification's own form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from lxml import etree

Rows = list[dict[str, Any]]


def document(fmt: str, root: str, row: str, rows: Rows, *, status: int = 200) -> HttpResponse:
    """`rows` as a JSON list, or as XML `<root><row>…</row></root>`. Lists inside become repeated elements."""
    if fmt == "json":
        return JsonResponse(rows, safe=False, status=status, json_dumps_params={"ensure_ascii": False})
    top = etree.Element(root)
    for one in rows:
        _fill(etree.SubElement(top, row), one)
    body = etree.tostring(top, xml_declaration=True, encoding="utf-8")
    return HttpResponse(body, status=status, content_type="text/xml; charset=utf-8")


def single(fmt: str, root: str, row: dict[str, Any]) -> HttpResponse:
    """One document: a JSON object, or XML `<root>…</root>`."""
    if fmt == "json":
        return JsonResponse(row, json_dumps_params={"ensure_ascii": False})
    top = etree.Element(root)
    _fill(top, row)
    return HttpResponse(etree.tostring(top, xml_declaration=True, encoding="utf-8"), content_type="text/xml; charset=utf-8")


#: Name of the elements of a list inside a document.
_ITEMS = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}


def _fill(element: Any, row: dict[str, Any]) -> None:
    for name, value in row.items():
        child = etree.SubElement(element, name)
        if isinstance(value, list):
            for item in value:
                inner = etree.SubElement(child, _ITEMS.get(name, "item"))
                if isinstance(item, dict):
                    _fill(inner, item)
                else:
                    inner.text = _plain(item)
        else:
            child.text = _plain(value)


def _plain(value: Any) -> str:
    """Text that XML can hold: control characters are gone already, these are for what slipped through."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else str(value)
    return "".join(
        char
        for char in text
        if char in "\t\n\r" or (" " <= char <= "\ud7ff") or ("\ue000" <= char <= "\ufffd") or char > "\uffff"
    )


class Refused(Exception):
    """The request can't be answered. `status` is the HTTP status, also the code in the document."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def error(fmt: str, refused: Refused) -> HttpResponse:
    """The error document of the specification."""
    rows = [{"code": refused.status, "description": refused.description}]
    return document(fmt if fmt in ("json", "xml") else "json", "errors", "error", rows, status=refused.status)
