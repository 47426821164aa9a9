"""The other chapters of the yearly report: what became of the reports, what waits, advice and decisions, what reporters
think, places and the season, and how it was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from meldloket.decisions.models import Body, Decision
from meldloket.evaluation.models import Invitation
from meldloket.insight.figures import ENDS
from meldloket.insight.yearly import STREET_REPORTS, STREET_WEEKS, Year, folded

from . import svg, year_text
from .charts import in_figures
from .drawings import Names
from .policy_tables import MONTHS
from .words import END_WORDS, day_words, evaluated_words, hours_words, percent_words, reports_words, score_words, so_many
from .year_parts import FEW, MONTH_NAMES, Section, Table, before_words, change_words, enumerated, named


def what_became(year: Year, names: Names) -> Section:
    """How the reports of the year ended, so far."""
    counts: Counter[int | str] = Counter()
    for _, _, end, count in year.overview.flow:
        counts[end] += count
    rows = named(folded((end, counts[end]) for end in ENDS), END_WORDS, "Andere uitkomsten")
    total = max(1, sum(counts.values()))
    done = next((count for name, count in rows if name == END_WORDS["done"]), 0)
    texts = [f"Dit werd er tot en met {day_words(year.made_on)} van de meldingen die in {year.year} binnenkwamen."]
    if done:
        texts.append(
            f"Bij {reports_words(done)} ({percent_words(100 * done / total)}) werd uitgevoerd wat gevraagd was. Dat is "
            "niet overal zo: daarom noemen wij ook wat wij niet vonden, wat niet voor ons was en wat wij weigerden."
        )
    shares = [(name, in_figures(count), percent_words(100 * count / total)) for name, count in rows]
    drawn = svg.bars(f"Uitkomst van de meldingen van {year.year}", rows)
    table = Table("Wat er van de meldingen werd", ["Uitkomst", "Meldingen", "Aandeel"], shares, drawn)
    return Section("uitkomst", "Wat ermee gebeurde", texts, [table])


def what_waits(year: Year, names: Names) -> Section:
    """What is open at the end."""
    now, before = year.total.now.backlog, year.total.before.backlog
    past = year.until < year.made_on
    one, many = ("stond", "stonden") if past else ("staat", "staan")
    stand = f"{one if now == 1 else many} er nog {reports_words(now)}"
    texts = [f"Op {day_words(year.until)} {stand} open, uit dit jaar en van vroeger."]
    if before:
        texts.append(f"Dat zijn er {change_words(now, before)} een jaar eerder ({in_figures(before)}).")
    if now and not year.waiting_late:
        texts.append(f"Van geen enkele {'was' if past else 'is'} de beloofde dag voorbij.")
    elif year.waiting_late:
        one, many = ("was", "waren") if past else ("is", "zijn")
        passed = one if year.waiting_late == 1 else many
        texts.append(f"Van die open meldingen {passed} er {in_figures(year.waiting_late)} voorbij de beloofde dag.")
    trend = year.months
    labels = [MONTHS[row.since.month - 1] for row in trend]
    rows = [
        svg.Row("Ontvangen", [row.received for row in trend]),
        svg.Row("Beëindigd", [row.closed for row in trend], svg.QUIET),
        svg.Row("Open op het einde van de maand", [row.backlog for row in trend], svg.ACCENT),
    ]
    table = Table(
        "Per maand: ontvangen, beëindigd en open",
        ["Maand", "Ontvangen", "Beëindigd", "Open op het einde"],
        [
            (MONTH_NAMES[row.since.month - 1], in_figures(row.received), in_figures(row.closed), in_figures(row.backlog))
            for row in trend
        ],
        svg.lines(f"Ontvangen, beëindigd en open per maand in {year.year}", labels, rows) if len(trend) > 1 else "",
    )
    return Section("wacht", "Wat nog wacht", texts, [table])


def advice_and_decisions(year: Year, names: Names) -> Section:
    """Advice of services, and what college and council decided."""
    asked = sum(row.asked for row in year.overview.advice)
    texts = []
    if asked:
        texts.append(f"De diensten en partners kregen {so_many(asked, 'vraag', 'vragen')} om advies.")
    else:
        texts.append("Er werd dit jaar geen advies gevraagd.")
    counts = dict(folded((row.service, row.asked) for row in year.overview.advice).shown)
    advices = [
        (
            names.services.get(row.service, ("", "?"))[1],
            in_figures(row.asked),
            hours_words(row.spread.median),
            in_figures(row.late),
        )
        for row in sorted(year.overview.advice, key=lambda row: -row.asked)
        if row.service in counts
    ]
    tables = [Table("Advies per dienst", ["Dienst", "Gevraagd", "Helft binnen", "Te laat"], advices)] if advices else []
    decisions = sum(count for _, _, count in year.overview.decisions)
    if decisions:
        texts.append(f"Het bestuur nam {so_many(decisions, 'besluit', 'besluiten')} over meldingen.")
        rows = [
            (str(Body(body).label), str(Decision.Outcome(outcome).label), in_figures(count))
            for body, outcome, count in year.overview.decisions
        ]
        tables.append(Table("Besluiten", ["Bestuur", "Uitkomst", "Besluiten"], rows, words=2))
    else:
        texts.append("Het bestuur nam dit jaar geen besluiten over meldingen.")
    return Section("besluiten", "Adviezen en besluiten", texts, tables)


def processed_rows(processed: dict[str, int | None]) -> Iterable[tuple[str, str]]:
    """What was done with evaluations, in words."""
    for value, words in Invitation.Processed.choices:
        if value in processed:
            count = processed[value]
            yield str(words), FEW if count is None else in_figures(count)


MASKED = (
    "Deze cijfers zijn op vijf afgerond, tellen enkel volle maanden met genoeg antwoorden, en kleine groepen staan er niet "
    "bij: zo is geen enkele melder te herkennen."
)


def what_reporters_think(year: Year, names: Names) -> Section:
    """Evaluations, masked, and what was done with them."""
    now, before = year.total.now.satisfaction, year.total.before.satisfaction
    if now.asked is None or now.answered is None:
        texts = ["Er zijn te weinig evaluaties om er iets over te zeggen zonder dat een melder te herkennen is."]
        return Section("evaluaties", "Wat melders ervan vinden", texts)
    texts = [
        f"Dit gaat over {evaluated_words(now)}. Na het afhandelen vroegen wij ongeveer {in_figures(now.asked)} melders wat "
        f"zij ervan vonden. Ongeveer {in_figures(now.answered)} vulden de vragen in ({percent_words(now.rate)})."
    ]
    if now.mean is not None:
        texts.append(f"Zij geven gemiddeld {score_words(now.mean)}.")
        shown = [count for count in now.scores if count is not None]
        if len(shown) == len(now.scores):
            low = 5 * round(20 * sum(shown[:2]) / sum(shown))
            texts.append(f"Ongeveer {percent_words(low)} gaf 1 of 2: niet tevreden.")
        if before.mean is not None:
            texts.append(f"Het gemiddelde {before_words(year)} was {score_words(before.mean)}.")
    kinds = [
        (names.categories.get(row.group, ("", "Zonder soort"))[1], in_figures(found.answered), score_words(found.mean))
        for row in year.categories
        if (found := row.now.satisfaction).mean is not None and found.answered is not None
    ]
    tables = [Table("Tevredenheid per soort", ["Soort", "Ingevuld (ongeveer)", "Gemiddeld"], kinds)] if kinds else []
    done = list(processed_rows(year.processed))
    texts = [" ".join(texts)]
    if done:
        texts.append("Een evaluatie blijft niet liggen: de tabel toont wat wij deden met wat melders ons schreven.")
        tables.append(Table("Wat wij met de evaluaties deden", ["Wat", "Aantal (ongeveer)"], done))
    return Section("evaluaties", "Wat melders ervan vinden", [*texts, MASKED], tables)


def places(year: Year, names: Names) -> Section:
    """Streets with places that come back; no persons, no house numbers, rounded."""
    if not year.streets:
        texts = [
            f"In geen enkele straat was er een plek met {STREET_REPORTS} meldingen in {STREET_WEEKS} verschillende weken."
        ]
        return Section("plekken", "Plekken die terugkomen", texts)
    first = year.streets[0]
    texts = [
        f"Op sommige plekken komen steeds opnieuw meldingen: minstens {STREET_REPORTS}, in minstens {STREET_WEEKS} "
        "verschillende weken, binnen zo’n 75 meter. Wij noemen enkel de straat, en ronden de aantallen af op vijf.",
        f"Het vaakst was dat in {first.name}: ongeveer {reports_words(first.about)}.",
    ]
    rows = [
        (row.name, names.areas.get(row.area, ("", ""))[1], in_figures(row.about), in_figures(row.places))
        for row in year.streets
    ]
    head = ["Straat", "Wijk", "Meldingen (ongeveer)", "Plekken"]
    return Section("plekken", "Plekken die terugkomen", texts, [Table("Straten met zulke plekken", head, rows, words=2)])


def season(year: Year, names: Names) -> Section:
    """The months, beside those of the year before."""
    own, before = year.season.years.get(year.year, [None] * 12), year.season.years.get(year.year - 1)
    known = [(count, month) for month, count in enumerate(own) if count is not None]
    texts = []
    if len(known) > 2 and max(known)[0] > 0:
        busiest, quietest = max(known), min(known)
        texts.append(
            f"De drukste maand was {MONTH_NAMES[busiest[1]]} ({reports_words(busiest[0])}), de rustigste "
            f"{MONTH_NAMES[quietest[1]]} ({in_figures(quietest[0])})."
        )
    busy = [MONTH_NAMES[at] for at, share in enumerate(year.season.index) if share is not None and share >= 115]
    if busy and len(year.season.complete) > 1:
        texts.append(f"Over meer jaren bekeken zijn vooral {enumerated(busy)} druk: minstens 15 % boven een gewone maand.")
    if not known:
        return Section("seizoen", "Door het jaar", ["Er is nog geen volle maand om te tonen."])
    rows = [svg.Row(str(year.year), own)]
    if before and any(before):
        rows.append(svg.Row(str(year.year - 1), before, svg.QUIET))
    table = Table(
        "Meldingen per maand",
        ["Maand", *(row.name for row in rows)],
        [(MONTH_NAMES[at], *(in_figures(row.values[at]) for row in rows)) for at in range(12)],
        svg.columns("Meldingen per maand", MONTHS, rows),
    )
    return Section("seizoen", "Door het jaar", texts, [table])


#: How everything is counted, in paragraphs.
COUNTING = """
Een melding telt in het jaar waarin ze binnenkwam. Afgehandeld, op tijd en hoe lang het duurde tellen in het jaar waarin ze
afgehandeld werd. Meldingen over hetzelfde probleem die wij samenvoegden, tellen als één.

