"""Which actions can be done on several cases at once: those of the table that say so, and joining the cases to one."""

from __future__ import annotations

from django import forms as django_forms

from meldloket.cases import grouping
from meldloket.cases.lifecycle import EventKind, NotAllowed
from meldloket.cases.models import Case
from meldloket.people.permissions import allows
from meldloket.people.roles import Actor

from . import action_forms as forms
from .action_kinds import Action, is_open
from .action_table import ACTIONS


class IntoForm(forms.ActionForm):
    """Which of the chosen cases the others join."""

    into = django_forms.ChoiceField(
        label="In welke melding?",
        widget=django_forms.RadioSelect,
        help_text="De melders van de andere meldingen krijgen bericht en volgen voortaan deze melding.",
    )

    def among(self, cases: list[Case]) -> None:
        """Offers `cases`, the oldest first."""
        self.cases = {row.reference: row for row in cases}
        forms.choice(self, "into").choices = [(row.reference, f"{row.reference}: {row.title}") for row in cases]
        self.fields["into"].initial = cases[0].reference

    def target(self) -> Case | None:
        return self.cases.get(str(self["into"].value() or ""))


def _into(case: Case, by: Actor, form: IntoForm) -> object:
    into = form.target()
    if into is None:
        raise NotAllowed("Kies eerst in welke melding.")
    return into if into.pk == case.pk else grouping.group(into, case, by=by)


INTO = Action("bundelen", "Samenvoegen", "case.handle", IntoForm, _into, is_open, tells=EventKind.GROUPED)
SEVERAL = (*(row for row in ACTIONS if row.several), INTO)
BY_SLUG = {row.slug: row for row in SEVERAL}


def offered(actor: Actor) -> list[Action]:
    """What this person can do with several cases, for the list."""
    return [row for row in SEVERAL if allows(actor, row.permission)]
