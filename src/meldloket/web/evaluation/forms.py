"""The forms of the builder: a new questionnaire, and one question with its four languages, choices and condition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify

from meldloket.catalogue.current import catalogue
from meldloket.evaluation.questions import KIND_NAMES, LANGUAGES, Kind, Option, Question, When, Words, in_language
from meldloket.web.citizen.forms import TidyField

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "Engels", "fr": "Frans", "de": "Duits"}
MOST_OPTIONS = 8


class NewForm(forms.Form):
    """For what the new form is."""

    name = TidyField(max_length=120, label="Naam", error_messages={"required": "Geef het formulier een naam."})
    category = forms.ChoiceField(required=False, label="Voor welke categorie")
    reference = TidyField(
        max_length=20, required=False, label="Of voor één melding", help_text="Het nummer, zoals MLD-2026-000123."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        rows = [(row.code, row.name) for row in catalogue().active_categories]
        field.choices = [("", "Alle categorieën zonder eigen formulier"), *rows]


class QuestionForm(forms.Form):
    """One question. `question`: the one that is changed, None for a new one; `before`: those that stand before it, on which
    it may depend."""

    kind = forms.ChoiceField(label="Soort", choices=[(str(kind), name) for kind, name in KIND_NAMES.items()])
    required = forms.BooleanField(label="Verplicht", required=False)
    when = forms.MultipleChoiceField(
        label="Alleen vragen na dit antwoord",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Niets aangeduid: iedereen krijgt deze vraag. Duid antwoorden op één vraag aan.",
    )

    def __init__(self, *args: Any, question: Question | None, before: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self._add_words("label", "Vraag", question.label if question else {}, 300)
        self._add_words("hint", "Uitleg", question.hint if question else {}, 300)
        self._add_words("low", "1 betekent", question.low if question else {}, 60)
        self._add_words("high", "5 betekent", question.high if question else {}, 60)
        options = question.options if question else ()
        for number in range(MOST_OPTIONS):
            option = options[number] if number < len(options) else None
            self._add_words(f"option{number}", f"Keuze {number + 1}", option.label if option else {}, 120)
        self._offer_conditions(before)
        if question is not None:
            self.fields["kind"].initial = str(question.kind)
            self.fields["required"].initial = question.required

    def _add_words(self, name: str, label: str, words: Words, most: int) -> None:
        for language in LANGUAGES:
            self.fields[f"{name}_{language}"] = TidyField(
                max_length=most,
                required=False,
                label=f"{label} ({LANGUAGE_NAMES[language]})",
                initial=words.get(language, ""),
                widget=forms.Textarea(attrs={"rows": 2}) if most > 200 else forms.TextInput(),
            )

    def _offer_conditions(self, before: list[Question]) -> None:
        offered = [
            (in_language(row.label, "nl"), [(f"{row.code}={code}", words) for code, words in row.choices()])
            for row in before
            if row.choices()
        ]
        field = self.fields["when"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = offered
        if not offered:
            del self.fields["when"]
        elif self.question is not None and self.question.when is not None:
            when = self.question.when
            field.initial = [f"{when.question}={value}" for value in when.values]

    def words(self, name: str) -> Words:
        """What was filled in for `name`, per language."""
        found = {language: self.cleaned_data.get(f"{name}_{language}", "") for language in LANGUAGES}
        return {language: text for language, text in found.items() if text}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("label_nl"):
            self.add_error("label_nl", "Schrijf de vraag in het Nederlands.")
        if data.get("kind") in (Kind.CHOICE, Kind.CHOICES):
            filled = [number for number in range(MOST_OPTIONS) if data.get(f"option{number}_nl")]
            if len(filled) < 2:
                self.add_error("option0_nl", "Geef minstens twee keuzes, in het Nederlands.")
        if len({value.split("=")[0] for value in data.get("when", [])}) > 1:
            self.add_error("when", "Duid antwoorden op één vraag aan, niet op meer vragen.")
        return data

    def made(self, taken: set[str]) -> Question:
        """The question. A new one gets a code of its own, that stays when the words change; of another kind it is a new
        question, because answers of two kinds can't be counted together."""
        data = self.cleaned_data
        kind = Kind(data["kind"])
        same = self.question is not None and self.question.kind == kind
        chosen = [value.split("=", 1) for value in data.get("when", [])]
        return Question(
            code=self.question.code if self.question and same else _code(data["label_nl"], taken, "vraag"),
            kind=kind,
            label=self.words("label"),
            hint=self.words("hint"),
            required=data["required"],
            options=self._options() if kind in (Kind.CHOICE, Kind.CHOICES) else (),
            low=self.words("low") if kind == Kind.SCALE else {},
            high=self.words("high") if kind == Kind.SCALE else {},
            when=When(chosen[0][0], tuple(value for _, value in chosen)) if chosen else None,
        )

    def _options(self) -> tuple[Option, ...]:
        existing = self.question.options if self.question else ()
        taken = {option.code for option in existing}
        made: list[Option] = []
        for number in range(MOST_OPTIONS):
            words = self.words(f"option{number}")
            if not words.get("nl"):
                continue
            code = existing[number].code if number < len(existing) else _code(words["nl"], taken, "keuze")
            taken.add(code)
            made.append(Option(code, words))
        return tuple(made)

    def rows(self) -> list[dict[str, Any]]:
        """The fields in four languages, one row each, for the page."""
        names = [
            ("label", "Vraag", ""),
            ("hint", "Uitleg", ""),
            ("low", "1 betekent", str(Kind.SCALE)),
            ("high", "5 betekent", str(Kind.SCALE)),
        ]
        choices = f"{Kind.CHOICE} {Kind.CHOICES}"
        names += [(f"option{number}", f"Keuze {number + 1}", choices) for number in range(MOST_OPTIONS)]
        return [
            {"label": label, "kinds": kinds, "fields": [self[f"{name}_{language}"] for language in LANGUAGES]}
            for name, label, kinds in names
        ]


def _code(words: str, taken: set[str], otherwise: str) -> str:
    """A short name made of the first words, that nothing else has."""
    base = slugify(words)[:30].strip("-") or otherwise
    return next(code for code in (base, *(f"{base}-{number}" for number in range(2, 1000))) if code not in taken)
