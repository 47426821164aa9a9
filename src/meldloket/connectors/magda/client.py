"""Asks MAGDA for a person, within the time that a form can wait, and never in the way of who reports: whatever goes
wrong, the form opens unprefilled (B1.3; specs/identity-and-registers 2)."""

from __future__ import annotations

import dataclasses
import logging
import ssl
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

import httpx
from lxml import etree

from meldloket.connectors.magda import answers, questions
from meldloket.connectors.magda.signing import MessageSigner
from meldloket.intake.ports import RegisterAnswer, WhyNot

logger = logging.getLogger("meldloket.magda")
_HEADERS = {"SOAPAction": '""', "Content-Type": "text/xml;charset=UTF-8", "Accept": "text/xml"}
_LARGEST = 2_000_000  # bytes; a real answer is some 20 kB
_PAUSE_OVERLOADED, _PAUSE_REFUSED, _PAUSE_SILENT = 60.0, 600.0, 30.0  # seconds
_SILENCES = 3  # calls without an answer in a row, after which we let it be for a while


class RegistrationStore(Protocol):
    """Until when we are registered for a person; the product keeps it beside their national number."""

    def get(self, insz: str) -> date | None: ...

    def set(self, insz: str, until: date) -> None: ...


@dataclass(frozen=True)
class MagdaSettings:
    """`person_url`, `registration_url`: one address per service. `sender`, `capacity`: as MAGDA gave them.
    `certificate_file`, `key_file`: PEM, for TLS and for the signature; empty: neither. `budget_seconds`: the whole look-up,
    registration included, never takes longer."""

    person_url: str
    registration_url: str
    sender: str
    capacity: str = ""
    certificate_file: str = ""
    key_file: str = ""
    signature: str = "rsa-sha256"
    budget_seconds: float = 2.0


class NoAnswer(Exception):
    """MAGDA did not answer in time, or not with an answer. `why`: a few words for the log."""


@dataclass
class _Pause:
    """When not to ask at all, and what to say meanwhile. Shared by the threads of a process."""

    until: float = 0.0
    why: WhyNot = WhyNot.UNAVAILABLE
    silences: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self, clock: float) -> WhyNot | None:
        with self.lock:
            return self.why if clock < self.until else None

    def start(self, why: WhyNot, until: float) -> None:
        with self.lock:
            self.why, self.until, self.silences = why, until, 0

    def silence(self) -> bool:
        """Counts a call without an answer; True when there were too many in a row."""
        with self.lock:
            self.silences += 1
            return self.silences >= _SILENCES

    def answered(self) -> None:
        with self.lock:
            self.silences = 0


