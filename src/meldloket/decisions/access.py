"""What of a case belongs to a proposal, for the rooms below that ask."""

from __future__ import annotations

from meldloket.cases.closing import OpenPart
from meldloket.cases.models import Case

from .models import Proposal


def why_not_emptied(case: Case) -> str | None:
    """A case with a proposal of decision keeps its own file: others join it, not the other way."""
    found = Proposal.objects.filter(case=case).exists()
    return f"Over {case.reference} is een besluit voorbereid. Voeg de andere melding daarbij samen." if found else None


#: States of a proposal about which nothing more is expected.
SETTLED = (Proposal.State.DECIDED, Proposal.State.WITHDRAWN)


def open_parts(case: Case) -> list[OpenPart]:
    """Proposals of decision that keep a case from closing."""
    rows = Proposal.objects.filter(case=case).exclude(state__in=SETTLED).order_by("id")
    return [OpenPart(f"Voorstel van besluit “{row.title}”: {row.get_state_display().lower()}.", "besluit") for row in rows]
