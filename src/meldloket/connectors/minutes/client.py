"""Hands proposals to the minutes package over the vendor-neutral exchange of specs/decisions, section 3."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from meldloket.connectors.referral.calls import Answer, Caller, CallProblem, refused
from meldloket.decisions.ports import AgendaItem, MeetingRow, MinutesProblem, Taken


@dataclass(frozen=True)
class MinutesSettings:
    """`url`: where the exchange answers; `key`: proves us to it; `name`: of the API client that it uses towards us."""

    url: str
    key: str
    name: str = "notulen"


class MinutesClient:
    """See decisions.ports.MinutesPackage."""

    def __init__(self, settings: MinutesSettings, caller: Caller | None = None) -> None:
        self._settings = settings
        self._call = caller or Caller()
        self.name, self.by_hand = settings.name, False

    def hand_over(self, item: AgendaItem) -> Taken:
        """`POST agendapunten`, idempotent by the key: a repeat gives the same answer there."""
        body = json.dumps(item.content, ensure_ascii=False).encode()
        answer = self._send("POST", "agendapunten", body, key=f"{item.key}:{item.version}")
        try:
            said = json.loads(answer.body)
            reference, uri = str(said["referentie"]), str(said.get("@id", ""))
        except (ValueError, KeyError, TypeError) as error:
            raise MinutesProblem("Het notulenpakket gaf een antwoord dat wij niet begrijpen.", retry=True) from error
        return Taken(reference, uri)

    def withdraw(self, key: UUID, why: str) -> None:
        """`POST agendapunten/{key}/intrekken`. An item that is not there is gone already."""
        body = json.dumps({"reden": why}, ensure_ascii=False).encode()
        try:
            self._send("POST", f"agendapunten/{key}/intrekken", body, key=f"{key}:withdraw")
        except MinutesProblem as problem:
            if "(404)" not in problem.reason:
                raise

    def meetings(self) -> list[MeetingRow]:
        """`GET zittingen`: a list of `bestuursorgaan`, `datum`, `sluit` (a moment) and `geannuleerd`."""
        answer = self._send("GET", "zittingen", b"", key="meetings")
        try:
            return [
                MeetingRow(
                    {"college": "college", "council": "council"}[row["bestuursorgaan"]],
                    date.fromisoformat(row["datum"]),
                    datetime.fromisoformat(row["sluit"]).astimezone(UTC),
                    bool(row.get("geannuleerd", False)),
                    str(row.get("@id", ""))[:255],
                )
                for row in json.loads(answer.body)["zittingen"]
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise MinutesProblem("Het notulenpakket gaf zittingen die wij niet kunnen lezen.", retry=True) from error

    def check(self) -> str | None:
        """None when the package answers, else one Dutch sentence."""
        try:
            self._send("GET", "", b"", key="check")
        except MinutesProblem as problem:
            return problem.reason
        return None

    def _send(self, method: str, path: str, body: bytes, *, key: str) -> Answer:
        headers = {
            "Authorization": f"Bearer {self._settings.key}",
            "Content-Type": "application/ld+json",
            "Accept": "application/ld+json, application/json",
            "Idempotency-Key": key,
        }
        try:
            answer = self._call(method, f"{self._settings.url.rstrip('/')}/{path}", content=body, headers=headers)
            refused(answer, _said(answer))
        except CallProblem as problem:
            raise MinutesProblem(f"Het notulenpakket {problem.reason}", retry=problem.retry) from problem
        return answer


def _said(answer: Answer) -> str:
    """What a problem document says, for the handler; the markup of an error page is nobody's reading."""
    if answer.status < 400 or "json" not in answer.content_type:
        return ""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return ""
    parts = [said.get("title"), said.get("detail")] if isinstance(said, dict) else []
    return " ".join(str(part) for part in parts if part)[:500]
