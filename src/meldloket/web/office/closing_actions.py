"""What a handler can do about the end of a case: close it with honest words, and deal with a reporter who is not
satisfied (B7.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from meldloket.actions.closing import PHOTOS_STAND, draft
from meldloket.cases import clock, closing
from meldloket.cases.lifecycle import EventKind, Outcome, Status, transition
from meldloket.cases.models import Attachment, Case, Reaction, Report, StandardText
from meldloket.catalogue.current import catalogue
from meldloket.evaluation.models import Invitation
from meldloket.people.roles import Actor, Role
from meldloket.web.citizen.forms import TidyField

from .action_forms import ActionForm, ForCitizen, choice
from .action_kinds import Action


class CloseForm(ForCitizen):
    """How it ends, in honest words, begun from what was done."""

    use = StandardText.Use.CLOSING
    outcome = forms.ChoiceField(
        label="Hoe eindigt deze melding?",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe de melding eindigt."},
    )
    photos = forms.MultipleChoiceField(
        label="Foto’s die de melder ziet",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Foto’s van het werk die de uitvoerder als openbaar aanduidde.",
    )
    field_order = ("version", "outcome", "text", "photos")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        begun = draft(self.case)
        self.found = {str(photo.pk): photo for photo in begun.photos}
        self.fields["outcome"].initial = begun.outcome
        self.fields["text"].initial = begun.text
        self.fields["photos"].initial = list(self.found)
        if self.found:
            offered = self.fields["photos"]
            assert isinstance(offered, forms.MultipleChoiceField)
            offered.choices = [(key, _thumbnail(photo)) for key, photo in self.found.items()]
        else:
            del self.fields["photos"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if PHOTOS_STAND in data.get("text", "") and not data.get("photos"):
            self.add_error(
                "text", "De tekst noemt foto’s, maar er is geen foto aangeduid. Schrap die zin of duid een foto aan."
            )
        return data

    def photos_chosen(self) -> list[Attachment]:
        return [self.found[key] for key in self.cleaned_data.get("photos", [])]

    def event_data(self) -> dict[str, str]:
        until = clock.today() + timedelta(days=catalogue().municipality.react_days)
        return {"outcome": str(self["outcome"].value() or ""), "until": until.isoformat()}

    def too_early(self) -> str:
        return "" if self["outcome"].value() else "Kies hoe de melding eindigt. Dan ziet u hier wat de melder krijgt."

    def obstacles(self) -> list[closing.OpenPart]:
        return closing.open_parts(self.case)


def _thumbnail(photo: Attachment) -> str:
    case = photo.case
    address = reverse("case-file", args=[case.reference, photo.public_id]) if case else ""
    return format_html('<img src="{}?klein" alt="{}" width="120" loading="lazy">', address, photo.name)


class ReactionForm(ActionForm):
    """An answer to a reporter who is not satisfied."""

    reaction = forms.ChoiceField(label="Welke reactie")
    text = TidyField(
        lines=True,
        max_length=4000,
        label="Uw antwoord. De melder leest dit.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Schrijf uw antwoord."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = open_reactions(self.case)
        self.reactions = {str(row.pk): row for row in rows}
        choice(self, "reaction").choices = [(key, row.text[:80]) for key, row in self.reactions.items()]
        if len(rows) == 1:
            self.fields["reaction"].widget = forms.HiddenInput()
            self.fields["reaction"].initial = str(rows[0].pk)

    def told(self) -> Report | None:
        """Whom the preview is for."""
        found = self.reactions.get(str(self["reaction"].value() or ""))
        return found.report if found else None


class NoteReactionForm(ActionForm):
    """What a reporter says by telephone or at the desk, who is not satisfied with how it ended."""

    report = forms.ChoiceField(label="Welke melding")
    text = TidyField(
        lines=True,
        max_length=4000,
        label="Wat is er volgens de melder nog niet in orde?",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Schrijf wat er volgens de melder nog niet in orde is."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = silent_reports(self.case)
        self.reports = {str(row.pk): row for row in rows}
        choice(self, "report").choices = [(key, row.reference) for key, row in self.reports.items()]
        if len(rows) == 1:
            self.fields["report"].widget = forms.HiddenInput()
            self.fields["report"].initial = str(rows[0].pk)


def silent_reports(case: Case) -> list[Report]:
    """The reports of a closed case whose reporter can still react."""
    last = closing.last_closing(case)
    if last is None or clock.today() > last.react_until:
        return []
    return list(case.reports.exclude(reactions__closing=last).order_by("id"))


def open_reactions(case: Case) -> list[Reaction]:
    """The reactions to the newest closing that nobody has dealt with."""
    last = closing.last_closing(case)
    if last is None:
        return []
    rows = last.reactions.filter(state=Reaction.State.OPEN).order_by("id")
    return list(rows.select_related("report__reporter", "closing__case"))


def closing_part(case: Case) -> dict[str, Any]:
    """How the case ended the last time, with its photos and the reactions to it; empty for an open case."""
    last = closing.last_closing(case)
    if last is None:
        return {}
    return {
        "closing": last,
        "photos": list(last.photos.select_related("case").order_by("id")),
        "reactions": list(last.reactions.select_related("report").order_by("id")),
        "evaluations": list(Invitation.objects.filter(report__case=case).select_related("report").order_by("id")),
    }


#: Where somebody may try: what is open in the last two is said, with the way to it.
_TRY = (*transition("close").sources, Status.IN_ADVICE, Status.AWAITING_DECISION)


def _may_close(case: Case, actor: Actor) -> bool:
    """Also while parts are open: a button that is not there explains nothing."""
    return actor.has(Role.HANDLER) and case.status in _TRY


def _may_note(case: Case, actor: Actor) -> bool:
    return bool(silent_reports(case))


def _close(case: Case, by: Actor, form: CloseForm) -> object:
    data = form.cleaned_data
    return closing.close(
        case,
        by=by,
        outcome=data["outcome"],
        text=data["text"],
        photos=form.photos_chosen(),
        seen_version=data["version"],
    )


CLOSING_ACTIONS: tuple[Action, ...] = (
    Action(
        "afsluiten",
        "Afsluiten",
        "case.handle",
        CloseForm,
        _close,
        _may_close,
        tells=EventKind.CLOSED,
    ),
    Action(
        "reactie",
        "Antwoorden op de reactie",
        "case.handle",
        ReactionForm,
        lambda case, by, form: closing.answer_reaction(
            form.reactions[form.cleaned_data["reaction"]],
            by=by,
            text=form.cleaned_data["text"],
            seen_version=form.cleaned_data["version"],
        ),
        lambda case, actor: bool(open_reactions(case)),
        tells=EventKind.REACTION_ANSWERED,
    ),
    Action(
        "reactie-noteren",
        "Reactie van de melder noteren",
        "reporter.contact",
        NoteReactionForm,
        lambda case, by, form: closing.react(
            form.reports[form.cleaned_data["report"]], by=by, text=form.cleaned_data["text"]
        ),
        _may_note,
    ),
)
