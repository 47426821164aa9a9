"""What other systems send, checked: every wrong field gets the specification's error, nothing gets a 500."""

from __future__ import annotations

import hashlib
import math
import time
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import Category, CategoryQuestion
from meldloket.intake.machine import Incoming, known
from meldloket.intake.text import mobile_number, tidy
from meldloket.people import api_clients
from meldloket.people.models import ApiClient

from .render import Refused

MOST_TEXT = 20_000
#: Seconds within which the same content of the same client is the same report, when no key says so.
SAME_WITHIN = 600
SPAN = timedelta(days=90)
_NAMESPACE = uuid.UUID("5f0e7f3c-58a5-4d0a-9f66-3b1c2f4d9a10")


def jurisdiction(values: Mapping[str, Any]) -> None:
    """Raises Refused for another jurisdiction than ours; none at all is ours."""
    given = str(values.get("jurisdiction_id") or "")
    if given and given != settings.OPEN311_JURISDICTION:
        raise Refused(404, "jurisdiction_id provided was not found")


def client(request: HttpRequest) -> ApiClient:
    """Who calls, by `api_key` in the form or the header X-Api-Key. Raises Refused (403)."""
    key = str(request.POST.get("api_key") or request.headers.get("X-Api-Key") or "")[:200]
    found = api_clients.by_key(key, ApiClient.Kind.OPEN311)
    if found is None:
        raise Refused(403, "api_key is missing or unknown")
    return found


def category(code: str) -> Category:
    """The active category of a service code. Raises Refused."""
    if not code:
        raise Refused(400, "service_code was not provided")
    found = catalogue().category(code[:60])
    if found is None or not found.active:
        raise Refused(404, "service_code provided was not found")
    return found


def _number(values: Mapping[str, Any], name: str, most: float) -> float | None:
    text = str(values.get(name) or "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise Refused(400, f"{name} must be a number of degrees (WGS84)")
    return value


def _words(values: Mapping[str, Any], name: str, most: int, *, lines: bool = False) -> str:
    text = tidy(str(values.get(name) or ""), lines=lines)
    if len(text) > most:
        raise Refused(400, f"{name} is longer than {most} characters")
    return text


def incoming(request: HttpRequest, sender: ApiClient) -> Incoming:
    """A new report out of a POST. Raises Refused with the field that is wrong."""
    values = request.POST
    service = category(str(values.get("service_code") or ""))
    latitude, longitude = _number(values, "lat", 90), _number(values, "long", 180)
    place = _words(values, "address_string", 300) or _words(values, "address_id", 300)
    if (latitude is None) != (longitude is None):
        raise Refused(400, "lat and long must both be given")
    if latitude is None and not place:
        raise Refused(400, "lat and long, or address_string, or address_id, must be given")
    text = _words(values, "description", MOST_TEXT, lines=True)
    if not text:
        raise Refused(400, "description was not provided")
    email = _words(values, "email", 254)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Refused(400, "email is not an e-mail address") from None
    phone = _words(values, "phone", 40)
    return Incoming(
        key=_key(request, sender),
        text=text,
        category=service.code,
        latitude=latitude,
        longitude=longitude,
        place=place,
        answers=_answers(values, service) + _media(values),
        first_name=_words(values, "first_name", 200),
        last_name=_words(values, "last_name", 200),
        email=email,
        mobile=mobile_number(phone) or "" if phone else "",
    )


def _key(request: HttpRequest, sender: ApiClient) -> UUID:
    """By which a repeat is known: the client's Idempotency-Key, else the same content within ten minutes."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if len(given) > 200:
        raise Refused(400, "Idempotency-Key is longer than 200 characters")
    if given:
        return uuid.uuid5(_NAMESPACE, f"{sender.pk}|key|{given}")
    pairs = sorted((name, value) for name, values in request.POST.lists() for value in values if name != "api_key")
    content = hashlib.sha256(repr(pairs).encode("utf-8", "surrogatepass")).hexdigest()
    window = int(time.time() // SAME_WITHIN)
    before, now = (uuid.uuid5(_NAMESPACE, f"{sender.pk}|{content}|{part}") for part in (window - 1, window))
    return before if known(before) is not None else now


def _answers(values: Any, service: Category) -> list[dict[str, Any]]:
    """The category's questions out of `attribute[code]`. Raises Refused for a missing or impossible answer."""
    found = []
    for question in catalogue().questions.get(service.pk, ()):
        given = tidy(values.get(f"attribute[{question.code}]", ""), lines=False)[:500]
        if not given:
            if question.required:
                raise Refused(400, f"attribute[{question.code}] was not provided")
            continue
        if not _possible(question, given):
            raise Refused(400, f"attribute[{question.code}] is not one of its values")
        found.append({"code": question.code, "question": question.label, "answer": given})
    return found


def _possible(question: CategoryQuestion, given: str) -> bool:
    if question.kind == CategoryQuestion.Kind.CHOICE:
        return given in question.options
    if question.kind == CategoryQuestion.Kind.YES_NO:
        return given in ("ja", "nee")
    if question.kind == CategoryQuestion.Kind.NUMBER:
        return given.replace(",", ".", 1).lstrip("-").replace(".", "", 1).isdigit()
    return True


def _media(values: Any) -> list[dict[str, Any]]:
    """A picture elsewhere: kept as a link that staff may open, never fetched by us."""
    url = str(values.get("media_url") or "").strip()
    if not url:
        return []
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        raise Refused(400, "media_url is not a web address") from None
    return [{"code": "media_url", "question": "Foto (bij de afzender)", "answer": url[:1000]}]


def period(values: Mapping[str, Any], start: str, end: str) -> tuple[datetime | None, datetime | None]:
    """Two moments of a query, at most ninety days apart. Raises Refused."""
    first, last = _moment(values, start), _moment(values, end)
    if first and last and last < first:
        raise Refused(400, f"{end} lies before {start}")
    if first and last and last - first > SPAN or first and not last:
        last = first + SPAN
    elif last and not first:
        first = last - SPAN
    return first, last


def _moment(values: Mapping[str, Any], name: str) -> datetime | None:
    text = str(values.get(name) or "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Refused(400, f"{name} must look like 2026-11-23T00:00:00Z")
    return found if found.tzinfo else timezone.make_aware(found)


def near(values: Mapping[str, Any]) -> tuple[float, float, float] | None:
    """Latitude, longitude and radius in metres of a search around a point. Raises Refused."""
    latitude, longitude = _number(values, "lat", 90), _number(values, "long", 180)
    if latitude is None or longitude is None:
        return None
    text = str(values.get("radius") or "250")
    if not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise Refused(400, "radius must be a number of metres from 1 to 10000")
    return latitude, longitude, float(text)


def size(values: Mapping[str, Any]) -> int:
    """How many requests at the most. Raises Refused."""
    text = str(values.get("page_size") or "1000")
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise Refused(400, "page_size must be a number from 1 to 1000")
    return int(text)
