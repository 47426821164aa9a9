"""The helicopter view: how many reports come in, where they are, what is late, how long each step takes; on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from meldloket.cases import clock
from meldloket.catalogue.current import catalogue
from meldloket.insight import behind, columns, figures, keeping
from meldloket.insight.behind import Wanted
from meldloket.insight.chosen import Chosen
from meldloket.insight.figures import Headline, Overview
from meldloket.people.roles import Actor
from meldloket.web.pages import account_of, actor_of, page

from . import drawings, views
from .behind import link
from .charts import in_figures
from .filters import form
from .places import map_context
from .tabs import tabs
from .words import day_words, evaluated_words, hours_words

LEAST_COMPARED = 10  # of fewer, a percentage says nothing
BEHIND = timedelta(seconds=15)  # what waits longer to be counted is said on the page


@dataclass(frozen=True)
class Tile:
    """One of the figures on top: its name, the number, where it leads, and what to know about it. `tone`: of the note."""

    name: str
    number: str
    url: str
    notes: tuple[str, ...] = ()
    tone: str = ""


def compared(now: int, before: int) -> str:
    """How a count stands to the period before, in words."""
    if before < LEAST_COMPARED:
        return f"{in_figures(before)} in de periode ervoor"
    share = round(100 * (now - before) / before)
    if share == 0:
        return "evenveel als in de periode ervoor"
    return f"{in_figures(abs(share))} % {'meer' if share > 0 else 'minder'} dan in de periode ervoor"


def quicker(head: Headline) -> tuple[str, str]:
    """Whether cases are handled more quickly than in the period before, in words, with the tone; nothing when that period
    had a handful."""
    now, before = head.median_hours, head.median_hours_before
    if now is None or not before or head.received_before < LEAST_COMPARED:
        return "", ""
    share = round(100 * (now - before) / before)
    if share == 0:
        return "even snel als in de periode ervoor", ""
    words, tone = ("sneller", "good") if share < 0 else ("trager", "late")
    return f"{in_figures(abs(share))} % {words} dan in de periode ervoor", tone


def tiles(found: Overview, chosen: Chosen) -> list[Tile]:
    """The five figures that matter."""
    head, told = found.headline, found.satisfaction
    filled_in = "te weinig evaluaties om te tonen"
    if told.rate is not None:
        filled_in = f"ongeveer {told.rate} % vulde de evaluatie in"
    faster, tone = quicker(head)
    kept = f"{round(100 * head.kept / head.promised)} % binnen de beloofde termijn" if head.promised else ""
    median = f"helft binnen {hours_words(head.median_hours)}" if head.median_hours is not None else ""
    return [
        Tile(
            "Ontvangen",
            in_figures(head.received),
            link(chosen, "ontvangen"),
            (compared(head.received, head.received_before),),
        ),
        Tile("Nu open", in_figures(head.open), link(chosen, "open"), ("op dit ogenblik, van alle tijden",)),
        Tile(
            "Nu over tijd",
            in_figures(head.late),
            link(chosen, "te-laat"),
            (f"{round(100 * head.late / head.open)} % van wat open is" if head.open else "",),
            "late" if head.late else "good",
        ),
        Tile("Afgehandeld", in_figures(head.closed), link(chosen, "afgehandeld"), (median, faster, kept), tone),
        Tile(
            "Tevredenheid",
            f"{told.mean}".replace(".", ",") + " op 5" if told.mean is not None else "–",
            f"{reverse('evaluation-results')}?van={chosen.since}&tot={chosen.until}",
            (filled_in, evaluated_words(told)),
        ),
    ]


def attention(head: Headline, counts: dict[str, int], chosen: Chosen) -> list[Tile]:
    """What asks for somebody: smaller, below the five."""
    return [
        Tile(
            "Buiten de beloofde termijn afgehandeld", in_figures(head.promised - head.kept), link(chosen, "buiten-termijn")
        ),
        Tile("Meldingen met een niet bezorgd bericht", in_figures(counts["niet-bezorgd"]), link(chosen, "niet-bezorgd")),
        Tile("Heropend", in_figures(counts["heropend"]), link(chosen, "heropend")),
        Tile("Melder niet tevreden", in_figures(counts["niet-tevreden"]), link(chosen, "niet-tevreden")),
    ]


def read_figures(chosen: Chosen, actor: Actor) -> tuple[Overview, dict[str, int]]:
    """The figures for whoever asks, and how many cases ask for attention per reason."""
    scope, today = chosen.scope(actor), clock.today()
    with columns.reading() as store:
        found = figures.overview(store, scope, today)
        reasons = ("niet-bezorgd", "heropend", "niet-tevreden")
        counts = {what: len(behind.cases(store, scope, Wanted(what), today)) for what in reasons}
    return found, counts


@page("insight.view", methods=("GET",))
def overview_page(request: HttpRequest) -> HttpResponse:
    """All figures of the filters in the address."""
    chosen, actor = Chosen.read(request.GET), actor_of(request)
    found, counts = read_figures(chosen, actor)
    names = drawings.Names.of(catalogue())
    context: dict[str, Any] = {
        "tabs": tabs(actor, "insight", chosen.query()),
        "chosen": chosen,
        **form(chosen),
        "since": day_words(chosen.since),
        "until": day_words(chosen.until),
        "now": clock.now(),
        "behind_since": _behind_since(),
        "tiles": tiles(found, chosen),
        "attention": attention(found.headline, counts, chosen),
        "trend": drawings.trend(found, chosen),
        "outcomes": drawings.outcomes(found, chosen),
        "flow": drawings.flow(found, chosen, names),
        "stuck": [
            drawings.loads(found, chosen, names),
            drawings.steps(found, chosen),
            drawings.advice(found, chosen, names),
        ],
        "map": map_context(request.GET, chosen, actor),
        "results": [drawings.decisions(found, chosen), drawings.scores(found, chosen)],
        **views.context(account_of(request), chosen),
    }
    return render(request, "insight/helicopter.html", context)


def _behind_since() -> datetime | None:
    """Since when changes wait to be counted, when that is long: after an import, say, or without a worker."""
    since = keeping.oldest_mark()
    return since if since is not None and clock.now() - since > BEHIND else None
