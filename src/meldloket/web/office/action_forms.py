"""The forms of the actions on a case; each knows what standard texts it can start from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from meldloket.cases import clock, terms
from meldloket.cases.closing import OpenPart
from meldloket.cases.models import Case, Report, StandardText
from meldloket.catalogue.current import catalogue
from meldloket.people.models import Account
from meldloket.people.roles import Role
from meldloket.web.citizen.forms import TidyField

#: Reasons for which a report is not admissible (catalogue's README), with the handler's words.
REASONS = (
    ("emergency", "Noodgeval: voor 112 of 101"),
    ("complaint", "Klacht over de gemeente: eigen procedure"),
    ("other_authority", "Een andere overheid of beheerder is bevoegd"),
    ("private_matter", "Private kwestie tussen burgers"),
    ("information_request", "Vraag om informatie, geen melding"),
    ("not_understandable", "Niet te begrijpen of leeg"),
    ("abusive", "Beledigend of bedreigend"),
    ("duplicate", "Al gemeld en nog in behandeling"),
)


def choice(form: forms.Form, name: str) -> forms.ChoiceField:
    """A choice field of a form, whose choices are known only when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


class ActionForm(forms.Form):
    """Every form knows its `case`; `version` is the case as the person saw it; `query`: what the link that opened it chose
    already (which advice, which action)."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, query: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        self.case = case
        self.query = query or {}
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = case.version

    def event_data(self) -> dict[str, str]:
        """What the event will hold beside the days in the form, for the preview of the messages."""
        return {}

    def too_early(self) -> str:
        """Dutch: what must be chosen before it can be shown what the reporter gets; empty when nothing must."""
        return ""

    def obstacles(self) -> list[OpenPart]:
        """What must be ready first; shown above the form, which can be filled in meanwhile."""
        return []


class ForCitizen(ActionForm):
    """An action with a text that the citizen reads, started from a standard text."""

    use = StandardText.Use.ADMISSIBLE
    text = TidyField(
        lines=True,
        max_length=4000,
        label="Wat de melder leest",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Schrijf wat de melder te lezen krijgt."},
    )

    def standard_texts(self) -> list[StandardText]:
        """The texts to start from, those of the case's category first."""
        texts = StandardText.objects.filter(use=self.use, active=True)
        return sorted(texts, key=lambda row: (row.category_id != self.case.category_id, row.title))


class AdmissibleForm(ForCitizen):
    use = StandardText.Use.ADMISSIBLE


class InadmissibleForm(ForCitizen):
    use = StandardText.Use.INADMISSIBLE
    reason = forms.ChoiceField(choices=[("", "Kies een reden"), *REASONS], label="Reden")
    field_order = ("version", "reason", "text")


class QuestionForm(ForCitizen):
    use = StandardText.Use.QUESTION
    due = forms.DateField(
        label="Antwoord ten laatste op",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Vul een dag in zoals 23/11/2026."},
    )
    report = forms.ChoiceField(label="Aan welke melder")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Uw vraag aan de melder"
        days = catalogue().municipality.answer_days
        self.fields["due"].initial = terms.add_working_days(clock.today(), days)
        reports = list(self.case.reports.order_by("id"))
        choice(self, "report").choices = [(str(row.pk), row.reference) for row in reports]
        if len(reports) == 1:
            self.fields["report"].widget = forms.HiddenInput()
            self.fields["report"].initial = str(reports[0].pk)

    def told(self) -> Report | None:
        """Whom the question is for, for the preview."""
        wanted = str(self["report"].value() or "")
        rows = self.case.reports.select_related("reporter").order_by("id")
        return next((row for row in rows if str(row.pk) == wanted), None) or rows.first()


