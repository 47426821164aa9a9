"""Building a form: generic, for a category or for one case; a draft that is worked on, and versions that are published
(B8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q

from meldloket.cases import clock
from meldloket.cases.lifecycle import NotAllowed
from meldloket.cases.models import Case
from meldloket.catalogue.models import Category
from meldloket.people.roles import Actor, Role

from .models import EvaluationForm, FormVersion
from .questions import Question, problems, read, write


class FormChanged(NotAllowed):
    """Somebody else changed the form after this person opened it; nothing was written."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} wijzigde dit formulier intussen. Kijk het na en probeer opnieuw.")


def _may(by: Actor) -> None:
    if not by.has(Role.HANDLER, Role.ADMINISTRATOR):
        raise NotAllowed("U hebt daar geen rechten voor.")


def generic() -> EvaluationForm | None:
    """The form for every report that has none of its own."""
    return EvaluationForm.objects.filter(category=None, case=None).first()


def form_for(category: Category | None, case: Case | None) -> EvaluationForm | None:
    """The form that exists for exactly this."""
    return EvaluationForm.objects.filter(category=category, case=case).first()


def new_form(name: str, *, by: Actor, category: Category | None = None, case: Case | None = None) -> EvaluationForm:
    """A form for a category, for one case, or the generic one; begun from the generic form. The one that exists already is
    given instead of a second."""
    _may(by)
    existing = form_for(category, case)
    if existing is not None:
        return existing
    base = generic()
    latest = base.versions.first() if base is not None else None
    return EvaluationForm.objects.create(
        name=name.strip()[:120] or "Evaluatie",
        category=category,
        case=case,
        draft=latest.questions if latest is not None else [],
        changed_at=clock.now(),
        changed_by_name=by.name,
    )


@contextmanager
def drafting(form: EvaluationForm, *, by: Actor, seen_version: int | None = None) -> Iterator[list[Question]]:
    """Yields the questions of the draft as a list to change; it is kept at the end. Raises FormChanged when somebody was
    first."""
    _may(by)
    with transaction.atomic():
        current = EvaluationForm.objects.select_for_update().get(pk=form.pk)
        if seen_version is not None and seen_version != current.version:
            raise FormChanged(current.changed_by_name or "Iemand anders")
        questions = read(current.draft)
        yield questions
        current.draft = write(questions)
        current.version += 1
        current.changed_at, current.changed_by_name = clock.now(), by.name
        current.save()


def publish(form: EvaluationForm, *, by: Actor, seen_version: int | None = None) -> FormVersion:
    """From now on citizens get the draft; those who were invited before keep the version that they got. Raises NotAllowed
    with what is wrong. Nothing changed since the last version: that one is given."""
    _may(by)
    with transaction.atomic():
        current = EvaluationForm.objects.select_for_update().get(pk=form.pk)
        if seen_version is not None and seen_version != current.version:
            raise FormChanged(current.changed_by_name or "Iemand anders")
        if wrong := problems(read(current.draft)):
            raise NotAllowed(" ".join(wrong))
        latest = current.versions.first()
        if latest is not None and latest.questions == current.draft:
            return latest
        return FormVersion.objects.create(
            form=current,
            number=latest.number + 1 if latest is not None else 1,
            questions=current.draft,
            published_at=clock.now(),
            published_by_name=by.name,
        )


def version_for(case: Case) -> FormVersion | None:
    """The newest version of the form for this case: its own, else that of its category, else the generic one; None when
    nothing is published."""
    scope = Q(form__case=case) | Q(form__category=case.category_id, form__case=None)
    if case.category_id is not None:
        scope |= Q(form__category=None, form__case=None)
    rows = FormVersion.objects.filter(scope).select_related("form").order_by("form_id", "-number").distinct("form_id")
    return min(rows, key=lambda row: (row.form.case_id is None, row.form.category_id is None), default=None)
