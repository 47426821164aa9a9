"""The OpenAPI document of everything that machines may call: advice as ninja knows it, and beside it our token endpoint,
the call-back for referred tasks and GeoReport v2, which have forms of their own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, JsonResponse

from meldloket.web.pages import page

from . import advice, assertions, decisions
from .open311 import describe

PROBLEM = "application/problem+json"
_TITLES = {
    "400": "The request can't be read",
    "401": "No valid access token",
    "404": "There is no such thing for you",
    "409": "It can't be changed any more",
    "413": "The request is too large",
    "422": "The request is not valid",
}
#: Which errors each call of advice can give.
_ADVICE_ERRORS = {
    "/api/v1/adviesvragen": ("400", "401", "422"),
    "/api/v1/adviesvragen/{request_id}": ("401", "404", "422"),
    "/api/v1/adviesvragen/{request_id}/bestanden/{file_id}": ("401", "404", "422"),
    "/api/v1/adviesvragen/{request_id}/advies": ("400", "401", "404", "409", "413", "422"),
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457: title says what kind of thing is wrong, detail what to do about it.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}


def problems(*codes: str) -> dict[str, Any]:
    """Responses with a problem document, by status."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {code: {"description": _TITLES[code], "content": {PROBLEM: {"schema": schema}}} for code in codes}


def _token() -> dict[str, Any]:
    error = {
        "description": "RFC 6749 section 5.2",
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
            }
        },
    }
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials"]},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string"},
            "client_assertion_type": {"type": "string", "enum": [assertions.KIND]},
            "client_assertion": {"type": "string", "description": "A JWT signed with a key of the client, used once."},
            "scope": {"type": "string", "description": "Separated by spaces; without it, all that the client has."},
        },
    }
    given = {
        "type": "object",
        "required": ["access_token", "token_type", "expires_in", "scope"],
        "properties": {
            "access_token": {"type": "string"},
            "token_type": {"type": "string", "enum": ["Bearer"]},
            "expires_in": {"type": "integer", "description": "Seconds"},
            "scope": {"type": "string"},
        },
    }
    return {
        "post": {
            "operationId": "token",
            "summary": "An access token (OAuth2 client credentials)",
            "description": "Client id and secret in the form or in the header Authorization (Basic), or a signed assertion "
            "(private_key_jwt, RFC 7523).",
            "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
            "responses": {
                "200": {"description": "The token", "content": {"application/json": {"schema": given}}},
                "400": error,
                "401": error,
                "429": error,
            },
        }
    }


def _revoke() -> dict[str, Any]:
    """Giving a token back."""
    names = ("token", "client_id", "client_secret", "client_assertion_type", "client_assertion")
    form = {"type": "object", "required": ["token"], "properties": {name: {"type": "string"} for name in names}}
    refused = {"content": {"application/json": {"schema": {"type": "object", "required": ["error"]}}}}
    return {
        "post": {
            "operationId": "revoke_token",
            "summary": "An access token that you no longer need (RFC 7009)",
            "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
            "responses": {
                "200": {"description": "It is worth nothing any more"},
                "401": {"description": "Unknown client", **refused},
                "429": {"description": "Too many wrong tries", **refused},
            },
        }
    }


def _task_status() -> dict[str, Any]:
    event = {
        "type": "object",
        "required": ["specversion", "id", "type", "source", "subject", "time", "data"],
        "properties": {
            "specversion": {"type": "string", "enum": ["1.0"]},
            "id": {"type": "string", "minLength": 1, "maxLength": 160},
            "type": {"type": "string", "enum": ["be.meldloket.task.status"]},
            "source": {"type": "string"},
            "subject": {"type": "string", "format": "uuid", "description": "The key of the task, as in the address."},
            "time": {"type": "string", "format": "date-time"},
            "data": {
                "type": "object",
                "required": ["status"],
                "properties": {
                    "status": {"type": "string", "description": "received, in_progress, done, refused or note"},
                    "text": {"type": "string", "maxLength": 5000},
                },
            },
        },
    }
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    taken = {
        "type": "object",
        "required": ["fate", "state"],
        "properties": {"fate": {"type": "string"}, "state": {"type": "string"}},
    }
    operation = {
        "summary": "How it stands with a task that we referred to you",
        "description": "A CloudEvent, signed by Standard Webhooks with the secret that we share.",
        "parameters": headers,
        "requestBody": {"required": True, "content": {"application/cloudevents+json": {"schema": event}}},
        "responses": {
            "200": {"description": "Taken, now or before", "content": {"application/json": {"schema": taken}}},
            **problems("401", "404", "413", "422"),
        },
    }
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "parameters": [key],
        "post": {**operation, "operationId": "task_status"},
        "put": {**operation, "operationId": "task_status_again"},
    }


