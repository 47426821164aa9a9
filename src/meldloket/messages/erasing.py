"""What was told to a reporter whose term is over: that it was told stays, the words go."""

from __future__ import annotations

from meldloket.cases.models import Case

from .models import Delivery


def erase(case: Case) -> None:
    """Empties every message about the case; what still waited is not sent any more. Call in the erasing transaction."""
    rows = Delivery.objects.filter(report__case=case)
    rows.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING]).update(state=Delivery.State.SUPERSEDED)
    rows.update(subject="", text="", payload={}, problem="", problem_details=[], provider_reference="")
