"""My reports (B2.3): status in plain words, what was done, what is asked, and what the citizen can still do. A citizen sees
only their own reports; anybody else's reference is a 404."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meldloket.cases import access, clock, closing, conversation, grouping, lifecycle
from meldloket.cases import contact as contact_commands
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Attachment, Report, ReporterQuestion, Visibility
from meldloket.evaluation import answering
from meldloket.evaluation.inviting import OPEN
from meldloket.evaluation.models import Invitation
from meldloket.intake import files as cleaning
from meldloket.intake.text import mobile_number
from meldloket.people.models import Account
from meldloket.web.pages import account_of, actor_of, page

from . import words
from .files import respond
from .forms import TidyField
from .own_data import as_json, collect


class AnswerForm(forms.Form):
    """Text and files, for an answer or for more information."""

    text = TidyField(
        lines=True,
        required=False,
        max_length=5000,
        label=gettext_lazy("Uw antwoord"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _account(request: HttpRequest) -> Account:
    account = account_of(request)
    if account is None:
        raise Http404
    return account


def own_report(request: HttpRequest, reference: str) -> Report:
    """The citizen's own report. Raises Http404 for any other reference."""
    own = access.own_reports(_account(request)).select_related(
        "case__category", "case__department", "case__handler", "reporter"
    )
    return get_object_or_404(own, reference=reference)


@page("report.own", methods=("GET",))
def my_reports(request: HttpRequest) -> HttpResponse:
    """All reports of this citizen, newest first, open questions on top, and the draft that waits."""
    account = _account(request)
    reports = list(access.own_reports(account).select_related("case__category").order_by("-id")[:200])
    waiting = set(
        ReporterQuestion.objects.filter(report__in=reports, state=ReporterQuestion.State.OPEN).values_list(
            "report_id", flat=True
        )
    )
    rows = [
        {"report": report, "case": report.case, "asked": report.pk in waiting, **words.status(report.case)}
        for report in reports
    ]
    rows.sort(key=lambda row: not row["asked"])
    draft = account.drafts.filter(report=None, registered_by=None).order_by("-id").first()
    return render(request, "citizen/mine/list.html", {"rows": rows, "draft": draft})


@page("report.own", methods=("GET",))
def my_report(request: HttpRequest, reference: str) -> HttpResponse:
    """One report: what is asked, how far it is, what happened, what was attached."""
    return show(request, own_report(request, reference))


def show(request: HttpRequest, report: Report, *, status: int = 200, **forms_in_error: Any) -> HttpResponse:
    """The page of a report, with the form that was refused still filled in."""
    case = report.case
    events = access.events_for(report)
    questions = list(report.questions.prefetch_related("attachments").order_by("id"))
    context: dict[str, Any] = {
        "report": report,
        "case": case,
        "reporter": report.reporter,
        "timeline": words.timeline(events, case),
        "planned": words.actions(case),
        "open_questions": [row for row in questions if row.state == ReporterQuestion.State.OPEN],
        "questions": [row for row in questions if row.state != ReporterQuestion.State.OPEN],
        "files": list(report.attachments.filter(visibility=Visibility.REPORTER, question=None)),
        "steps": words.progress(case),
        **ending(report),
        "evaluate": open_evaluation(report),
        "react_form": AnswerForm(prefix="react"),
        "can_withdraw": lifecycle.why_not("withdraw", case, actor_of(request)) is None,
        "answer_form": AnswerForm(),
        "add_form": AnswerForm(prefix="add"),
        "pending_contact": report.verifications.filter(verified_at=None).order_by("-id").first(),
        **words.status(case),
    }
    return render(request, "citizen/mine/report.html", {**context, **forms_in_error}, status=status)


def _files(request: HttpRequest) -> list[int]:
    """Cleans and keeps the uploads. Raises FileRefused for the first that can't be taken."""
    sent = request.FILES.getlist("files")[: cleaning.MOST_FILES]
    cleaned = [cleaning.clean(upload.file, upload.name or "", upload.size or 0) for upload in sent]
    return [cleaning.keep(found).pk for found in cleaned]