De helft binnen: zet alle meldingen op een rij van kort naar lang, dan is dit de duur van de middelste. Eén melding die heel
lang duurt, verandert dat cijfer niet.

De beloofde termijn is de streeftermijn van de soort melding, in werkdagen. Ze schuift op zolang wij op de melder wachten.

Een verschil noemen wij pas groter dan toeval na een vergelijking van aantallen (Poisson, waarin meldingen die in vlagen
komen minder wegen) of van aandelen. Omdat wij er veel vergelijken, leggen wij de lat hoger (Benjamini-Hochberg).

Soorten, wijken en uitkomsten met minder dan 5 meldingen staan samen. Percentages en tijden van minder dan 5 meldingen geven
wij niet. Cijfers uit evaluaties zijn op vijf afgerond.

Klachten over de werking van het bestuur tellen niet mee: daarover komt er een afzonderlijk verslag.
""".strip()


def how_counted(year: Year, names: Names) -> Section:
    """What the figures are, and what they do not say."""
    made = f"""De cijfers zijn die van Meldloket op {day_words(year.made_on)}. Wordt een melding later heropend of
        verplaatst, dan verandert het cijfer mee."""
    texts = [" ".join(text.split()) for text in [*COUNTING.split("\n\n"), made]]
    return Section("telling", "Hoe deze cijfers geteld zijn", texts)


ORDER = (
    year_text.five_figures,
    year_text.came_in,
    year_text.how_quickly,
    what_became,
    what_waits,
    advice_and_decisions,
    what_reporters_think,
    places,
    season,
    how_counted,
)


def sections(year: Year, names: Names) -> list[Section]:
    """The whole report, in its order."""
    return [make(year, names) for make in ORDER]
