"""Terms in words and colour: "nog 3 werkdagen", "2 werkdagen over tijd" (look.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meldloket.cases import clock, terms
from meldloket.cases.models import Case


@dataclass(frozen=True)
class TermWords:
    """`tone`: ok, soon, late, still or none; never the only sign: `words` says it too."""

    words: str
    tone: str
    day: date | None


def term_words(case: Case) -> TermWords:
    """How a case stands against its target date."""
    if case.ended_at is not None or case.target_date is None:
        return TermWords("", "none", case.target_date)
    if case.suspended_at is not None:
        return TermWords("termijn staat stil", "still", case.target_date)
    left = terms.working_days_between(clock.today(), case.target_date)
    if left < 0:
        return TermWords(f"{_days(-left)} over tijd", "late", case.target_date)
    if case.target_date < clock.today():
        return TermWords("over tijd", "late", case.target_date)  # it ran out this weekend or holiday
    if left == 0:
        return TermWords("vandaag", "soon", case.target_date)
    return TermWords(f"nog {_days(left)}", "soon" if left <= 3 else "ok", case.target_date)


def _days(count: int) -> str:
    return "1 werkdag" if count == 1 else f"{count} werkdagen"
