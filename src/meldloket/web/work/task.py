"""One task: the worker's page, that also works on a phone with a bad connection, and what a handler arranges beside it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render

from meldloket.actions import referring, work
from meldloket.actions.access import tasks_for
from meldloket.actions.models import Task
from meldloket.actions.work import Division, Entry, Result, TaskChanged
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Attachment, Case
from meldloket.catalogue.current import catalogue
from meldloket.people.permissions import allows
from meldloket.people.roles import Actor
from meldloket.web.citizen.files import respond
from meldloket.web.office.listing import visible
from meldloket.web.pages import actor_of, page
from meldloket.web.uploads import kept_files

from . import forms


def _find(request: HttpRequest, task_id: UUID) -> Task:
    rows = tasks_for(actor_of(request)).select_related("department", "assignee", "parent")
    found = rows.filter(public_id=task_id).first()
    if found is None:
        raise Http404
    return found


@page("task.view", methods=("GET",))
def task_page(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Everything about one task."""
    return _show(request, _find(request, task_id))


def _show(request: HttpRequest, task: Task, *, status: int = 200, **used: Any) -> HttpResponse:
    actor = actor_of(request)
    cases = work.cases_of(task)
    photos = list(task.photos.select_related("attachment").order_by("id"))
    mine = {photo.attachment_id for photo in photos}
    context: dict[str, Any] = {
        "task": task,
        "cases": [{"case": case, "texts": [row.text for row in case.reports.all()]} for case in _with_reports(cases)],
        "files": [row for row in _shown(cases) if row.pk not in mine],
        "photos": photos,
        "entries": list(task.entries.order_by("-id")[:50]),
        "subtasks": list(task.subtasks.select_related("department", "assignee").order_by("id")),
        "first": [row for row in task.after.all() if not row.ended],
        "referrals": list(task.referrals.select_related("system").prefetch_related("updates").order_by("-id")),
        "may_work": allows(actor, "task.work") and not task.ended,
        "may_divide": allows(actor, "task.divide") and not task.ended,
        "sees_case": allows(actor, "case.view"),
        "mine": task.assignee_id == actor.account_id,
        "work_form": forms.WorkForm(task=task),
        "divide_form": forms.DivideForm(task=task),
        "subtask_form": forms.SubtaskForm(),
        "also_form": forms.AlsoForm(),
        "why_form": forms.WhyForm(auto_id="why_%s"),
        "refer_form": forms.ReferForm(task=task),
        **used,
    }
    return render(request, "work/task.html", context, status=status)


def _with_reports(cases: list[Case]) -> list[Case]:
    return list(Case.objects.filter(pk__in=[case.pk for case in cases]).prefetch_related("reports").order_by("pk"))


def _shown(cases: list[Case]) -> list[Attachment]:
    """What the reporters sent, so that a worker knows the place; nothing of advisers."""
    return list(Attachment.objects.filter(case__in=cases, added_by_reporter=True).order_by("id")[:20])


