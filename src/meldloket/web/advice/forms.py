"""The forms of an adviser."""

from __future__ import annotations

from typing import Any

from django import forms

from meldloket.advice.models import AdviceAnswer, AdviceRequest, Verdict
from meldloket.cases import clock, terms
from meldloket.catalogue.current import catalogue
from meldloket.web.citizen.forms import TidyField


class AnswerForm(forms.Form):
    """An advice. Nothing is required for a draft; the command says what a given advice needs."""

    verdict = forms.ChoiceField(label="Uw advies", choices=Verdict.choices, widget=forms.RadioSelect, required=False)
    reasons = TidyField(
        lines=True, max_length=8000, required=False, label="Waarom", widget=forms.Textarea(attrs={"rows": 7})
    )
    conditions = TidyField(
        lines=True,
        max_length=4000,
        required=False,
        label="Voorwaarden, één per regel",
        help_text="Elke voorwaarde kan een actie worden.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].says_optional = False  # type: ignore[attr-defined]  # only a draft goes without

    @classmethod
    def of(cls, answer: AdviceAnswer | None) -> AnswerForm:
        """The form as it was left, or with the advice that was given, to complete it."""
        if answer is None:
            return cls()
        return cls(
            initial={
                "verdict": answer.verdict,
                "reasons": answer.reasons,
                "conditions": "\n".join(answer.conditions),
            }
        )


class AskForm(forms.Form):
    """A question of the adviser to the citizen (B3.3)."""

    report = forms.ChoiceField(label="Aan welke melder")
    text = TidyField(
        lines=True,
        max_length=3000,
        label="Uw vraag aan de melder",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Schrijf uw vraag."},
    )
    due = forms.DateField(
        label="Antwoord ten laatste op", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, request: AdviceRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reports = {str(row.pk): row for row in request.case.reports.order_by("id")}
        field = self.fields["report"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, row.reference) for key, row in self.reports.items()]
        if len(self.reports) == 1:
            field.widget, field.initial = forms.HiddenInput(), next(iter(self.reports))
        self.fields["due"].initial = terms.add_working_days(clock.today(), catalogue().municipality.answer_days)


class MoreTimeForm(forms.Form):
    """Why the adviser needs more time."""

    why = TidyField(
        lines=True,
        max_length=1000,
        label="Uw reden om meer tijd te vragen",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Schrijf uw reden om meer tijd te vragen."},
    )
