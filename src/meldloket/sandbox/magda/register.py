"""What the made-up national register knows of each citizen: one of every kind that the real one has answers for, and a
few ordinary people (specs/identity-and-registers 2.10, 2.11)."""

from __future__ import annotations

from dataclasses import dataclass

from meldloket.sandbox.persons import CITIZENS, Citizen


@dataclass(frozen=True)
class Home:
    """A main or contact address. `official`: from the address register; else the street stands in the element for names
    that were never checked. Empty text leaves the element out."""

    street: str
    number: str
    box: str = ""
    postcode: str = "9999"
    municipality: str = "Lindekerke"
    nis: str = "49999"
    country: tuple[str, str, str] = ("150", "BEL", "BELGIE")
    official: bool = True
    reference: bool = False


@dataclass(frozen=True)
class Abroad:
    """An address abroad: the diplomatic post, the country (NIS code, ISO code, name) and free lines."""

    post: tuple[str, str]
    country: tuple[str, str, str]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """An exception of the register. `level` 2: about the call, no content; 3: about the answer, beside data or not."""

    code: str
    kind: str
    text: str
    origin: str = "RR"
    level: int = 3
    node: str = ""


@dataclass(frozen=True)
class Entry:
    """A person of the register. `used`: the first name that they go by, when it is marked. `number`: another national
    number than the one asked."""

    home: Home | None = None
    contact: Home | None = None
    abroad: Abroad | None = None
    secret: bool = False
    deceased: str = ""
    moving: str = ""
    used: str = ""
    first_names: bool = True
    number: str = ""
    said: tuple[Said, ...] = ()


NOTHING_FOUND = Said("30001", "FOUT", "Er zijn geen gegevens voor deze vraag")
NOT_REGISTERED = Said("40003", "FOUT", "Er is geen inschrijving voor deze persoon", "MAGDA")
_HARBOUR_FLAT = Home("Havenkaai", "1", box="2")
_ENTRIES: dict[str, Entry] = {
    "lotte": Entry(Home("Kerkstraat", "12")),
    "karel": Entry(Home("Molenstraat", "5")),
    "fatima": Entry(_HARBOUR_FLAT),
    "bram": Entry(Home("Hoogstraat", "3"), used="Bram"),
    "greet": Entry(Home("Kerkstraat", "5", postcode="9994")),
    "tuur": Entry(Home("Schoolstraat", "101", box="1")),
    "hilde": Entry(Home("Dorpsstraat", "3", postcode="9998", municipality="Oosterlinde", nis="49998")),
    "mehmet": Entry(Home("Heirweg", "1A")),
    "emma": Entry(Home("Stationsplein", "27", box="2")),
    "annelies": Entry(Home("Burgemeester De Backerlaan(V. 03.05.2004 E.Fabriekstraat)", "9", official=False)),
    "gerda": Entry(Home("Oude Heerbaan", "3", municipality="", nis="", official=False)),
    "secret": Entry(secret=True),
    "abroad": Entry(abroad=Abroad(("1402", "Den Haag"), ("129", "NLD", "Nederland"), ("Havenpad 7", "4500 AB BREKERSDAM"))),
    "netherlands": Entry(
        Home("Weteringlaan", "20", postcode="", municipality="Brekersdam", nis="", country=("", "", "NEDERLAND"))
    ),
    "contact": Entry(contact=Home("Nieuwstraat", "35", box="1")),
    "noaddress": Entry(),
    "reference": Entry(Home("Gasthuisstraat", "15", reference=True)),
    "deceased": Entry(Home("Kloosterstraat", "3"), deceased="2025-03-14"),
    "moving": Entry(Home("Berkenlaan", "5"), moving="2026-11-12"),
    "warning": Entry(
        Home("Bosstraat", "3"),
        said=(
            Said(
                "99984", "WAARSCHUWING", "Een code in de gegevens is niet bekend", "MAGDA", node="Inhoud/Persoon/Register"
            ),
        ),
    ),
    "refusal": Entry(said=(Said("99994", "FOUT", "De bron gaf een onverwachte fout", "MAGDA", level=2),)),
    "othernumber": Entry(
        Home("Noordstraat", "3"),
        number="80640311679",
        said=(Said("30004", "WAARSCHUWING", "Deze persoon heeft een nieuw nummer"),),
    ),
    "nofirstname": Entry(Home("Kouterstraat", "3"), first_names=False),
    "eu": Entry(contact=Home("Stationsstraat", "31", box="1")),
}


def find(insz: str) -> tuple[Citizen, Entry] | None:
    """The person with this national number and what the register says of them; None for whom it does not know."""
    citizen = next((one for one in CITIZENS if one.insz == insz and one.key in _ENTRIES), None)
    return (citizen, _ENTRIES[citizen.key]) if citizen else None
