"""What a reporter thought of it, once their term is over: scores and choices stay for the figures, words and link go."""

from __future__ import annotations

from meldloket.cases.models import Case

from .models import Answer, Invitation, new_code


def erase(case: Case) -> None:
    """Empties the texts of every evaluation of the case. Call in the erasing transaction."""
    Answer.objects.filter(invitation__report__case=case).update(text="")
    for invitation in Invitation.objects.filter(report__case=case):
        invitation.answers, invitation.reply, invitation.code = {}, "", new_code()
        invitation.save()