@page("report.own", methods=("POST",))
def answer(request: HttpRequest, reference: str, question_id: UUID) -> HttpResponse:
    """The citizen answers a question of the handler, with text and files (B2.2)."""
    report = own_report(request, reference)
    question = get_object_or_404(report.questions.select_related("case"), public_id=question_id)
    form = AnswerForm(request.POST)
    if form.is_valid() and not form.cleaned_data["text"] and not request.FILES.getlist("files"):
        form.add_error("text", _("Schrijf uw antwoord, of voeg een bestand toe."))
    try:
        if form.is_valid():
            text = form.cleaned_data["text"] or _("(zie de bijlage)")
            conversation.answer_question(question, by=actor_of(request), text=text, attachment_ids=_files(request))
            messages.success(request, _("Uw antwoord is verstuurd. Wij werken verder aan uw melding."))
            return redirect("my-report", reference=reference)
    except cleaning.FileRefused as refused:
        form.add_error("text", _(refused.reason))
    except NotAllowed as refused:
        messages.error(request, refused.reason)
        return redirect("my-report", reference=reference)
    return show(request, report, status=422, answer_form=form, refused_question=question.pk)


@page("report.own", methods=("POST",))
def more_time(request: HttpRequest, reference: str, question_id: UUID) -> HttpResponse:
    """A week more to answer, once."""
    report = own_report(request, reference)
    question = get_object_or_404(report.questions.select_related("case"), public_id=question_id)
    try:
        due = question.due + timedelta(days=7)
        conversation.extend_question(question, by=actor_of(request), due=due, by_reporter=True)
        messages.success(request, _("U krijgt een week extra om te antwoorden."))
    except NotAllowed as refused:
        messages.error(request, refused.reason)
    return redirect("my-report", reference=reference)


@page("report.own", methods=("POST",))
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """More information or evidence, asked or not, while the report is open."""
    report = own_report(request, reference)
    form = AnswerForm(request.POST, prefix="add")
    try:
        if form.is_valid():
            text = form.cleaned_data["text"]
            conversation.add_evidence(report, by=actor_of(request), text=text, attachment_ids=_files(request))
            messages.success(request, _("Bedankt. Uw informatie staat bij de melding."))
            return redirect("my-report", reference=reference)
    except cleaning.FileRefused as refused:
        form.add_error("text", _(refused.reason))
    except NotAllowed as refused:
        form.add_error("text", refused.reason)
    return show(request, report, status=422, add_form=form)


