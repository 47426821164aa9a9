"""What a form consists of: kinds of questions, conditions, four languages; reading what somebody built or filled in, and
saying in plain Dutch what is wrong with it. Pure functions for the builder, the page of the citizen and the results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

LANGUAGES = ("nl", "en", "fr", "de")
SCALE = (1, 2, 3, 4, 5)
MOST_TEXT = 2000  # characters of an answer in words
MOST_QUESTIONS = 15  # more is not a minute on a phone


class Kind(StrEnum):
    """Sorts of questions."""

    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    TEXT = "text"


KIND_NAMES = {
    Kind.SCALE: "Schaal van 1 tot 5",
    Kind.CHOICE: "Eén keuze",
    Kind.CHOICES: "Meer keuzes",
    Kind.YES_NO: "Ja of nee",
    Kind.TEXT: "Tekst",
}
YES_NO = {
    "nl": {"yes": "Ja", "no": "Nee"},
    "en": {"yes": "Yes", "no": "No"},
    "fr": {"yes": "Oui", "no": "Non"},
    "de": {"yes": "Ja", "no": "Nein"},
}

Words = dict[str, str]  # language → text; Dutch is always there


def in_language(words: Mapping[str, str], language: str) -> str:
    """The text in `language`, in Dutch when there is none."""
    return words.get(language) or words.get("nl", "")


@dataclass(frozen=True)
class Option:
    """One choice of a question. `code` stands in the answers."""

    code: str
    label: Words


@dataclass(frozen=True)
class When:
    """A condition: the question is asked only when the answer to `question` (its code) is one of `values`."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question. `code` is its name in answers and results, and stays when the words change. `low` and `high`: what the
    ends of a scale mean."""

    code: str
    kind: Kind
    label: Words
    hint: Words = field(default_factory=dict)
    required: bool = False
    options: tuple[Option, ...] = ()
    low: Words = field(default_factory=dict)
    high: Words = field(default_factory=dict)
    when: When | None = None

    def choices(self, language: str = "nl") -> list[tuple[str, str]]:
        """(code, words) of everything that can be chosen; empty for a text."""
        if self.kind == Kind.SCALE:
            return [(str(number), str(number)) for number in SCALE]
        if self.kind == Kind.YES_NO:
            return list(YES_NO.get(language, YES_NO["nl"]).items())
        return [(option.code, in_language(option.label, language)) for option in self.options]


def read(rows: Iterable[Mapping[str, Any]]) -> list[Question]:
    """The questions of a draft or version, as they are kept in JSON."""
    return [
        Question(
            code=row["code"],
            kind=Kind(row["kind"]),
            label=row["label"],
            hint=row.get("hint", {}),
            required=row.get("required", False),
            options=tuple(Option(option["code"], option["label"]) for option in row.get("options", [])),
            low=row.get("low", {}),
            high=row.get("high", {}),
            when=When(row["when"]["question"], tuple(row["when"]["values"])) if row.get("when") else None,
        )
        for row in rows
    ]


def write(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """The JSON of questions; the opposite of `read`."""
    return [{**asdict(question), "kind": str(question.kind)} for question in questions]


def problems(questions: list[Question]) -> list[str]:
    """Dutch sentences about what keeps a form from being published; empty when nothing does."""
    found = []
    if not questions:
        return ["Er staat nog geen vraag in dit formulier."]
    if len(questions) > MOST_QUESTIONS:
        found.append(f"Een formulier telt hoogstens {MOST_QUESTIONS} vragen: het moet in een minuut in te vullen zijn.")
    before: dict[str, Question] = {}
    for question in questions:
        name = f"“{in_language(question.label, 'nl') or question.code}”"
        if not question.label.get("nl", "").strip():
            found.append(f"Vraag {question.code} heeft geen Nederlandse tekst.")
        if question.code in before:
            found.append(f"{name} komt twee keer voor.")
        if question.kind in (Kind.CHOICE, Kind.CHOICES) and len(question.options) < 2:
            found.append(f"{name} heeft minstens twee keuzes nodig.")
        if question.when is not None:
            found += _wrong_condition(name, question.when, before)
        before[question.code] = question
    return found


def _wrong_condition(name: str, when: When, before: Mapping[str, Question]) -> list[str]:
    asked = before.get(when.question)
    if asked is None:
        return [f"{name} hangt af van een vraag die er niet voor staat."]
    known = {code for code, _ in asked.choices()}
    if not when.values or not set(when.values) <= known:
        return [f"{name} hangt af van een antwoord dat niet (meer) bestaat."]
    return []


def untranslated(questions: list[Question]) -> list[str]:
    """Codes of languages in which some words are missing; citizens read Dutch there."""
    return [
        language
        for language in LANGUAGES[1:]
        if any(
            not words.get(language)
            for question in questions
            for words in (question.label, *(option.label for option in question.options))
        )
    ]


Answers = dict[str, list[str]]  # code of the question → what was chosen or written


def asked(questions: list[Question], answers: Mapping[str, list[str]]) -> list[Question]:
    """The questions that these answers lead to: a condition holds only when its question was itself asked."""
    shown: list[Question] = []
    codes: set[str] = set()
    for question in questions:
        when = question.when
        if when is None or (when.question in codes and set(when.values) & set(answers.get(when.question, []))):
            shown.append(question)
            codes.add(question.code)
    return shown


def tidy(questions: list[Question], sent: Mapping[str, list[str]]) -> Answers:
    """What was sent, without what was not asked, does not exist or is empty; words cut to MOST_TEXT."""
    kept: Answers = {}
    for question in questions:
        values = [value.strip() for value in sent.get(question.code, []) if value.strip()]
        if question.kind == Kind.TEXT:
            values = [values[0][:MOST_TEXT]] if values else []
        else:
            known = {code for code, _ in question.choices()}
            values = [value for value in values if value in known]
            values = values[:1] if question.kind != Kind.CHOICES else list(dict.fromkeys(values))
        if values:
            kept[question.code] = values
    shown = {question.code for question in asked(questions, kept)}
    return {code: values for code, values in kept.items() if code in shown}


def unanswered(questions: list[Question], answers: Mapping[str, list[str]]) -> list[Question]:
    """The required questions that were asked and have no answer."""
    return [question for question in asked(questions, answers) if question.required and not answers.get(question.code)]
