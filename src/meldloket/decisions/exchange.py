"""A proposal in the terms of the exchange with minutes packages (specs/decisions 3, out): the same for whoever takes it by
the interface and for whoever downloads it."""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings

from meldloket.cases import clock
from meldloket.cases.models import Attachment

from . import drafting, linked, privacy
from .models import Body, Proposal

#: Attachments up to this size go along inside the item; larger ones are fetched.
INLINE_BYTES = 500_000


def item_of(proposal: Proposal) -> dict[str, Any]:
    """The proposal in the terms of the exchange (specs/decisions 3, out); of attachments only what they are."""
    case, base = proposal.case, f"{settings.BASE_URL}/api/v1"
    department = case.department
    return {
        "@context": f"{base}/besluiten/context.jsonld",
        "@id": f"{settings.BASE_URL}/id/voorstellen/{proposal.public_id}",
        "@type": "Agendapunt",
        "voorstel": str(proposal.public_id),
        "versie": proposal.version,
        "dossier": case.reference,
        "bestuursorgaan": proposal.body,
        "bestuursorgaanUri": linked.organ_of(Body(proposal.body), clock.today()).uri,
        "soort": {"@id": linked.PLANNED_ITEM, "@type": "http://www.w3.org/2004/02/skos/core#Concept"},
        "titel": proposal.title,
        "beschrijving": f"Melding {case.reference}: {case.category.name.lower() if case.category else 'zonder categorie'}",
        "geplandOpenbaar": proposal.planned_public,
        "dringend": proposal.urgent,
        "bevoegdheid": proposal.competence,
        "juridischeGrond": proposal.legal_ground,
        "motivering": proposal.facts,
        "adviezen": proposal.advices,
        "gegevenAdviezen": drafting.given_advices(case),
        "artikels": [{"nummer": str(place), "tekst": text} for place, text in enumerate(proposal.articles, start=1)],
        "financieleGevolgen": proposal.financial_note,
        "schepen": proposal.alderman,
        "gewensteZitting": proposal.meeting.held_on.isoformat() if proposal.meeting else "",
        "melder": ", ".join(privacy.reporters_of(case)) if proposal.names_reporter else "",
        "contact": {"dienst": department.name, "email": department.email} if department else {},
        "bijlagen": [_enclosed(proposal, row) for row in proposal.attachments.order_by("id")],
        "antwoord": base,
    }


def _enclosed(proposal: Proposal, row: Attachment) -> dict[str, Any]:
    """What an attachment is, and where the package may fetch it."""
    link = f"{settings.BASE_URL}/api/v1/voorstellen/{proposal.public_id}/bijlagen/{row.public_id}"
    return {"naam": row.name, "formaat": row.content_type, "grootte": row.size, "sha256": row.sha256, "link": link}


def with_small_files(proposal: Proposal, content: dict[str, Any]) -> dict[str, Any]:
    """The content with small attachments inside; large ones stay links."""
    files = {row.sha256: row for row in proposal.attachments.all()}
    rows = []
    for row in content.get("bijlagen", []):
        found = files.get(row["sha256"])
        if found is not None and row["grootte"] <= INLINE_BYTES:
            with found.file.open("rb") as stream:
                row = {**row, "inhoud": base64.b64encode(stream.read()).decode()}
        rows.append(row)
    return {**content, "bijlagen": rows}
