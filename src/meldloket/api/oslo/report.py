"""A report and a case as graphs (vocabularies melding and dossier): for whoever may see them, and never with the reporter's
identity: who reported is a nameless agent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from django.conf import settings
from django.utils import timezone
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, ORG, PROV, RDF, SKOS, XSD

from meldloket.cases.lifecycle import TRANSITIONS, EventKind
from meldloket.cases.models import Case, CaseEvent, Report
from meldloket.catalogue.current import catalogue
from meldloket.decisions.models import Decision

from .decision import Triples, moment, text
from .terms import AS, BESLUIT, DBO, DOSSIER, ELI, GEO, LOCN, MELDING, OA, ORG_HTTPS, graph

#: The events that are steps of the case.
STEPS = frozenset({EventKind.SUBMITTED, *(row.event for row in TRANSITIONS)})


def base(kind: str, name: str) -> str:
    """The name of a thing of ours."""
    return f"{settings.BASE_URL}/id/{kind}/{name}"


def _concept(into: Graph, kind: str, code: str, label: str) -> str:
    uri = base(kind, code)
    Triples(into, uri, SKOS.Concept)(SKOS.prefLabel, Literal(label, lang="nl"))
    return uri


def _handling(into: Graph, case: Case) -> str:
    """The department that handles, as a part of the municipality."""
    home = catalogue().municipality
    whole = home.unit_uri or base("bestuurseenheid", "")[:-1]
    Triples(into, whole, ORG_HTTPS.Organization, DCTERMS.Agent)(SKOS.prefLabel, Literal(home.name, lang="nl"))
    if case.department is None:
        return whole
    uri = base("diensten", case.department.code)
    say = Triples(into, uri, ORG.OrganizationalUnit, DCTERMS.Agent, PROV.Agent)
    say(SKOS.prefLabel, Literal(case.department.name, lang="nl"))
    say(ORG.unitOf, whole)
    return uri


def report_graph(report: Report, *, page: str, all_steps: bool) -> Graph:
    """A report as melding:Melding. `page`: where a person reads it; `all_steps`: also those that the reporter is not
    shown."""
    made, case = graph(), report.case
    uri = base("meldingen", report.reference)
    say = Triples(made, uri, MELDING.Melding)
    category = case.category
    say(DCTERMS.title, text(f"{category.name if category else 'Melding'} ({report.reference})"))
    say(OA.motivatedBy, _concept(made, "categorieen", category.code, category.name) if category else "")
    if category is None:
        say(OA.motivatedBy, _concept(made, "categorieen", "onbekend", "Nog geen categorie"))
    say(MELDING.indiener, f"{uri}#indiener")
    Triples(made, f"{uri}#indiener", DCTERMS.Agent)
    handling = _handling(made, case)
    say(MELDING.behandelaar, handling)
    say(MELDING.webpagina, Literal(page, datatype=XSD.anyURI))
    say(MELDING.meldingsapplicatie, settings.BASE_URL)
    Triples(made, settings.BASE_URL, MELDING.Applicatie)
    home = catalogue().municipality
    say(MELDING.meldingsorganisatie, home.unit_uri or base("bestuurseenheid", "")[:-1])
    _bodies(made, report, uri, page)
    for event in steps_of(case, report, all_steps=all_steps):
        status = f"{uri}#stap-{event.pk}"
        say(MELDING.heeftStatus, status)
        step = Triples(made, status, MELDING.Meldingstatus)
        label = EventKind(event.kind).label
        step(MELDING.statuswaarde, _concept(made, "stappen", event.kind, label))
        step(MELDING.statusdatum, moment(event.at))
        step(MELDING.statuswijzigingDoor, f"{uri}#indiener" if event.kind == EventKind.SUBMITTED else handling)
        step(DCTERMS.description, text(label))
    return made


def _bodies(made: Graph, report: Report, uri: str, page: str) -> None:
    """What was reported: the words with the place, then each file in a body of its own (one holds at most one)."""
    Triples(made, uri)(OA.hasBody, f"{uri}#inhoud")
    body = Triples(made, f"{uri}#inhoud", MELDING.MeldingBody)
    body(DCTERMS.description, text(report.text))
    if report.latitude is not None and report.longitude is not None:
        body(LOCN.geometry, f"{uri}#plaats")
        point = f"<http://www.opengis.net/def/crs/EPSG/0/4326> POINT({report.latitude} {report.longitude})"
        place = Triples(made, f"{uri}#plaats", LOCN.Geometry)
        place(GEO.asWKT, Literal(point, datatype=GEO.wktLiteral))
    for row in report.attachments.order_by("id"):
        one = f"{uri}#bestand-{row.public_id}"
        Triples(made, uri)(OA.hasBody, one)
        file = Triples(made, one, MELDING.MeldingBody)
        address = f"{page}bestand/{row.public_id}/"
        file(AS.attachment, Literal(address, datatype=XSD.anyURI))


def steps_of(case: Case, report: Report | None, *, all_steps: bool) -> list[CaseEvent]:
    """The steps of a case in their order; for a reporter those of their own report that they are shown."""
    rows = case.events.filter(kind__in=STEPS).order_by("at", "id")
    if not all_steps:
        rows = rows.filter(visibility="reporter")
    return [row for row in rows if row.report_id is None or report is None or row.report_id == report.pk]


def case_graph(case: Case) -> Graph:
    """A case as dossier:Dossier with its documents and steps."""
    made = graph()
    uri = base("dossiers", case.reference)
    say = Triples(made, uri, DOSSIER.Dossier)
    say(DCTERMS.title, text(f"Dossier {case.reference}"))
    say(DOSSIER["Dossier.isNeerslagVan"], f"{uri}#zaak")
    Triples(made, f"{uri}#zaak", DBO.Case)
    handling = _handling(made, case)
    made.add((URIRef(handling), RDF.type, PROV.Agent))
    for report in case.reports.order_by("id"):
        name = f"Melding {report.reference}"
        _piece(made, uri, f"melding-{report.reference}", name, report.submitted_at, base("meldingen", report.reference))
    office = f"{settings.BASE_URL}/kantoor/meldingen/{case.reference}"
    for row in case.attachments.order_by("id"):
        _piece(made, uri, f"bestand-{row.public_id}", row.name, row.added_at, f"{office}/bestand/{row.public_id}/")
    _activities(made, uri, handling, steps_of(case, None, all_steps=True))
    for decision in Decision.objects.filter(proposal__case=case, applied_at__isnull=False).select_related("proposal"):
        _decision(made, uri, decision)
    return made


def _piece(made: Graph, case: str, name: str, title: str, at: datetime, address: str) -> str:
    """A document of the case, with where it can be had."""
    uri = f"{case}#{name}"
    Triples(made, case)(DOSSIER["Dossier.bestaatUit"], uri)
    say = Triples(made, uri, DOSSIER.Stuk)
    say(DCTERMS.title, text(title))
    say(DCTERMS.date, Literal(timezone.localdate(at)))
    say(DOSSIER.isVoorgesteldDoor, f"{uri}-vorm")
    Triples(made, f"{uri}-vorm", DCAT.Distribution)(DCAT.accessURL, address)
    return uri


def _activities(made: Graph, case: str, handling: str, events: Iterable[CaseEvent]) -> None:
    """Each step begins with its event and ends with the next; the last goes on and ends, so far, where it began."""
    rows = list(events)
    for event, following in pairwise([*rows, *rows[-1:]]):
        say = Triples(made, f"{case}#stap-{event.pk}", PROV.Activity, DOSSIER.Procedurestap)
        say(DCTERMS.title, text(EventKind(event.kind).label))
        say(DOSSIER["Activiteit.startdatum"], moment(event.at))
        say(DOSSIER["Activiteit.einddatum"], moment(following.at))
        say(PROV.wasAssociatedWith, handling)


def _decision(made: Graph, case: str, decision: Decision) -> None:
    """The decision, by its public name once it is public."""
    publication = getattr(decision, "publication", None)
    uri = f"{case}#besluit-{decision.pk}"
    if publication is not None and publication.state == "public":
        uri = base("besluiten", str(publication.public_id))
    say = Triples(made, uri, BESLUIT.Besluit)
    say(ELI.title_short, text(f"Besluit {decision.number}"))
    say(ELI.description, text(f"{decision.proposal.title}: {decision.get_outcome_display().lower()}"))
    page = f"{settings.BASE_URL}/kantoor/voorstel/{decision.proposal.public_id}/"
    piece = _piece(made, case, f"stuk-besluit-{decision.pk}", f"Besluit {decision.number}", decision.received_at, page)
    made.add((URIRef(piece), DCTERMS.subject, URIRef(uri)))
