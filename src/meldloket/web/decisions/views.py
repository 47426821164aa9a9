"""A proposal from draft to decision (B5.1-B6.4), and what the secretariat follows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from meldloket.cases import clock
from meldloket.cases.lifecycle import NotAllowed
from meldloket.decisions import calendar, commands, drafting, privacy, receiving
from meldloket.decisions.models import Decision, Proposal, Publication
from meldloket.decisions.ports import plugged
from meldloket.people.permissions import allows
from meldloket.people.roles import Role
from meldloket.web.office.listing import visible
from meldloket.web.pages import actor_of, page

from .forms import HandOverForm, ProposalForm, WhyForm

MOST = 100


def find(request: HttpRequest, proposal_id: UUID) -> Proposal:
    """The proposal, for whoever sees its case; the secretariat sees those that were handed over."""
    rows = Proposal.objects.select_related("case__category", "case__handler", "meeting", "decision__publication")
    mine = Q(case__in=visible(request))
    if actor_of(request).has(Role.SECRETARIAT):
        mine |= ~Q(state=Proposal.State.DRAFT)
    found = rows.filter(mine, public_id=proposal_id).first()
    if found is None:
        raise Http404
    return found


@page("decision.follow")
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The proposal: its form while it can be changed, what is missing, how the decision will read, where it stands."""
    found = find(request, proposal_id)
    if request.method == "GET" or not allows(actor_of(request), "decision.prepare"):
        return _show(request, found)
    form = ProposalForm(request.POST, case=found.case)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            files = form.chosen_files()
            commands.change(found, form.content(), by=actor_of(request), seen_version=version, attachments=files)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, "Het voorstel is bewaard.")
            return redirect("proposal", proposal_id=found.public_id)
    return _show(request, found, form=form)


def _show(request: HttpRequest, found: Proposal, form: Any = None, status: int = 200, **used: Any) -> HttpResponse:
    content = drafting.content_of(found)
    decision = getattr(found, "decision", None)
    actions = list(found.actions.order_by("id"))
    partly = decision is not None and decision.applied_at and decision.outcome == Decision.Outcome.PARTLY
    failed = bool(form is not None and form.errors) or any(one.errors for one in used.values())
    prepares = allows(actor_of(request), "decision.prepare")
    context = {
        "proposal": found,
        "form": form or ProposalForm.of(found, content),
        **_text(found, content),
        "versions": [{"row": row, "changes": row.content.get("wijzigingen", [])} for row in reversed(found.versions.all())],
        "unsent": _unsent(found),
        "by_hand": plugged.minutes is not None and plugged.minutes.by_hand,
        "carries": allows(actor_of(request), "decision.publish"),
        "editable": prepares and found.state in commands.EDITABLE,
        "shows_check": prepares and found.state in commands.EDITABLE,
        "may_withdraw": prepares and not found.ended and found.state != Proposal.State.DRAFT,
        "decision": decision,
        "publication": getattr(decision, "publication", None),
        "publishes": allows(actor_of(request), "decision.publish"),
        "actions": actions,
        "to_mark": [row for row in actions if row.state == "waiting"] if partly and prepares else [],
        "sees_case": allows(actor_of(request), "case.view"),
        "hand_form": HandOverForm(),
        "why_form": WhyForm(),
        **used,
    }
    return render(request, "decisions/proposal.html", context, status=422 if failed else status)


def _unsent(found: Proposal) -> bool:
    """Whether the minutes package has an older version than ours."""
    last = found.versions.last()
    return found.state in commands.EDITABLE and (last is None or last.number != found.version)


