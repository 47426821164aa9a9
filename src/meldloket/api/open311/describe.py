"""GeoReport v2 in the words of OpenAPI, for our own document: what is asked and what comes back."""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]

#: XML has the same content; its structure is the specification's (tests/contracts/georeport_v2.xsd).
_ANY_XML: Spec = {"schema": {"type": "string"}}


def _object(required: tuple[str, ...], **fields: Spec) -> Spec:
    return {"type": "object", "required": list(required), "properties": fields}


_TEXT: Spec = {"type": "string"}
_DEGREES: Spec = {"type": ["number", "null"]}
SCHEMAS: dict[str, Spec] = {
    "Open311Errors": {
        "type": "array",
        "items": _object(("code", "description"), code={"type": "integer"}, description=_TEXT),
    },
    "Open311Discovery": _object(
        ("changeset", "contact", "key_service", "endpoints"),
        changeset=_TEXT,
        contact=_TEXT,
        key_service=_TEXT,
        endpoints={"type": "array", "items": {"type": "object"}},
    ),
    "Open311Services": {
        "type": "array",
        "items": _object(
            ("service_code", "service_name", "description", "metadata", "type", "group"),
            service_code=_TEXT,
            service_name=_TEXT,
            description=_TEXT,
            metadata={"type": "boolean"},
            type={"type": "string", "enum": ["realtime"]},
            keywords=_TEXT,
            group=_TEXT,
        ),
    },
    "Open311Definition": _object(
        ("service_code", "attributes"), service_code=_TEXT, attributes={"type": "array", "items": {"type": "object"}}
    ),
    "Open311Requests": {
        "type": "array",
        "items": _object(
            ("service_request_id", "status", "service_code", "requested_datetime", "updated_datetime"),
            service_request_id=_TEXT,
            status={"type": "string", "enum": ["open", "closed"]},
            status_notes=_TEXT,
            service_name=_TEXT,
            service_code=_TEXT,
            description=_TEXT,
            agency_responsible=_TEXT,
            requested_datetime={"type": "string", "format": "date-time"},
            updated_datetime={"type": "string", "format": "date-time"},
            expected_datetime=_TEXT,
            address=_TEXT,
            lat=_DEGREES,
            long=_DEGREES,
        ),
    },
    "Open311Created": {
        "type": "array",
        "items": _object(("service_request_id", "service_notice"), service_request_id=_TEXT, service_notice=_TEXT),
    },
    "Open311Token": {"type": "array", "items": _object(("service_request_id", "token"), token=_TEXT)},
    "Open311Updates": {
        "type": "array",
        "items": _object(
            ("update_id", "service_request_id"), update_id=_TEXT, service_request_id=_TEXT, status=_TEXT, description=_TEXT
        ),
    },
}


def _answer(schema: str, words: str) -> Spec:
    return {
        "description": words,
        "content": {
            "application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}},
            "text/xml": _ANY_XML,
        },
    }


def _errors(*codes: str) -> dict[str, Spec]:
    return {code: _answer("Open311Errors", "The specification's error document") for code in codes}


def _query(name: str, words: str, **schema: Any) -> Spec:
    return {"name": name, "in": "query", "description": words, "schema": {"type": "string", **schema}}


def _path(name: str) -> Spec:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}}


_FORMAT: Spec = {"name": "fmt", "in": "path", "required": True, "schema": {"type": "string", "enum": ["json", "xml"]}}
_JURISDICTION = _query("jurisdiction_id", "Ours, or none.")


def _get(
    name: str, words: str, schema: str, *query: Spec, path: tuple[str, ...] = (), errors: tuple[str, ...] = ()
) -> Spec:
    return {
        "operationId": f"open311_{name}",
        "summary": words,
        "parameters": [*map(_path, path), _FORMAT, _JURISDICTION, *query],
        "responses": {"200": _answer(schema, words), **_errors("404", *errors)},
    }


def _form(required: tuple[str, ...], *names: str) -> Spec:
    fields = {name: {"type": "string"} for name in (*required, *names)}
    return {
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": _object(required, **fields)}},
    }


def _post(name: str, words: str, schema: str, body: Spec) -> Spec:
    return {
        "operationId": f"open311_{name}",
        "summary": words,
        "description": "With the key of your client, as api_key in the form or in the header X-Api-Key. The same "
        "Idempotency-Key again is the same report; without one, the same content within ten minutes is.",
        "parameters": [_FORMAT, {"name": "X-Api-Key", "in": "header", "schema": {"type": "string"}}],
        "requestBody": body,
        "responses": {"201": _answer(schema, words), **_errors("400", "403", "404")},
    }


def paths() -> dict[str, Spec]:
    """The addresses of GeoReport v2."""
    moments = [_query(name, "W3C moment", format="date-time") for name in ("start_date", "end_date")]
    changed = [_query(name, "W3C moment", format="date-time") for name in ("updated_after", "updated_before")]
    around = [
        _query("lat", "Degrees, WGS84", pattern=r"^-?[0-8]?[0-9](\.[0-9]{1,9})?$"),
        _query("long", "Degrees, WGS84", pattern=r"^-?1?[0-7]?[0-9](\.[0-9]{1,9})?$"),
        _query("radius", "Metres", pattern="^[1-9][0-9]{0,3}$"),
    ]
    narrowing = [
        _query("service_request_id", "One or more, with commas between."),
        _query("service_code", "One or more, with commas between."),
        _query("status", "open, closed or both"),
        *moments,
        *changed,
        *around,
        _query("page_size", "At most 1000", pattern="^[1-9][0-9]{0,2}$"),
        _query("before", "Older than this request"),
    ]
    where = ("lat", "long", "address_string", "address_id", "email", "phone", "first_name", "last_name", "media_url")
    new = _form(("service_code", "description"), "api_key", "jurisdiction_id", *where)
    note = _form(("service_request_id", "update_id"), "api_key", "jurisdiction_id", "status", "description")
    root = "/open311/v2"
    return {
        "/open311/discovery.{fmt}": {"get": _get("discovery", "Where everything is", "Open311Discovery")},
        f"{root}/services.{{fmt}}": {"get": _get("services", "What can be reported", "Open311Services")},
        f"{root}/services/{{code}}.{{fmt}}": {
            "get": _get("service", "The questions of a service", "Open311Definition", path=("code",))
        },
        f"{root}/requests.{{fmt}}": {
            "get": _get("requests", "The newest requests", "Open311Requests", *narrowing, errors=("400",)),
            "post": _post("report", "A new request", "Open311Created", new),
        },
        f"{root}/requests/{{reference}}.{{fmt}}": {
            "get": _get("request", "One request", "Open311Requests", path=("reference",))
        },
        f"{root}/tokens/{{token}}.{{fmt}}": {
            "get": _get("token", "The number of a token", "Open311Token", path=("token",))
        },
        f"{root}/servicerequestupdates.{{fmt}}": {
            "get": _get("updates", "What happened", "Open311Updates", narrowing[0], *moments, errors=("400",)),
            "post": _post("update", "A note of yours on a request", "Open311Updates", note),
        },
    }
