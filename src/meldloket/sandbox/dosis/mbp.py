"""Mijn Burgerprofiel: what the citizen sees of what was uploaded. A person is chosen instead of logged in, and the
cookie holds the person's key, so that a national number never leaves the server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.dosis.checks import BRUSSELS, is_url, read_moment
from meldloket.sandbox.dosis.codes import CODES, PHASES, PRODUCTS
from meldloket.sandbox.dosis.ledger import Ledger, changed_at, needs_action
from meldloket.sandbox.pages import page

COOKIE = "mbp_persoon"
SHOWN = 25  # cases a list, until the reader asks for all
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DAYS = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]
_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


class Person(Protocol):
    """What the page needs of a test person."""

    @property
    def key(self) -> str: ...

    @property
    def insz(self) -> str | None: ...

    @property
    def first_names(self) -> Sequence[str]: ...

    @property
    def last_name(self) -> str: ...

    @property
    def story(self) -> str: ...


class Profile:
    """The pages under /mbp/."""

    def __init__(self, config: SandboxConfig, ledger: Ledger, people: Sequence[Person]) -> None:
        self.config, self.ledger = config, ledger
        self.people = {person.key: person for person in people if person.insz}  # nothing reaches who has no number

    def routes(self) -> list[Route]:
        return [
            Route("/mbp/", self.cases),
            Route("/mbp/notificaties/", self.notices),
            Route("/mbp/notificaties/gelezen", self.read, methods=["POST"]),
            Route("/mbp/aanmelden", self.log_in, methods=["POST"]),
            Route("/mbp/afmelden", self.log_out, methods=["POST"]),
        ]

    async def cases(self, request: Request) -> Response:
        """`GET /mbp/`: the cases of the chosen person, or the choice of a person. Query: `alles` (any text): no limit."""
        person = self._person(request)
        if person is None:
            return self._choice(request)
        cases = [_case(history) for history in self.ledger.cases_of(person.insz or "")]
        cases.sort(key=lambda case: (case["action"] is None, -case["moment"].timestamp()))
        return self._page(
            request,
            person,
            "mbp_cases.html",
            running=[case for case in cases if not case["ended"]],
            ended=[case for case in cases if case["ended"]],
            shown=None if request.query_params.get("alles") else SHOWN,
        )

    async def notices(self, request: Request) -> Response:
        """`GET /mbp/notificaties/`: what the bell holds."""
        person = self._person(request)
        if person is None:
            return RedirectResponse("/mbp/", 303)
        seen = self._seen(person)
        notices = [_notice(one, new=one["id"] not in seen) for one in self.ledger.inbox(person.insz or "")]
        return self._page(request, person, "mbp_notices.html", notices=notices)

    async def read(self, request: Request) -> Response:
        """`POST /mbp/notificaties/gelezen`: the bell is empty again."""
        person = self._person(request)
        if person is not None:
            ids = [one["id"] for one in self.ledger.inbox(person.insz or "")]
            self.ledger.store.put("read", person.key, ids)
        return RedirectResponse("/mbp/notificaties/", 303)

    async def log_in(self, request: Request) -> Response:
        """`POST /mbp/aanmelden`: field `persoon`, the key of a test person."""
        key = str((await request.form()).get("persoon", ""))
        answer = RedirectResponse("/mbp/", 303)
        if key in self.people:
            answer.set_cookie(COOKIE, key, path="/mbp/", httponly=True, samesite="lax")
        return answer

    async def log_out(self, request: Request) -> Response:
        """`POST /mbp/afmelden`."""
        answer = RedirectResponse("/mbp/", 303)
        answer.delete_cookie(COOKIE, path="/mbp/")
        return answer

    def _person(self, request: Request) -> Person | None:
        return self.people.get(request.cookies.get(COOKIE, ""))

    def _seen(self, person: Person) -> set[str]:
        return set(self.ledger.store.get("read", person.key) or [])

    def _choice(self, request: Request) -> Response:
        people: list[dict[str, Any]] = [
            {"person": person, "name": full_name(person), "count": len(self.ledger.cases_of(person.insz or ""))}
            for person in self.people.values()
        ]
        people.sort(key=lambda one: -one["count"])
        return _answer(request, "mbp_choice.html", config=self.config, people=people)

    def _page(self, request: Request, person: Person, template: str, **context: Any) -> Response:
        seen = self._seen(person)
        unread = sum(one["id"] not in seen for one in self.ledger.inbox(person.insz or ""))
        name = full_name(person)
        return _answer(request, template, config=self.config, name=name, unread=unread, phases=PHASES, **context)


def _answer(request: Request, template: str, **context: Any) -> Response:
    answer = page(request, template, **context)
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def full_name(person: Person) -> str:
    """First of the first names, and the last name."""
    return f"{person.first_names[0]} {person.last_name}"


def _case(history: list[dict[str, Any]]) -> dict[str, Any]:
    """A case for the template: its current snapshot on top, the earlier ones newest first."""
    upload = history[-1]
    body, number = upload["body"], upload["body"]["Producten"][0]["Id"]
    shown = _snapshot(upload)
    return {
        **shown,
        "title": body["Naam"],
        "number": upload["number"],
        "product": PRODUCTS.get(number, f"product {number}"),
        "link": body.get("Doorverwijzing"),
        "manager": body.get("DossierBeheerder") or {},
        "history": [_snapshot(one) for one in reversed(history)],
    }


def _snapshot(upload: dict[str, Any]) -> dict[str, Any]:
    status = upload["body"].get("Status") or {}
    phase = status.get("VlaamsFase", "")
    moment = changed_at(upload).astimezone(BRUSSELS)
    return {
        "status": CODES.get(status.get("VlaamsCode", ""), "Geen status"),
        "phase": PHASES.get(phase, ""),
        "phase_key": phase,
        "ended": phase == "Afgerond",
        "details": [status[name] for name in ("Detail1", "Detail2") if status.get(name)],
        "action": (status.get("Actie") or {}).get("Actie") if needs_action(upload) else None,
        "moment": moment,
        "when": in_words(moment),
    }


def _notice(bundle: dict[str, Any], *, new: bool) -> dict[str, Any]:
    values = bundle["values"]
    moment = (read_moment(bundle["date"]) or datetime.fromisoformat(bundle["visible_at"])).astimezone(BRUSSELS)
    link = values.get("DocumentLinkUri", "")
    return {
        "new": new,
        "title": values.get("DossierNaam") or f"Dossier {values['DossierNummer']}",
        "status": CODES[values["StatusVlaamseCode"]],
        "phase": PHASES[values["StatusVlaamseFase"]],
        "text": values.get("StatusDetail1", ""),
        "action": values.get("Actie"),
        "sender": values.get("MerkNaam") or values.get("DossierBeheerderNaam") or bundle["brand"].capitalize(),
        "link": link if is_url(link, ("https", "http")) else "",
        "label": values.get("ExterneLinkNaam") or "Naar mijn dossier",
        "moment": moment,
        "when": in_words(moment),
    }


def in_words(moment: datetime) -> str:
    """E.g. "maandag 23 november 2026 om 14.05 uur"."""
    day = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    return f"{day} om {moment:%H.%M} uur"
