"""Who may do what: one table. Every page and every API call names one of these permissions; a test walks every address
with every role and compares with docs/permissions.csv. Which *cases* someone sees is cases.access."""

from __future__ import annotations

from .roles import Actor, Role

_STAFF = frozenset(Role.values) - {Role.CITIZEN}

#: Permission → roles that have it. None: everybody, also whoever is not logged in.
PERMISSIONS: dict[str, frozenset[str] | None] = {
    "public": None,
    "session": frozenset(Role.values),
    "report.create": frozenset({Role.CITIZEN}),
    "report.own": frozenset({Role.CITIZEN}),
    "office": _STAFF,
    "desk.register": frozenset({Role.RECEPTIONIST}),
    "case.view": frozenset({Role.HANDLER, Role.ADMINISTRATOR, Role.RECEPTIONIST, Role.POLICY_OFFICER}),
    "case.note": frozenset({Role.HANDLER, Role.ADMINISTRATOR, Role.RECEPTIONIST}),
    "case.handle": frozenset({Role.HANDLER}),
    "case.assign": frozenset({Role.HANDLER, Role.ADMINISTRATOR}),
    "reporter.contact": frozenset({Role.HANDLER, Role.RECEPTIONIST}),
    "protected.open": frozenset({Role.HANDLER, Role.RECEPTIONIST}),
    "advice.answer": frozenset({Role.INTERNAL_ADVISER, Role.EXTERNAL_ADVISER}),
    "task.view": frozenset({Role.WORKER, Role.HANDLER, Role.ADMINISTRATOR}),
    "task.work": frozenset({Role.WORKER, Role.HANDLER}),
    "task.divide": frozenset({Role.HANDLER}),
    "decision.prepare": frozenset({Role.HANDLER}),
    "decision.follow": frozenset({Role.HANDLER, Role.SECRETARIAT, Role.ADMINISTRATOR}),
    "decision.publish": frozenset({Role.SECRETARIAT}),
    "evaluation.open": frozenset({Role.HANDLER, Role.RECEPTIONIST, Role.POLICY_OFFICER, Role.ADMINISTRATOR}),
    "evaluation.process": frozenset({Role.HANDLER}),
    "evaluation.phone": frozenset({Role.HANDLER, Role.RECEPTIONIST}),
    "evaluation.view": frozenset({Role.HANDLER, Role.POLICY_OFFICER, Role.ADMINISTRATOR}),
    "evaluation.design": frozenset({Role.HANDLER, Role.ADMINISTRATOR}),
    "insight.view": frozenset({Role.HANDLER, Role.POLICY_OFFICER, Role.ADMINISTRATOR}),
    "insight.export": frozenset({Role.HANDLER, Role.POLICY_OFFICER, Role.ADMINISTRATOR}),
    "delivery.view": frozenset({Role.HANDLER, Role.ADMINISTRATOR}),
    "delivery.resend": frozenset({Role.HANDLER, Role.ADMINISTRATOR}),
    "catalogue.edit": frozenset({Role.ADMINISTRATOR}),
    "access_log.view": frozenset({Role.ADMINISTRATOR}),
}


def allows(actor: Actor | None, permission: str) -> bool:
    """Whether `actor` (None: nobody logged in) has `permission`. KeyError for a permission that is not in the table."""
    roles = PERMISSIONS[permission]
    if roles is None:
        return True
    return actor is not None and actor.has(*roles)


def only_advises(actor: Actor) -> bool:
    """Whether somebody is here to give advice and for nothing else: what is not theirs does not exist for them."""
    return bool(actor.roles) and actor.roles <= {Role.EXTERNAL_ADVISER, Role.INTERNAL_ADVISER}


def for_citizens(permission: str) -> bool:
    """Whether a visitor without a session is sent to the citizens' login (else to that of staff)."""
    roles = PERMISSIONS[permission]
    return roles is not None and Role.CITIZEN in roles
