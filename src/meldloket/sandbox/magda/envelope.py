"""Reads questions and writes answers in the structure of MAGDA's own messages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from meldloket.sandbox.magda.register import Said

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
BRUSSELS = ZoneInfo("Europe/Brussels")
_TIME = re.compile(r"^[0-2]\d:[0-5]\d(:[0-5]\d(\.\d{3})?)?$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_INSZ = re.compile(r"^\d{11}$")


class Wrong(Exception):
    """A question that does not follow the schema; `where` is the path of what is wrong."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True)
class Question:
    """What every question holds. `content` is its *Inhoud*, `element` the whole of it."""

    service: str
    version: str
    namespace: str
    sender: str
    reference: str
    capacity: str
    user: str
    asked: str
    content: etree._Element
    element: etree._Element


def parse(body: bytes) -> Question:
    """What the question says, leniently: `check` tells what is wrong with it. Raises ValueError for what is no SOAP
    message."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("no XML") from error
    service = root.find(f"{{{SOAP}}}Body/*")
    if service is None:
        raise ValueError("no SOAP body")
    origin = "Verzoek/Context/Bericht/Afzender/"
    content = service.find("Verzoek/Vragen/Vraag/Inhoud")
    return Question(
        service=etree.QName(service).localname,
        version=text(service, "Verzoek/Context/Versie"),
        namespace=etree.QName(service).namespace or "",
        sender=text(service, f"{origin}Identificatie"),
        reference=text(service, f"{origin}Referte"),
        capacity=text(service, f"{origin}Hoedanigheid"),
        user=text(service, f"{origin}Gebruiker"),
        asked=text(service, "Verzoek/Vragen/Vraag/Referte"),
        content=etree.Element("Inhoud") if content is None else content,
        element=service,
    )


def check(question: Question) -> None:
    """Raises Wrong for the first thing that the schema of the question's frame does not allow."""
    one = question.element
    if len(one.findall("Verzoek/Vragen/Vraag")) != 1:
        raise Wrong("Vragen/Vraag")
    if one.find("Verzoek/Vragen/Vraag/Inhoud") is None:
        raise Wrong("Vraag/Inhoud")
    moment = "Verzoek/Context/Bericht/Tijdstip/"
    checks = (
        ("Bericht/Type", text(one, "Verzoek/Context/Bericht/Type") == "VRAAG"),
        ("Tijdstip/Datum", _DATE.match(text(one, f"{moment}Datum"))),
        ("Tijdstip/Tijd", _TIME.match(text(one, f"{moment}Tijd"))),
        ("Afzender/Identificatie", 1 <= len(question.sender) <= 120),
        ("Afzender/Referte", 1 <= len(question.reference) <= 36),
        ("Afzender/Hoedanigheid", len(question.capacity) <= 24),
        ("Afzender/Gebruiker", not question.user or _INSZ.match(question.user)),
        ("Vraag/Referte", 1 <= len(question.asked) <= 36),
    )
    for where, good in checks:
        if not good:
            raise Wrong(where)


def text(element: etree._Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def insz(element: etree._Element, path: str) -> str:
    """A national number at this path. Raises Wrong when it has no eleven digits."""
    found = text(element, path)
    if not _INSZ.match(found):
        raise Wrong(path)
    return found


def answer(question: Question, now: datetime, content: etree._Element | None, said: Iterable[Said]) -> bytes:
    """The whole answer: `content` is put in *Inhoud* (None: there is none), every exception at its level."""
    exceptions = list(said)
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP})
    name = f"{{{question.namespace}}}{question.service}Response"
    response = etree.SubElement(add(envelope, f"{{{SOAP}}}Body"), name, nsmap={"web": question.namespace})
    reply = add(response, "Repliek")
    _context(reply, question, now)
    about_call = [one for one in exceptions if one.level == 2]
    if about_call:
        _exceptions(reply, about_call, now)
    else:
        one = add(add(reply, "Antwoorden"), "Antwoord")
        add(one, "Referte", question.asked)
        if content is not None:
            one.append(content)
        if exceptions:
            _exceptions(one, exceptions, now)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def fault(code: str, words: str) -> bytes:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP})
    problem = add(add(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    add(problem, "faultcode", code)
    add(problem, "faultstring", words)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def add(parent: etree._Element, name: str, words: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, name, attributes)
    child.text = words
    return child


def _context(reply: etree._Element, question: Question, now: datetime) -> None:
    context = add(reply, "Context")
    add(context, "Naam", question.service)
    add(context, "Versie", question.version)
    message = add(context, "Bericht")
    add(message, "Type", "ANTWOORD")
    _moment(message, now)
    sender = add(message, "Afzender")
    add(sender, "Identificatie", "magda.lindekerke.example")
    add(sender, "Naam", "Nagebouwde MAGDA")
    add(sender, "Referte", str(uuid.uuid4()))
    receiver = add(message, "Ontvanger")
    add(receiver, "Identificatie", question.sender)
    add(receiver, "Referte", question.reference)
    if question.capacity:
        add(receiver, "Hoedanigheid", question.capacity)
    if question.user:
        add(receiver, "Gebruiker", question.user)


def _moment(parent: etree._Element, now: datetime) -> None:
    at, local = add(parent, "Tijdstip"), now.astimezone(BRUSSELS)
    add(at, "Datum", f"{local:%Y-%m-%d}")
    add(at, "Tijd", f"{local:%H:%M:%S}.{local.microsecond // 1000:03d}")


def _exceptions(parent: etree._Element, exceptions: list[Said], now: datetime) -> None:
    everything = add(parent, "Uitzonderingen")
    for one in exceptions:
        element = add(everything, "Uitzondering")
        add(element, "Identificatie", one.code)
        add(element, "Oorsprong", one.origin)
        add(element, "Type", one.kind)
        _moment(element, now)
        add(element, "Diagnose", one.text)
        if one.node:
            note = add(add(element, "Annotaties"), "Annotatie")
            add(note, "Naam", "Node")
            add(note, "Waarde", one.node)
