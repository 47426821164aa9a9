"""The vocabularies of Flanders that we use, and the short names that our documents write them with."""

from __future__ import annotations

from rdflib import Graph, Namespace
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, PROV, RDFS, SKOS, XSD

BESLUIT = Namespace("http://data.vlaanderen.be/ns/besluit#")
MANDAAT = Namespace("http://data.vlaanderen.be/ns/mandaat#")
MANDAAT_HTTPS = Namespace("https://data.vlaanderen.be/ns/mandaat#")  # as the shapes write it
GENERIEK = Namespace("https://data.vlaanderen.be/ns/generiek#")
MELDING = Namespace("https://data.vlaanderen.be/ns/melding#")
DOSSIER = Namespace("https://data.vlaanderen.be/ns/dossier#")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
OA = Namespace("http://www.w3.org/ns/oa#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
DBO = Namespace("http://dbpedia.org/ontology/")
ORG_HTTPS = Namespace("https://www.w3.org/ns/org#")  # as the shapes write it

PREFIXES = {
    "besluit": BESLUIT,
    "mandaat": MANDAAT,
    "eli": ELI,
    "prov": PROV,
    "dct": DCTERMS,
    "skos": SKOS,
    "org": ORG,
    "foaf": FOAF,
    "dcat": DCAT,
    "generiek": GENERIEK,
    "melding": MELDING,
    "dossier": DOSSIER,
    "oa": OA,
    "as": AS,
    "locn": LOCN,
    "geosparql": GEO,
    "dbo": DBO,
    "rdfs": RDFS,
    "xsd": XSD,
}


def graph() -> Graph:
    """An empty graph that knows our short names."""
    made = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        made.bind(prefix, namespace)
    return made
