"""The catalogue in which data portals find the open data: DCAT-AP 3 (and what DCAT-AP Vlaanderen asks beyond it), as Turtle
and JSON-LD."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from meldloket.api.oslo.decision import Triples, dutch
from meldloket.api.oslo.negotiation import SUFFIXES, answer
from meldloket.api.oslo.terms import LOCN, graph
from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import Municipality
from meldloket.insight.opendata.reading import Edition, edition
from meldloket.web.pages import page

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
GEOSPARQL = Namespace("http://www.opengis.net/ont/geosparql#")
#: (address name, title, file type of the EU's list, media type)
DISTRIBUTIONS = (
    ("open-data-csv", "Meldingen als CSV", "CSV", "text/csv"),
    ("open-data-geojson", "Meldingen als GeoJSON", "GEOJSON", "application/geo+json"),
)
ABOUT = (
    "Meldingen van inwoners over de openbare ruimte: hoeveel, van welke soort, waar en wanneer, en wat ermee gebeurde. "
    "In groepen van minstens vijf verschillende melders; plaats en tijd zijn afgerond waar dat nodig is. Zonder "
    "persoonsgegevens en zonder tekst van melders."
)


@page("public", methods=("GET",))
def describe(request: HttpRequest, suffix: str) -> HttpResponse:
    """The catalogue; `suffix`: ttl or jsonld. Raises Http404 for another."""
    if suffix not in SUFFIXES:
        raise Http404
    return answer(request, catalogue_graph(), SUFFIXES[suffix])


def _address(name: str, *arguments: str) -> str:
    return settings.BASE_URL + reverse(name, args=arguments)


def catalogue_graph() -> Graph:
    """The catalogue with its one data set and the two forms of it."""
    home, now, made = catalogue().municipality, edition(), graph()
    made.bind("vcard", VCARD)
    publisher = home.unit_uri or f"{settings.BASE_URL}/id/bestuurseenheid"
    whole, data = f"{_address('open-data')}#catalogus", f"{_address('open-data')}#meldingen"

    agent = Triples(made, publisher, FOAF.Agent)
    agent(FOAF.name, dutch(f"Gemeente {home.name}"))
    agent(DCTERMS.identifier, Literal(home.organisation_code) if home.organisation_code else None)

    say = Triples(made, whole, DCAT.Catalog)
    say(DCTERMS.title, dutch(f"Open data van {home.name} over meldingen"))
    say(DCTERMS.description, dutch("Wat de gemeente openbaar maakt over meldingen van inwoners."))
    say(DCTERMS.publisher, publisher)
    say(DCTERMS.license, settings.OPEN_DATA_LICENCE)
    say(DCTERMS.language, f"{EU}/language/NLD")
    say(FOAF.homepage, _address("open-data"))
    say(DCAT.dataset, data)

    say = Triples(made, data, DCAT.Dataset)
    say(DCTERMS.title, dutch(f"Meldingen in {home.name}"))
    say(DCTERMS.description, dutch(ABOUT))
    say(DCTERMS.identifier, Literal(data, datatype=XSD.anyURI))
    say(DCTERMS.publisher, publisher)
    say(DCTERMS.license, settings.OPEN_DATA_LICENCE)
    say(DCTERMS.accessRights, f"{EU}/access-right/PUBLIC")
    say(DCTERMS.accrualPeriodicity, f"{EU}/frequency/MONTHLY")
    say(DCTERMS.language, f"{EU}/language/NLD")
    say(DCAT.theme, f"{EU}/data-theme/GOVE")
    for word in ("meldingen", "openbare ruimte", "klachten en meldingen", home.name):
        say(DCAT.keyword, dutch(word))
    say(DCAT.landingPage, _address("public-figures"))
    _contact(made, data, home)
    _place(made, data, home)
    if now:
        _time(made, data, now)
    for name, title, kind, media in DISTRIBUTIONS:
        _distribution(made, data, _address(name), title, kind, media)
    return made


def _contact(made: Graph, data: str, home: Municipality) -> None:
    contact = f"{data}-contact"
    Triples(made, data)(DCAT.contactPoint, contact)
    say = Triples(made, contact, VCARD.Organization, VCARD.Kind)
    say(VCARD.fn, dutch(f"Gemeente {home.name}"))
    say(VCARD.hasEmail, f"mailto:{home.email}" if home.email else None)
    say(VCARD.hasURL, home.website or settings.BASE_URL)


def _place(made: Graph, data: str, home: Municipality) -> None:
    area = home.area_uri or f"{settings.BASE_URL}/id/werkingsgebied"
    Triples(made, data)(DCTERMS.spatial, area)
    say = Triples(made, area, DCTERMS.Location)
    say(LOCN.geographicName, dutch(home.name))
    point = Literal(f"POINT({home.centre_longitude} {home.centre_latitude})", datatype=GEOSPARQL.wktLiteral)
    say(DCAT.centroid, point)


def _time(made: Graph, data: str, now: Edition) -> None:
    say = Triples(made, data)
    say(DCTERMS.modified, Literal(now.made_at.date()))
    period = BNode()
    say(DCTERMS.temporal, period)
    made.add((period, RDF.type, DCTERMS.PeriodOfTime))
    made.add((period, DCAT.startDate, Literal(now.since)))
    made.add((period, DCAT.endDate, Literal(now.until)))


def _distribution(made: Graph, data: str, address: str, title: str, kind: str, media: str) -> None:
    name = f"{data}-{kind.lower()}"
    Triples(made, data)(DCAT.distribution, name)
    say = Triples(made, name, DCAT.Distribution)
    say(DCTERMS.title, dutch(title))
    say(DCAT.accessURL, _address("open-data"))
    say(DCAT.downloadURL, address)
    say(DCTERMS.license, settings.OPEN_DATA_LICENCE)
    say(DCTERMS["format"], URIRef(f"{EU}/file-type/{kind}"))
    say(DCAT.mediaType, f"{IANA}/{media}")
    say(URIRef("http://data.europa.eu/r5r/availability"), f"{EU}/planned-availability/STABLE")
