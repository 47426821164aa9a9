"""A whole case that belongs to another authority: a regional road, a railway, a network operator (B4.4). The citizen reads
where to follow it; the case stays in view or is closed as referred."""

from __future__ import annotations

from meldloket.cases import events
from meldloket.cases.change import changing, move
from meldloket.cases.lifecycle import EventKind, NotAllowed
from meldloket.cases.models import Case
from meldloket.people.roles import Actor, Role


def refer_case(case: Case, *, by: Actor, authority: str, text: str, close: bool, seen_version: int | None = None) -> Case:
    """Passes the whole case on. `authority`: name of whoever is competent; `text`: what the citizen reads, with where to
    follow it; `close`: closed here as referred, else it stays in view. Raises NotAllowed."""
    if not authority.strip() or not text.strip():
        raise NotAllowed("Zeg aan wie u de melding doorgeeft, en wat de melder leest.")
    with changing(case, seen_version=seen_version) as fresh:
        if fresh.ended or not by.has(Role.HANDLER):
            raise NotAllowed("Deze melding kan u niet doorgeven.")
        fresh.competent_authority = authority.strip()[:200]
        data = {"authority": fresh.competent_authority}
        if close:
            move(fresh, "close_as_referred", by, text=text, data=data)
        else:
            events.append(fresh, EventKind.REFERRED_FOLLOWED, by, text=text, data=data, visible_to_reporter=True)
    return fresh
