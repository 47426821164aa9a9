"""The calls of GeoReport v2 over the operator's desk.

Fault switches of mode `special`: `answer_lost` (kept, the answer is 500), `loses_order` (taken with a number, and then
unknown), `token_late` (the token has no number yet), `updates_twice`, `out_of_order` (newest first), `late` (a new status
is said with a moment of an hour ago), `xml_only` (XML whatever was asked)."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meldloket.sandbox.faults import FaultSwitches
from meldloket.sandbox.open311.answers import answer, error
from meldloket.sandbox.open311.desk import JURISDICTION, SERVICES, STATUSES, Desk, public

KEY = "sandbox-open311-key"
PREFIX = "/open311/v2"
LIMIT = 1000  # of the specification
DAYS = 90


class Interface:
    """What a client can ask."""

    def __init__(self, desk: Desk, faults: FaultSwitches) -> None:
        self.desk, self.faults = desk, faults

    def routes(self) -> list[Route]:
        calls = (
            ("discovery", self.discovery, "GET"),
            ("services", self.services, "GET"),
            ("services/{code}", self.service, "GET"),
            ("requests", self.requests, "GET"),
            ("requests", self.post, "POST"),
            ("requests/{number}", self.request, "GET"),
            ("tokens/{token}", self.token, "GET"),
            ("servicerequestupdates", self.updates, "GET"),
            ("servicerequestupdates", self.post_update, "POST"),
        )
        return [Route(f"{PREFIX}/{path}.{{form}}", _checked(call), methods=[method]) for path, call, method in calls]

    async def discovery(self, request: Request) -> Response:
        address = str(request.url).rpartition("/")[0]
        row = {"specification": "http://wiki.open311.org/GeoReport_v2", "url": address, "type": "test"}
        return answer(request, "discovery", [row])

    async def services(self, request: Request) -> Response:
        return answer(request, "services", [_service(code) for code in SERVICES])

    async def service(self, request: Request) -> Response:
        code = request.path_params["code"]
        if code not in SERVICES:
            return error(request, 404, "service_code was not found")
        return answer(request, "services", [_service(code)])

    async def post(self, request: Request) -> Response:
        fields = {name: str(value) for name, value in (await request.form()).items()}
        if not _known_key(fields):
            return error(request, 403, "api_key was missing or wrong")
        if problem := _problem(fields):
            return error(request, 400, problem)
        taken = self.desk.take(fields)
        if self.faults.take_special("loses_order"):
            self.desk.store.delete("requests", taken["service_request_id"])
        if self.faults.take_special("answer_lost"):
            return error(request, 500, "Nagebouwde storing: de opdracht is wel aanvaard")
        name = "token" if self.desk.token_first else "service_request_id"
        row = {name: taken[name], "service_notice": "", "account_id": ""}
        return self._answer(request, "requests", [row], 201)

    async def requests(self, request: Request) -> Response:
        """Newest first; `service_request_id`, `service_code`, `status`, `start_date`, `end_date`."""
        query = request.query_params
        try:
            since, until = _span(query.get("start_date", ""), query.get("end_date", ""), self.desk.clock())
        except ValueError:
            return error(request, 400, "start_date and end_date must be moments in ISO 8601 with a zone")
        numbers = set(filter(None, query.get("service_request_id", "").split(",")))
        rows = [
            public(one)
            for one in reversed(self.desk.all())
            if (one["service_request_id"] in numbers if numbers else since <= _moment(one) <= until)
        ]
        for name in ("service_code", "status"):
            wanted = set(filter(None, query.get(name, "").split(",")))
            rows = [row for row in rows if not wanted or row[name] in wanted]
        return self._answer(request, "requests", rows[:LIMIT])

    async def request(self, request: Request) -> Response:
        found = self.desk.get(request.path_params["number"])
        if found is None:
            return error(request, 404, "service_request_id was not found")
        return self._answer(request, "requests", [public(found)])

    async def token(self, request: Request) -> Response:
        token = request.path_params["token"]
        found = self.desk.by_token(token)
        if found is None:
            return error(request, 404, "token was not found")
        number = "" if self.faults.take_special("token_late") else found["service_request_id"]
        return self._answer(request, "requests", [{"service_request_id": number, "token": token}])

    async def updates(self, request: Request) -> Response:
        numbers = set(filter(None, request.query_params.get("service_request_id", "").split(",")))
        rows = [
            update
            for one in self.desk.all()
            if not numbers or one["service_request_id"] in numbers
            for update in one["updates"]
        ]
        if self.faults.take_special("updates_twice"):
            rows = [row for row in rows for _ in range(2)]
        if self.faults.take_special("out_of_order"):
            rows.reverse()
        return self._answer(request, "updates", rows[:LIMIT])

    async def post_update(self, request: Request) -> Response:
        fields = {name: str(value) for name, value in (await request.form()).items()}
        if not _known_key(fields):
            return error(request, 403, "api_key was missing or wrong")
        status, number = fields.get("status", ""), fields.get("service_request_id", "")
        if status not in STATUSES:
            return error(request, 400, f"status must be one of {', '.join(STATUSES)}")
        update = self.desk.say(number, status, fields.get("description", ""))
        if update is None:
            return error(request, 404, "service_request_id was not found")
        return self._answer(request, "updates", [{"update_id": update["update_id"]}], 201)

    def late(self) -> int:
        """Minutes by which what is said now is late."""
        return 60 if self.faults.take_special("late") else 0

    def _answer(self, request: Request, kind: str, rows: list[dict[str, Any]], status: int = 200) -> Response:
        return answer(request, kind, rows, status, xml=bool(self.faults.take_special("xml_only")))


def _checked(call: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Format and jurisdiction first, as for every call."""

    async def checked(request: Request) -> Response:
        if request.path_params["form"] not in ("json", "xml"):
            return Response("Only json and xml.", 404, media_type="text/plain")
        given = request.query_params.get("jurisdiction_id") or JURISDICTION
        if given != JURISDICTION:
            return error(request, 404, "jurisdiction_id provided was not found")
        return await call(request)

    return checked