class OptionalTextForm(ActionForm):
    text = TidyField(
        lines=True,
        required=False,
        max_length=2000,
        label="Toelichting voor de melder (niet verplicht)",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReopenForm(ActionForm):
    text = TidyField(
        lines=True,
        max_length=2000,
        label="Waarom heropent u de melding? De melder leest dit.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class NoteForm(ActionForm):
    text = TidyField(
        lines=True,
        max_length=5000,
        label="Nota voor collega’s",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="De melder ziet dit nooit.",
    )


class AssignForm(ActionForm):
    department = forms.ChoiceField(label="Dienst")
    handler = forms.ChoiceField(label="Behandelaar", required=False)
    why = TidyField(required=False, max_length=500, label="Waarom (voor collega’s)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        handlers = Account.objects.filter(is_staff_account=True, is_active=True, roles__contains=[Role.HANDLER])
        self.handlers = {str(row.pk): row for row in handlers.order_by("first_name", "last_name")}
        choice(self, "handler").choices = [
            ("", "Niemand: in de lijst van de dienst"),
            *[
                (key, f"{row.full_name} ({', '.join(row.departments) or 'geen dienst'})")
                for key, row in self.handlers.items()
            ],
        ]
        self.departments = {row.code: row for row in catalogue().departments if row.active}
        choice(self, "department").choices = [(row.code, row.name) for row in self.departments.values()]
        if self.case.department:
            self.fields["department"].initial = self.case.department.code
        self.fields["handler"].initial = str(self.case.handler_id or "")


class CategoryForm(ActionForm):
    category = forms.ChoiceField(label="Categorie")
    why = TidyField(required=False, max_length=500, label="Waarom (voor collega’s)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in catalogue().active_categories:
            groups.setdefault(row.main_category, []).append((row.code, row.name))
        choice(self, "category").choices = list(groups.items())
        if self.case.category:
            self.fields["category"].initial = self.case.category.code


class ExtendForm(ActionForm):
    target = forms.DateField(label="Nieuwe streefdatum", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    why = TidyField(
        lines=True, max_length=1000, label="Reden. De melder leest dit.", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        start: date = max(self.case.target_date or clock.today(), clock.today())
        self.fields["target"].initial = terms.add_working_days(start, 5)


class WhyForm(ActionForm):
    why = TidyField(max_length=500, label="Waarom")


class ConfirmForm(ActionForm):
    """Only a yes."""


class CloseQuestionForm(ActionForm):
    question = forms.ChoiceField(label="Welke vraag")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {str(row.pk): row for row in self.case.questions.filter(state="open").select_related("case")}
        choice(self, "question").choices = [(key, row.text[:80]) for key, row in self.questions.items()]


class ExtendQuestionForm(CloseQuestionForm):
    due = forms.DateField(label="Nieuwe antwoorddatum", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].initial = terms.add_working_days(clock.today(), 10)


class GroupForm(ActionForm):
    """Which other report is the same problem; its reporters join this case."""

    other = TidyField(
        max_length=20,
        label="Nummer van de andere melding",
        help_text="De melders van die melding krijgen hieronder bericht en volgen voortaan deze melding.",
        error_messages={"required": "Vul het nummer van de andere melding in."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].initial = self.query.get("met", "")

    def found(self) -> Case | None:
        """The other case as typed, complaints apart; None when there is none."""
        number = str(self["other"].value() or "").strip().upper()[:20]
        return Case.objects.filter(reports__reference=number, is_complaint=False).first() if number else None

    def told(self) -> Report | None:
        """Somebody who will get the message, for the preview."""
        other = self.found()
        return other.reports.select_related("reporter").order_by("id").first() if other else None

    def clean_other(self) -> str:
        if self.found() is None:
            raise forms.ValidationError("Deze melding vinden wij niet. Kijk het nummer na.")
        return str(self.cleaned_data["other"])


class UngroupForm(ActionForm):
    report = forms.ChoiceField(label="Welke melding maakt u los?", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reports = {str(row.pk): row for row in self.case.reports.order_by("id")}
        choice(self, "report").choices = [(key, f"{row.reference}: {row.text[:60]}") for key, row in self.reports.items()]