def _handed_back() -> dict[str, Any]:
    """The two calls of the minutes package."""
    key = {"name": "proposal_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    answer = {"description": "Taken", "content": {"application/json": {"schema": {"type": "object"}}}}

    def operation(name: str, summary: str, schema: dict[str, Any], good: tuple[str, ...]) -> dict[str, Any]:
        return {
            "operationId": name,
            "summary": summary,
            "parameters": [key],
            "requestBody": {"required": True, "content": {"application/ld+json": {"schema": schema}}},
            "responses": {**dict.fromkeys(good, answer), **problems("401", "404", "409", "413", "422")},
        }

    decision, status = (_inline(model.model_json_schema()) for model in (decisions.HandedBack, decisions.AgendaStatus))
    return {
        "/api/v1/besluiten/{proposal_id}": {
            "put": operation("decision", "A decision on a proposal of ours", decision, ("200", "201"))
        },
        "/api/v1/agendapunten/{proposal_id}/status": {
            "post": operation("agenda_status", "Where a proposal stands on the agenda", status, ("200",))
        },
        "/api/v1/voorstellen/{proposal_id}/bijlagen/{file_id}": {
            "get": {
                "operationId": "proposal_attachment",
                "summary": "An attachment of a proposal that was handed to you, bytes unchanged",
                "parameters": [key, {**key, "name": "file_id"}],
                "responses": {"200": {"description": "The file"}, **problems("401", "404")},
            }
        },
        "/api/v1/besluiten/context.jsonld": {
            "get": {
                "operationId": "context",
                "summary": "The JSON-LD context of the exchange",
                "security": [],
                "responses": {"200": {"description": "The context", "content": {"application/ld+json": {}}}},
            }
        },
    }


def _inline(schema: Any, parts: dict[str, Any] | None = None) -> Any:
    """The schema with its `$defs` put in place, so that it can stand anywhere in the document."""
    if isinstance(schema, list):
        return [_inline(row, parts) for row in schema]
    if not isinstance(schema, dict):
        return schema
    parts = schema.get("$defs", {}) if parts is None else parts
    if "$ref" in schema:
        return _inline(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {name: _inline(value, parts) for name, value in schema.items() if name != "$defs"}


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The document (OpenAPI 3.1)."""
    found: dict[str, Any] = dict(advice.api.get_openapi_schema(path_prefix="/api/v1/"))
    found["info"] = {
        "title": "Meldloket",
        "version": "1",
        "description": "Advice for partners with a system of their own, what other software tells us of referred tasks, "
        "and reports by Open311 (GeoReport v2). Errors are problem documents; those of Open311 as its "
        "specification has them.",
    }
    for path, codes in _ADVICE_ERRORS.items():
        for operation in found["paths"][path].values():
            operation["responses"] = {"200": _good(operation, path), **problems(*codes)}
    found["paths"]["/api/v1/token"] = _token()
    found["paths"]["/api/v1/token/revoke"] = _revoke()
    found["paths"]["/api/v1/taken/{key}/stand"] = _task_status()
    found["paths"].update(_handed_back())
    found["paths"].update(describe.paths())
    components = found.setdefault("components", {})
    components.setdefault("schemas", {}).update({"Problem": _PROBLEM_SCHEMA, **describe.SCHEMAS})
    return found


def _good(operation: dict[str, Any], path: str) -> dict[str, Any]:
    if path.endswith("{file_id}"):
        return {"description": "The file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    responses = {str(code): row for code, row in operation["responses"].items()}
    good: dict[str, Any] = responses["200"]
    return good


@page("public", methods=("GET",))
def openapi(request: HttpRequest) -> JsonResponse:
    """The document, for whoever writes a client."""
    answer = JsonResponse(document())
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
