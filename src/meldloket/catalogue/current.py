"""The municipality and its catalogue as every request needs them: read once a minute per process, not per page."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from .models import Area, Category, CategoryQuestion, Department, Municipality

SECONDS = 30.0


@dataclass(frozen=True)
class Catalogue:
    """A snapshot. The rows are shared between requests: read them, never change them."""

    municipality: Municipality
    categories: tuple[Category, ...]
    departments: tuple[Department, ...]
    areas: tuple[Area, ...]
    questions: dict[int, tuple[CategoryQuestion, ...]]  # by category id

    def category(self, code: str) -> Category | None:
        return next((category for category in self.categories if category.code == code), None)

    @property
    def active_categories(self) -> list[Category]:
        return [category for category in self.categories if category.active]

    @property
    def complaint_departments(self) -> frozenset[str]:
        return frozenset(row.code for row in self.departments if row.handles_complaints and row.active)


_snapshot: tuple[float, Catalogue] | None = None


def catalogue() -> Catalogue:
    """The current snapshot, at most half a minute old."""
    global _snapshot
    if _snapshot is None or monotonic() - _snapshot[0] > SECONDS:
        _snapshot = (monotonic(), _read())
    return _snapshot[1]


def forget() -> None:
    """Reads anew at the next use: after an administrator saved something, and between tests."""
    global _snapshot
    _snapshot = None


def _read() -> Catalogue:
    questions: dict[int, list[CategoryQuestion]] = {}
    for question in CategoryQuestion.objects.all():
        questions.setdefault(question.category_id, []).append(question)
    return Catalogue(
        municipality=Municipality.objects.order_by("pk").first() or Municipality(name="Meldloket"),
        categories=tuple(Category.objects.select_related("department")),
        departments=tuple(Department.objects.all()),
        areas=tuple(Area.objects.all()),
        questions={key: tuple(rows) for key, rows in questions.items()},
    )
