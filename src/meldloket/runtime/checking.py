"""`meldloket check`: tells in plain words what is not configured or not reachable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseProblem

from meldloket.actions import ports as action_ports
from meldloket.actions.referring import system_of
from meldloket.cases import clock
from meldloket.catalogue.models import Category, Municipality, OtherSystem
from meldloket.insight import keeping
from meldloket.intake import ports as intake_ports
from meldloket.messages import ports as message_ports
from meldloket.people import ports as people_ports

from . import env

LATE = timedelta(minutes=5)  # the worker counts every minute


@dataclass(frozen=True)
class Line:
    """One finding. `bad`: something is wrong; otherwise fine or only left out."""

    text: str
    bad: bool = False
    absent: bool = False

    @property
    def mark(self) -> str:
        return "✗" if self.bad else "–" if self.absent else "✓"


def run() -> Iterator[Line]:
    """All findings, one by one, as they are known."""
    yield from _keys()
    try:
        yield from _database()
    except DatabaseProblem as problem:
        yield Line(f"The database does not answer: {str(problem).splitlines()[0]}", bad=True)
        return
    for audience, name in (("citizen", "citizens"), ("staff", "staff")):
        yield _port(f"ACM/IDM for {name}", people_ports.plugged.providers.get(audience), "nobody can log in")  # type: ignore[call-overload]
    yield _port("MAGDA", intake_ports.plugged.register, "forms are not prefilled")
    yield _port("Addresses", intake_ports.plugged.addresses, "no address search")
    yield _port("Virus scanner", intake_ports.plugged.scan, "uploads are not scanned")
    names = {"dosis": "DOSIS", "mbp": "Mijn Burgerprofiel", "email": "E-mail", "sms": "SMS"}
    for channel in message_ports.CHANNELS:
        yield _port(names[channel], message_ports.plugged.get(channel), "nothing is sent this way")
    yield from _other_systems()
    yield from _figures()


def _keys() -> Iterator[Line]:
    for name in ("MELDLOKET_SECRET_KEY", "MELDLOKET_NUMBER_KEYS", "MELDLOKET_NUMBER_HASH_KEY"):
        if not env.text(name):
            yield Line(f"{name} is not set: the demonstration's key is in use", bad=not settings.DEMO, absent=True)
    if not settings.HTTPS:
        yield Line("MELDLOKET_BASE_URL is not https", bad=not settings.DEMO, absent=True)


def _database() -> Iterator[Line]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    yield Line(f"PostgreSQL {version} answers")
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Line(f"{len(waiting)} migrations wait: run `meldloket migrate`", bad=True)
        return
    if not Municipality.objects.exists() or not Category.objects.exists():
        yield Line("There is no catalogue yet: run `meldloket load-catalogue`", bad=True)


def _other_systems() -> Iterator[Line]:
    """Every system to which tasks can be referred, asked as its adapter can."""
    try:
        systems = list(OtherSystem.objects.filter(active=True))
    except DatabaseProblem:
        return  # migrations wait, which was said already
    for system in systems:
        adapter, name = action_ports.plugged.get(system.adapter), f"Referral to {system.name}"
        if adapter is None:
            yield Line(f"{name}: {system.get_adapter_display()} is not configured", bad=True)
            continue
        try:
            problem = adapter.check(system_of(system))  # type: ignore[attr-defined]
        except Exception as error:  # as in _port
            problem = f"the check itself failed: {type(error).__name__}"
        yield Line(f"{name}: {problem}", bad=True) if problem else Line(f"{name} is usable")


def _figures() -> Iterator[Line]:
    """Whether the figures keep up; they do as long as a worker runs."""
    try:
        since = keeping.oldest_mark()
    except DatabaseProblem:
        return  # migrations wait, which was said already
    if since is not None and clock.now() - since > LATE:
        yield Line(f"The figures are behind since {since:%Y-%m-%d %H:%M}: is a worker running?", bad=True)
    else:
        yield Line("The figures are up to date")


def _port(name: str, connector: object, without: str) -> Line:
    if connector is None:
        return Line(f"{name}: not configured, so {without}", absent=True)
    try:
        problem = connector.check()  # type: ignore[attr-defined]
    except Exception as error:  # a check must never end the list of findings
        problem = f"the check itself failed: {type(error).__name__}"
    return Line(f"{name}: {problem}", bad=True) if problem else Line(f"{name} answers")


def settings_table() -> str:
    """The table of settings as Markdown; docs/operations.md holds the same (a test compares)."""
    rows = [
        f"| `{row.name}` | {row.kind} | {f'`{row.default}`' if row.default else ''} | {row.help} |" for row in env.TABLE
    ]
    return "\n".join(["| setting | kind | default | what it does |", "| --- | --- | --- | --- |", *rows])
