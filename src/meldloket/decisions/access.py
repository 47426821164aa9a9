"""What of a case belongs to a proposal, for the rooms below that ask."""

from __future__ import annotations

from meldloket.cases.models import Case

from .models import Proposal


def why_not_emptied(case: Case) -> str | None:
    """A case with a proposal of decision keeps its own file: others join it, not the other way."""
    found = Proposal.objects.filter(case=case).exists()
    return f"Over {case.reference} is een besluit voorbereid. Voeg de andere melding daarbij samen." if found else None
