"""A minutes package as the secretariat of a municipality uses it: items come in over the exchange, people put them on an
agenda, decide, sign with test certificates, and hand the decision back through the product's own API."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import tempfile
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import MINUTES_CLIENT, MINUTES_KEY, MINUTES_SECRET, SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.pages import page, static_mount
from meldloket.sandbox.store import Store

from . import signing

OUTCOMES = {
    "goedgekeurd": "Goedgekeurd",
    "gedeeltelijk_goedgekeurd": "Gedeeltelijk goedgekeurd",
    "niet_goedgekeurd": "Niet goedgekeurd",
}
STATES = {
    "concept": "Concept",
    "geagendeerd": "Geagendeerd",
    "uitgesteld": "Uitgesteld",
    "behandeld": "Behandeld",
    "ingetrokken": "Ingetrokken",
    "teruggegeven": "Teruggegeven",
}
BODIES = {"college": "College van burgemeester en schepenen", "council": "Gemeenteraad"}
#: Who sits in the body: made up.
MEMBERS = ("Griet Vandamme", signing.ALDERMAN, "Johan Buyse", "Mieke Desmet", "Wim Claerhout")
SIGNERS = {"schepen": signing.ALDERMAN, "algemeen_directeur": signing.DIRECTOR}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _problem(status: int, title: str, detail: str = "") -> JSONResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type="application/problem+json")


class Minutes:
    """The items of the agenda, and what the secretariat does with them."""

    def __init__(self, config: SandboxConfig, store: Store, faults: FaultSwitches) -> None:
        self.config, self.store, self.faults = config, store, faults
        self.http = httpx.AsyncClient(timeout=20.0)
        folder = config.data_dir / "minutes" if config.data_dir else Path(tempfile.mkdtemp(prefix="meldloket-minutes-"))
        self.authority = signing.kept_authority(folder)

    async def take(self, request: Request) -> Response:
        """`POST /agendapunten`: a new item, or a new version of one; the same version again is the same answer."""
        if request.headers.get("authorization") != f"Bearer {MINUTES_KEY}":
            return _problem(401, "Onbekende sleutel")
        try:
            item = json.loads(await request.body())
            key, version = str(uuid.UUID(item["voorstel"])), int(item["versie"])
        except (ValueError, KeyError, TypeError):
            return _problem(400, "Dit is geen agendapunt", "voorstel en versie ontbreken")
        if not item.get("titel") or not item.get("artikels"):
            return _problem(422, "Het agendapunt is niet volledig", "Een titel en minstens één artikel zijn nodig.")
        if wrong := await self._attachments(item):
            return _problem(422, "Een bijlage klopt niet", wrong)
        if self.faults.take_special("refuse_item"):
            return _problem(422, "Het agendapunt is geweigerd", "De bevoegdheid verwijst niet naar het decreet.")
        known = self.store.get("items", key)
        if known is None or known["versie"] != version:
            number = known["referentie"] if known else f"AP-{sum(1 for _ in self.store.items('items')) + 101}"
            row = {**item, "versie": version, "referentie": number, "status": "concept", "log": [], "besluit": None}
            self.store.put("items", key, row)
        else:
            number = known["referentie"]
        if self.faults.take_special("answer_lost"):
            return _problem(500, "Het antwoord ging verloren")
        body = {"@id": f"{self.config.url('minutes')}/#{number}", "referentie": number, "status": "concept"}
        return JSONResponse(body, 201, media_type="application/ld+json")

    async def _attachments(self, item: dict[str, Any]) -> str:
        """What is wrong with the attachments: each must have the digest that was said, inside or behind its link. Keeps
        only what they are."""
        for one in item.get("bijlagen", []):
            if "inhoud" in one:
                content = base64.b64decode(one.pop("inhoud"))
            else:
                token = await self._token()
                answer = await self.http.get(one["link"], headers={"Authorization": f"Bearer {token}"})
                content = answer.content if answer.status_code == 200 else b""
            if hashlib.sha256(content).hexdigest() != one["sha256"]:
                return f"{one['naam']} heeft een andere inhoud dan verwacht."
        return ""

    async def meetings(self, request: Request) -> Response:
        """`GET /zittingen`: the college meets every Monday, the council on the last Thursday of the month."""
        if request.headers.get("authorization") != f"Bearer {MINUTES_KEY}":
            return _problem(401, "Onbekende sleutel")
        return JSONResponse({"zittingen": [_planned(body, day) for body, day in _days(date.today())]})

    async def withdraw(self, request: Request) -> Response:
        """`POST /agendapunten/{key}/intrekken`: the municipality takes it back."""
        if request.headers.get("authorization") != f"Bearer {MINUTES_KEY}":
            return _problem(401, "Onbekende sleutel")
        row = self.store.get("items", request.path_params["key"])
        if row is None:
            return _problem(404, "Onbekend agendapunt")
        self.store.put("items", request.path_params["key"], {**row, "status": "ingetrokken"})
        return JSONResponse({"referentie": row["referentie"], "status": "ingetrokken"})

    async def overview(self, request: Request) -> Response:
        rows = [{"key": key, **row} for key, row in self.store.items("items")]
        answer = page(
            request,
            "minutes.html",
            config=self.config,
            rows=list(reversed(rows)),
            outcomes=OUTCOMES,
            states=STATES,
            bodies=BODIES,
            signers=SIGNERS,
            today=date.today().isoformat(),
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    async def act(self, request: Request) -> Response:
        """What a person of the secretariat does on the page."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        key = request.path_params["key"]
        row = self.store.get("items", key)
        if row is None:
            return _problem(404, "Onbekend agendapunt")
        what = form.get("actie", "")
        if what in ("geagendeerd", "uitgesteld", "behandeld", "teruggegeven"):
            await self._agenda(key, row, what, form)
        elif what == "beslissen" and form.get("uitkomst") in OUTCOMES:
            row["status"], row["zitting"] = "behandeld", row.get("zitting") or date.today().isoformat()
            row["besluit"] = await run_in_threadpool(self._decide, row, form)
        elif what in SIGNERS and row["besluit"]:
            row["besluit"] = await run_in_threadpool(self._sign, row["besluit"], SIGNERS[what])
            row["log"].append(_line(f"Ondertekend door {SIGNERS[what]}", ""))
        elif what == "overmaken" and row["besluit"]:
            await self._hand_back(key, row)
        elif what == "publiceren" and row["besluit"]:
            row["publicatie"] = {
                "datum": date.today().isoformat(),
                "url": f"{self.config.url('minutes')}/besluiten/{row['besluit']['nummer']}",
            }
            await self._hand_back(key, row)
        self.store.put("items", key, row)
        return RedirectResponse(f"/#{row['referentie']}", 303)

    async def _agenda(self, key: str, row: dict[str, Any], what: str, form: dict[str, str]) -> None:
        row["status"] = what
        body: dict[str, Any] = {"status": "ingetrokken" if what == "teruggegeven" else what, "reden": form.get("reden", "")}
        if what == "geagendeerd":
            row["zitting"] = form.get("zitting") or date.today().isoformat()
            body["zitting"] = row["zitting"]
        body["tijdstip"] = datetime.now(UTC).isoformat()
        if self.faults.take_special("out_of_order"):
            later = {"status": "uitgesteld", "reden": "De schepen is ziek.", "tijdstip": body["tijdstip"]}
            body["tijdstip"] = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
            row["status"] = "uitgesteld"
            row["log"].append(_line("Uitgesteld", await self._call("POST", f"agendapunten/{key}/status", later)))
        said = await self._call("POST", f"agendapunten/{key}/status", body)
        row["log"].append(_line(STATES[what], said))

    def _decide(self, row: dict[str, Any], form: dict[str, str]) -> dict[str, Any]:
        number = f"2026-CBS-{int(row['referentie'].rpartition('-')[2]):04d}"
        lines = [f"Zitting van {row['zitting']}: {BODIES[row['bestuursorgaan']]}", "", f"Besluit {number}"]
        lines += [f"Artikel {one['nummer']}. {one['tekst']}" for one in row["artikels"]]
        lines += ["", f"Uitkomst: {OUTCOMES[form['uitkomst']]}", form.get("motivering", "")]
        document = signing.page(row["titel"], lines)
        return {
            "uitkomst": form["uitkomst"],
            "nummer": number,
            "motivering": form.get("motivering", "")[:5000],
            "document": base64.b64encode(document).decode(),
            "ondertekenaars": [],
        }

    def _sign(self, decision: dict[str, Any], name: str) -> dict[str, Any]:
        document = signing.sign(base64.b64decode(decision["document"]), name, by=self.authority)
        role = next(role for role, one in SIGNERS.items() if one == name)
        signed = {"naam": name, "rol": role, "tijdstip": datetime.now(UTC).isoformat(timespec="seconds")}
        return {
            **decision,
            "document": base64.b64encode(document).decode(),
            "ondertekenaars": [*decision["ondertekenaars"], signed],
        }

    async def _hand_back(self, key: str, row: dict[str, Any]) -> None:
        decision = row["besluit"]
        document = base64.b64decode(decision["document"])
        if self.faults.take_special("broken_signature"):
            document = document.replace(b"Besluit", b"Bezluit", 1)
        if self.faults.take_special("one_signature"):
            document = await run_in_threadpool(
                signing.sign, signing.page(row["titel"], ["Eén handtekening."]), signing.ALDERMAN, by=self.authority
            )
        if self.faults.take_special("unsigned"):
            document = signing.page(row["titel"], ["Zonder handtekening."])
        body = {
            "@id": f"{self.config.url('minutes')}/besluiten/{decision['nummer']}",
            "@type": "Besluit",
            "uitkomst": decision["uitkomst"],
            "nummer": decision["nummer"],
            "motivering": decision["motivering"],
            "artikels": row["artikels"],
            "titel": row["titel"],
            "zitting": _sitting(row),
            "stemming": {
                "voor": len(MEMBERS),
                "tegen": 0,
                "onthouding": 0,
                "geheim": False,
                "stemmers": list(MEMBERS),
                "voorstanders": list(MEMBERS),
            },
            "inwerkingtreding": row["zitting"],
            "ondertekenaars": decision["ondertekenaars"],
            "document": {
                "inhoud": base64.b64encode(document).decode(),
                "sha256": hashlib.sha256(document).hexdigest(),
            },
        }
        if "publicatie" in row:
            body["publicatie"] = row["publicatie"]
        target = str(uuid.uuid4()) if self.faults.take_special("wrong_proposal") else key
        for _ in range(2 if self.faults.take_special("twice") else 1):
            row["log"].append(_line("Overgemaakt", await self._call("PUT", f"besluiten/{target}", body)))

    async def _call(self, method: str, path: str, body: dict[str, Any]) -> str:
        """A call to the product with a fresh token. Gives what it answered, in a few words."""
        api = f"{self.config.product_url}/api/v1"
        try:
            headers = {"Authorization": f"Bearer {await self._token()}", "Content-Type": "application/ld+json"}
            answer = await self.http.request(method, f"{api}/{path}", content=json.dumps(body), headers=headers)
        except (httpx.HTTPError, ValueError) as error:
            return type(error).__name__
        return f"{answer.status_code} {answer.text[:200]}"

    async def _token(self) -> str:
        form = {"grant_type": "client_credentials", "client_id": MINUTES_CLIENT, "client_secret": MINUTES_SECRET}
        answer = await self.http.post(f"{self.config.product_url}/api/v1/token", data=form)
        return str(answer.json().get("access_token", ""))

    async def published(self, request: Request) -> Response:
        """A decision as the package itself publishes it."""
        number = request.path_params["number"]
        rows = [row for _, row in self.store.items("items") if row.get("publicatie") and row["besluit"]["nummer"] == number]
        if not rows:
            return _problem(404, "Dit besluit is niet gepubliceerd")
        return PlainTextResponse("\n\n".join([rows[0]["titel"], *(one["tekst"] for one in rows[0]["artikels"])]))

    async def state(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.store.clear()
        return JSONResponse({"items": [{"key": key, **row} for key, row in self.store.items("items")]})


def _days(today: date) -> list[tuple[str, date]]:
    """The meetings of the next thirteen weeks."""
    days = [today + timedelta(days=one) for one in range(1, 92)]
    college = [("college", day) for day in days if day.weekday() == 0]
    council = [("council", day) for day in days if day.weekday() == 3 and (day + timedelta(days=7)).month != day.month]
    return sorted([*college, *council], key=lambda one: one[1])


def _planned(body: str, day: date) -> dict[str, Any]:
    """A coming meeting: the agenda of the college closes four days before, that of the council ten."""
    closes = day - timedelta(days=4 if body == "college" else 10)
    moment = datetime(closes.year, closes.month, closes.day, 12, 0, tzinfo=ZoneInfo("Europe/Brussels"))
    return {"@id": f"zitting:{body}:{day}", "bestuursorgaan": body, "datum": day.isoformat(), "sluit": moment.isoformat()}


def _sitting(row: dict[str, Any]) -> dict[str, Any]:
    """The meeting of this item: from two to half past four in the town hall."""
    day = date.fromisoformat(row["zitting"])
    begin = datetime(day.year, day.month, day.day, 14, 0, tzinfo=ZoneInfo("Europe/Brussels"))
    return {
        "datum": row["zitting"],
        "bestuursorgaan": row["bestuursorgaan"],
        "geplandeStart": begin.isoformat(),
        "start": begin.isoformat(),
        "einde": (begin + timedelta(hours=2, minutes=30)).isoformat(),
        "plaats": "Gemeentehuis, Marktplein 1",
        "voorzitter": MEMBERS[0],
        "secretaris": signing.DIRECTOR,
        "aanwezigen": list(MEMBERS),
        "openbaar": bool(row.get("geplandOpenbaar", True)),
    }


def _line(what: str, said: str) -> dict[str, str]:
    return {"at": datetime.now(UTC).isoformat(), "what": what, "said": said}


def create_app(config: SandboxConfig) -> Starlette:
    """The minutes package as an application of its own; `app.state` holds `store`, `faults` and `authority`."""
    store, faults = Store(config.store_path("minutes")), FaultSwitches()
    minutes = Minutes(config, store, faults)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with minutes.http:
            yield
        store.close()

    app = Starlette(
        routes=[
            Route("/", minutes.overview),
            Route("/punten/{key}", minutes.act, methods=["POST"]),
            Route("/agendapunten", minutes.take, methods=["POST"]),
            Route("/agendapunten/{key}/intrekken", minutes.withdraw, methods=["POST"]),
            Route("/zittingen", minutes.meetings),
            Route("/besluiten/{number}", minutes.published),
            Route("/_double/state", minutes.state, methods=["GET", "DELETE"]),
            static_mount(),
        ],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
        lifespan=lifespan,
    )
    app.state.store, app.state.faults, app.state.authority = store, faults, minutes.authority
    return app
