"""A proposal on paper: as PDF, and as a packet for minutes packages without an interface (JSON-LD, HTML with RDFa, PDF and
attachments in one zip)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from meldloket.catalogue.current import catalogue
from meldloket.decisions import exchange
from meldloket.decisions.models import Body, Proposal, ProposalVersion
from meldloket.web.pages import page
from meldloket.web.pdf import NoPdf, render_pdf

from .views import find

TEMPLATE = "decisions/paper.html"
STYLE = Path(__file__).with_name("paper.css").read_text(encoding="utf-8")


def context_of(content: dict[str, Any]) -> dict[str, Any]:
    """What the paper shows of a proposal in the terms of the exchange."""
    body = Body(content["bestuursorgaan"])
    return {"item": content, "uri": content["@id"], "body": body.label, "municipality": catalogue().municipality.name}


@page("decision.follow", methods=("GET",))
def pdf(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """The proposal as it stands, as the decision will read."""
    found = find(request, proposal_id)
    try:
        made = render_pdf(TEMPLATE, context_of(exchange.item_of(found)), STYLE)
    except NoPdf as problem:
        messages.error(request, str(problem))
        return redirect("proposal", proposal_id=found.public_id)
    return _download(made, f"voorstel-{found.case.reference}.pdf", "application/pdf", inline=True)


@page("decision.follow", methods=("GET",))
def packet(request: HttpRequest, proposal_id: UUID, number: int) -> HttpResponse:
    """A version that was handed over, with everything that belongs to it."""
    found = find(request, proposal_id)
    version = found.versions.filter(number=number).first()
    if version is None:
        raise Http404
    try:
        made = packet_of(found, version)
    except NoPdf as problem:
        messages.error(request, str(problem))
        return redirect("proposal", proposal_id=found.public_id)
    return _download(made, f"agendapunt-{found.case.reference}-v{number}.zip", "application/zip")


def packet_of(proposal: Proposal, version: ProposalVersion) -> bytes:
    """The zip of a version: agendapunt.jsonld, .html with its .css, .pdf, and bijlagen/. Attachments that meanwhile
    went out of the case are left out of the folder, and stay named in the JSON-LD with their digest."""
    context = context_of(version.content)
    held = {row.sha256: row for row in proposal.case.attachments.all()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("agendapunt.jsonld", json.dumps(version.content, ensure_ascii=False, indent=1))
        bundle.writestr("agendapunt.html", render_to_string(TEMPLATE, context))
        bundle.writestr("agendapunt.css", STYLE)
        bundle.writestr("agendapunt.pdf", render_pdf(TEMPLATE, context, STYLE))
        for place, one in enumerate(version.content.get("bijlagen", []), start=1):
            if (row := held.get(one["sha256"])) is not None:
                with row.file.open("rb") as stream:
                    content = stream.read()
                if hashlib.sha256(content).hexdigest() == one["sha256"]:
                    bundle.writestr(f"bijlagen/{place}-{one['naam']}", content)
    return made.getvalue()


def _download(content: bytes, name: str, kind: str, *, inline: bool = False) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
