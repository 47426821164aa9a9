"""The roles of design.md and who acts: every command is told by whom, so that events and permissions agree."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Role(models.TextChoices):
    """Who uses Meldloket. The values stand in the database and in `docs/permissions.csv`."""

    CITIZEN = "citizen", "melder"
    RECEPTIONIST = "receptionist", "onthaalmedewerker"
    HANDLER = "handler", "dossierbehandelaar"
    INTERNAL_ADVISER = "internal_adviser", "interne adviesverlener"
    EXTERNAL_ADVISER = "external_adviser", "externe adviesverlener"
    WORKER = "worker", "uitvoerder"
    SECRETARIAT = "secretariat", "secretariaat algemeen directeur"
    POLICY_OFFICER = "policy_officer", "beleidsmedewerker"
    ADMINISTRATOR = "administrator", "beheerder"


@dataclass(frozen=True)
class Actor:
    """Who does something: an account with its roles, or the system itself (`account_id` None)."""

    account_id: int | None
    name: str
    roles: frozenset[str]
    organisation_code: str = ""
    departments: frozenset[str] = frozenset()

    def has(self, *roles: str) -> bool:
        """True when one of `roles` is held; the system may do what any role may."""
        return self.is_system or any(role in self.roles for role in roles)

    @property
    def is_system(self) -> bool:
        return self.account_id is None and not self.roles


#: Meldloket itself: screening, reminders, periodic work.
SYSTEM = Actor(account_id=None, name="Meldloket", roles=frozenset())
