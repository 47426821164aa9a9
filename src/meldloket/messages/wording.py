"""From a template and a case to the words that one citizen reads: what placeholders stand for, an SMS of one part, and no
national number in any of it, whoever typed it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override

from meldloket.cases.models import Case, Report
from meldloket.catalogue.current import catalogue
from meldloket.people.protect import normalise

from .dosis_body import cut
from .sms_text import is_gsm7, sms_parts, to_gsm7
from .templates import fill, text_for

LANGUAGES = ("nl", "en", "fr", "de")

#: The few words that come from no template, per language.
LINK_LABELS = {
    "nl": "Bekijk uw melding",
    "en": "See your report",
    "fr": "Voir votre signalement",
    "de": "Ihre Meldung ansehen",
}
TITLES = {"nl": "Melding: {}", "en": "Report: {}", "fr": "Signalement : {}", "de": "Meldung: {}"}
ACTIONS = {
    "nl": "Beantwoord de vraag van de gemeente.",
    "en": "Answer the municipality's question.",
    "fr": "Répondez à la question de la commune.",
    "de": "Beantworten Sie die Frage der Gemeinde.",
}
EVALUATE_LABELS = {
    "nl": "Naar de evaluatie",
    "en": "To the evaluation",
    "fr": "Vers l'évaluation",
    "de": "Zur Bewertung",
}
EVALUATES = {
    "nl": "Laat weten wat u van de behandeling vond.",
    "en": "Tell us what you thought of the handling.",
    "fr": "Dites-nous ce que vous pensez du traitement.",
    "de": "Sagen Sie uns, wie Sie die Bearbeitung fanden.",
}
#: How a case ended, in the words of a message (cases.lifecycle.Outcome).
OUTCOME_WORDS = {
    "nl": {
        "done": "uitgevoerd",
        "planned": "ingepland",
        "not_found": "niets (meer) vastgesteld",
        "not_ours": "niet voor ons",
        "refused": "wij doen dit niet",
    },
    "en": {
        "done": "carried out",
        "planned": "planned",
        "not_found": "nothing (more) found",
        "not_ours": "not ours",
        "refused": "we will not do this",
    },
    "fr": {
        "done": "exécuté",
        "planned": "planifié",
        "not_found": "rien constaté (de plus)",
        "not_ours": "pas de notre ressort",
        "refused": "nous ne le ferons pas",
    },
    "de": {
        "done": "ausgeführt",
        "planned": "eingeplant",
        "not_found": "nichts (mehr) festgestellt",
        "not_ours": "nicht für uns",
        "refused": "das tun wir nicht",
    },
}
#: The same in a sentence, with which a message goes on in the handler's own words.
OUTCOME_SENTENCES = {
    "nl": {
        "done": "Het werk is uitgevoerd.",
        "planned": "Het werk is nog niet uitgevoerd, maar het is ingepland.",
        "not_found": "Wij vonden het probleem niet (meer).",
        "not_ours": "De gemeente is hier niet voor bevoegd.",
        "refused": "Wij voeren dit niet uit. Hieronder leest u waarom.",
    },
    "en": {
        "done": "The work has been carried out.",
        "planned": "The work has not been carried out yet, but it is planned.",
        "not_found": "We did not find the problem (any more).",
        "not_ours": "This is not for the municipality to deal with.",
        "refused": "We will not do this. Below you can read why.",
    },
    "fr": {
        "done": "Le travail a été exécuté.",
        "planned": "Le travail n'a pas encore été exécuté, mais il est planifié.",
        "not_found": "Nous n'avons pas (ou plus) constaté le problème.",
        "not_ours": "La commune n'est pas compétente en la matière.",
        "refused": "Nous ne le ferons pas. Vous lirez pourquoi ci-dessous.",
    },
    "de": {
        "done": "Die Arbeit ist ausgeführt.",
        "planned": "Die Arbeit ist noch nicht ausgeführt, aber sie ist eingeplant.",
        "not_found": "Wir haben das Problem nicht (mehr) festgestellt.",
        "not_ours": "Die Gemeinde ist dafür nicht zuständig.",
        "refused": "Wir führen das nicht aus. Unten lesen Sie, warum.",
    },
}
#: What stands for {link} in an SMS when links are off (SMS_LINKS) or do not fit.
ON_OUR_SITE = {"nl": "op onze website", "en": "on our website", "fr": "sur notre site", "de": "auf unserer Website"}

#: Placeholders of any length, and the most that an SMS keeps of each when the whole does not fit one part.
_LONG = ("titel", "categorie", "dienst", "plaats", "tekst", "vraag")
_ROOM = (60, 40, 25)
_NUMBER = re.compile(r"(?<![\d+/])\d{2}[ .]?\d{2}[ .]?\d{2}[ .\-]?\d{3}[ .\-]?\d{2}(?!\d)")


def language_of(report: Report) -> str:
    """The language that the reporter chose, Dutch when we have no words in it."""
    language = report.reporter.language if report.reporter else "nl"
    return language if language in LANGUAGES else "nl"


def link_to(report: Report) -> str:
    """Where the citizen finds the report: the page logs in by itself."""
    return f"{settings.BASE_URL}/mijn/{report.reference}/"


def without_national_numbers(text: str) -> str:
    """The text with every valid national number blotted out: a message travels through systems that may not have one."""
    return _NUMBER.sub(lambda found: "…" if normalise(found[0]) else found[0], text)


def values_for(
    case: Case,
    report: Report,
    text: str,
    language: str,
    data: dict[str, Any] | None = None,
    *,
    by_reporter: bool = False,
    strict: bool = True,
) -> dict[str, str]:
    """Everything that placeholders can stand for. `text`: the words of the event; a handler's may hold placeholders too
    (standard texts do), a citizen's (`by_reporter`) are left as they are. `data`: of the event, with `due`, `to` and
    `until` as ISO dates, `outcome` of a closing, `path` of a personal link. Raises MissingPlaceholder when the handler's
    words hold one that is not filled and `strict`."""
    data = data or {}
    town = catalogue().municipality
    until = date.fromisoformat(data["until"]) if data.get("until") else None
    target = date.fromisoformat(data["to"]) if data.get("to") else case.target_date
    due = date.fromisoformat(data["due"]) if data.get("due") else None
    with override(language):
        values = {
            "referentie": report.reference,
            "titel": without_national_numbers(case.title),
            "categorie": case.category.name if case.category else without_national_numbers(case.title),
            "dienst": case.department.name if case.department else town.name,
            "plaats": case.place_label,
            "streefdatum": date_format(target, "j F Y") if target else "",
            "link": settings.BASE_URL + data["path"] if data.get("path") else link_to(report),
            "gemeente": town.name,
            "telefoon": town.phone,
            "antwoorddatum": date_format(due, "j F Y") if due else "",
            "tot": date_format(until, "j F Y") if until else "",
            "uitkomst": OUTCOME_WORDS[language].get(data.get("outcome", ""), ""),
            "uitleg": OUTCOME_SENTENCES[language].get(data.get("outcome", ""), ""),
        }
    words = text if by_reporter or not text else fill(text, values, strict=strict)
    values["tekst"] = values["vraag"] = without_national_numbers(words)
    return values


def render(
    kind: str, channel: str, language: str, category_id: int | None, values: dict[str, str], *, strict: bool = True
) -> tuple[str, str]:
    """Subject and text of a message. An e-mail's subject is one line and holds the reference, whatever the template says;
    an SMS fits one part. Raises MissingPlaceholder when something is not filled and `strict`."""
    template = text_for(kind, channel, language, category_id)
    subject = " ".join(fill(template.subject, values, strict=strict).split())
    if channel == "sms":
        return "", _sms(template.body, values, language, strict=strict)
    if channel == "email" and values["referentie"] not in subject[:255]:
        subject = f"{cut(subject.replace(values['referentie'], ''), 200)} ({values['referentie']})".strip()
    return subject[:255], fill(template.body, values, strict=strict)


def _sms(body: str, values: dict[str, str], language: str, *, strict: bool) -> str:
    """The text in one part: plain characters first, then shorter values, then without the link, at last cut."""
    if not settings.SMS_LINKS:
        values = {**values, "link": ON_OUR_SITE[language]}
    text = to_gsm7(fill(body, values, strict=strict))
    if sms_parts(text) <= 1:
        return text
    plain = {name: _plain(values[name]) for name in _LONG}
    tries = [{name: cut(value, room).replace("…", "...") for name, value in plain.items()} for room in _ROOM]
    for shorter in (plain, *tries, {**tries[-1], "link": ON_OUR_SITE[language]}):
        text = to_gsm7(fill(body, {**values, **shorter}, strict=False))
        if sms_parts(text) <= 1:
            return text
    text = _plain(text)
    while sms_parts(text + "...") > 1:
        text = text[:-1]
    return text.rstrip() + "..."


def _plain(text: str) -> str:
    """Without emoji and other characters for which a telephone would switch to parts of 70."""
    return "".join(char for char in to_gsm7(text) if is_gsm7(char)).strip()
