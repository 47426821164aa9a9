"""The JSON-LD context of the exchange with minutes packages: plain Dutch names on the wire, OSLO terms for whoever reads it
as linked data (specs/decisions 3 and 4)."""

from __future__ import annotations

from typing import Any

_XSD = "http://www.w3.org/2001/XMLSchema#"
_BESLUIT = "http://data.vlaanderen.be/ns/besluit#"
_ELI = "http://data.europa.eu/eli/ontology#"


def _string(uri: str) -> dict[str, str]:
    return {"@id": uri, "@type": f"{_XSD}string"}


def _typed(uri: str, kind: str) -> dict[str, str]:
    return {"@id": uri, "@type": f"{_XSD}{kind}"}


#: What has no term in OSLO keeps a name of our own.
CONTEXT: dict[str, Any] = {
    "@vocab": "urn:meldloket:uitwisseling:",
    "@language": "nl",
    "besluit": _BESLUIT,
    "eli": _ELI,
    "Agendapunt": f"{_BESLUIT}Agendapunt",
    "Besluit": f"{_BESLUIT}Besluit",
    "Artikel": f"{_BESLUIT}Artikel",
    "titel": _string("http://purl.org/dc/terms/title"),
    "beschrijving": _string("http://purl.org/dc/terms/description"),
    "geplandOpenbaar": _typed(f"{_BESLUIT}geplandOpenbaar", "boolean"),
    "soort": f"{_BESLUIT}Agendapunt.type",
    "bestuursorgaanUri": {"@id": f"{_BESLUIT}isGehoudenDoor", "@type": "@id"},
    "motivering": {"@id": f"{_BESLUIT}motivering", "@language": "nl"},
    "artikels": {"@id": f"{_ELI}has_part"},
    "nummer": _string(f"{_ELI}number"),
    "tekst": {"@id": "http://www.w3.org/ns/prov#value"},
    "inwerkingtreding": _typed(f"{_ELI}first_date_entry_in_force", "date"),
    "stemming": f"{_BESLUIT}heeftStemming",
    "voor": _typed(f"{_BESLUIT}aantalVoorstanders", "integer"),
    "tegen": _typed(f"{_BESLUIT}aantalTegenstanders", "integer"),
    "onthouding": _typed(f"{_BESLUIT}aantalOnthouders", "integer"),
    "geheim": _typed(f"{_BESLUIT}geheim", "boolean"),
    "geplandeStart": _typed(f"{_BESLUIT}geplandeStart", "dateTime"),
    "start": _typed("http://www.w3.org/ns/prov#startedAtTime", "dateTime"),
    "einde": _typed("http://www.w3.org/ns/prov#endedAtTime", "dateTime"),
    "openbaar": _typed(f"{_BESLUIT}openbaar", "boolean"),
    "bijlagen": {"@id": "http://purl.org/dc/terms/hasPart"},
    "sha256": _string("http://spdx.org/rdf/terms#checksumValue"),
    "link": {"@id": "http://www.w3.org/ns/dcat#downloadURL", "@type": "@id"},
    "antwoord": {"@type": "@id"},
}