@page("decision.prepare", methods=("POST",))
def preview(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """How the decision will read, while somebody types; nothing is kept."""
    found = find(request, proposal_id)
    form = ProposalForm(request.POST, case=found.case)
    content = form.content() if form.is_valid() else drafting.content_of(found)
    return render(request, "decisions/text.html", {**_text(found, content), "shows_check": True})


def _text(found: Proposal, content: drafting.Content) -> dict[str, Any]:
    """What the text of a proposal needs: its parts, what is missing, and until when there is time."""
    names = privacy.names_of(found.case, whole_only=True)
    return {
        "content": content,
        "missing": drafting.missing(content, names),
        "meetings": calendar.coming(content.body),
        "reporter": ", ".join(privacy.reporters_of(found.case)) if content.names_reporter else "",
    }


@page("decision.prepare", methods=("POST",))
def hand_over(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Gives it to the minutes package."""
    found = find(request, proposal_id)
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            commands.hand_over(found, by=actor_of(request), text=form.cleaned_data["text"])
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, "Het voorstel wordt overgemaakt aan het secretariaat.")
            return redirect("proposal", proposal_id=found.public_id)
    return _show(request, found, hand_form=form)


@page("decision.prepare", methods=("POST",))
def withdraw(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Takes it back."""
    found = find(request, proposal_id)
    form = WhyForm(request.POST)
    if form.is_valid():
        try:
            commands.withdraw(found, by=actor_of(request), why=form.cleaned_data["why"])
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, "Het voorstel is ingetrokken.")
            return redirect("proposal", proposal_id=found.public_id)
    return _show(request, found, why_form=form)


@page("decision.prepare", methods=("POST",))
def mark(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Which actions may begin after a partial approval."""
    found = find(request, proposal_id)
    decision = get_object_or_404(Decision, proposal=found)
    chosen = [int(value) for value in request.POST.getlist("actie") if value.isdigit() and len(value) < 18]
    try:
        receiving.mark(decision, chosen, by=actor_of(request))
    except NotAllowed as refused:
        messages.warning(request, refused.reason)
    else:
        messages.success(request, "De goedgekeurde acties kunnen beginnen.")
    return redirect("proposal", proposal_id=found.public_id)


@page("decision.follow", methods=("GET",))
def secretariat(request: HttpRequest) -> HttpResponse:
    """What is under way, what has a problem with its signatures, what waits to be public, and what is."""
    rows = Proposal.objects.select_related("case", "meeting", "decision")
    if not actor_of(request).has(Role.SECRETARIAT):
        rows = rows.filter(case__in=visible(request))
    done = (Proposal.State.DECIDED, Proposal.State.WITHDRAWN)
    parked = Q(decision__isnull=False, decision__applied_at=None)
    handed = rows.exclude(state=Proposal.State.DRAFT)
    context = {
        "parked": list(handed.filter(parked).order_by("-id")[:MOST]),
        "refused": list(handed.exclude(refused_call="").order_by("-refused_at")[:MOST]),
        "under_way": list(handed.exclude(state__in=done).exclude(parked).order_by("-id")[:MOST]),
        "withdrawn": list(
            handed.filter(state=Proposal.State.WITHDRAWN, versions__isnull=False).distinct().order_by("-id")[:20]
        ),
        "to_publish": list(_publications(rows).filter(state="waiting").order_by("due_on", "id")[:MOST]),
        "public": list(_publications(rows).exclude(state="waiting").order_by("-published_on", "-id")[:MOST]),
        "publishes": allows(actor_of(request), "decision.publish"),
        "today": clock.today(),
    }
    return render(request, "decisions/secretariat.html", context)


def _publications(rows: Any) -> Any:
    """The publications of these proposals."""
    return Publication.objects.filter(decision__proposal__in=rows.order_by()).select_related("decision__proposal")


def _decision(request: HttpRequest, decision_id: int) -> Decision:
    found = get_object_or_404(Decision.objects.select_related("proposal"), pk=decision_id)
    find(request, found.proposal.public_id)
    return found


@page("decision.follow", methods=("POST",))
def check_again(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Checks the signatures of a parked decision anew."""
    found = _decision(request, decision_id)
    try:
        right = receiving.check_again(found, by=actor_of(request))
    except NotAllowed as refused:
        messages.warning(request, refused.reason)
    else:
        found.refresh_from_db()
        if right:
            messages.success(request, "De handtekeningen zijn in orde. Het dossier volgt het besluit.")
        else:
            messages.warning(request, f"Nog niet in orde: {found.signature_problem}")
    return redirect("secretariat")


@page("decision.follow", methods=("POST",))
def settle(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Somebody looked at a call that was refused."""
    found = find(request, proposal_id)
    try:
        receiving.settle_refused(found, by=actor_of(request))
    except NotAllowed as refused:
        messages.warning(request, refused.reason)
    return redirect("secretariat")


@page("decision.follow", methods=("GET",))
def document(request: HttpRequest, decision_id: int) -> FileResponse:
    """The signed document as it came in."""
    found = _decision(request, decision_id)
    if not found.document:
        raise Http404
    name = f"{found.number}.pdf".replace("/", "-")
    return FileResponse(found.document.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
