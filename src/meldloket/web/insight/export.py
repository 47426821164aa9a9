"""Taking cases along: how many there are for the filters, three kinds of file, and how far the file is."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from meldloket.cases import clock
from meldloket.insight.chosen import Chosen
from meldloket.insight.exports import ports, taking
from meldloket.insight.exports.fields import FIELDS
from meldloket.insight.exports.kinds import KINDS
from meldloket.insight.models import Export
from meldloket.insight.narrowing import count
from meldloket.web.pages import account_of, actor_of, page

from .charts import in_figures
from .filters import form
from .tabs import tabs
from .words import day_words

#: Somebody with a slow network keeps a thread of the server busy for as long as the file takes; the others are for pages.
AT_ONCE = threading.BoundedSemaphore(1)

KIND_WORDS = {
    "text": "tekst",
    "word": "vaste woorden",
    "whole": "geheel getal",
    "number": "getal",
    "day": "datum",
    "moment": "datum en uur",
    "flag": "ja of nee",
}


class Sending:
    """A file on its way, that gives the place in the server back when it ends, however it ends."""

    def __init__(self, pieces: ports.Pieces) -> None:
        self.pieces = pieces
        self.given_back = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        """Called by the server at the end, also when the browser went away."""
        try:
            self.pieces.close()
        finally:
            if not self.given_back:
                self.given_back = True
                AT_ONCE.release()


@page("insight.export", methods=("GET",))
def export_page(request: HttpRequest) -> HttpResponse:
    """What can be taken along, and what the columns mean."""
    chosen, actor = Chosen.read(request.GET), actor_of(request)
    context: dict[str, Any] = {
        "tabs": tabs(actor, "insight-export", chosen.query()),
        "chosen": chosen,
        **form(chosen),
        "since": day_words(chosen.since),
        "until": day_words(chosen.until),
        "count": in_figures(count(chosen.scope(actor))),
        "kinds": KINDS,
        "action": f"{reverse('insight-export-file')}?{chosen.query()}",
        "fields": [(row.name, KIND_WORDS[row.kind], row.meaning) for row in FIELDS],
    }
    return render(request, "insight/export.html", context)


@page("insight.export", methods=("POST",))
def export_file(request: HttpRequest) -> HttpResponseBase:
    """The file, while it is made. Field `soort`: which kind; `sleutel`: under which the page asks how far it is."""
    kind, account = request.POST.get("soort", ""), account_of(request)
    if kind not in KINDS or account is None:
        return redirect("insight-export")
    chosen = Chosen.read(request.GET)
    if not AT_ONCE.acquire(blocking=False):
        messages.error(request, "Er wordt nu al een bestand gemaakt. Probeer het over enkele minuten opnieuw.")
        return redirect(f"{reverse('insight-export')}?{chosen.query()}")
    try:
        export = taking.begin(kind, chosen, by=account, key=_key(request.POST.get("sleutel", "")))
        sending = Sending(ports.plugged.maker(export, chosen))
    except BaseException:
        AT_ONCE.release()
        raise
    answer = StreamingHttpResponse(sending, content_type=KINDS[kind].media_type)
    name = taking.filename(kind, timezone.localtime(clock.now()))
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"  # a proxy that keeps the whole file would make the progress a lie
    return answer


@page("insight.export", methods=("GET",))
def export_progress(request: HttpRequest, key: uuid.UUID) -> JsonResponse:
    """How far somebody's own file is: rows in all, rows done, and whether it ended or was stopped."""
    export = get_object_or_404(Export, key=key, owner=account_of(request))
    ended = export.finished_at is not None
    answer = JsonResponse({"rows": export.rows, "done": export.done, "ended": ended, "stopped": export.stopped})
    answer["Cache-Control"] = "no-store"
    return answer


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
