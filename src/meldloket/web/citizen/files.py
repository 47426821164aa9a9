"""Photos and documents of a draft: added, shown, taken away; the place of a photo is used only when the citizen says so."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from meldloket.cases.models import Attachment
from meldloket.intake import drafts
from meldloket.intake import files as cleaning
from meldloket.intake.models import Draft, DraftFile
from meldloket.web.pages import page

from . import place
from .ownership import find_draft, session_ended, step_url


@page("public", methods=("POST",))
def upload(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Takes one or more files; says of each refused one why, and keeps the others."""
    if (ended := session_ended(request, draft_id)) is not None:
        return ended
    draft = find_draft(request, draft_id)
    if draft.report is not None:
        return redirect("report-receipt", draft_id=draft.public_id)
    add_files(request, draft)
    drafts.save_step(draft, "files", {"seen": True})
    return redirect(step_url(draft, "fotos"))


def add_files(request: HttpRequest, draft: Draft) -> int:
    """Cleans and keeps the uploads of this request. Gives how many were kept."""
    kept = 0
    room = cleaning.MOST_FILES - draft.files.count()
    for sent in request.FILES.getlist("files"):
        if kept >= room:
            messages.error(request, _("U kan hoogstens vijf bestanden toevoegen. Verwijder er eerst een."))
            break
        try:
            found = cleaning.clean(sent.file, sent.name or "", sent.size or 0)
        except cleaning.FileRefused as refused:
            messages.error(request, f"{cleaning.safe_name(sent.name or '', '')}: {_(refused.reason)}")
            continue
        DraftFile.objects.create(draft=draft, attachment=cleaning.keep(found), position=found.position)
        kept += 1
    return kept


def _file(request: HttpRequest, draft_id: UUID, file_id: UUID) -> DraftFile:
    draft = find_draft(request, draft_id)
    return get_object_or_404(DraftFile.objects.select_related("attachment"), draft=draft, attachment__public_id=file_id)


@page("public", methods=("POST",))
def remove(request: HttpRequest, draft_id: UUID, file_id: UUID) -> HttpResponse:
    """Takes a file away again, from the storage too."""
    kept = _file(request, draft_id, file_id)
    attachment = kept.attachment
    if attachment.case_id is not None:
        raise Http404
    attachment.file.delete(save=False)
    if attachment.thumbnail:
        attachment.thumbnail.delete(save=False)
    attachment.delete()
    return redirect("report-step", draft_id=draft_id, slug="fotos")


@page("public", methods=("GET",))
def draft_file(request: HttpRequest, draft_id: UUID, file_id: UUID) -> HttpResponseBase:
    """The cleaned file itself, for whoever is filling in the form."""
    return respond(_file(request, draft_id, file_id).attachment, small="klein" in request.GET)


def respond(attachment: Attachment, *, small: bool = False) -> HttpResponseBase:
    """A stored file as an answer: a photo is shown, anything else is only downloaded; never cached by others."""
    stored = attachment.thumbnail if small and attachment.thumbnail else attachment.file
    try:
        stream = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(
        stream,
        as_attachment=attachment.kind != Attachment.Kind.PHOTO,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    answer["Cache-Control"] = "private, max-age=600"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page("public", methods=("POST",))
def use_position(request: HttpRequest, draft_id: UUID, file_id: UUID) -> HttpResponse:
    """The citizen says: yes, the place of this photo is the place of the problem."""
    kept = _file(request, draft_id, file_id)
    if kept.position:
        point = {"latitude": kept.position["latitude"], "longitude": kept.position["longitude"]}
        drafts.save_step(kept.draft, "where", place.settle({**point, "address": "", "detail": ""}))
        messages.success(request, _("Wij namen de plaats van uw foto over. Kijk ze na op de kaart."))
    return redirect(step_url(kept.draft, "waar"))
