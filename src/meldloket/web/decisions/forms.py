"""The forms of a proposal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat

from meldloket.cases import clock
from meldloket.cases.models import Attachment, Case
from meldloket.decisions.drafting import Content
from meldloket.decisions.models import Body, Meeting, Proposal
from meldloket.web.citizen.forms import TidyField


def _area(label: str, rows: int, help_text: str = "") -> TidyField:
    widget = forms.Textarea(attrs={"rows": rows})
    return TidyField(lines=True, required=False, max_length=20_000, label=label, widget=widget, help_text=help_text)


class ProposalForm(forms.Form):
    """Every part that a handler can edit. Nothing is required to keep it: what is missing stands in the check list."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = TidyField(max_length=250, label="Titel", error_messages={"required": "Geef het voorstel een titel."})
    body = forms.ChoiceField(choices=Body.choices, label="Wie beslist", widget=forms.RadioSelect)
    meeting = forms.ChoiceField(label="Gewenste zitting", required=False)
    alderman = TidyField(max_length=150, required=False, label="Bevoegde schepen")
    competence = _area("Bevoegdheid", 2)
    legal_ground = _area("Juridische grond", 3)
    facts = _area("Feiten en motivering", 6)
    advices = _area("Adviezen", 4)
    articles = _area("Artikels, één per regel", 5)
    financial_note = _area("Financiële gevolgen", 2)
    planned_public = forms.BooleanField(required=False, label="In openbare zitting")
    urgent = forms.BooleanField(required=False, label="Dringend")
    names_reporter = forms.BooleanField(
        required=False,
        label="De naam van de melder gaat mee",
        help_text="Enkel voor het secretariaat en de leden. In de publicatie staat hij nooit vanzelf.",
    )
    attachments = forms.MultipleChoiceField(
        required=False,
        label="Bijlagen",
        widget=forms.CheckboxSelectMultiple,
        help_text="Kijk na of er niemand herkenbaar op staat.",
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(row.pk): row for row in case.attachments.order_by("id")[:100]}
        if self.offered:
            files = self.fields["attachments"]
            assert isinstance(files, forms.MultipleChoiceField)
            files.choices = [(key, f"{row.name} ({filesizeformat(row.size)})") for key, row in self.offered.items()]
        else:
            del self.fields["attachments"]
        for name in ("alderman", "competence", "legal_ground", "facts", "articles"):
            self.fields[name].says_optional = False  # type: ignore[attr-defined]  # only a draft goes without
        meetings = Meeting.objects.filter(cancelled=False, closes_at__gt=clock.now()).order_by("held_on")[:30]
        field = self.fields["meeting"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Geen voorkeur"),
            *[
                (str(row.pk), f"{row.get_body_display()} {row.held_on:%d/%m/%Y}, agenda sluit {row.closes_at:%d/%m %H:%M}")
                for row in meetings
            ],
        ]

    @classmethod
    def of(cls, proposal: Proposal, content: Content) -> ProposalForm:
        """The form as the proposal stands."""
        values = {**content.__dict__, "articles": "\n".join(content.articles), "meeting": str(content.meeting_id or "")}
        files = [str(pk) for pk in proposal.attachments.values_list("pk", flat=True)]
        return cls(initial={**values, "version": proposal.version, "attachments": files}, case=proposal.case)

    def chosen_files(self) -> list[Attachment]:
        """The attachments that go along."""
        return [self.offered[key] for key in self.cleaned_data.get("attachments", [])]

    def content(self) -> Content:
        """What was filled in, also where it is not complete."""
        data = self.cleaned_data
        return Content(
            body=data["body"],
            title=data["title"],
            competence=data["competence"],
            legal_ground=data["legal_ground"],
            facts=data["facts"],
            advices=data["advices"],
            articles=tuple(line for line in data["articles"].splitlines() if line.strip()),
            financial_note=data["financial_note"],
            alderman=data["alderman"],
            planned_public=data["planned_public"],
            meeting_id=int(data["meeting"]) if data["meeting"] else None,
            urgent=data["urgent"],
            names_reporter=data["names_reporter"],
        )


class HandOverForm(forms.Form):
    """What the citizen reads when the minutes package has taken it."""

    text = TidyField(
        lines=True,
        required=False,
        max_length=2000,
        label="Toelichting voor de melder",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WhyForm(forms.Form):
    why = TidyField(max_length=300, label="Waarom trekt u het in?", error_messages={"required": "Zeg waarom."})
