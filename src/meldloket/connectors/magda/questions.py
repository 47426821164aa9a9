"""The two questions that we put to MAGDA, as SOAP envelopes (specs/identity-and-registers 2.3 and 2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
GET_PERSON = "http://magda.vlaanderen.be/persoon/soap/geefpersoon/v02_02"
REGISTER = "http://webservice.registreerinschrijvingdienst-02_01.repertorium-02_01.vip.vlaanderen.be"
BRUSSELS = ZoneInfo("Europe/Brussels")
#: How long we stay registered for a person: a report's prefill and its first weeks, no longer than needed.
REGISTERED_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Sender:
    """Who asks: our URI, the capacity (*hoedanigheid*, may be empty) and the national number of the human who asks for
    somebody else (None: the citizens themselves)."""

    uri: str
    capacity: str = ""
    user: str | None = None


def get_person(insz: str, sender: Sender, reference: str, moment: datetime) -> etree._Element:
    """GeefPersoon 02.02 for one person of the national register. `moment`: aware; the message has it in Brussels time."""
    request, question = _request(GET_PERSON, "GeefPersoon", "02.02.0000", sender, reference, moment)
    _add(_add(question, "Criteria"), "INSZ", insz)
    _add(question, "Bron", "RR")
    _add(question, "Taal", "nl")
    return request


def register(insz: str, sender: Sender, reference: str, moment: datetime) -> tuple[etree._Element, date]:
    """RegistreerInschrijving 02.01 for one person, and the day until which we are registered. The schema wants the
    capacity, so it stands there even when it is empty."""
    begin = moment.astimezone(BRUSSELS).date()
    until = begin + REGISTERED_FOR
    request, question = _request(REGISTER, "RegistreerInschrijving", "02.01.0000", sender, reference, moment)
    entry = _add(question, "Inschrijving")
    _add(entry, "Identificatie", sender.uri)
    _add(entry, "Hoedanigheid", sender.capacity)
    subject = _add(entry, "BetrokkenSubject")
    _add(subject, "Type", "PERS")
    one = _add(_add(subject, "Subjecten"), "Subject")
    _add(one, "Type", "PERS")
    _add(one, "Sleutel", insz)
    period = _add(entry, "Periode")
    _add(period, "Begin", begin.isoformat())
    _add(period, "Einde", until.isoformat())
    return request, until


def _request(
    namespace: str, name: str, version: str, sender: Sender, reference: str, moment: datetime
) -> tuple[etree._Element, etree._Element]:
    """The envelope with everything that both questions share, and the element that takes the question itself."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP})
    _add(envelope, f"{{{SOAP}}}Header")
    # A prefix, not a default namespace: the children have no namespace at all.
    service = etree.SubElement(_add(envelope, f"{{{SOAP}}}Body"), f"{{{namespace}}}{name}", nsmap={"web": namespace})
    question = _add(service, "Verzoek")
    context = _add(question, "Context")
    _add(context, "Naam", name)
    _add(context, "Versie", version)
    message = _add(context, "Bericht")
    _add(message, "Type", "VRAAG")
    when, at = moment.astimezone(BRUSSELS), _add(message, "Tijdstip")
    _add(at, "Datum", f"{when:%Y-%m-%d}")
    _add(at, "Tijd", f"{when:%H:%M:%S}.000")  # some services refuse a time without milliseconds, or with other ones
    origin = _add(message, "Afzender")
    _add(origin, "Identificatie", sender.uri)
    _add(origin, "Referte", reference)
    if sender.capacity:
        _add(origin, "Hoedanigheid", sender.capacity)
    if sender.user:
        _add(origin, "Gebruiker", sender.user)
    asked = _add(_add(question, "Vragen"), "Vraag")
    _add(asked, "Referte", reference)
    return envelope, _add(asked, "Inhoud")


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, name)
    child.text = text
    return child