def _known_key(fields: dict[str, str]) -> bool:
    return hmac.compare_digest(fields.get("api_key", "").encode(), KEY.encode())


def _problem(fields: dict[str, str]) -> str:
    """Why a request can't be taken; empty when it can."""
    if fields.get("jurisdiction_id", JURISDICTION) != JURISDICTION:
        return "jurisdiction_id provided was not found"
    if fields.get("service_code", "") not in SERVICES:
        return "service_code was missing or not found"
    if len(fields.get("description", "")) > 4000:
        return "description is longer than 4000 characters"
    if fields.get("lat") or fields.get("long"):
        try:
            fine = abs(float(fields.get("lat", ""))) <= 90 and abs(float(fields.get("long", ""))) <= 180
        except ValueError:
            fine = False
        return "" if fine else "lat and long must be a point in WGS 84"
    return "" if fields.get("address_string") or fields.get("address_id") else "a location is required"


def _service(code: str) -> dict[str, str]:
    name, about, group = SERVICES[code]
    kind = "realtime"
    return {
        "service_code": code,
        "service_name": name,
        "description": about,
        "metadata": "false",
        "type": kind,
        "keywords": "",
        "group": group,
    }


def _span(start: str, end: str, now: datetime) -> tuple[datetime, datetime]:
    """The moments asked for, at most 90 days. Raises ValueError."""
    until = datetime.fromisoformat(end) if end else now
    since = datetime.fromisoformat(start) if start else until - timedelta(days=DAYS)
    if until.tzinfo is None or since.tzinfo is None:
        raise ValueError("no zone")
    return max(since, until - timedelta(days=DAYS)), until


def _moment(request: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(request["requested_datetime"])