class Magda:
    """The register of persons (`intake.ports.PersonRegister`). Safe to use from several threads."""

    def __init__(
        self,
        settings: MagdaSettings,
        registrations: RegistrationStore,
        *,
        clock: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Raises ValueError or OSError when the certificate or the algorithm can't be used."""
        self.settings, self._registrations, self._clock = settings, registrations, clock
        self._signer = None
        verify: ssl.SSLContext | bool = True
        if settings.certificate_file:
            self._signer = MessageSigner.from_files(settings.certificate_file, settings.key_file, settings.signature)
            verify = ssl.create_default_context()
            verify.load_cert_chain(settings.certificate_file, settings.key_file)
        self._client = httpx.Client(transport=transport, verify=verify, headers=_HEADERS, follow_redirects=False)
        self._pause = _Pause()

    def look_up(self, insz: str, *, actor_insz: str | None = None) -> RegisterAnswer:
        """Name and address of the person with this national number (11 digits). `actor_insz`: the national number of the
        human who asks for another. Never raises for a failure of the other side: `why_not` tells."""
        paused = self._pause.now(self._clock())
        if paused is not None:
            return RegisterAnswer(why_not=paused)
        reference, deadline = str(uuid.uuid4()), self._clock() + self.settings.budget_seconds
        sender = questions.Sender(self.settings.sender, self.settings.capacity, actor_insz)
        try:
            answer = self._ask(insz, sender, reference, deadline)
        except NoAnswer as problem:
            logger.warning("MAGDA gives no answer (%s), reference %s", problem, reference)
            if self._pause.silence():
                self._pause.start(WhyNot.UNAVAILABLE, self._clock() + _PAUSE_SILENT)
            return RegisterAnswer(why_not=WhyNot.UNAVAILABLE, reference=reference)
        self._learn(answer, reference)
        return dataclasses.replace(answer, fetched_at=datetime.now(UTC)) if answer.found else answer

    def check(self) -> str | None:
        """None when MAGDA answers us, else one Dutch sentence. Asks for a number that nobody can have."""
        answer = self.look_up("00000000097")
        if answer.why_not in (WhyNot.UNAVAILABLE, WhyNot.REFUSED):
            codes = f" ({', '.join(answer.codes)})" if answer.codes else ""
            refused = answer.why_not == WhyNot.REFUSED
            return f"MAGDA weigert ons{codes}." if refused else f"MAGDA antwoordt niet{codes}."
        return None

    def _ask(self, insz: str, sender: questions.Sender, reference: str, deadline: float) -> RegisterAnswer:
        """Asks; registers us for this person and asks once again when MAGDA wants that first (code 40003)."""
        known_until = self._registrations.get(insz)
        today = datetime.now(questions.BRUSSELS).date()
        renewed = known_until is not None and known_until < today
        if renewed:  # it has run out: MAGDA would only send us back
            self._register(insz, sender, deadline)
        answer = self._get_person(insz, sender, reference, deadline)
        if answers.NOT_REGISTERED in answer.codes and not answer.found and not renewed:
            self._register(insz, sender, deadline)
            answer = self._get_person(insz, sender, reference, deadline)
        return answer

    def _get_person(self, insz: str, sender: questions.Sender, reference: str, deadline: float) -> RegisterAnswer:
        question = questions.get_person(insz, sender, reference, datetime.now(UTC))
        return answers.person(self._call(self.settings.person_url, question, deadline), insz, reference)

    def _register(self, insz: str, sender: questions.Sender, deadline: float) -> None:
        question, until = questions.register(insz, sender, str(uuid.uuid4()), datetime.now(UTC))
        reply = self._call(self.settings.registration_url, question, deadline)
        if answers.registered(reply):
            self._registrations.set(insz, until)
        else:
            codes = ", ".join(one.code for one in answers.exceptions(reply)) or "without a code"
            logger.warning("MAGDA did not register us (%s)", codes)

    def _learn(self, answer: RegisterAnswer, reference: str) -> None:
        """Leaves MAGDA in peace after a refusal or when it is overloaded."""
        self._pause.answered()
        if answer.why_not == WhyNot.REFUSED:
            logger.error("MAGDA refuses us (%s), reference %s: check the settings", ", ".join(answer.codes), reference)
            self._pause.start(WhyNot.REFUSED, self._clock() + _PAUSE_REFUSED)
        elif answers.overloaded(answer):
            self._pause.start(WhyNot.UNAVAILABLE, self._clock() + _PAUSE_OVERLOADED)

    def _call(self, url: str, question: etree._Element, deadline: float) -> etree._Element:
        """The *Repliek* of the answer. Raises NoAnswer when time is up, the line breaks, or what comes is none."""
        content = self._signer.sign(question) if self._signer else etree.tostring(question, encoding="UTF-8")
        try:
            return answers.parse(self._post(url, content, deadline))
        except answers.Unreadable as problem:
            raise NoAnswer(problem.why) from problem
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(type(error).__name__) from error

    def _post(self, url: str, content: bytes, deadline: float) -> bytes:
        """Reads piece by piece, so that an answer that trickles in can't hold the form either."""
        left = deadline - self._clock()
        if left <= 0:
            raise NoAnswer("out of time")
        received = bytearray()
        with self._client.stream("POST", url, content=content, timeout=left) as response:
            if response.status_code != 200:
                raise NoAnswer(f"status {response.status_code}")
            for piece in response.iter_bytes():
                received += piece
                if len(received) > _LARGEST:
                    raise NoAnswer("an answer without end")
                if self._clock() > deadline:
                    raise NoAnswer("out of time")
        return bytes(received)
