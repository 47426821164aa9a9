"""One call to another system over HTTP, with time-outs, no redirects and an answer that can't be endless."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
LARGEST = 5_000_000  # bytes of an answer: more is no answer to our questions


class CallProblem(Exception):
    """No usable answer. `reason`: Dutch, the end of a sentence that begins with the system's name. `retry`: whether later
    can help. `status`: theirs, 0 when there was none. `uncertain`: the call may have been carried out."""

    def __init__(self, reason: str, *, retry: bool, status: int = 0, uncertain: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.retry, self.status, self.uncertain = reason, retry, status, uncertain


@dataclass(frozen=True)
class Answer:
    """`body` whole; `content_type` without parameters."""

    status: int
    content_type: str
    body: bytes


@dataclass
class Caller:
    """Makes the calls. One client for all: connections are used again."""

    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=TIMEOUT, follow_redirects=False))

    def __call__(self, method: str, url: str, **request: Any) -> Answer:
        """The answer whatever its status. Raises CallProblem when there is none, or it is too large."""
        try:
            with self.client.stream(method, url, **request) as answer:
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        too_large = "geeft een antwoord dat te groot is."
                        raise CallProblem(too_large, retry=True, status=answer.status_code, uncertain=True)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise CallProblem("heeft geen bruikbaar adres in de instellingen.", retry=False) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise CallProblem("is niet bereikbaar.", retry=True) from error
        except httpx.TimeoutException as error:
            raise CallProblem("antwoordt niet op tijd.", retry=True, uncertain=True) from error
        except httpx.HTTPError as error:
            raise CallProblem("verbrak de verbinding.", retry=True, uncertain=True) from error
        return Answer(answer.status_code, answer.headers.get("content-type", "").partition(";")[0].strip().lower(), body)


def refused(answer: Answer, said: str = "") -> None:
    """Passes a 2xx. Raises CallProblem for every other, with what the other side `said` about it."""
    status = answer.status
    if 200 <= status <= 299:
        return
    words = f": {said}" if said else "."
    if status in (408, 425, 429) or status >= 500:
        reason = f"heeft een storing of kan nu niet ({status}){words}"
        raise CallProblem(reason, retry=True, status=status, uncertain=status not in (425, 429))
    if 300 <= status <= 399:
        raise CallProblem(f"verwijst ons door naar een ander adres ({status}).", retry=False, status=status)
    if status in (401, 403):
        raise CallProblem(f"aanvaardt onze sleutel of handtekening niet ({status}){words}", retry=False, status=status)
    if status in (404, 405, 410):
        raise CallProblem(f"kent dit adres of dit nummer niet ({status}){words}", retry=False, status=status)
    raise CallProblem(f"weigert de opdracht ({status}){words}", retry=False, status=status)
