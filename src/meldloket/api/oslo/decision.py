"""A published decision as a graph (vocabulary besluit, shapes besluit-publicatie). The page with RDFa says the same;
a test compares the two."""

from __future__ import annotations

from datetime import datetime

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, ORG, PROV, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

from meldloket.decisions import linked
from meldloket.decisions.linked import LinkedDecision, Organ, Part, Poll, Sitting

from .terms import BESLUIT, ELI, GENERIEK, MANDAAT, MANDAAT_HTTPS, graph


def text(value: str) -> Literal:
    return Literal(value, datatype=XSD.string)


def dutch(value: str) -> Literal:
    return Literal(value, lang="nl")


def literal(value: str) -> Literal:
    """What the shapes ask of "inhoud" and of names: the datatype rdfs:Literal."""
    return Literal(value, datatype=RDFS.Literal)


def moment(value: str | datetime) -> Literal:
    return Literal(value if isinstance(value, str) else value.isoformat(), datatype=XSD.dateTime)


class Triples:
    """Adds facts about one subject; an empty value adds nothing."""

    def __init__(self, into: Graph, uri: str, *types: URIRef) -> None:
        self.into, self.subject = into, URIRef(uri)
        for kind in types:
            into.add((self.subject, RDF.type, kind))

    def __call__(self, predicate: URIRef, value: Node | str | None) -> None:
        """`value`: a literal, or the address of a thing."""
        if not isinstance(value, Node):
            value = URIRef(value) if value else None
        if value is not None:
            self.into.add((self.subject, predicate, value))


def decision_graph(one: LinkedDecision) -> Graph:
    """Everything that the public page says."""
    made = graph()
    say = Triples(made, one.uri, BESLUIT.Besluit, ELI.LegalExpression)
    say(ELI.title, text(one.title))
    say(ELI.title_short, text(one.short_title))
    say(ELI.description, text(one.description))
    say(BESLUIT.motivering, dutch(one.motivation))
    say(PROV.value, literal(one.content))
    say(ELI.language, linked.NLD)
    say(ELI.date_publication, Literal(one.published_on))
    say(ELI.realizes, one.legal)
    say(PROV.wasGeneratedBy, one.treatment)
    if one.document:
        say(DCTERMS.hasFormat, one.document)
        Triples(made, one.document, FOAF.Document)
    for at, why in one.corrected:
        say(DCTERMS.modified, moment(at))
        say(SKOS.changeNote, dutch(why))
    for part in one.parts:
        _part(made, one, part)
    Triples(made, linked.NLD, SKOS.Concept)
    _legal(made, one)
    _treatment(made, one)
    _sitting(made, one, one.sitting)
    _organ(made, one.organ)
    for holder in one.holders:
        Triples(made, holder.uri, MANDAAT.Mandataris)(FOAF.name, text(holder.name))
    if one.poll:
        _poll(made, one, one.poll)
    return made


def _part(made: Graph, one: LinkedDecision, part: Part) -> None:
    Triples(made, one.uri)(ELI.has_part, part.uri)
    say = Triples(made, part.uri, BESLUIT.Artikel, ELI.LegalExpression)
    say(ELI.number, text(part.number))
    say(ELI.title, text(part.title))
    say(PROV.value, literal(part.text))
    say(ELI.language, linked.NLD)
    say(ELI.realizes, part.legal)
    Triples(made, part.legal, ELI.LegalResourceSubdivision)(ELI.is_part_of, one.legal)


def _legal(made: Graph, one: LinkedDecision) -> None:
    say = Triples(made, one.legal, ELI.LegalResource)
    say(ELI.passed_by, one.organ.uri)
    say(ELI.first_date_entry_in_force, Literal(one.in_force_on))
    say(ELI.type_document, linked.DECISION_TYPE)
    for part in one.parts:
        say(ELI.has_part, part.legal)
    Triples(made, linked.DECISION_TYPE, ELI.ResourceType)


