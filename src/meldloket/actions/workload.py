"""How much work each person of a team has before them, against the hours they have: for whoever divides tasks (B4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum

from meldloket.cases import clock
from meldloket.people.models import Account
from meldloket.people.roles import Role

from .models import Capacity, Task

HOURS_A_WEEK = 38
_TO_DO = (Task.State.OPEN, Task.State.IN_PROGRESS, Task.State.BLOCKED)


@dataclass(frozen=True)
class Load:
    """One person's week: `minutes` planned in tasks due within seven days or late, of `hours` they have."""

    account: Account
    open_tasks: int
    minutes: int
    hours: int

    @property
    def percent(self) -> int:
        return round(100 * self.minutes / (self.hours * 60)) if self.hours else 100


def workers_of(department_code: str) -> list[Account]:
    """The people who can be given tasks of this department."""
    people = Account.objects.filter(is_staff_account=True, is_active=True, departments__contains=[department_code])
    return list(
        people.filter(Q(roles__contains=[Role.WORKER]) | Q(roles__contains=[Role.HANDLER])).order_by("first_name", "id")
    )


def loads(department_code: str) -> list[Load]:
    """The week of every worker of a department, in three queries."""
    people = workers_of(department_code)
    week = clock.today() + timedelta(days=7)
    rows = (
        Task.objects.filter(assignee__in=people, state__in=_TO_DO)
        .order_by()
        .values_list("assignee")
        .annotate(count=Count("id"), minutes=Sum("planned_minutes", filter=Q(due=None) | Q(due__lte=week), default=0))
    )
    work = {account: (count, minutes) for account, count, minutes in rows}
    hours = dict(Capacity.objects.filter(account__in=people).values_list("account", "hours"))
    return [Load(person, *work.get(person.pk, (0, 0)), hours.get(person.pk, HOURS_A_WEEK)) for person in people]
