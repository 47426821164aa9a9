"""The first chapters of the yearly report, in sentences, tables and drawings made from the figures (insight.yearly): the
year in short, what came in, and how quickly it went. A sentence is only there when its figure is."""

from __future__ import annotations

from meldloket.cases.models import IntakeChannel
from meldloket.insight.comparing import Row
from meldloket.insight.figures import STEPS
from meldloket.insight.models import NONE
from meldloket.insight.yearly import Year, folded

from . import svg
from .charts import in_figures
from .drawings import Names
from .words import STEP_WORDS, hours_words, percent_words, reports_words, score_words, signed
from .year_parts import Section, Table, before_words, change_words, enumerated, named, period_words


def five_figures(year: Year, names: Names) -> Section:
    """The year in five figures against the year before."""
    now, before = year.total.now, year.total.before
    compare = before.received > 0
    texts = [f"{period_words(year).capitalize()} kwamen er {reports_words(now.received)} binnen."]
    if now.received == 1:
        texts = [f"{period_words(year).capitalize()} kwam er 1 melding binnen."]
    if compare:
        sure = "Dat verschil is groter dan toeval." if year.total.more else "Zo’n verschil kan toeval zijn."
        than = change_words(now.received, before.received)
        texts.append(f"Dat zijn er {than} {before_words(year)} ({in_figures(before.received)}). {sure}")
    else:
        texts.append(f"Over {year.year - 1} zijn er geen cijfers om mee te vergelijken.")
    if now.on_time is not None:
        texts.append(
            f"Van de meldingen met een beloofde termijn handelden wij {percent_words(now.on_time)} binnen die termijn af."
        )
    rows = [
        ("Ontvangen meldingen", in_figures(now.received), in_figures(before.received)),
        ("Afgehandelde meldingen", in_figures(now.closed), in_figures(before.closed)),
        ("De helft is afgehandeld binnen", hours_words(now.median), hours_words(before.median)),
        ("Binnen de beloofde termijn", percent_words(now.on_time), percent_words(before.on_time)),
        ("Tevredenheid van melders", score_words(now.satisfaction.mean), score_words(before.satisfaction.mean)),
    ]
    head = ["Cijfer", str(year.year), str(year.year - 1)]
    if not compare:
        rows, head = [row[:2] for row in rows], head[:2]  # type: ignore[misc]
    caption = f"{year.year} naast {year.year - 1}" if compare else str(year.year)
    return Section("cijfers", "Het jaar in vijf cijfers", texts, [Table(caption, head, rows)])


def came_in(year: Year, names: Names) -> Section:
    """What came in, by which way, and where."""
    categories = {pk: name for pk, (_, name) in names.categories.items()}
    areas = {pk: name for pk, (_, name) in names.areas.items()}
    kinds = named(folded((row.group, row.now.received) for row in year.categories), categories, "Andere soorten")
    places = named(folded((row.group, row.now.received) for row in year.areas), areas, "Elders of zonder plaats")
    ways = named(folded(year.channels), dict(enumerate(map(str, IntakeChannel.labels))), "Andere kanalen")
    total = max(1, year.total.now.received)
    texts = []
    most = [f"{name} ({in_figures(count)})" for name, count in kinds[:3] if name != "Andere soorten"]
    if most:
        texts.append(f"Het vaakst ging het over {enumerated(most)}.")
    if ways:
        shares = [f"{name.lower()} ({percent_words(100 * count / total)})" for name, count in ways]
        texts.append(f"Meldingen kwamen binnen via {enumerated(shares)}.")
    texts.append(
        "Een aantal meldingen zegt weinig over hoe goed het met een wijk gaat: waar meer mensen wonen of waar men "
        "gemakkelijker meldt, komen meer meldingen. Lees de wijken dus niet als een rangschikking."
    )
    changes = {categories.get(row.group, ""): row for row in year.categories}
    table = [(name, in_figures(count), _change(changes.get(name))) for name, count in kinds]
    if any("▲" in words or "▼" in words for _, _, words in table):
        texts.append("In de tabel staat ▲ of ▼ bij een stijging of daling die groter is dan toeval.")
    where = sorted(places, key=lambda row: (row[0] == "Elders of zonder plaats", row[0].casefold()))
    kinds_drawn = svg.bars(f"Meldingen per soort in {year.year}", kinds[:12])
    where_drawn = svg.bars(f"Meldingen per wijk in {year.year}", where)
    return Section(
        "binnen",
        "Wat er binnenkwam, en waar",
        texts,
        [
            Table("Meldingen per soort", ["Soort", "Meldingen", f"Tegenover {year.year - 1}"], table, kinds_drawn),
            Table(
                "Meldingen per wijk, op naam",
                ["Wijk", "Meldingen"],
                [(name, in_figures(count)) for name, count in where],
                where_drawn,
            ),
        ],
    )


def _change(row: Row | None) -> str:
    """How much more than the year before, ▲ or ▼ when it is more than chance."""
    if row is None or row.change is None or row.now.received < 5:
        return "–"
    words = signed(row.change, "\u00a0%")
    return f"{words} {'▲' if row.change > 0 else '▼'}" if row.more else words


def how_quickly(year: Year, names: Names) -> Section:
    """How long it took, and whether terms were kept."""
    now, before = year.total.now, year.total.before
    texts = []
    if now.median is None:
        texts.append("Er werden te weinig meldingen afgehandeld om iets over de duur te zeggen.")
    else:
        texts.append(
            f"De helft van de afgehandelde meldingen was klaar binnen {hours_words(now.median)}, negen op de tien binnen "
            f"{hours_words(now.p90)}. Dat zijn kalenderdagen, van de melding tot het bericht dat ze afgehandeld is."
        )
    if now.on_time is not None:
        late = now.promised - now.kept
        texts.append(
            f"Van {reports_words(now.promised)} met een beloofde termijn {'werd' if now.kept == 1 else 'werden'} er "
            f"{in_figures(now.kept)} op tijd afgehandeld ({percent_words(now.on_time)})"
            + (f" en {in_figures(late)} te laat." if late else ".")
        )
        if before.on_time is not None:
            points = round(now.on_time) - round(before.on_time)
            way = (
                "even vaak op tijd als"
                if not points
                else ("vaker op tijd dan" if points > 0 else "minder vaak op tijd dan")
            )
            sure = "" if not points else (" Dat is meer dan toeval." if year.total.better else " Dat kan toeval zijn.")
            texts.append(f"Wij waren {way} {before_words(year)} ({percent_words(before.on_time)}).{sure}")
    kinds = [
        (
            names.categories.get(row.group, ("", ""))[1],
            hours_words(row.now.median),
            hours_words(row.now.p90),
            percent_words(row.now.on_time),
        )
        for row in year.categories
        if row.group != NONE and row.now.median is not None
    ]
    steps = [
        (STEP_WORDS[step], hours_words(found.median), hours_words(found.p90))
        for step in STEPS
        if (found := year.overview.steps[step]).count >= 5
    ]
    tables = [
        Table("Hoe lang elke stap duurde", ["Stap", "Helft binnen", "9 op 10 binnen"], steps),
        Table("Per soort", ["Soort", "Helft binnen", "9 op 10 binnen", "Binnen termijn"], kinds),
    ]
    return Section("snelheid", "Hoe snel wij werkten", texts, [table for table in tables if table.rows])
