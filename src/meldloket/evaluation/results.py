"""What evaluations say together (B8.5): per question, and per category, department or month with the response rate. Every
figure is masked by people.disclosure: whoever knows one reporter learns nothing about them here."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, Count, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncMonth

from meldloket.cases.models import Case
from meldloket.catalogue.current import catalogue
from meldloket.catalogue.models import Category, Department
from meldloket.people import disclosure
from meldloket.people.disclosure import Cell

from .models import Answer, EvaluationForm, Invitation
from .questions import Kind, Question, read

State = Invitation.State
MOST_TEXTS = 30


@dataclass(frozen=True)
class Scope:
    """Which evaluations count: of invitations that left from `since` to `until` (dates, both included)."""

    since: date | None = None
    until: date | None = None
    category: Category | None = None
    department: Department | None = None

    def of(self, cases: QuerySet[Case]) -> QuerySet[Invitation]:
        """The invitations in this scope, about `cases` alone."""
        rows = Invitation.objects.filter(report__case__in=cases).exclude(state=State.PLANNED)
        if self.since:
            rows = rows.filter(sent_at__date__gte=self.since)
        if self.until:
            rows = rows.filter(sent_at__date__lte=self.until)
        if self.category:
            rows = rows.filter(report__case__category=self.category)
        if self.department:
            rows = rows.filter(report__case__department=self.department)
        return rows

    def in_months(self) -> Scope:
        """The same, of whole months: two periods that differ a day do not tell who wrote a text that day."""
        since = self.since.replace(day=1) if self.since else None
        last = monthrange(self.until.year, self.until.month)[1] if self.until else 1
        until = self.until.replace(day=last) if self.until else None
        return replace(self, since=since, until=until)


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


ANSWERED = Q(state=State.ANSWERED)


def response(invitations: QuerySet[Invitation], name: str = "") -> Response:
    """Asked and answered of all `invitations` together."""
    row = invitations.aggregate(**_asked())
    return _response(name, row)


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


def broken_down(invitations: QuerySet[Invitation], dimension: str) -> list[Response]:
    """Response and mean satisfaction per category, department or month (a key of DIMENSIONS); groups of which nothing can
    be said are left out."""
    path = DIMENSIONS[dimension][1]
    rows = invitations.annotate(month=TruncMonth("sent_at")) if dimension == "maand" else invitations
    groups = rows.values(path).annotate(**_asked()).order_by(path)
    means = _means(rows, path)
    found = [_response(name_of(dimension, row[path]), row, means.get(row[path])) for row in groups]
    return [row for row in found if row.asked is not None]


def name_of(dimension: str, value: Any) -> str:
    """A category, department or month in words."""
    if dimension == "maand":
        return f"{value:%m/%Y}" if value else "–"
    rows = catalogue().categories if dimension == "categorie" else catalogue().departments
    return next((row.name for row in rows if row.pk == value), "Zonder " + dimension)


def _means(invitations: QuerySet[Invitation], path: str) -> dict[Any, float | None]:
    """Per group the mean of the scale questions together."""
    answers = Answer.objects.filter(invitation__in=invitations, number__isnull=False)
    column = f"invitation__{path}"
    if path == "month":
        answers, column = answers.annotate(month=TruncMonth("invitation__sent_at")), "month"
    counts: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    keys: dict[Any, int] = defaultdict(int)
    grouped = answers.values(column, "number").annotate(n=Count("pk"), keys=Sum("invitation__key")).order_by(column)
    for row in grouped:
        counts[row[column]].append((row["number"], row["n"]))
        keys[row[column]] += row["keys"]
    return {group: disclosure.mean(rows, keys[group], f"{path}:{group}") for group, rows in counts.items()}


def per_form(invitations: QuerySet[Invitation]) -> list[FormResult]:
    """The answers per form and question."""
    counts = _counts(Answer.objects.filter(invitation__in=invitations))
    keys: int = invitations.aggregate(keys=Sum("key", default=0))["keys"]
    forms = EvaluationForm.objects.filter(pk__in={form for form, _ in counts}).prefetch_related("versions")
    return [FormResult(form.name, list(_questions(form, counts, keys))) for form in forms]


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


def texts(invitations: QuerySet[Invitation], words: str) -> Iterable[Answer]:
    """The newest texts in which `words` occur (all texts when empty); none while fewer than five people answered. Ask it
    for whole months (Scope.in_months)."""
    if invitations.filter(ANSWERED).count() < disclosure.SMALLEST:
        return []
    rows = Answer.objects.filter(invitation__in=invitations.filter(ANSWERED)).exclude(text="")
    if words:
        rows = rows.filter(search=SearchQuery(words, config="dutch", search_type="websearch"))
    return rows.select_related("invitation__version__form", "invitation__report__case").order_by("-pk")[:MOST_TEXTS]
