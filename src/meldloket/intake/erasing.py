"""The form as it was filled in, once the term of its report is over."""

from __future__ import annotations

from meldloket.cases.models import Case

from .models import Draft


def erase(case: Case) -> None:
    """Deletes the drafts from which the reports of the case were made. Call in the erasing transaction."""
    Draft.objects.filter(report__case=case).delete()
