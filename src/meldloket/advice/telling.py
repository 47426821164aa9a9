"""Who among advisers and handlers hears what, by e-mail: the system does the mailing, with a way in and no personal data
(B2.6: "no separate mails")."""

from __future__ import annotations

from django.conf import settings

from meldloket.cases.models import Case
from meldloket.catalogue.models import AdviceService
from meldloket.messages.notices import tell, tell_handler, tell_system
from meldloket.people.models import Account
from meldloket.people.roles import Role

from . import links
from .models import AdviceRequest

ADVICE_EVENT = "be.meldloket.advice.request"
#: Why the partner's system hears of a request, in the words of its API.
EVENTS = {"asked": "asked", "until": "prolonged", "closed": "closed", "soon": "due_soon", "late": "overdue"}


def recipients(service: AdviceService) -> list[str]:
    """The mailbox of the service; without one, the people who may answer for it."""
    if service.email:
        return [service.email]
    people = Account.objects.filter(is_staff_account=True, is_active=True).exclude(email="")
    if service.kind == AdviceService.Kind.EXTERNAL:
        people = people.filter(organisation_code=service.organisation_code, roles__contains=[Role.EXTERNAL_ADVISER])
    elif service.department is not None:
        people = people.filter(departments__contains=[service.department.code], roles__contains=[Role.INTERNAL_ADVISER])
    else:
        return []
    return list(people.order_by("id").values_list("email", flat=True)[:20])


def _way_in(request: AdviceRequest) -> str:
    """The path behind the button: the page for whoever logs in, else a new personal link."""
    if request.service.way == AdviceService.Way.LINK:
        return f"/advies/{links.new(request)}/"
    return f"/kantoor/advies/{request.public_id}/"


def _to_service(request: AdviceRequest, why: str, subject: str, text: str) -> None:
    if request.service.way == AdviceService.Way.API:
        _to_system(request, why)
        if not request.service.email:
            return
    to = recipients(request.service)
    link = _way_in(request) if to else ""
    for address in to:
        tell(f"advice:{request.pk}:{why}:{address}", address, subject, text, link=link, link_label="Adviesvraag openen")


def _to_system(request: AdviceRequest, why: str) -> None:
    """A signed event for a partner with a system of its own: which request, not what it says; they fetch that."""
    reason = why.partition("-")[0]
    data = {
        "id": str(request.public_id),
        "case": request.case.reference,
        "state": request.state,
        "reason": EVENTS[reason],
        "due": request.due.isoformat(),
        "url": f"{settings.BASE_URL}/api/v1/adviesvragen/{request.public_id}",
    }
    tell_system(f"advice:{request.pk}:{why}:system", request.service.code, ADVICE_EVENT, str(request.public_id), data)


def asked(request: AdviceRequest) -> None:
    """A new question for the service."""
    category = request.case.category.name if request.case.category else "een melding"
    _to_service(
        request,
        "asked",
        f"Adviesvraag {request.case.reference}: antwoord ten laatste op {request.due:%d/%m/%Y}",
        f"Dag\n\nWij vragen het advies van {request.service.name} over dossier {request.case.reference} ({category}).\n\n"
        f"Geef uw advies ten laatste op {request.due:%d/%m/%Y}. "
        "U antwoordt meteen in het systeem: een mail terug is niet nodig.",
    )


def link_again(request: AdviceRequest, version: int) -> None:
    """A new personal link; the earlier ones are dead."""
    _to_service(
        request,
        f"again-{version}",
        f"Nieuwe link voor adviesvraag {request.case.reference}",
        f"Dag\n\nHier is een nieuwe persoonlijke link voor uw advies over dossier {request.case.reference}. "
        "De vorige link werkt niet meer.",
    )


def prolonged(request: AdviceRequest) -> None:
    """More time."""
    _to_service(
        request,
        f"until-{request.due:%Y%m%d}",
        f"Adviesvraag {request.case.reference}: u hebt tijd tot {request.due:%d/%m/%Y}",
        f"Dag\n\nU krijgt meer tijd voor uw advies over dossier {request.case.reference}: "
        f"tot en met {request.due:%d/%m/%Y}.",
    )


def closed(request: AdviceRequest) -> None:
    """The question is gone; whoever was writing must know."""
    _to_service(
        request,
        "closed",
        f"Adviesvraag {request.case.reference} is niet meer nodig",
        f"Dag\n\nUw advies over dossier {request.case.reference} is niet meer nodig.\n\nReden: {request.closed_reason}",
    )


def reminded(request: AdviceRequest, *, late: bool) -> None:
    """A reminder to the service; when the term has passed, word to the handler too."""
    if late:
        tell_handler(
            request.case,
            f"advice:{request.pk}:late:{request.due:%Y%m%d}:handler",
            "Advies te laat",
            f"Het advies van {request.service.name} over dossier {request.case.reference} had er op "
            f"{request.due:%d/%m/%Y} moeten zijn. U kan de termijn verlengen, de vraag intrekken of verdergaan zonder.",
            otherwise=request.asked_by,
        )
    _to_service(
        request,
        f"{'late' if late else 'soon'}-{request.due:%Y%m%d}",
        f"{'Te laat' if late else 'Herinnering'}: adviesvraag {request.case.reference}, termijn {request.due:%d/%m/%Y}",
        f"Dag\n\nWij wachten nog op uw advies over dossier {request.case.reference}. "
        + (_late_words(request) if late else f"De termijn loopt af op {request.due:%d/%m/%Y}."),
    )


def _late_words(request: AdviceRequest) -> str:
    if request.service.takes_late:
        return "De termijn is verstreken, maar u kan nog antwoorden."
    return "De termijn is verstreken. Hebt u meer tijd nodig, vraag dat dan op de pagina van de adviesvraag."


def more_time(request: AdviceRequest, why: str, version: int) -> None:
    """To the handler: a service asks for more time."""
    tell_handler(
        request.case,
        f"advice:{request.pk}:more-time:{version}",
        "Meer tijd gevraagd voor advies",
        f"{request.service.name} vraagt meer tijd voor het advies over dossier {request.case.reference} "
        f"(termijn {request.due:%d/%m/%Y}).\n\nReden: {why}",
        otherwise=request.asked_by,
    )


def complete(case: Case) -> None:
    """To the handler: the last advice is in."""
    text = f"De adviezen over dossier {case.reference} zijn binnen. U kan ze verwerken."
    tell_handler(case, f"advice:complete:{case.pk}:{case.version}", "Alle adviezen zijn binnen", text)
