"""Which requests for advice a person sees: the one place that says it. An external adviser sees those of their own
organisation, an internal one those of their departments; nothing else of any case."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from meldloket.cases.closing import OpenPart
from meldloket.cases.lifecycle import Status
from meldloket.cases.models import Case
from meldloket.catalogue.models import AdviceService
from meldloket.people.roles import Actor, Role

from .models import AdvicePoint, AdviceRequest


def services_of(actor: Actor) -> QuerySet[AdviceService]:
    """The services for which this person may answer."""
    mine = Q(pk=None)
    if actor.has(Role.EXTERNAL_ADVISER) and actor.organisation_code:
        mine |= Q(kind=AdviceService.Kind.EXTERNAL, organisation_code=actor.organisation_code)
    if actor.has(Role.INTERNAL_ADVISER):
        mine |= Q(kind=AdviceService.Kind.INTERNAL, department__code__in=actor.departments)
    return AdviceService.objects.filter(mine)


def requests_for(actor: Actor) -> QuerySet[AdviceRequest]:
    """The requests that this person may open; withdrawn ones stay visible, so that nobody wonders where one went."""
    return AdviceRequest.objects.filter(service__in=services_of(actor))


def why_not_emptied(case: Case) -> str | None:
    """A case about which advice was asked keeps its own file: others join it, not the other way."""
    asked = AdviceRequest.objects.filter(case=case).exists()
    return f"Over {case.reference} is advies gevraagd. Voeg de andere melding daarbij samen." if asked else None


def open_parts(case: Case) -> list[OpenPart]:
    """Advice and points that keep a case from closing."""
    requests = (
        AdviceRequest.objects.filter(case=case, state=AdviceRequest.State.OPEN).select_related("service").order_by("id")
    )
    sentences = [f"Advies van {row.service.name}: gevraagd en nog niet binnen." for row in requests]
    points = AdvicePoint.objects.filter(case=case, settled_at=None).select_related("request__service").order_by("id")
    sentences += [f"Aandachtspunt uit het advies van {row.request.service.name}: nog open." for row in points]
    if case.status == Status.IN_ADVICE and not sentences:
        sentences = ["De adviezen zijn nog niet verwerkt."]
    return [OpenPart(sentence, "adviezen") for sentence in sentences]
