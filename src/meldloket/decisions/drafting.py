"""A proposal out of what the case already knows: the handler writes no decision by hand (B5.2). Nothing of the reporter's
identity is read, so nothing can leak into a text that will be published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from meldloket.actions.models import Action
from meldloket.advice.models import AdviceAnswer, AdviceSummary
from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue

from . import privacy
from .models import Body, CompetenceRule, Proposal, ProposalTemplate

COLLEGE = "Het college van burgemeester en schepenen is bevoegd voor het dagelijks bestuur van de gemeente."
FACTS = (
    "Op {datum} kwam melding {referentie} binnen over {onderwerp} ({plaats}).\n"
    "De dienst {dienst} onderzocht de melding en stelt voor: {acties}."
)
#: What the placeholders of a template stand for, for its editor.
SAMPLE = {
    "referentie": "MLD-2026-000123",
    "onderwerp": "onveilige verkeerssituatie",
    "plaats": "Kerkstraat 12, 9999 Lindekerke",
    "straat": "Kerkstraat",
    "dienst": "Mobiliteit",
    "datum": "3 november 2026",
    "acties": "een parkeerverbod invoeren",
    "kost": "1.250,00 euro",
    "gemeente": "Lindekerke",
}
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class Content:
    """Every part of a proposal that a handler can edit."""

    body: str
    title: str
    competence: str
    legal_ground: str
    facts: str
    advices: str
    articles: tuple[str, ...]
    financial_note: str
    alderman: str = ""
    planned_public: bool = True
    meeting_id: int | None = None
    urgent: bool = False
    names_reporter: bool = False


def actions_for(case: Case) -> list[Action]:
    """The actions of this case that wait for a decision and stand in no proposal that is still under way."""
    taken = Proposal.actions.through.objects.filter(proposal__case=case).exclude(
        proposal__state__in=[Proposal.State.WITHDRAWN, Proposal.State.DECIDED]
    )
    waiting = case.actions.filter(state=Action.State.WAITING, needs_decision=True)
    return list(waiting.exclude(pk__in=taken.values("action_id")).order_by("id"))


def draft_for(case: Case, actions: list[Action]) -> Content:
    """The proposal as it begins: the category's template, the actions as articles, the advices with their conditions."""
    cost = sum((action.cost for action in actions if action.cost), Decimal(0))
    rule = competence_for(case, cost)
    template = _template(case)
    values = _values(case, actions, cost)
    articles = tuple(fill(line, values) for line in (template.articles if template else ()))
    return Content(
        body=rule.body if rule else Body.COLLEGE,
        title=fill(template.title if template else "Melding {referentie}: {onderwerp}", values)[:250],
        competence=rule.competence if rule else COLLEGE,
        legal_ground=fill(template.legal_ground, values) if template else "",
        facts=fill(template.facts if template else FACTS, values),
        advices=advices_of(case),
        articles=articles or tuple(_article(action) for action in actions),
        financial_note=fill(template.financial_note, values) if template and template.financial_note else _money(cost),
    )


def competence_for(case: Case, cost: Decimal) -> CompetenceRule | None:
    """The first rule that fits the case's category and this amount in euro."""
    for rule in CompetenceRule.objects.filter(active=True):
        if rule.category_id and rule.category_id != case.category_id:
            continue
        if rule.from_cost is not None and cost < rule.from_cost:
            continue
        return rule
    return None


def _template(case: Case) -> ProposalTemplate | None:
    rows = list(ProposalTemplate.objects.filter(active=True))
    own = next((row for row in rows if row.category_id and row.category_id == case.category_id), None)
    return own or next((row for row in rows if row.category_id is None), None)


def _values(case: Case, actions: list[Action], cost: Decimal) -> dict[str, str]:
    with override("nl"):
        day = date_format(case.submitted_at, "j F Y")
    return {
        "referentie": case.reference,
        "onderwerp": case.category.name.lower() if case.category else "een melding",
        "plaats": case.place_label if case.street else "plaats volgens het dossier",
        "straat": case.street or "de straat",
        "dienst": case.department.name if case.department else "gemeente",
        "datum": day,
        "acties": "; ".join(action.title[:1].lower() + action.title[1:] for action in actions),
        "kost": euros(cost),
        "gemeente": catalogue().municipality.name,
    }


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders filled; one that does not exist stays, so that it is seen."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def _article(action: Action) -> str:
    ends = "" if action.title.endswith(".") else "."
    more = f" {action.description}" if action.description else ""
    return f"Het bestuur keurt goed: {action.title[:1].lower() + action.title[1:]}{ends}{more}"


