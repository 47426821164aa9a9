"""What can go wrong in the outside world, in the words of the control page. The list of every double's own faults is
checked against the doubles by a test (tests/contracts/test_sandbox_run.py)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Switch:
    """One way to fail. `key`: a mode, or `special:<name>` for a double's own fault. `seconds`: how long, if it waits."""

    key: str
    label: str
    seconds: float | None = None

    def body(self, path: str, count: int | None) -> dict[str, Any]:
        """The switch as `PUT /_double/faults` wants it. `path` limits a general fault; `count` None: until cleared."""
        mode, _, special = self.key.partition(":")
        seconds = {"seconds": self.seconds} if self.seconds is not None else {}
        limits = {"special": special} if special else {"path": path}
        return {"mode": mode, "count": count, **limits, **seconds}


GENERAL = (
    Switch("slow", "Traag (5 s)", 5.0),
    Switch("error", "Fout 500"),
    Switch("timeout", "Geen antwoord"),
    Switch("malformed", "Onleesbaar antwoord"),
    Switch("refuse", "Weigeren (403)"),
)


@dataclass(frozen=True)
class Double:
    """One double on the control page. `calls`: the addresses that a general fault hits, so that its pages go on."""

    name: str
    label: str
    about: str
    calls: str = ""
    specials: tuple[Switch, ...] = field(default=())

    def switch(self, key: str) -> Switch | None:
        return next((one for one in (*GENERAL, *self.specials) if one.key == key), None)


DOUBLES = (
    Double(
        "acmidm",
        "ACM/IDM",
        "Aanmelden van burgers en medewerkers",
        "/op/",
        (
            Switch("special:token_error", "Fout 500 bij het inwisselen van de code"),
            Switch("special:key_rotation", "Nieuwe sleutel"),
            Switch("special:wrong_nonce", "Verkeerde nonce"),
            Switch("special:expired_token", "Vervallen aanmelding"),
            Switch("special:clock_off", "Klok tien minuten voor"),
        ),
    ),
    Double(
        "magda",
        "MAGDA",
        "Persoonsgegevens uit het Rijksregister",
        "/api/",
        (
            Switch("special:busy_99996", "Bron te druk (99996)"),
            Switch("special:source_60007", "Bron antwoordt niet (60007)"),
            Switch("special:auth_40006", "Geen toelating (40006)"),
            Switch("special:fault_err_025", "Handtekening geweigerd (ERR_025)"),
            Switch("special:cut_off", "Antwoord breekt af"),
            Switch("special:resultaat_0", "Inschrijving niet geslaagd (resultaat 0)"),
        ),
    ),
    Double(
        "dosis",
        "DOSIS en Mijn Burgerprofiel",
        "Status van de melding en notificaties voor de burger",
        "/api/",
        (
            Switch("special:token_401", "Toegangsbewijs vervallen (401)"),
            Switch("special:status_429", "Te veel oproepen (429)"),
            Switch("special:processed_false", "Aanvaard, maar niet verwerkt"),
            Switch("special:answer_lost", "Aanvaard, maar antwoord verloren"),
        ),
    ),
    Double(
        "postbox",
        "E-mail en sms",
        "De algemene storingen gelden voor de sms-dienst, de eigen storingen ook voor de mailserver",
        "/sms/",
        (
            Switch("special:smtp_451", "E-mail: later opnieuw (451)"),
            Switch("special:smtp_550", "E-mail: adres geweigerd (550)"),
            Switch("special:smtp_451_data", "E-mail: later opnieuw, na het bericht (451)"),
            Switch("special:smtp_550_data", "E-mail: inhoud geweigerd (550)"),
            Switch("special:smtp_drop_after_data", "E-mail: aanvaard, maar antwoord verloren"),
            Switch("special:smtp_slow", "E-mail: traag (5 s)", 5.0),
            Switch("special:sms_lost_answer", "Sms: aanvaard, maar antwoord verloren"),
        ),
    ),
    Double(
        "addresses",
        "Adressen en kaart",
        "De algemene storingen gelden voor het zoeken van adressen, niet voor de kaart",
        "/geolocation",
        (
            Switch("special:status_429", "Te veel oproepen (429)"),
            Switch("special:empty_answers", "Niets gevonden"),
            Switch("special:street_level", "Alleen de straat gevonden"),
        ),
    ),
    Double(
        "open311",
        "Netbeheer Leiestroom (Open311)",
        "Een ander systeem waarin taken echt worden afgehandeld",
        "/georeport/",
        (
            Switch("special:token_first", "Eerst alleen een token, later een nummer"),
            Switch("special:answer_lost", "Aanvaard, maar antwoord verloren"),
            Switch("special:order_lost", "Aanvaard, maar kwijtgeraakt"),
            Switch("special:out_of_order", "Berichten in de verkeerde volgorde"),
            Switch("special:token_late", "Nog geen nummer bij het token"),
            Switch("special:twice", "Zegt alles twee keer"),
        ),
    ),
    Double(
        "workorders",
        "Aannemer De Kasseilegger (werkbonnen)",
        "Krijgt taken met een ondertekende webhook en belt terug",
        "/hooks/",
        (
            Switch("special:twice", "Antwoordt alles twee keer"),
            Switch("special:out_of_order", "Antwoordt met een oud tijdstip"),
            Switch("special:bad_signature", "Verkeerde handtekening"),
            Switch("special:old_timestamp", "Handtekening van tien minuten geleden"),
            Switch("special:late", "Stuurt een antwoord pas na het volgende"),
            Switch("special:after_closing", "Zegt nog iets na het einde"),
            Switch("special:order_lost", "Aanvaard, maar kwijtgeraakt"),
            Switch("special:answer_lost", "Aanvaard, maar antwoord verloren"),
        ),
    ),
    Double(
        "minutes",
        "Notulenpakket",
        "De algemene storingen gelden voor het aannemen van agendapunten",
        "/agendapunten",
        (
            Switch("special:refuse_item", "Weigert het volgende agendapunt"),
            Switch("special:answer_lost", "Aanvaard, maar antwoord verloren"),
            Switch("special:one_signature", "Geeft terug met één handtekening"),
            Switch("special:out_of_order", "Zegt de stand in de verkeerde volgorde"),
            Switch("special:unsigned", "Geeft een document zonder handtekeningen"),
            Switch("special:broken_signature", "Geeft een veranderd document"),
            Switch("special:wrong_proposal", "Geeft een besluit over een ander voorstel"),
            Switch("special:twice", "Geeft het besluit twee keer"),
        ),
    ),
)


def find_double(name: str) -> Double | None:
    return next((one for one in DOUBLES if one.name == name), None)
