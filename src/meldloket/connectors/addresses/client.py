"""Asks the geolocation service (v4) for suggestions, an address, or the address at a point, and never lets the citizen
wait for it: two seconds, few calls a second, answers remembered for a while (specs/identity-and-registers §4.2)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from meldloket.catalogue.geography import distance_m
from meldloket.connectors.addresses.pace import Remembered, TokenBucket
from meldloket.intake.ports import AddressesUnavailable, Place

#: Farther away than this an address says nothing about a point (metres); under 30 m the page says "at".
NEAR = 150.0
#: After "too many requests" nothing is asked for this long when the service names no time, and never longer than the
#: second (seconds).
_PAUSE, _LONGEST_PAUSE = 5.0, 60.0
_LONGEST_TEXT = 200

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class AddressSettings:
    """`base_url`: where the service answers, with or without its `/geolocation`. `timeout`: seconds to connect,
    and again to wait for an answer.
    `per_second`: most calls a second of this process. `patience`: seconds that a call may wait for its turn.
    `remember`: seconds that an answer is kept."""

    base_url: str
    timeout: float = 2.0
    per_second: float = 5.0
    patience: float = 0.5
    remember: float = 600.0


class AddressClient:
    """An `intake.ports.AddressService` over HTTP. Safe to share between threads."""

    def __init__(
        self,
        settings: AddressSettings,
        client: httpx.Client | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        base = settings.base_url.rstrip("/")
        self.base_url = base if base.endswith("/geolocation") else f"{base}/geolocation"
        self.settings = settings
        self._client = client or httpx.Client(timeout=settings.timeout)
        self._clock = clock
        self._bucket = TokenBucket(settings.per_second, clock)
        self._remembered = Remembered(settings.remember, clock)
        self._paused_until = 0.0

    def suggest(self, text: str, limit: int = 5) -> list[str]:
        """Lines that complete what was typed, at most `limit`; none for less than two characters. Raises
        AddressesUnavailable."""
        asked = _tidy(text)
        if len(asked) < 2:
            return []
        return list(self._ask("Suggestion", {"q": asked, "c": str(limit)}, lambda answer: _lines(answer, limit), fold=True))

    def find(self, text: str) -> Place | None:
        """The place that the text means: an address, or only its street or municipality (`kind` says which, and then
        the citizen points on the map). None when nothing fits. Raises AddressesUnavailable."""
        asked = _tidy(text)
        if len(asked) < 2:
            return None
        return self._ask("Location", {"q": asked, "c": "1"}, _first_place, fold=True)

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """The address at a point, with the distance to it in metres; farther than 150 m away: a place of kind `point`
        without a label at the asked point. None when there is nothing within the service's reach of 1,000 m. Raises
        AddressesUnavailable, ValueError for what is not a point."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValueError("not a point in degrees")
        # Five decimals are about a metre: enough for an address, and the same spot is asked once.
        asked = (round(latitude, 5), round(longitude, 5))
        found = self._ask("Location", {"latlon": f"{asked[0]},{asked[1]}", "c": "1"}, _first_place)
        if found is None:
            return None
        metres = distance_m((latitude, longitude), (found.latitude, found.longitude))
        if found.kind != "address" or metres > NEAR:
            return Place("", latitude, longitude, kind="point", distance=metres)
        return Place(
            found.label,
            found.latitude,
            found.longitude,
            found.kind,
            found.street,
            found.number,
            found.postcode,
            found.municipality,
            metres,
        )

    def check(self) -> str | None:
        """Asks one real question; None when it is answered, else one sentence for the administrator."""
        try:
            self._call("Suggestion", {"q": "Kerkstraat", "c": "1"}, lambda answer: _lines(answer, 1))
        except AddressesUnavailable as error:
            return f"Adressen: {error}"
        return None

    def _ask(
        self, name: str, parameters: dict[str, str], read: Callable[[dict[str, Any]], Answer], fold: bool = False
    ) -> Answer:
        """The remembered answer, or a new one; failures are not remembered."""
        key = (name, *(value.casefold() if fold else value for value in parameters.values()))
        known, answer = self._remembered.get(key)
        if known:
            return answer
        answer = self._call(name, parameters, read)
        self._remembered.put(key, answer)
        return answer

    def _call(self, name: str, parameters: dict[str, str], read: Callable[[dict[str, Any]], Answer]) -> Answer:
        """One call. The messages hold no address that somebody typed: they reach the log."""
        if self._clock() < self._paused_until:
            raise AddressesUnavailable("de adressendienst vraagt om even te wachten.")
        if not self._bucket.take(self.settings.patience):
            raise AddressesUnavailable("te veel vragen tegelijk.")
        try:
            answer = self._client.get(f"{self.base_url}/v4/{name}", params=parameters, timeout=self.settings.timeout)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # the cause is left out on purpose: its text holds the address that was asked
            raise AddressesUnavailable(f"de adressendienst antwoordt niet ({type(error).__name__}).") from None
        if answer.status_code == 429:
            self._paused_until = self._clock() + _pause(answer.headers.get("Retry-After", ""))
            raise AddressesUnavailable("de adressendienst vraagt om even te wachten.")
        if answer.status_code != 200:
            raise AddressesUnavailable(f"de adressendienst heeft een storing ({answer.status_code}).")
        try:
            return read(answer.json())
        except (ValueError, KeyError, TypeError, AttributeError):
            raise AddressesUnavailable("de adressendienst gaf een onleesbaar antwoord.") from None


def _tidy(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TEXT]


def _pause(header: str) -> float:
    return min(float(header), _LONGEST_PAUSE) if header.isascii() and header.isdigit() else _PAUSE


def _lines(answer: dict[str, Any], limit: int) -> tuple[str, ...]:
    lines = answer["SuggestionResult"]
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError("SuggestionResult is not a list of text")
    return tuple(lines[:limit])


def _first_place(answer: dict[str, Any]) -> Place | None:
    found = answer["LocationResult"]
    return _place(found[0]) if found else None


def _place(entry: dict[str, Any]) -> Place:
    """An entry of LocationResult. Only a LocationType with `huisnummer` is an exact address; the fields of a street or
    a municipality are null where they do not apply."""
    location = entry["Location"]
    latitude, longitude = float(location["Lat_WGS84"]), float(location["Lon_WGS84"])
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("the place is not on earth")
    street = entry.get("Thoroughfarename") or ""
    exact = "huisnummer" in str(entry.get("LocationType") or "").casefold()
    return Place(
        label=str(entry["FormattedAddress"]),
        latitude=latitude,
        longitude=longitude,
        kind="address" if exact else "street" if street else "municipality",
        street=street,
        number=(entry.get("Housenumber") or "") if exact else "",
        postcode=entry.get("Zipcode") or "",
        municipality=entry.get("Municipality") or "",
    )