def _money(cost: Decimal) -> str:
    return f"De kosten worden geraamd op {euros(cost)}." if cost else "Dit besluit heeft geen financiële gevolgen."


def euros(amount: Decimal) -> str:
    """1250 → 1.250,00 euro."""
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".") + " euro"


def advices_of(case: Case) -> str:
    """What the services advised, with the handler's own summary where there is one; names of people stay out."""
    given = AdviceAnswer.objects.filter(request__case=case, state=AdviceAnswer.State.GIVEN)
    rows = given.select_related("request__service")
    lines = []
    for row in rows.order_by("given_at"):
        lines.append(f"{row.request.service.name}: {row.get_verdict_display().lower()}. {row.reasons}".strip())
        lines += [f"- {condition}" for condition in row.conditions]
    summary = AdviceSummary.objects.filter(case=case).order_by("-id").first()
    if summary is not None and summary.text not in "\n".join(lines):
        lines = [summary.text]
    return "\n".join(lines)


def given_advices(case: Case) -> list[dict[str, str]]:
    """Who advised what, for the exchange: `dienst`, `advies`, `samenvatting`."""
    given = AdviceAnswer.objects.filter(request__case=case, state=AdviceAnswer.State.GIVEN)
    return [
        {"dienst": row.request.service.name, "advies": row.get_verdict_display(), "samenvatting": row.reasons}
        for row in given.select_related("request__service").order_by("given_at")
    ]


def missing(content: Content, names: Iterable[str] = ()) -> list[str]:
    """What still must be done before it can be handed over: Dutch sentences, empty when it is complete. `names`: of the
    reporters, who must not be in it unless the handler chose so."""
    needed = (
        (content.title, "Geef het voorstel een titel."),
        (content.competence, "Schrijf op grond waarvan het bestuur bevoegd is."),
        (content.legal_ground, "Schrijf de juridische grond."),
        (content.facts, "Schrijf de feiten en de motivering."),
        ("".join(content.articles), "Schrijf minstens één artikel."),
        (content.alderman, "Kies de bevoegde schepen."),
    )
    lines = [words for value, words in needed if not value.strip()]
    whole = "\n".join([content.title, content.competence, content.legal_ground, content.facts, *content.articles])
    gaps = sorted(set(_PLACEHOLDER.findall(whole)))
    if not content.names_reporter:
        found = privacy.findings("\n".join([whole, content.advices, content.financial_note]), names)
        lines += [f"Haal de naam van de melder eruit: “{one.text}”." for one in found if one.kind == privacy.REPORTER]
    return [*lines, *(f"Vul {{{name}}} nog in." for name in gaps)]


def changed_parts(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, str]]:
    """What differs between two handed-over versions (commands.exchange), part by part: `deel`, `was`, `wordt`."""
    rows = []
    for key, label in EXCHANGED.items():
        was, becomes = _plain(before.get(key, "")), _plain(after.get(key, ""))
        if was != becomes:
            rows.append({"deel": label, "was": was, "wordt": becomes})
    return rows


#: The parts of the exchange that a person reads.
EXCHANGED = {
    "bestuursorgaan": "wie beslist",
    "titel": "titel",
    "bevoegdheid": "bevoegdheid",
    "juridischeGrond": "juridische grond",
    "motivering": "feiten en motivering",
    "adviezen": "adviezen",
    "artikels": "artikels",
    "financieleGevolgen": "financiële gevolgen",
    "schepen": "bevoegde schepen",
    "gewensteZitting": "gewenste zitting",
    "geplandOpenbaar": "openbare zitting",
    "dringend": "dringend",
    "melder": "naam van de melder",
    "bijlagen": "bijlagen",
}


def _plain(value: Any) -> str:
    """A part of the exchange as one text."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return "\n".join(one.get("naam") or f"{one.get('nummer', '')}. {one.get('tekst', '')}" for one in value)
    return str(value)


def content_of(proposal: Proposal) -> Content:
    """The proposal's editable parts."""
    return Content(
        body=proposal.body,
        title=proposal.title,
        competence=proposal.competence,
        legal_ground=proposal.legal_ground,
        facts=proposal.facts,
        advices=proposal.advices,
        articles=tuple(proposal.articles),
        financial_note=proposal.financial_note,
        alderman=proposal.alderman,
        planned_public=proposal.planned_public,
        meeting_id=proposal.meeting_id,
        urgent=proposal.urgent,
        names_reporter=proposal.names_reporter,
    )


def tidied(content: Content) -> Content:
    """Without empty articles and loose spaces."""
    articles = tuple(line.strip() for line in content.articles if line.strip())
    return replace(content, title=content.title.strip()[:250], articles=articles)
