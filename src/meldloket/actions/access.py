"""Which tasks a person sees: workers those of their teams and their own, handlers and administrators all of them (those of
complaints apart, as with cases)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from meldloket.people.roles import Actor, Role

from .models import Task


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """The tasks that this member of staff may open."""
    if actor.has(Role.HANDLER, Role.ADMINISTRATOR):
        return Task.objects.all()
    if actor.has(Role.WORKER):
        return Task.objects.filter(Q(department__code__in=actor.departments) | Q(assignee_id=actor.account_id))
    return Task.objects.none()
