"""The code lists that DOSIS keeps, with the words in which Mijn Burgerprofiel shows them (specs/dosis-and-mbp 3.2)."""

from __future__ import annotations

#: VlaamsFase, in the order in which a case goes through them.
PHASES = {
    "Samenstelling": "Samenstelling",
    "Behandeling": "Behandeling",
    "Beslissing": "Beslissing",
    "Beroep": "Beroep",
    "Uitvoering": "Uitvoering",
    "Afgerond": "Afgerond",
}

#: VlaamsCode. The old value DOSSIER_ONVOLLEDIG is for reading only, so an upload with it is refused.
CODES = {
    "Geinitieerd": "Opgestart",
    "Aangevraagd": "Aangevraagd",
    "Ingediend": "Ingediend",
    "Aktename": "Akte genomen",
    "DossierOnvolledig": "Dossier onvolledig",
    "DossierVolledig": "Dossier volledig",
    "Ontvankelijk": "Ontvankelijk",
    "OnOntvankelijk": "Niet ontvankelijk",
    "InBehandeling": "In behandeling",
    "InWacht": "In wacht",
    "Gepland": "Gepland",
    "InOpenbaarOnderzoek": "In openbaar onderzoek",
    "KlaarVoorBeslissing": "Klaar voor beslissing",
    "Beslist": "Beslist",
    "Goedgekeurd": "Goedgekeurd",
    "DeelsGoedgekeurd": "Deels goedgekeurd",
    "Geweigerd": "Geweigerd",
    "ErkendVergund": "Erkend of vergund",
    "VoorlopigVastgesteld": "Voorlopig vastgesteld",
    "DefinitiefVastgesteld": "Definitief vastgesteld",
    "GerechtelijkIngeleid": "Gerechtelijk ingeleid",
    "KlaarVoorBetaling": "Klaar voor betaling",
    "Betaald": "Betaald",
    "DeelsUitbetaald": "Deels uitbetaald",
    "Uitgevoerd": "Uitgevoerd",
    "Stopgezet": "Stopgezet",
    "Stopzetting": "Stopzetting",
}

CASE_TYPES = ("DossierStatus", "Verwijzing", "Financieel voordeel")
CATEGORIES = ("DossierGerelateerdBerichtWijzigingDossier",)
CHANNELS = ("Passief", "Email")

#: Names of IPDC products that the demonstration uses; another number is shown as a number.
PRODUCTS = {"12345": "Melding aan de gemeente"}
