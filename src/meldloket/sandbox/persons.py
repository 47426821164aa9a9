"""The citizens of the made-up municipality, shared by the doubles so that who logs in is who the register knows.

All are fictitious: a month from 61 to 72 in the national number, as in MAGDA's own test numbers (specs/identity 3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Citizen:
    """Somebody who can log in. `insz`: 11 digits, None for who has no national number. `acr`: the means of logging in, as
    the last part of its URN. `story`: what is special about them, in one Dutch line for the page of choice."""

    key: str
    insz: str | None
    first_names: tuple[str, ...]
    last_name: str
    story: str
    acr: str = "eid"


CITIZENS: tuple[Citizen, ...] = (
    Citizen(
        "lotte", "85632499823", ("Lotte",), "Peeters", "Woont in de Kerkstraat. Alles staat goed in het register.", "itsme"
    ),
    Citizen(
        "karel", "71670501351", ("Karel", "Jozef", "Maria"), "De Smedt", "Heeft drie voornamen, geen ervan als roepnaam."
    ),
    Citizen("fatima", "88681102430", ("Fatima",), "El Amrani", "Woont op een appartement, met een busnummer.", "itsme"),
    Citizen(
        "bram",
        "94692201734",
        ("Johannes", "Bram"),
        "Van den Bossche",
        "Wordt met zijn tweede voornaam aangesproken.",
        "itsme",
    ),
    Citizen("greet", "58660804636", ("Greet",), "Wouters", "Woont in Zandhoek, in een straat die twee keer bestaat."),
    Citizen("tuur", "03651203951", ("Tuur",), "Hendrickx", "Is geboren na 2000.", "csamtotp"),
    Citizen("hilde", "66621705888", ("Hilde",), "Claes", "Woont in buurgemeente Oosterlinde.", "csamsms"),
    Citizen("mehmet", "79670302177", ("Mehmet",), "Yılmaz", "Heeft een huisnummer met een letter.", "itsme"),
    Citizen("emma", "99682801254", ("Emma",), "Jacobs", "Huurt een studio in de Stationsbuurt.", "itsme"),
    Citizen("annelies", "77641903406", ("Annelies",), "Mertens", "De straatnaam in het register bevat een opmerking."),
    Citizen(
        "gerda", "49613002249", ("Gerda",), "Van Acker", "Het register heeft alleen een oude straatnaam, zonder gemeente."
    ),
    Citizen("secret", "90621504484", ("Nele",), "Lambrecht", "Heeft een niet-mededeelbaar adres."),
    Citizen("abroad", "75692601106", ("Pieter",), "Goossens", "Woont alleen in het buitenland."),
    Citizen("netherlands", "82650701512", ("Jeroen",), "de Wit", "Woont in Nederland; zijn adres heeft geen postcode."),
    Citizen("contact", "84671003357", ("Amina",), "Haddad", "Heeft alleen een contactadres."),
    Citizen("noaddress", "91621102748", ("Stijn",), "Bogaert", "Heeft geen adres in het register."),
    Citizen("reference", "68611403146", ("Rudy",), "Maes", "Heeft een referentieadres bij het OCMW."),
    Citizen("deceased", "39630301489", ("Albert",), "Segers", "Is volgens het register overleden."),
    Citizen("moving", "92680103614", ("Sara",), "De Clercq", "Heeft pas een verhuizing aangegeven."),
    Citizen("warning", "86611204879", ("Wim",), "Thijs", "Het register geeft een waarschuwing naast de gegevens."),
    Citizen("refusal", "71621902569", ("Bea",), "Van Damme", "De bron geeft altijd een fout."),
    Citizen("othernumber", "80640301781", ("Ivana",), "Novak", "Kreeg een nieuw rijksregisternummer."),
    Citizen("nofirstname", "73680902961", ("Sukhdeep",), "Singh", "Het register kent geen voornaam.", "itsme"),
    Citizen("unknown", "89692105320", ("Lars",), "Nilsson", "Het register kent deze persoon niet."),
    Citizen("eu", "87653006259", ("Chiara",), "Ricci", "Meldt zich aan met een Italiaans middel.", "eidassubstantial"),
    Citizen("withoutnumber", None, ("Sven",), "Aerts", "Meldt zich aan zonder rijksregisternummer.", "csamselfreg"),
)
