"""The forms with which a handler asks for advice and works it in."""

from __future__ import annotations

from typing import Any

from django import forms

from meldloket.advice.models import AdviceRequest, Share
from meldloket.cases import clock, terms
from meldloket.catalogue.models import AdviceService
from meldloket.web.citizen.forms import TidyField

from .action_forms import ActionForm, choice


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AskAdviceForm(ActionForm):
    """One question for one or more services."""

    services = forms.MultipleChoiceField(
        label="Aan welke diensten",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies minstens één dienst."},
    )
    question = TidyField(
        lines=True,
        max_length=4000,
        label="Wat wil u weten?",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Schrijf wat u wil weten."},
    )
    due = forms.DateField(label="Antwoord ten laatste op", widget=day_input())
    share = forms.MultipleChoiceField(
        label="Wat de dienst mag zien",
        widget=forms.CheckboxSelectMultiple,
        choices=Share.choices,
        initial=[Share.TEXT, Share.PLACE, Share.PHOTOS],
        required=False,
    )
    identity_reason = TidyField(
        required=False,
        max_length=300,
        label="Waarom moet de dienst weten wie de melder is?",
        help_text="Enkel als u naam en contactgegevens deelt.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {row.code: row for row in AdviceService.objects.filter(active=True)}
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in self.known.values():
            groups.setdefault(row.get_kind_display().capitalize(), []).append((row.code, row.name))
        field = self.fields["services"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(groups.items())
        often = self.case.category.often_advised_by if self.case.category else ""
        proposed = [code.strip() for code in often.split(",") if code.strip() in self.known]
        field.initial = proposed
        if proposed:
            field.help_text = "Wat deze categorie vaak vraagt, staat al aangevinkt."
        days = max((self.known[code].term_days for code in proposed), default=10)
        self.fields["due"].initial = terms.add_working_days(clock.today(), days)


class OpenRequestForm(ActionForm):
    """Something about one open request."""

    request = forms.ChoiceField(label="Welke adviesvraag")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.case.advice_requests.filter(state=AdviceRequest.State.OPEN).select_related("service", "case")
        self.requests = {str(row.pk): row for row in rows.order_by("id")}
        choice(self, "request").choices = [
            (key, f"{row.service.name}, tegen {row.due:%d/%m/%Y}") for key, row in self.requests.items()
        ]
        self.fields["request"].initial = self.query.get("vraag", "")


class ProlongForm(OpenRequestForm):
    due = forms.DateField(label="Nieuwe termijn", widget=day_input())
    why = TidyField(required=False, max_length=300, label="Waarom (voor collega’s)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = max((row.due for row in self.requests.values()), default=clock.today())
        self.fields["due"].initial = terms.add_working_days(max(latest, clock.today()), 5)


class CloseRequestForm(OpenRequestForm):
    how = forms.ChoiceField(
        label="Wat doet u?",
        choices=(("withdraw", "De vraag intrekken: niet meer nodig"), ("skip", "Verdergaan zonder dit advies")),
        widget=forms.RadioSelect,
        initial="withdraw",
    )
    why = TidyField(max_length=300, label="Waarom? De dienst leest dit.")


class LinkForm(OpenRequestForm):
    """The personal link of a partner without an account."""

    how = forms.ChoiceField(
        label="Wat doet u?",
        choices=(("send", "Een nieuwe link sturen; de vorige werkt niet meer"), ("revoke", "Alleen de link intrekken")),
        widget=forms.RadioSelect,
        initial="send",
    )


class WorkInForm(ActionForm):
    """The summary that feeds the decision, begun with what the services said."""

    summary = TidyField(
        lines=True,
        max_length=8000,
        label="Samenvatting van de adviezen en uw afweging",
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Schrijf een samenvatting: ze komt in het dossier en later in het besluit."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = []
        rows = self.case.advice_requests.select_related("service").prefetch_related("answers").order_by("id")
        for row in rows:
            given = next((answer for answer in row.answers.all() if answer.state == "given"), None)
            if given is None:
                continue
            lines.append(f"{row.service.name}: {given.get_verdict_display().lower()}. {given.reasons}".strip())
            lines += [f"- {condition}" for condition in given.conditions]
        self.fields["summary"].initial = "\n".join(lines)


class SettlePointForm(ActionForm):
    point = forms.ChoiceField(label="Welk aandachtspunt")
    text = TidyField(lines=True, max_length=2000, label="Hoe gaat u ermee om?", widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(row.pk): row for row in self.case.advice_points.filter(settled_at=None).select_related("case")}
        choice(self, "point").choices = [(key, row.text[:90]) for key, row in self.points.items()]
        self.fields["point"].initial = self.query.get("punt", "")
