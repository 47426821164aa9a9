"""What every call to DOSIS and to the notification component has in common: the token, and what an answer means for
the message that waits (specs/dosis-and-mbp 3.3). Bodies and national numbers are never logged here."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from meldloket.connectors.dosis.token import TokenSettings, TokenSource
from meldloket.messages.ports import DeliveryProblem

_NUMBER = re.compile(r"\d(?:[ .\-/]?\d){9,}")
_CONFIGURATION = (404, 405, 407, 415, 501)


@dataclass(frozen=True)
class ApiSettings:
    """`base_url`: without path. `token`: how to get in. `timeout`: seconds to wait for an answer (3 to connect)."""

    base_url: str
    token: TokenSettings
    timeout: float = 15.0


class Api:
    """Calls with a token to one service, `name` in messages for staff."""

    def __init__(
        self,
        name: str,
        settings: ApiSettings,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self._base_url = settings.base_url.rstrip("/")
        timeout = httpx.Timeout(settings.timeout, connect=3.0)
        self._client = httpx.Client(transport=transport, timeout=timeout, headers={"Accept": "application/json"})
        self.tokens = TokenSource(settings.token, self._client, clock)

    def call(
        self, method: str, path: str, *, params: dict[str, str] | None = None, json: dict[str, Any] | None = None
    ) -> httpx.Response:
        """The answer, of whatever status but 401: then the token is renewed and the call repeated once. Raises
        DeliveryProblem when there is no answer (`retry`) or no way in (`stop_channel`)."""
        answer = self._once(method, path, params, json)
        if answer.status_code == 401:
            answer = self._once(method, path, params, json)
        if answer.status_code == 401:
            raise DeliveryProblem(f"{self.name} aanvaardt ons token niet (401).", retry=True, stop_channel=True)
        return answer

    def expect(self, answer: httpx.Response) -> None:
        """Raises the DeliveryProblem that belongs to an answer which is not 200 to 299."""
        status = answer.status_code
        if 200 <= status <= 299:
            return
        if status in (408, 429) or status >= 500 and status != 501:
            raise DeliveryProblem(f"{self.name} kan nu niet ({status}).", retry=True)
        errors = _errors(answer)
        if status == 409 or _says_outdated(errors):
            reason = f"{self.name} heeft al een recentere stand ({status})."
            raise DeliveryProblem(reason, retry=False, superseded=True)
        if status == 403:
            raise DeliveryProblem(f"{self.name} geeft ons geen toegang (403).", retry=True, stop_channel=True)
        if status < 400 or status in _CONFIGURATION:
            raise DeliveryProblem(f"Het adres van {self.name} klopt niet ({status}).", retry=True, stop_channel=True)
        fields = ", ".join(dict.fromkeys(one["field"] for one in errors if one["field"]))[:200]
        about = f": {fields}" if fields else ""
        raise DeliveryProblem(f"{self.name} weigert deze gegevens ({status}){about}.", retry=False, details=errors)

    def read(self, answer: httpx.Response) -> Any:
        """The JSON of a good answer. Raises DeliveryProblem (`retry`) when it is none."""
        self.expect(answer)
        try:
            return answer.json()
        except ValueError as error:
            raise self.unreadable() from error

    def unreadable(self) -> DeliveryProblem:
        """An answer that says nothing: the message may have been taken, and repeating it does no harm."""
        return DeliveryProblem(f"{self.name} gaf een onleesbaar antwoord.", retry=True)

    def _once(self, method: str, path: str, params: dict[str, str] | None, json: dict[str, Any] | None) -> httpx.Response:
        token = self.tokens.get()
        try:
            answer = self._client.request(
                method, f"{self._base_url}{path}", params=params, json=json, headers={"Authorization": f"Bearer {token}"}
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            reason = f"Het adres van {self.name} klopt niet."
            raise DeliveryProblem(reason, retry=True, stop_channel=True) from error
        except httpx.HTTPError as error:
            raise DeliveryProblem(f"{self.name} antwoordt niet.", retry=True) from error
        if answer.status_code == 401:
            self.tokens.drop(token)
        return answer


def without_numbers(text: Any, longest: int = 300) -> str:
    """Words of another system, fit to show and to keep: anything that could be a national number is blotted out."""
    return _NUMBER.sub("…", text)[:longest] if isinstance(text, str) else ""


def _errors(answer: httpx.Response) -> list[dict[str, Any]]:
    """`errors[]` of a refusal as `{"field", "message"}`, or its general message; empty when it holds nothing readable."""
    try:
        body = answer.json()
    except ValueError:
        return []
    if not isinstance(body, dict):
        return []
    errors = body.get("errors")
    found = [_error(one) for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    return [one for one in found if one["field"] or one["message"]] or [one for one in [_error(body)] if one["message"]]


def _error(error: dict[str, Any]) -> dict[str, Any]:
    message = error.get("message") or error.get("description") or error.get("code")
    return {"field": without_numbers(error.get("field"), 120), "message": without_numbers(message)}


def _says_outdated(errors: list[dict[str, Any]]) -> bool:
    """The other way of 3.3 to say 409, of which neither code nor words are public: one remark, about the date alone."""
    return (
        len(errors) == 1
        and errors[0]["field"] == "WijzigingsDatum"
        and bool(re.search(r"\b(ouder|older|verouderd|recenter)\b", errors[0]["message"], re.IGNORECASE))
    )
