"""The made-up people who log in for an organisation: each role of the municipality once, its neighbours, police and fire
brigade, and the odd cases that a real user management throws at a client (specs/identity-and-registers 1.6, 1.12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

LINDEKERKE, LINDEKERKE_NAME = "0207123456", "Gemeente Lindekerke"
OOSTERLINDE, OOSTERLINDE_NAME = "0207123555", "Gemeente Oosterlinde"
POLICE, POLICE_NAME = "0267000111", "Politiezone Lindestreek"
FIRE, FIRE_NAME = "0500999111", "Hulpverleningszone Leiebeek"

#: Headings of the page, in its order.
DESK, HANDLERS, FIELD, MANAGEMENT = "Onthaal", "Dossierbehandelaars", "Advies en uitvoering", "Beleid en beheer"
EMERGENCY, NEIGHBOURS, ODD = "Politie en brandweer", "Andere gemeenten", "Bijzondere gevallen"
GROUPS = (DESK, HANDLERS, FIELD, MANAGEMENT, EMERGENCY, NEIGHBOURS, ODD)


class Membership(NamedTuple):
    """For which organisation somebody may act (KBO number and name), with the values of the role claim as sent."""

    code: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class StaffPersona:
    """One member of staff. `vo_id`: UUID in user management, never changes; `email`: as sent in `vo_email`; `story`: one
    line for the page; `group`: heading of the page; `acr`: how they log in, without the URN before it."""

    key: str
    first_name: str
    last_name: str
    vo_id: str
    email: str
    memberships: tuple[Membership, ...]
    story: str
    group: str
    acr: str = "eid"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def membership(self, code: str) -> Membership | None:
        return next((one for one in self.memberships if one.code == code), None)


def _in(code: str, name: str, *roles: str) -> Membership:
    """Membership with the roles in the usual form, `Meldloket-<role>:<KBO>`."""
    return Membership(code, name, tuple(f"Meldloket-{role}:{code}" for role in roles))


def _own(*roles: str) -> tuple[Membership, ...]:
    return (_in(LINDEKERKE, LINDEKERKE_NAME, *roles),)


def _mail(local: str) -> str:
    return f"{local}@lindekerke.example"


_HANDLER = "dossierbehandelaar"

STAFF: tuple[StaffPersona, ...] = (
    StaffPersona(
        "els",
        "Els",
        "Maes",
        "0f2ae2ec-fe5c-4e73-97a8-3adbbdce253a",
        _mail("els.maes"),
        _own("onthaalmedewerker"),
        "Onthaalmedewerker: neemt telefoon en balie op",
        DESK,
    ),
    StaffPersona(
        "karim",
        "Karim",
        "Aerts",
        "b251d56d-3069-4bd5-a1fc-22b56b4073a6",
        _mail("karim.aerts"),
        _own(_HANDLER),
        "Dossierbehandelaar, dienst Openbare werken",
        HANDLERS,
    ),
    StaffPersona(
        "sofie",
        "Sofie",
        "Claes",
        "03053b2e-8240-493c-86a2-9807637e6d60",
        _mail("sofie.claes"),
        _own(_HANDLER),
        "Dossierbehandelaar, dienst Milieu",
        HANDLERS,
    ),
    StaffPersona(
        "jan",
        "Jan",
        "Vermeulen",
        "dac4debe-671b-48f0-8c3e-f2abe602afd6",
        _mail("jan.vermeulen"),
        _own(_HANDLER, "beheerder"),
        "Dossierbehandelaar, dienst Groen, en ook beheerder",
        HANDLERS,
    ),
    StaffPersona(
        "nadia",
        "Nadia",
        "El Amrani",
        "17ce2622-fb89-499e-8769-67f417ef018a",
        _mail("nadia.elamrani"),
        _own(_HANDLER),
        "Dossierbehandelaar, dienst Mobiliteit",
        HANDLERS,
    ),
    StaffPersona(
        "pieter",
        "Pieter",
        "Wouters",
        "4533d421-025c-4ba8-97cd-58285e32316e",
        _mail("pieter.wouters"),
        _own(_HANDLER),
        "Dossierbehandelaar, dienst Omgeving",
        HANDLERS,
    ),
    StaffPersona(
        "internadvies",
        "Hilde",
        "Martens",
        "2c1579a2-3b3c-4094-a43c-a4e32cd64e4d",
        _mail("hilde.martens"),
        _own("adviesverlener"),
        "Adviesverlener van de gemeente zelf",
        FIELD,
    ),
    StaffPersona(
        "tom",
        "Tom",
        "Jacobs",
        "b84e3089-f5e7-4c6c-8950-fbcef60ff775",
        _mail("tom.jacobs"),
        _own("uitvoerder"),
        "Uitvoerder: werkt buiten, meldt het werk klaar",
        FIELD,
    ),
    StaffPersona(
        "ria",
        "Ria",
        "Goossens",
        "85f6fb02-bee8-45f9-8dc9-ddfa1a66a997",
        _mail("ria.goossens"),
        _own("secretariaat"),
        "Secretariaat van de algemeen directeur",
        MANAGEMENT,
    ),
    StaffPersona(
        "bart",
        "Bart",
        "Lemmens",
        "9c6c84a5-ee70-4648-bf2b-52440886aa8f",
        _mail("bart.lemmens"),
        _own("beleidsmedewerker"),
        "Beleidsmedewerker: kijkt naar de cijfers",
        MANAGEMENT,
    ),
    StaffPersona(
        "an",
        "An",
        "De Smet",
        "0e897821-edac-4663-8f2b-51b8a5d9ba2e",
        _mail("an.desmet"),
        _own("beheerder"),
        "Beheerder van Meldloket",
        MANAGEMENT,
    ),
    StaffPersona(
        "politie",
        "Dirk",
        "Hermans",
        "319d6f3c-df0a-49c5-8b7e-a2951d6d1055",
        "dirk.hermans@lindestreek.example",
        (_in(POLICE, POLICE_NAME, "adviesverlener"),),
        "Inspecteur, adviesverlener van de politiezone",
        EMERGENCY,
    ),
    StaffPersona(
        "brandweer",
        "Liesbet",
        "Nys",
        "321746a0-f1e0-485f-9dba-d94d33f7535e",
        "liesbet.nys@leiebeek.example",
        (_in(FIRE, FIRE_NAME, "adviesverlener"),),
        "Kapitein, adviesverlener van de hulpverleningszone",
        EMERGENCY,
    ),
    StaffPersona(
        "tweegemeenten",
        "Griet",
        "Van Damme",
        "8e1fe9e3-3cbb-45aa-9d38-821f53a9fba4",
        _mail("griet.vandamme"),
        (_in(LINDEKERKE, LINDEKERKE_NAME, _HANDLER), _in(OOSTERLINDE, OOSTERLINDE_NAME, _HANDLER)),
        "Werkt voor twee gemeenten en kiest bij het aanmelden",
        NEIGHBOURS,
    ),
    StaffPersona(
        "oosterlinde",
        "Wim",
        "Baert",
        "8b25afac-f4bd-4161-9d04-170f96d2b0c0",
        "wim.baert@oosterlinde.example",
        (_in(OOSTERLINDE, OOSTERLINDE_NAME, _HANDLER),),
        "Werkt alleen voor Oosterlinde: mag niet binnen",
        NEIGHBOURS,
    ),
    StaffPersona(
        "zonderrol",
        "Koen",
        "Pauwels",
        "8de728bd-346b-4a42-9525-e6365e70a35c",
        _mail("koen.pauwels"),
        _own(),
        "Kreeg nog geen enkele rol: mag niet binnen",
        ODD,
    ),
    StaffPersona(
        "rolmeerdere",
        "Lien",
        "Segers",
        "9afed318-3993-4384-bfa8-4044e43e9df4",
        _mail("lien.segers"),
        (Membership(LINDEKERKE, LINDEKERKE_NAME, (f"Meldloket-{_HANDLER}:{OOSTERLINDE}, {LINDEKERKE}",)),),
        "Een rol met twee organisaties in één tekst",
        ODD,
    ),
    StaffPersona(
        "ovomail",
        "Joris",
        "Peeters",
        "675a4666-0242-4ad2-a415-f67b70528e80",
        _mail("joris.peeters") + ":OVO000123",
        _own(_HANDLER),
        "E-mailadres met een code erachter",
        ODD,
    ),
)


def find_staff(key: str) -> StaffPersona | None:
    return next((one for one in STAFF if one.key == key), None)
