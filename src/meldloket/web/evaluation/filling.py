"""The evaluation as a page of questions, for the citizen and for whoever fills it in on the phone with them: one template,
one way to read what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from meldloket.evaluation.questions import Kind, Question, in_language
from meldloket.intake.text import tidy

PREFIX = "q-"  # before the code of a question, so that no question is called as a field of the page itself


@dataclass(frozen=True)
class Shown:
    """A question, ready to print. `choices`: (value, words, chosen); `text`: what was written so far."""

    name: str
    kind: str
    label: str
    hint: str
    required: bool
    choices: list[tuple[str, str, bool]]
    text: str
    low: str
    high: str
    when: str
    values: str
    error: str


def shown(
    questions: Iterable[Question], answers: Mapping[str, list[str]], language: str, errors: Mapping[str, str] | None = None
) -> list[Shown]:
    """The questions in `language` (Dutch where words are missing), with what was answered and what is wrong with it."""
    return [_shown(question, answers.get(question.code, []), language, (errors or {})) for question in questions]


def _shown(question: Question, chosen: list[str], language: str, errors: Mapping[str, str]) -> Shown:
    when = question.when
    return Shown(
        name=PREFIX + question.code,
        kind=str(question.kind),
        label=in_language(question.label, language),
        hint=in_language(question.hint, language),
        required=question.required,
        choices=[(value, words, value in chosen) for value, words in question.choices(language)],
        text=chosen[0] if chosen and question.kind == Kind.TEXT else "",
        low=in_language(question.low, language),
        high=in_language(question.high, language),
        when=PREFIX + when.question if when else "",
        values=" ".join(when.values) if when else "",
        error=errors.get(question.code, ""),
    )


def sent(data: QueryDict) -> dict[str, list[str]]:
    """The answers in a posted form, by code of the question."""
    return {
        name.removeprefix(PREFIX): [tidy(str(value), lines=True) for value in values]
        for name, values in data.lists()
        if name.startswith(PREFIX)
    }
