"""What evaluations say together (B8.5): per question, and per category, department or month with the response rate. Every
figure is masked by people.disclosure: whoever knows one reporter learns nothing about them here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, Count, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, TruncDate, TruncMonth

from meldloket.cases import clock
from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import Category, Department
from meldloket.people import disclosure
from meldloket.people.disclosure import Cell, first_day, month_of

from .models import Answer, EvaluationForm, Invitation
from .questions import Kind, Question, read

State = Invitation.State
OVER = (State.ANSWERED, State.EXPIRED)
ANSWERED = Q(state=State.ANSWERED)
MOST_TEXTS = 30


@dataclass(frozen=True)
class Scope:
    """Which evaluations count: those that were over (filled in, or not within the term) from `since` to `until`, both
    included, as far as whole past months go (docs/adr/0010-masking.md)."""

    since: date | None = None
    until: date | None = None
    category: Category | None = None
    department: Department | None = None

    def of(self, cases: QuerySet[Case]) -> Evaluations:
        """The evaluations in this scope, about `cases` alone."""
        rows = Invitation.objects.filter(report__case__in=cases, state__in=OVER)
        rows = rows.annotate(over=Coalesce(TruncDate("answered_at"), "closes_on"))
        if self.category:
            rows = rows.filter(report__case__category=self.category)
        if self.department:
            rows = rows.filter(report__case__department=self.department)
        today = clock.today()
        since = self.since or date(2000, 1, 1)
        until = min(self.until or today, today.replace(day=1) - timedelta(days=1))
        return Evaluations(rows, month_of(since) + (since.day > 1), month_of(until + timedelta(days=1)) - 1)


@dataclass(frozen=True)
class Evaluations:
    """Evaluations of any time, with the months (first and last) that somebody asked for."""

    rows: QuerySet[Invitation]
    first: int
    last: int

    def told(self, path: str | None = None) -> QuerySet[Invitation]:
        """Those of which something may be said: in blocks of months with enough answers, for all together or for each
        group by itself (`path`: a field of the invitation)."""
        grouped = self.rows.annotate(month=TruncMonth("over"), group=F(path) if path else Value(0))
        counts: dict[Any, dict[int, int]] = defaultdict(dict)
        done = Count("pk", filter=ANSWERED)
        for group, month, count in grouped.values("group", "month").annotate(n=done).values_list("group", "month", "n"):
            counts[group][month_of(month)] = count
        wanted = Q(pk__in=[])
        for group, per_month in counts.items():
            if (span := self._span(per_month)) is not None:
                own = Q(over__gte=span[0], over__lt=span[1])
                wanted |= own & Q(**({path: group} if group is not None else {f"{path}__isnull": True})) if path else own
        return self.rows.filter(wanted)

    def _span(self, per_month: dict[int, int]) -> tuple[date, date] | None:
        """The days of the blocks within the months asked for: from, and up to but not with."""
        start, running = min(per_month), month_of(clock.today())
        cut = disclosure.blocks([per_month.get(month, 0) for month in range(start, running)])
        span = disclosure.within(cut, self.first - start, self.last - start)
        return (first_day(span[0] + start), first_day(span[1] + start + 1)) if span else None


@dataclass(frozen=True)
class Response:
    """How many were asked and answered (None: fewer than five), and the rate in percent, rounded to fives."""

    name: str
    asked: int | None
    answered: int | None
    rate: int | None
    mean: float | None = None


@dataclass(frozen=True)
class QuestionResult:
    """The answers to one question: `cells` per choice; `mean` of a scale; `words`: how many wrote something."""

    question: Question
    cells: list[Cell] = field(default_factory=list)
    mean: float | None = None
    words: int | None = None


@dataclass(frozen=True)
class FormResult:
    """The answers to one form, in the order of its newest version; a question that it lost comes last."""

    name: str
    questions: list[QuestionResult]


def response(found: Evaluations) -> Response:
    """Asked and answered of all together."""
    return _response("", found.told().aggregate(**_asked()))


def _asked() -> dict[str, Any]:
    return {
        "asked": Count("pk"),
        "keys": Sum("key", default=0),
        "done": Count("pk", filter=ANSWERED),
    }


def _response(name: str, row: dict[str, Any], average: float | None = None) -> Response:
    asked = disclosure.masked(row["asked"], row["keys"], "asked")
    done = disclosure.masked(row["done"], row["keys"], "answered") if asked is not None else None
    if done is not None and asked is not None:
        done = min(done, asked)  # both are rounded by chance, and more answers than questions would look wrong
    rate = min(100, round(20 * done / asked) * 5) if asked and done is not None else None
    return Response(name, asked, done, rate, average)


#: How results can be broken down: code → (words, field of the invitation).
DIMENSIONS = {
    "categorie": ("Categorie", "report__case__category_id"),
    "dienst": ("Dienst", "report__case__department_id"),
    "maand": ("Maand", "month"),
}


def broken_down(found: Evaluations, dimension: str) -> list[Response]:
    """Response and mean satisfaction per category, department or month (a key of DIMENSIONS); groups of which nothing can
    be said are left out."""
    path = DIMENSIONS[dimension][1]
    rows = found.told().annotate(month=TruncMonth("over")) if dimension == "maand" else found.told(path)
    groups = rows.values(path).annotate(**_asked()).order_by(path)
    means = _means(rows, path)
    told = [_response(name_of(dimension, row[path]), row, means.get(row[path])) for row in groups]
    return [row for row in told if row.asked is not None]


def name_of(dimension: str, value: Any) -> str:
    """A category, department or month in words."""
    if dimension == "maand":
        return f"{value:%m/%Y}" if value else "–"
    rows = catalogue().categories if dimension == "categorie" else catalogue().departments
    return next((row.name for row in rows if row.pk == value), "Zonder " + dimension)


def _means(invitations: QuerySet[Invitation], path: str) -> dict[Any, float | None]:
    """Per group the mean of the scale questions together."""
    counts: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    keys: dict[Any, int] = defaultdict(int)
    scored = invitations.filter(rows__number__isnull=False).values(path, "rows__number")
    for row in scored.annotate(n=Count("rows"), keys=Sum("key")).order_by(path):
        counts[row[path]].append((row["rows__number"], row["n"]))
        keys[row[path]] += row["keys"]
    return {group: disclosure.mean(rows, keys[group], f"{path}:{group}") for group, rows in counts.items()}


def per_form(found: Evaluations) -> list[FormResult]:
    """The answers per form and question."""
    invitations = found.told("version__form_id")
    counts = _counts(Answer.objects.filter(invitation__in=invitations.values("pk")))
    keys = dict(invitations.values("version__form_id").annotate(n=Sum("key")).values_list("version__form_id", "n"))
    forms = EvaluationForm.objects.filter(pk__in={form for form, _ in counts}).prefetch_related("versions")
    return [FormResult(form.name, list(_questions(form, counts, keys[form.pk]))) for form in forms]


Counts = dict[tuple[int, str], dict[str, int]]


def _counts(answers: QuerySet[Answer]) -> Counts:
    """(form, question) → value → count, of numbers, choices and texts."""
    found: Counts = defaultdict(dict)
    form = F("invitation__version__form_id")
    rows = answers.annotate(form=form).order_by()
    kinds: tuple[tuple[QuerySet[Answer], Any], ...] = (
        (rows.filter(number__isnull=False), F("number")),
        (rows.exclude(chosen=[]), Func(F("chosen"), function="unnest")),
        (rows.exclude(text=""), Value("", output_field=CharField())),
    )
    for part, value in kinds:
        groups = part.annotate(value=value).values("form", "question", "value").annotate(n=Count("pk"))
        for form_id, question, found_value, n in groups.values_list("form", "question", "value", "n"):
            found[form_id, question][str(found_value)] = n
    return found


def _questions(form: EvaluationForm, counts: Counts, keys: int) -> Iterator[QuestionResult]:
    seen: dict[str, Question] = {}
    for version in form.versions.all():  # newest first
        for question in read(version.questions):
            seen.setdefault(question.code, question)
    for code, question in seen.items():
        rows = counts.get((form.pk, code), {})
        about = f"{form.pk}:{code}"
        if question.kind == Kind.TEXT:
            yield QuestionResult(question, words=disclosure.masked(rows.get("", 0), keys, about))
            continue
        known = dict(question.choices())
        choices = known | {value: value for value in rows if value not in known}
        found = disclosure.cells(((words, rows.get(value, 0)) for value, words in choices.items()), keys, about)
        scale = question.kind == Kind.SCALE
        numbers = [(int(value), count) for value, count in rows.items()] if scale else []
        yield QuestionResult(question, found, disclosure.mean(numbers, keys, about) if scale else None)


def texts(found: Evaluations, words: str) -> Iterable[Answer]:
    """The newest texts in which `words` occur (all texts when empty); none while fewer than five people answered."""
    rows = Answer.objects.filter(invitation__in=found.told().filter(ANSWERED).values("pk")).exclude(text="")
    if words:
        rows = rows.filter(search=SearchQuery(words, config="dutch", search_type="websearch"))
    return rows.select_related("invitation__version__form", "invitation__report__case").order_by("-pk")[:MOST_TEXTS]
