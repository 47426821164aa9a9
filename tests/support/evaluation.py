"""A published form for tests of the evaluation."""

from __future__ import annotations

from typing import Any

from meldloket.evaluation import building
from meldloket.evaluation.models import FormVersion
from meldloket.evaluation.questions import Kind, Option, Question, When
from meldloket.people.roles import Actor

QUESTIONS = (
    Question("overall", Kind.SCALE, {"nl": "Hoe tevreden bent u?", "en": "How satisfied are you?"}, required=True),
    Question("solved", Kind.YES_NO, {"nl": "Is het opgelost?"}),
    Question("left", Kind.TEXT, {"nl": "Wat niet?"}, when=When("solved", ("no",)), required=True),
    Question(
        "better",
        Kind.CHOICES,
        {"nl": "Wat kan beter?"},
        options=(Option("faster", {"nl": "Sneller"}), Option("words", {"nl": "Meer uitleg"})),
        when=When("overall", ("1", "2")),
    ),
    Question("remark", Kind.TEXT, {"nl": "Nog iets?"}),
)


def publish_form(by: Actor, questions: tuple[Question, ...] = QUESTIONS, **scope: Any) -> FormVersion:
    """A form with these questions, for everything or for the category or case in `scope`."""
    form = building.new_form("Evaluatie", by=by, **scope)
    with building.drafting(form, by=by) as draft:
        draft[:] = questions
    return building.publish(form, by=by)
