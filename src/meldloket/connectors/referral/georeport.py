"""Reads what Open311 systems answer: JSON or XML, in a list or alone, and error documents, as they come in the field."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from meldloket.connectors.referral.calls import Answer, CallProblem


def rows_of(answer: Answer) -> list[dict[str, str]]:
    """The records in the answer, every value as text. Raises CallProblem (worth a retry) when it holds none that can be
    read."""
    body = answer.body.strip()
    try:
        rows = _from_xml(body) if body.startswith(b"<") or "xml" in answer.content_type else _from_json(body)
    except (ValueError, RecursionError, etree.XMLSyntaxError) as error:
        raise CallProblem(
            "geeft een antwoord dat niet te lezen is.", retry=True, status=answer.status, uncertain=True
        ) from error
    return rows


def error_of(answer: Answer) -> str:
    """The description in an error document, cut; empty when there is none."""
    try:
        rows = rows_of(answer)
    except CallProblem:
        return ""
    said = "; ".join(row["description"] for row in rows if row.get("description"))
    return " ".join(said.split())[:200]


def _from_json(body: bytes) -> list[dict[str, str]]:
    found: Any = json.loads(body)
    if isinstance(found, dict):  # alone, or in a wrapping such as {"service_requests": […]}
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(found) == 1 and lists else [found]
    if not isinstance(found, list):
        raise ValueError("neither a list nor an object")
    return [{str(key): _word(value) for key, value in row.items()} for row in found if isinstance(row, dict)]


def _word(value: Any) -> str:
    """Identifiers come as numbers or as text; null is empty."""
    return str(value).replace("\0", "") if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _from_xml(body: bytes) -> list[dict[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(body, parser)
    rows = [row for row in root if isinstance(row.tag, str)]
    return [{etree.QName(one).localname: one.text or "" for one in row if isinstance(one.tag, str)} for row in rows]