def _treatment(made: Graph, one: LinkedDecision) -> None:
    say = Triples(made, one.treatment, BESLUIT.BehandelingVanAgendapunt)
    say(DCTERMS.subject, one.item)
    say(PROV.generated, one.uri)
    say(BESLUIT.openbaar, Literal(one.sitting.public))
    for uri in one.present:
        say(BESLUIT.heeftAanwezige, uri)
    say(BESLUIT.heeftVoorzitter, one.sitting.chair)
    say(BESLUIT.heeftSecretaris, one.sitting.secretary)
    say(BESLUIT.heeftStemming, one.poll.uri if one.poll else "")
    item = Triples(made, one.item, BESLUIT.Agendapunt)
    item(DCTERMS.title, text(one.title))
    item(DCTERMS.description, text(one.description))
    item(BESLUIT.geplandOpenbaar, Literal(one.planned_public))
    item(BESLUIT["Agendapunt.type"], linked.PLANNED_ITEM)
    Triples(made, linked.PLANNED_ITEM, SKOS.Concept)


def _sitting(made: Graph, one: LinkedDecision, sitting: Sitting) -> None:
    say = Triples(made, sitting.uri, BESLUIT.Zitting)
    say(BESLUIT.behandelt, one.item)
    say(BESLUIT.isGehoudenDoor, one.organ.uri)
    say(BESLUIT.geplandeStart, moment(sitting.planned) if sitting.planned else "")
    say(PROV.startedAtTime, moment(sitting.start) if sitting.start else "")
    say(PROV.endedAtTime, moment(sitting.end) if sitting.end else "")
    for uri in one.present:
        say(BESLUIT.heeftAanwezigeBijStart, uri)
    say(BESLUIT.heeftVoorzitter, sitting.chair)
    say(BESLUIT.heeftSecretaris, sitting.secretary)
    if sitting.minutes:
        say(BESLUIT.heeftNotulen, sitting.minutes)
        Triples(made, sitting.minutes, FOAF.Document)
    if sitting.place:
        say(PROV.atLocation, sitting.place_uri)
        Triples(made, sitting.place_uri, PROV.Location)(RDFS.label, text(sitting.place))


def _organ(made: Graph, organ: Organ) -> None:
    for uri, name in ((organ.uri, organ.name), (organ.whole, organ.whole_name)):
        say = Triples(made, uri, BESLUIT.Bestuursorgaan)
        say(SKOS.prefLabel, literal(name))
        say(ORG.classification, organ.code)
        say(BESLUIT.bestuurt, organ.unit)
    say = Triples(made, organ.uri)
    say(GENERIEK.isTijdspecialisatieVan, organ.whole)
    say(MANDAAT_HTTPS.isTijdspecialisatieVan, organ.whole)
    unit = Triples(made, organ.unit, BESLUIT.Bestuurseenheid)
    unit(SKOS.prefLabel, literal(organ.unit_name))
    unit(ORG.classification, linked.MUNICIPALITY_CODE)
    unit(BESLUIT.werkingsgebied, organ.area)
    Triples(made, organ.area, PROV.Location)
    for code in (organ.code, linked.MUNICIPALITY_CODE):
        Triples(made, code, SKOS.Concept)


def _poll(made: Graph, one: LinkedDecision, poll: Poll) -> None:
    say = Triples(made, poll.uri, BESLUIT.Stemming)
    say(BESLUIT.aantalVoorstanders, Literal(poll.votes_for))
    say(BESLUIT.aantalTegenstanders, Literal(poll.against))
    say(BESLUIT.aantalOnthouders, Literal(poll.abstained))
    say(BESLUIT.geheim, Literal(poll.secret))
    say(BESLUIT.onderwerp, dutch(poll.subject))
    say(BESLUIT.gevolg, dutch(poll.consequence))
    for uri in one.present:
        say(BESLUIT.heeftAanwezige, uri)
    for predicate, holders in (
        (BESLUIT.heeftStemmer, poll.voters),
        (BESLUIT.heeftVoorstander, poll.in_favour),
        (BESLUIT.heeftTegenstander, poll.opposed),
        (BESLUIT.heeftOnthouder, poll.abstaining),
    ):
        for uri in holders:
            say(predicate, uri)
