"""The services over HTTP: the common address, the former one per service, and a page that says who is known."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.faults import FaultMiddleware, FaultSwitches
from meldloket.sandbox.magda import envelope, people
from meldloket.sandbox.magda.envelope import BRUSSELS, Question, Wrong
from meldloket.sandbox.magda.register import NOT_REGISTERED, NOTHING_FOUND, Said, find
from meldloket.sandbox.pages import page, static_mount
from meldloket.sandbox.persons import CITIZENS
from meldloket.sandbox.store import Store

PATHS = (
    "/api/Magda-02.00/soap/WebService",
    "/Magda-02.00/soap/WebService",
    "/GeefPersoonDienst-02.02/soap/WebService",
    "/RegistreerInschrijvingDienst-02.01/soap/WebService",
)
SERVICES = {
    ("GeefPersoon", "02.02.0000"): "http://magda.vlaanderen.be/persoon/soap/geefpersoon/v02_02",
    ("RegistreerInschrijving", "02.01.0000"): (
        "http://webservice.registreerinschrijvingdienst-02_01.repertorium-02_01.vip.vlaanderen.be"
    ),
}
_BUSY = Said("99996", "FOUT", "De bron heeft het te druk, probeer later opnieuw", "MAGDA", level=2)
_NOT_ALLOWED = Said("40006", "FOUT", "Er is geen toelating voor deze vraag", "MAGDA", level=2)
_SOURCE_SILENT = Said("60007", "FOUT", "De bron gaf geen antwoord", "RR")


def _now() -> datetime:
    return datetime.now(UTC)


class Services:
    """GeefPersoon and RegistreerInschrijving over one memory of registrations."""

    def __init__(self, store: Store, faults: FaultSwitches, clock: Callable[[], datetime]) -> None:
        self.store, self.faults, self.clock = store, faults, clock

    async def handle(self, request: Request) -> Response:
        """One question, one answer. An unknown service is a 404, a broken one an exception 50000 about the call."""
        body = await request.body()
        if self.faults.take_special("fault_err_025"):
            words = "ERR_025: Verification Failure, de handtekening van het bericht klopt niet"
            return _xml(envelope.fault("Server", words), 200)
        if self.faults.take_special("cut_off"):
            return Response(b"<soapenv:Envelope xmlns:soapenv='", 200, {"Content-Length": "9000"}, "text/xml")
        try:
            question = envelope.parse(body)
        except ValueError:
            return _xml(envelope.fault("Client", "Dit is geen SOAP-bericht"), 500)
        if SERVICES.get((question.service, question.version)) != question.namespace:
            return PlainTextResponse("Deze dienst bestaat hier niet", 404)
        return _xml(self._answer(question), 200)

    def _answer(self, question: Question) -> bytes:
        trouble = self._trouble()
        if trouble is not None:
            return envelope.answer(question, self.clock(), None, [trouble])
        try:
            envelope.check(question)
            content, exceptions = self._person(question) if question.service == "GeefPersoon" else self._register(question)
        except Wrong as wrong:
            content, exceptions = None, [Said("50000", "FOUT", f"{wrong.where} voldoet niet aan het schema", "MAGDA", 2)]
        return envelope.answer(question, self.clock(), content, exceptions)

    def _trouble(self) -> Said | None:
        """An own fault that answers in the place of the register."""
        if self.faults.take_special("busy_99996"):
            return _BUSY
        if self.faults.take_special("auth_40006"):
            return _NOT_ALLOWED
        return _SOURCE_SILENT if self.faults.take_special("source_60007") else None

    def _person(self, question: Question) -> tuple[envelope.etree._Element | None, list[Said]]:
        number = envelope.insz(question.content, "Criteria/INSZ")
        if envelope.text(question.content, "Bron") not in ("RR", "KSZ"):
            raise Wrong("Bron")
        today = self.clock().astimezone(BRUSSELS).date().isoformat()
        known = self.store.get("registrations", f"{question.sender} {number}")
        found = find(number)
        if found is None:
            return None, [NOTHING_FOUND]
        if not known or known["until"] < today:
            return None, [NOT_REGISTERED]
        citizen, entry = found
        if any(one.kind == "FOUT" for one in entry.said):
            return None, list(entry.said)
        return people.content(citizen, entry), list(entry.said)

    def _register(self, question: Question) -> tuple[envelope.etree._Element | None, list[Said]]:
        entry = question.content.find("Inschrijving")
        if entry is None:
            raise Wrong("Inschrijving")
        number = envelope.insz(entry, "BetrokkenSubject/Subjecten/Subject/Sleutel")
        if (envelope.text(entry, "Identificatie"), envelope.text(entry, "Hoedanigheid")) != (
            question.sender,
            question.capacity,
        ):
            return None, [Said("20005", "FOUT", "Afzender van de inschrijving en van het bericht verschillen", "MAGDA")]
        begin = envelope.text(entry, "Periode/Begin")
        until = envelope.text(entry, "Periode/Einde") or (date.today() + timedelta(days=365)).isoformat()
        if begin > until:
            return None, [Said("20003", "FOUT", "Het begin ligt na het einde", "MAGDA")]
        done = envelope.etree.Element("Inhoud")
        if self.faults.take_special("resultaat_0"):
            envelope.add(done, "Resultaat", "0", Beschrijving="Niet geslaagd")
            return done, []
        key = f"{question.sender} {number}"
        existed = self.store.get("registrations", key) is not None
        self.store.put("registrations", key, {"until": until})
        envelope.add(done, "Resultaat", "1", Beschrijving="Wel geslaagd")
        return done, [Said("40143", "WAARSCHUWING", "Deze inschrijving bestond al", "MAGDA")] if existed else []


def _xml(content: bytes, status: int) -> Response:
    return Response(content, status, media_type="text/xml;charset=UTF-8")


def create_app(config: SandboxConfig, clock: Callable[[], datetime] = _now) -> Starlette:
    """The double's web application; `app.state` holds `store` and `faults`."""
    store, faults = Store(config.store_path("magda")), FaultSwitches()
    services = Services(store, faults, clock)

    async def people_page(request: Request) -> Response:
        known = [(one, find(one.insz)) for one in CITIZENS if one.insz]
        return page(request, "magda.html", config=config, people=[(one, found[1]) for one, found in known if found])

    async def registrations(request: Request) -> Response:
        """`GET /_double/registrations`: how many; `DELETE` forgets them."""
        if request.method == "DELETE":
            for key, _ in list(store.items("registrations")):
                store.delete("registrations", key)
        return JSONResponse({"count": sum(1 for _ in store.items("registrations"))})

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        store.close()

    app = Starlette(
        routes=[
            *(Route(path, services.handle, methods=["POST"]) for path in PATHS),
            Route("/_double/registrations", registrations, methods=["GET", "DELETE"]),
            Route("/personen/", people_page),
            Route("/", lambda request: RedirectResponse("/personen/")),
            static_mount(),
        ],
        middleware=[Middleware(FaultMiddleware, switches=faults)],
        lifespan=lifespan,
    )
    app.state.store, app.state.faults = store, faults
    return app
