"""The words of a report in what was screened and learned, once its term is over."""

from __future__ import annotations

from meldloket.cases.models import Case

from .models import Correction, ScreeningResult


def erase(case: Case) -> None:
    """Forgets proposals with their words, and the text that the model learned from. Call in the erasing transaction."""
    ScreeningResult.objects.filter(case=case).update(proposals={})
    Correction.objects.filter(case=case).delete()
