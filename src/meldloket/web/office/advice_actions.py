"""What a handler can do about advice, as rows of the table of actions."""

from __future__ import annotations

from meldloket.advice import commands
from meldloket.advice.models import AdviceRequest
from meldloket.cases.lifecycle import EventKind, Status
from meldloket.cases.models import Case
from meldloket.catalogue.models import AdviceService
from meldloket.people.roles import Actor

from . import advice_forms as forms
from .action_kinds import Action


def _ask(case: Case, by: Actor, form: forms.AskAdviceForm) -> object:
    data = form.cleaned_data
    asks = [
        commands.Ask(
            service=form.known[code],
            question=data["question"],
            due=data["due"],
            share=tuple(data["share"]),
            identity_reason=data["identity_reason"],
        )
        for code in data["services"]
    ]
    return commands.ask(case, asks, by=by, seen_version=data["version"])


def _prolong(case: Case, by: Actor, form: forms.ProlongForm) -> object:
    data = form.cleaned_data
    return commands.prolong(form.requests[data["request"]], by=by, due=data["due"], why=data["why"])


def _close(case: Case, by: Actor, form: forms.CloseRequestForm) -> object:
    data = form.cleaned_data
    command = commands.withdraw if data["how"] == "withdraw" else commands.go_on_without
    return command(form.requests[data["request"]], by=by, why=data["why"])


def _askable(case: Case, actor: Actor) -> bool:
    return case.status in commands.ASKABLE


def _asked(case: Case, actor: Actor) -> bool:
    return any(row.state == AdviceRequest.State.OPEN for row in case.advice_requests.all())


def _asked_by_link(case: Case, actor: Actor) -> bool:
    rows = case.advice_requests.all()
    return any(row.state == AdviceRequest.State.OPEN and row.service.way == AdviceService.Way.LINK for row in rows)


def _to_work_in(case: Case, actor: Actor) -> bool:
    if case.status == Status.IN_ADVICE:
        return not _asked(case, actor)
    answered = any(row.state == AdviceRequest.State.ANSWERED for row in case.advice_requests.all())
    return not case.ended and answered and not _asked(case, actor)


def _has_point(case: Case, actor: Actor) -> bool:
    return any(row.settled_at is None for row in case.advice_points.all())


ADVICE_ACTIONS: tuple[Action, ...] = (
    Action(
        "advies-vragen",
        "Advies vragen",
        "case.handle",
        forms.AskAdviceForm,
        _ask,
        _askable,
        tells=EventKind.ADVICE_STARTED,
        group="advice",
    ),
    Action(
        "adviezen-verwerken",
        "Adviezen verwerken",
        "case.handle",
        forms.WorkInForm,
        lambda case, by, form: commands.work_in(
            case, by=by, summary=form.cleaned_data["summary"], seen_version=form.cleaned_data["version"]
        ),
        _to_work_in,
        primary=True,
        group="advice",
    ),
    Action("advies-verlengen", "Termijn verlengen", "case.handle", forms.ProlongForm, _prolong, _asked, group="row"),
    Action(
        "advies-afsluiten",
        "Intrekken of verdergaan zonder",
        "case.handle",
        forms.CloseRequestForm,
        _close,
        _asked,
        group="row",
    ),
    Action(
        "advies-link",
        "Persoonlijke link intrekken of vernieuwen",
        "case.handle",
        forms.LinkForm,
        lambda case, by, form: commands.renew_link(
            form.requests[form.cleaned_data["request"]], by=by, send=form.cleaned_data["how"] == "send"
        ),
        _asked_by_link,
        group="row",
    ),
    Action(
        "aandachtspunt",
        "Aandachtspunt afhandelen",
        "case.handle",
        forms.SettlePointForm,
        lambda case, by, form: commands.settle_point(
            form.points[form.cleaned_data["point"]], by=by, text=form.cleaned_data["text"]
        ),
        _has_point,
        group="row",
    ),
)