@page("task.view", methods=("GET",))
def task_file(request: HttpRequest, task_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A file of the reporters or of the work itself."""
    task = _find(request, task_id)
    found = Attachment.objects.filter(case__in=work.cases_of(task), public_id=file_id).first()
    if found is None or not (found.added_by_reporter or task.photos.filter(attachment=found).exists()):
        raise Http404
    return respond(found, small="klein" in request.GET)


@page("task.work", methods=("POST",))
def do(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """What a worker does. A phone that sends later asks for JSON and gets to know whether it must try again: 200 done (now
    or before), 409 refused with the reason, 422 wrong input."""
    task, actor = _find(request, task_id), actor_of(request)
    form = forms.WorkForm(request.POST, task=task)
    if not form.is_valid():
        return _answer(request, task, 422, "Kijk na wat u invulde.", form)
    data = form.cleaned_data
    entry = Entry(key=data["key"], at=data["at"], text=data["text"])
    try:
        _work(request, task, actor, entry, form)
    except NotAllowed as refused:
        form.add_error(None, refused.reason)
        return _answer(request, task, 409, refused.reason, form)
    return _answer(request, task, 200, "")


def _work(request: HttpRequest, task: Task, actor: Actor, entry: Entry, form: forms.WorkForm) -> None:
    what = request.POST.get("do", "note")
    if what == "claim":
        work.claim(task, by=actor)
    elif what == "release":
        work.release(task, by=actor)
    elif what == "start":
        work.start(task, by=actor, entry=entry)
    elif what == "block":
        work.block(task, by=actor, entry=entry)
    elif what == "resume":
        work.resume(task, by=actor, entry=entry)
    else:
        command = work.finish if what == "finish" else work.note
        known = work.known(entry)
        command(task, by=actor, entry=entry, result=_result(request, form, keep=not known))


def _result(request: HttpRequest, form: forms.WorkForm, *, keep: bool) -> Result:
    data = form.cleaned_data
    return Result(
        minutes=data["minutes"] or 0,
        materials=data["materials"],
        ticked=tuple(int(place) for place in data.get("ticked", ())),
        photo_ids=tuple(kept_files(request)) if keep else (),
        moment=data["moment"] or "after",
        public_photos=data["public"],
    )


def _answer(
    request: HttpRequest, task: Task, status: int, problem: str, form: forms.WorkForm | None = None
) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"problem": problem}, status=status)
    if status == 200:
        return redirect("task", task_id=task.public_id)
    if form is not None:
        form.data = {**request.POST.dict(), "ticked": request.POST.getlist("ticked"), "key": str(uuid.uuid4())}
    return _show(request, task, status=status, work_form=form)


Arranging = Callable[[HttpRequest, Task, Actor, Any], object]


def _divide(request: HttpRequest, task: Task, actor: Actor, form: forms.DivideForm) -> object:
    data = form.cleaned_data
    department = next(row for row in catalogue().departments if row.code == data["department"])
    division = Division(department, form.people.get(data["assignee"]), data["due"], data["minutes"])
    return work.divide(task, division, by=actor, seen_version=data["version"])


def _subtask(request: HttpRequest, task: Task, actor: Actor, form: forms.SubtaskForm) -> object:
    title = form.cleaned_data["title"]
    return work.add_task(work.cases_of(task), by=actor, title=title, department=task.department, due=task.due, parent=task)


def _also(request: HttpRequest, task: Task, actor: Actor, form: forms.AlsoForm) -> object:
    reference = form.cleaned_data["reference"].strip().upper()
    case = visible(request).filter(reports__reference=reference).first()
    if case is None:
        raise NotAllowed("Deze melding vinden wij niet. Kijk het nummer na.")
    return work.serve_also(task, case, by=actor)


def _recall(request: HttpRequest, task: Task, actor: Actor, form: forms.WhyForm) -> object:
    referral = task.referrals.filter(state__in=referring.OPEN).select_related("task", "system").first()
    if referral is None:
        raise NotAllowed("Deze taak ligt niet meer bij een ander systeem.")
    return referring.recall(referral, by=actor, why=form.cleaned_data["why"])


def _refer(request: HttpRequest, task: Task, actor: Actor, form: forms.ReferForm) -> object:
    return referring.refer(task, form.systems[form.cleaned_data["system"]], by=actor)


def _hurry(request: HttpRequest, task: Task, actor: Actor, form: django_forms.Form) -> None:
    referring.hurry(task, by=actor)


def _cancel(request: HttpRequest, task: Task, actor: Actor, form: forms.WhyForm) -> object:
    return work.cancel(task, by=actor, why=form.cleaned_data["why"])


#: What a handler arranges: form, name of it in the page, command.
ARRANGE: dict[str, tuple[type[django_forms.Form], str, Arranging]] = {
    "verdelen": (forms.DivideForm, "divide_form", _divide),
    "deeltaak": (forms.SubtaskForm, "subtask_form", _subtask),
    "ook": (forms.AlsoForm, "also_form", _also),
    "doorgeven": (forms.ReferForm, "refer_form", _refer),
    "terugnemen": (forms.WhyForm, "why_form", _recall),
    "nu": (django_forms.Form, "hurry_form", _hurry),
    "annuleren": (forms.WhyForm, "why_form", _cancel),
}


@page("task.divide", methods=("POST",))
def arrange(request: HttpRequest, task_id: UUID, slug: str) -> HttpResponse:
    """Divides, splits, widens, refers, follows up, recalls or cancels a task."""
    task, actor = _find(request, task_id), actor_of(request)
    if slug not in ARRANGE:
        raise Http404
    kind, name, command = ARRANGE[slug]
    if not allows(actor, "task.divide"):
        raise PermissionDenied
    needs_task = kind in (forms.DivideForm, forms.ReferForm)
    form = kind(request.POST, task=task) if needs_task else kind(request.POST)  # type: ignore[call-arg]
    if form.is_valid():
        try:
            command(request, task, actor, form)
        except NotAllowed as refused:
            form.add_error(None, refused.reason)
        except TaskChanged:
            form.add_error(None, "Deze taak is intussen gewijzigd. Kijk ze na en bevestig opnieuw.")
            task = _find(request, task_id)
        else:
            messages.success(request, "Dat is geregeld.")
            return redirect("task", task_id=task.public_id)
    return _show(request, task, status=422, **{name: form, "tried": slug})
