"""The charts of the helicopter view, each from one figure, each number with the way to the cases behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.formats import date_format

from meldloket.catalogue.current import Catalogue
from meldloket.catalogue.models import AdviceService
from meldloket.decisions.models import Body, Decision
from meldloket.insight.chosen import Chosen
from meldloket.insight.figures import ENDS, STEPS, Bucket, Overview, Spread
from meldloket.insight.models import NONE

from .behind import NOTHING, link
from .charts import Chart, Link, Series
from .words import END_WORDS, STEP_WORDS, evaluated_words, hours_words

MOST_NODES = 9  # of the first column of the flow; the others are drawn together


@dataclass(frozen=True)
class Names:
    """Names and codes of the catalogue by id, for words and addresses."""

    categories: dict[int, tuple[str, str]]
    mains: dict[int, str]
    departments: dict[int, tuple[str, str]]
    areas: dict[int, tuple[str, str]]
    services: dict[int, tuple[str, str]]

    @classmethod
    def of(cls, known: Catalogue) -> Names:
        return cls(
            {row.pk: (row.code, row.name) for row in known.categories},
            {row.pk: row.main_category for row in known.categories},
            {NONE: (NOTHING, "Nog geen dienst"), **{row.pk: (row.code, row.name) for row in known.departments}},
            {NONE: (NOTHING, "Zonder wijk"), **{row.pk: (row.code, row.name) for row in known.areas}},
            {pk: (code, name) for pk, code, name in AdviceService.objects.values_list("pk", "code", "name")},
        )


def bucket_words(bucket: Bucket, days: int) -> str:
    """The name of a stretch of a period of so many days (insight.figures.buckets): a day, a week, or a month."""
    if days <= 21:
        return date_format(bucket.since, "D j M")
    if days > 183:
        return date_format(bucket.since, "M Y")
    return f"{bucket.since:%d/%m}–{bucket.until:%d/%m}"


def trend(found: Overview, chosen: Chosen) -> Chart:
    """In, out, and what stayed open."""
    rows, days = found.trend, (chosen.until - chosen.since).days + 1

    def during(bucket: Bucket) -> Chosen:
        return replace(chosen, since=bucket.since, until=bucket.until, period="")

    return Chart(
        "trend",
        "Instroom, uitstroom en wat open blijft",
        "columns",
        "Periode",
        [bucket_words(row, days) for row in rows],
        [
            Series("Ontvangen", [row.received for row in rows], [link(during(row), "ontvangen") for row in rows]),
            Series("Beëindigd", [row.closed for row in rows], [link(during(row), "beeindigd") for row in rows], "good"),
            Series(
                "Open op het einde",
                [row.backlog for row in rows],
                [link(chosen, "achterstand", op=row.until) for row in rows],
                "late",
                line=True,
            ),
        ],
    )


def flow(found: Overview, chosen: Chosen, names: Names) -> Chart:
    """From category to department to outcome. Main categories, or the categories of one when that was chosen."""
    narrow = "categorie" in chosen.values or "hoofdcategorie" in chosen.values
    group = {pk: (name if narrow else names.mains[pk]) for pk, (_, name) in names.categories.items()}
    codes = {name: code for code, name in names.categories.values()} if narrow else {name: name for name in group.values()}
    sizes: Counter[str] = Counter()
    for category, _, _, count in found.flow:
        sizes[group.get(category, "Zonder categorie")] += count
    biggest = {name for name, _ in sizes.most_common(MOST_NODES)}
    first: Counter[tuple[str, int]] = Counter()
    second: Counter[tuple[int, str]] = Counter()
    for category, department, end, count in found.flow:
        name = group.get(category, "Zonder categorie")
        first[(name if name in biggest else "Andere", department)] += count
        second[(department, end)] += count
    ordered = [name for name, _ in sizes.most_common(MOST_NODES)] + (["Andere"] if len(sizes) > MOST_NODES else [])
    departments = sorted({row for _, row in first}, key=lambda row: -sum(n for (_, d), n in first.items() if d == row))
    ends = [end for end in ENDS if any(row == end for _, row in second)]
    nodes = [
        *((f"c:{name}", name) for name in ordered),
        *((f"d:{pk}", names.departments.get(pk, ("", "?"))[1]) for pk in departments),
        *((f"e:{end}", END_WORDS[end]) for end in ends),
    ]

    def to_department(name: str, pk: int) -> str:
        if name not in codes:
            return ""
        part = {"bij_categorie": codes[name]} if narrow else {"hoofdcategorie": codes[name]}
        return link(chosen, "ontvangen", bij_dienst=names.departments[pk][0], **part)

    links = [
        *(Link(f"c:{name}", f"d:{pk}", count, to_department(name, pk)) for (name, pk), count in first.items()),
        *(
            Link(
                f"d:{pk}",
                f"e:{end}",
                count,
                link(chosen, "uitkomst", bij_dienst=names.departments[pk][0], einde=end),
            )
            for (pk, end), count in second.items()
        ),
    ]
    return Chart(
        "flow",
        "Van melding over dienst naar uitkomst",
        "flow",
        links=links,
        nodes=nodes,
        note="De meldingen die in deze periode binnenkwamen, en wat er tot nu van werd.",
    )


def steps(found: Overview, chosen: Chosen) -> Chart:
    """How long each step takes, with the slow tenth behind the number."""
    rows = [(step, found.steps[step]) for step in STEPS if found.steps[step].count]
    labels = [STEP_WORDS[step] for step, _ in rows]
    spreads = [took for _, took in rows]
    counts = [link(chosen, "stap", stap=step) for step, _ in rows]
    slow = [link(chosen, "stap", stap=step, langer=took.p90) for step, took in rows]
    if found.promise.count:
        labels.append("Beloofde termijn")
        spreads.append(found.promise)
        counts.append(link(chosen, "afgehandeld"))
        slow.append("")
    return Chart(
        "steps",
        "Hoe lang elke stap duurt",
        "bars",
        "Stap",
        labels,
        [
            Series("Mediaan (dagen)", _days(spreads, "median"), words=[hours_words(row.median) for row in spreads]),
            Series("9 op 10 binnen (dagen)", _days(spreads, "p90"), slow, words=[hours_words(row.p90) for row in spreads]),
        ],
        unit="dagen",
        note="Van de meldingen die in deze periode afgehandeld werden; kalenderdagen. "
        "Achter “9 op 10 binnen” staan de meldingen die langer duurden.",
    )


def _days(spreads: Iterable[Spread], name: str) -> list[float | None]:
    hours = [getattr(row, name) for row in spreads]
    return [None if value is None else round(value / 24, 1) for value in hours]


def loads(found: Overview, chosen: Chosen, names: Names) -> Chart:
    """What waits with each department now."""
    rows = sorted(found.loads, key=lambda row: -row.open)
    codes = [names.departments.get(row.department, ("", ""))[0] for row in rows]
    return Chart(
        "loads",
        "Wat nu bij elke dienst wacht",
        "bars",
        "Dienst",
        [names.departments.get(row.department, ("", "?"))[1] for row in rows],
        [
            Series("Open", [row.open for row in rows], [link(chosen, "open", bij_dienst=code) for code in codes]),
            Series(
                "Over tijd",
                [row.late for row in rows],
                [link(chosen, "te-laat", bij_dienst=code) for code in codes],
                "late",
            ),
            Series(
                "Open taken",
                [row.tasks for row in rows],
                [link(chosen, "taken", bij_dienst=code) for code in codes],
                drawn=False,
            ),
            Series(
                "Taken over tijd",
                [row.late_tasks for row in rows],
                [link(chosen, "taken", bij_dienst=code, stand="laat") for code in codes],
                drawn=False,
            ),
            Series("Geplande uren", [row.hours for row in rows], drawn=False),
        ],
    )


def advice(found: Overview, chosen: Chosen, names: Names) -> Chart:
    """How quickly each service advises."""
    rows = sorted(found.advice, key=lambda row: -row.asked)
    codes = [names.services.get(row.service, ("", ""))[0] for row in rows]
    days = [
        Series(
            "Mediaan (dagen)",
            _days([row.spread for row in rows], "median"),
            words=[hours_words(row.spread.median) for row in rows],
        ),
        Series(
            "9 op 10 binnen (dagen)",
            _days([row.spread for row in rows], "p90"),
            words=[hours_words(row.spread.p90) for row in rows],
        ),
    ]
    counts = [
        Series(
            "Gevraagd",
            [row.asked for row in rows],
            [link(chosen, "advies", adviesdienst=code) for code in codes],
            drawn=False,
        ),
        Series(
            "Nog open",
            [row.open for row in rows],
            [link(chosen, "advies", adviesdienst=code, stand="open") for code in codes],
            drawn=False,
        ),
        Series(
            "Te laat",
            [row.late for row in rows],
            [link(chosen, "advies", adviesdienst=code, stand="laat") for code in codes],
            drawn=False,
        ),
    ]
    return Chart(
        "advice",
        "Advies per dienst",
        "bars",
        "Adviesdienst",
        [names.services.get(row.service, ("", "?"))[1] for row in rows],
        [*counts, *days],
        unit="dagen",
        note="Van de adviezen die in deze periode gevraagd werden. De tabel toont ook hoeveel er open of te laat zijn.",
        empty="In deze periode werd geen advies gevraagd.",
    )


def decisions(found: Overview, chosen: Chosen) -> Chart:
    """What college and council decided."""
    counts = {(body, outcome): count for body, outcome, count in found.decisions}
    bodies = [body for body in Body.values if any(row == body for row, _ in counts)]
    tones = {"goedgekeurd": "good", "niet_goedgekeurd": "late"}
    return Chart(
        "decisions",
        "Besluiten van het bestuur",
        "stacked-bars",
        "Bestuur",
        [str(Body(body).label) for body in bodies],
        [
            Series(
                str(Decision.Outcome(outcome).label),
                [counts.get((body, outcome), 0) for body in bodies],
                [link(chosen, "besluit", orgaan=body, besluit=outcome) for body in bodies],
                tones.get(outcome, ""),
            )
            for outcome in Decision.Outcome.values
        ],
        unit="besluiten",
        empty="In deze periode werd niets beslist.",
    )


def outcomes(found: Overview, chosen: Chosen) -> Chart:
    """What became of what came in."""
    counts: Counter[str] = Counter()
    for _, _, end, count in found.flow:
        counts[end] += count
    rows = [(end, counts[end]) for end in ENDS if counts[end]]
    return Chart(
        "outcomes",
        "Wat er van de meldingen werd",
        "bars",
        "Uitkomst",
        [END_WORDS[end] for end, _ in rows],
        [Series("Ontvangen", [count for _, count in rows], [link(chosen, "uitkomst", einde=end) for end, _ in rows])],
    )


def scores(found: Overview, chosen: Chosen) -> Chart:
    """How satisfied reporters are, masked; the answers themselves are on the page of results."""
    words = ("1: helemaal niet", "2", "3", "4", "5: heel tevreden")
    results = f"{reverse('evaluation-results')}?van={chosen.since}&tot={chosen.until}"
    told = found.satisfaction
    return Chart(
        "scores",
        "Hoe tevreden melders zijn",
        "columns",
        "Score",
        words,
        [Series("Evaluaties", told.scores, [results] * len(words))],
        unit="evaluaties",
        note="Alleen volle maanden, met minstens vijf ingevulde evaluaties; op vijf afgerond. Zo is niemand te herkennen"
        + (f": {evaluated_words(told)}." if told.since else "."),
        missing="minder dan 5",
        empty="Te weinig evaluaties om iets te tonen.",
    )