class WithdrawForm(forms.Form):
    """Taking a report back, with a reason if the citizen likes."""

    reason = TidyField(
        lines=True,
        required=False,
        max_length=1000,
        label=gettext_lazy("Waarom trekt u uw melding in? (niet verplicht)"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@page("report.own")
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Asks once more, then takes the report back."""
    report = own_report(request, reference)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grouping.withdraw(report, by=actor_of(request), reason=form.cleaned_data["reason"])
            messages.success(request, _("Uw melding is ingetrokken."))
        except NotAllowed as refused:
            messages.error(request, refused.reason)
        return redirect("my-report", reference=reference)
    return render(request, "citizen/mine/withdraw.html", {"report": report, "form": form})


class ContactChangeForm(forms.Form):
    """Another address or number; it counts once the code that we send there comes back."""

    channel = forms.ChoiceField(
        choices=(("email", gettext_lazy("E-mailadres")), ("sms", gettext_lazy("Gsm-nummer"))),
        widget=forms.RadioSelect,
        label=gettext_lazy("Wat wilt u wijzigen?"),
    )
    value = TidyField(max_length=254, label=gettext_lazy("Nieuw e-mailadres of gsm-nummer"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "value" not in data or "channel" not in data:
            return data
        if data["channel"] == "sms":
            number = mobile_number(data["value"])
            if number is None:
                self.add_error("value", _("Vul een gsm-nummer in zoals 0470 12 34 56."))
            data["value"] = number or ""
        else:
            try:
                validate_email(data["value"])
            except forms.ValidationError:
                self.add_error("value", _("Vul een e-mailadres in zoals naam@voorbeeld.be."))
        return data


class CodeForm(forms.Form):
    """The six digits that we sent."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=gettext_lazy("Code van zes cijfers"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"invalid": gettext_lazy("De code telt zes cijfers.")},
    )


@page("report.own")
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Corrects how we reach the citizen: the new address is verified, the old one is warned."""
    report = own_report(request, reference)
    pending = report.verifications.filter(verified_at=None).order_by("-id").first()
    change, code = ContactChangeForm(), CodeForm()
    if request.method == "POST" and "code" in request.POST and pending is not None:
        code = CodeForm(request.POST)
        if code.is_valid():
            try:
                contact_commands.confirm_change(
                    report, by=actor_of(request), channel=pending.channel, code=code.cleaned_data["code"]
                )
                messages.success(request, _("Gelukt: vanaf nu gebruiken wij uw nieuwe gegevens."))
                return redirect("my-report", reference=reference)
            except NotAllowed as refused:
                code.add_error("code", refused.reason)
    elif request.method == "POST":
        change = ContactChangeForm(request.POST)
        if change.is_valid():
            contact_commands.request_change(report, by=actor_of(request), **change.cleaned_data)
            messages.info(request, _("Wij stuurden u een code. Vul ze hieronder in."))
            return redirect("my-contact", reference=reference)
    context = {"report": report, "reporter": report.reporter, "pending": pending, "form": change, "code_form": code}
    status = 422 if change.errors or code.errors else 200
    return render(request, "citizen/mine/contact.html", context, status=status)


def ending(report: Report) -> dict[str, Any]:
    """How the report ended: the photos of the result, and what this reporter can still say of it."""
    last = closing.last_closing(report.case)
    if last is None:
        return {}
    return {
        "closing": last,
        "result_photos": list(last.photos.order_by("id")),
        "reaction": last.reactions.filter(report=report).first(),
        "can_react": closing.why_not_react(report, clock.today()) is None,
    }


def open_evaluation(report: Report) -> Invitation | None:
    """The evaluation that this citizen can fill in now (B8.3)."""
    found = Invitation.objects.select_related("report__case").filter(report=report, state__in=OPEN).first()
    return found if found is not None and answering.why_not(found) is None else None


@page("report.own", methods=("POST",))
def react(request: HttpRequest, reference: str) -> HttpResponse:
    """The citizen is not satisfied and says why (B7.1)."""
    report = own_report(request, reference)
    form = AnswerForm(request.POST, prefix="react")
    if form.is_valid() and not form.cleaned_data["text"]:
        form.add_error("text", _("Schrijf wat er volgens u nog niet in orde is."))
    try:
        if form.is_valid():
            closing.react(report, by=actor_of(request), text=form.cleaned_data["text"], attachment_ids=_files(request))
            messages.success(request, _("Bedankt. Een medewerker leest uw reactie en laat u iets weten."))
            return redirect("my-report", reference=reference)
    except (cleaning.FileRefused, NotAllowed) as refused:
        form.add_error("text", _(refused.reason))
    return show(request, report, status=422, react_form=form)


@page("report.own", methods=("GET",))
def result_photo(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponseBase:
    """A photo of the result, that a closing of the citizen's own report shows."""
    report = own_report(request, reference)
    found = Attachment.objects.filter(public_id=file_id, closings__case=report.case).distinct()
    return respond(get_object_or_404(found), small="klein" in request.GET)


@page("report.own", methods=("GET",))
def attachment(request: HttpRequest, reference: str, file_id: UUID) -> HttpResponseBase:
    """A file of the citizen's own report."""
    report = own_report(request, reference)
    found = get_object_or_404(Attachment, report=report, public_id=file_id, visibility=Visibility.REPORTER)
    return respond(found, small="klein" in request.GET)


@page("report.own", methods=("GET",))
def my_data(request: HttpRequest) -> HttpResponse:
    """What we hold about this citizen, to read and to download (design.md, "Personal data")."""
    data = collect(_account(request))
    if "download" in request.GET:
        answer = HttpResponse(as_json(data), content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
        return answer
    return render(request, "citizen/mine/data.html", {"data": data})
