"""What a minutes package without an interface says, carried over by the secretariat: where an item stands, and the decision
with its signed document. It goes through the same commands as the interface does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from meldloket.decisions import receiving
from meldloket.decisions.models import Decision, Proposal
from meldloket.decisions.ports import plugged
from meldloket.decisions.receiving import Agenda, Conflict, Received, Session
from meldloket.web.citizen.forms import TidyField
from meldloket.web.pages import page

from .views import find

LARGEST = 25_000_000  # bytes of a signed document


def _date(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _area(label: str, rows: int, **more: Any) -> TidyField:
    widget = forms.Textarea(attrs={"rows": rows})
    return TidyField(lines=True, max_length=20_000, required=False, label=label, widget=widget, **more)


class AgendaForm(forms.Form):
    """Where the item stands on the agenda."""

    status = forms.ChoiceField(
        label="Stand op de agenda",
        widget=forms.RadioSelect,
        choices=[
            (Agenda.SCHEDULED, "Op de agenda"),
            (Agenda.ADJOURNED, "Uitgesteld"),
            (Agenda.WITHDRAWN, "Terug naar de behandelaar"),
        ],
    )
    meeting = _date("Zitting van", required=False)
    reason = TidyField(max_length=2000, required=False, label="Reden")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("status") == Agenda.SCHEDULED and not data.get("meeting"):
            self.add_error("meeting", "Vul de datum van de zitting in.")
        if data.get("status") == Agenda.WITHDRAWN and not data.get("reason"):
            self.add_error("reason", "Zeg de behandelaar wat er moet veranderen.")
        return data


class DecisionForm(forms.Form):
    """The decision as it was signed. The articles are those of the proposal unless they were changed."""

    outcome = forms.ChoiceField(label="Uitkomst", choices=Decision.Outcome.choices, widget=forms.RadioSelect)
    number = TidyField(max_length=120, label="Nummer van het besluit")
    decided_on = _date("Zitting van")
    motivation = _area("Motivering voor de melder", 3)
    articles = _area("Artikels, één per regel", 5)
    votes_for = forms.IntegerField(min_value=0, max_value=1000, required=False, label="Stemmen voor")
    votes_against = forms.IntegerField(min_value=0, max_value=1000, required=False, label="Stemmen tegen")
    abstained = forms.IntegerField(min_value=0, max_value=1000, required=False, label="Onthoudingen")
    chair = TidyField(max_length=300, required=False, label="Voorzitter")
    secretary = TidyField(max_length=300, required=False, label="Secretaris")
    present = _area("Aanwezig, één naam per regel", 4)
    public = forms.BooleanField(required=False, initial=True, label="In openbare zitting behandeld")
    document = forms.FileField(
        label="Ondertekend document (pdf)", error_messages={"required": "Kies het ondertekende document."}
    )

    def clean_document(self) -> bytes:
        """The bytes, unchanged: every change would break the signatures."""
        sent = self.cleaned_data["document"]
        if sent.size > LARGEST:
            raise forms.ValidationError(f"Het document is te groot: hoogstens {LARGEST // 1_000_000} MB.")
        content: bytes = sent.read()
        if not content.startswith(b"%PDF-"):
            raise forms.ValidationError("Dit is geen pdf.")
        return content

    def received(self) -> Received:
        data = self.cleaned_data
        lines = [line.strip() for line in data["articles"].splitlines() if line.strip()]
        return Received(
            outcome=data["outcome"],
            number=data["number"],
            decided_on=data["decided_on"],
            motivation=data["motivation"],
            articles=tuple((str(place), text) for place, text in enumerate(lines, start=1)),
            vote={
                "voor": data["votes_for"] or 0,
                "tegen": data["votes_against"] or 0,
                "onthouding": data["abstained"] or 0,
                "geheim": False,
            },
            document=data["document"],
            session=Session(
                chair=data["chair"],
                secretary=data["secretary"],
                present=tuple(line.strip() for line in data["present"].splitlines() if line.strip())[:200],
                public=data["public"],
            ),
        )


@page("decision.publish")
def bring_back(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The two forms: where the item stands, and the decision. Only for a package that is carried over by hand."""
    found = find(request, proposal_id)
    if plugged.minutes is None or not plugged.minutes.by_hand or found.state == Proposal.State.DRAFT:
        raise Http404
    agenda, decided = AgendaForm(), DecisionForm(initial={"articles": "\n".join(found.articles), "public": True})
    if request.method == "POST" and "status" in request.POST:
        agenda = AgendaForm(request.POST)
        if agenda.is_valid() and _agenda(request, found, agenda):
            return redirect("proposal", proposal_id=found.public_id)
    elif request.method == "POST":
        decided = DecisionForm(request.POST, request.FILES)
        if decided.is_valid() and _decided(request, found, decided):
            return redirect("proposal", proposal_id=found.public_id)
    context = {"proposal": found, "agenda_form": agenda, "decision_form": decided}
    failed = bool(agenda.errors or decided.errors)
    return render(request, "decisions/by_hand.html", context, status=422 if failed else 200)


def _agenda(request: HttpRequest, found: Proposal, form: AgendaForm) -> bool:
    data = form.cleaned_data
    try:
        receiving.agenda_status(found, Agenda(data["status"]), meeting=data["meeting"], reason=data["reason"])
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return False
    messages.success(request, "De stand op de agenda is bewaard.")
    return True


def _decided(request: HttpRequest, found: Proposal, form: DecisionForm) -> bool:
    try:
        decision, _ = receiving.receive(found, form.received())
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return False
    if decision.applied_at:
        messages.success(request, "Het besluit is verwerkt. De melder krijgt bericht.")
    else:
        messages.warning(request, f"Het besluit is bewaard, maar nog niet verwerkt: {decision.signature_problem}")
    return True
