"""The demonstration: one command that starts everything, fills it once and says where to look."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
from pathlib import Path

import click

from . import keys
from .postgres import Embedded
from .processes import Children, DidNotStart, PortInUse, answers, check_ports

HOST = "127.0.0.1"
PARTS = 11  # the product, and ten ports of the sandbox


def environment(port: int, home: Path) -> dict[str, str]:
    """The settings with which the product talks to a sandbox on the ports after `port`. Tests use the same."""
    url = f"http://{HOST}"
    tiles = (
        f"{url}:{port + 7}/GRB/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=grb_bsk&STYLE=&FORMAT=image/png"
        "&TILEMATRIXSET=GoogleMapsVL&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    )
    return {
        "MELDLOKET_DEMO": "1",
        "MELDLOKET_HOME": str(home),
        "MELDLOKET_BASE_URL": f"{url}:{port}",
        "MELDLOKET_ORGANISATION_CODE": "0207123456",
        "ACMIDM_ISSUER": f"{url}:{port + 2}/op",
        "ACMIDM_KEY_FILE": str(home / "keys" / "acmidm.json"),
        "MAGDA_URL": f"{url}:{port + 3}/api/Magda-02.00/soap/WebService",
        "MAGDA_SENDER": "lindekerke.be/meldingen",
        "MAGDA_CAPACITY": "1234",
        "DOSIS_URL": f"{url}:{port + 4}",
        "DOSIS_TOKEN_URL": f"{url}:{port + 4}/authorization/ws/oauth/v2/token",
        "DOSIS_KEY_FILE": str(home / "keys" / "dosis.json"),
        "DOSIS_SOURCE": "urn://lindekerke/meldingen",
        "MBP_BRAND": "LINDEKERKE",
        "SMS_URL": f"{url}:{port + 5}/sms/v1/messages",
        "SMS_KEY": "sandbox-sms-key",
        "SMS_FROM": "Lindekerke",
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(port + 6),
        "MAIL_FROM": "meldingen@lindekerke.example",
        "MINUTES_URL": f"{url}:{port + 10}",
        "MINUTES_KEY": "sandbox-minutes-key",
        "DECISION_ANCHORS": str(home / "sandbox" / "minutes" / "anchors"),
        "DECISION_SIGNATORIES": "alderman=Katrien Lenaerts; general_director=Rik Thys",
        "ADDRESSES_URL": f"{url}:{port + 7}",
        "OPEN311_JURISDICTION": "lindekerke.be",
        "MAP_TILES_URL": tiles,
        "MAP_ATTRIBUTION": "© Lindekerke (nagebouwde kaart)",
    }


def sandbox_command(port: int, home: Path) -> list[str]:
    """The command that starts the sandbox beside a product on `port`, with the product's public keys."""
    public = {
        "acmidm": {"keys": [keys.ensure_key(home / "keys" / "acmidm.json", "acmidm")]},
        "dosis": {"keys": [keys.ensure_key(home / "keys" / "dosis.json", "dosis")]},
    }
    (home / "keys" / "public.json").write_text(json.dumps(public))
    data = home / "sandbox"
    data.mkdir(parents=True, exist_ok=True)
    return [
        *(sys.executable, "-m", "meldloket.sandbox"),
        *("--base-port", str(port)),
        *("--data-dir", str(data)),
        *("--product-url", f"http://{HOST}:{port}"),
        *("--client-keys", str(home / "keys" / "public.json")),
    ]


def start_all(children: Children, port: int, home: Path, settings: dict[str, str], *, processes: int = 1) -> None:
    """Sandbox, web and worker, each awaited; the database must be filled already. Raises DidNotStart."""
    children.start("sandbox", sandbox_command(port, home), {})
    children.wait_for("sandbox", lambda: answers(f"http://{HOST}:{port + 1}/"))
    program = [sys.executable, "-m", "meldloket.runtime"]
    children.start("web", [*program, "serve", "--port", str(port), "--processes", str(processes)], settings)
    children.start("worker", [*program, "work"], settings)
    children.wait_for("web", lambda: answers(f"http://{HOST}:{port}/gezondheid/klaar/"))


def run(*, port: int, home: Path, reports: int | None) -> int:
    """`meldloket demo`. Gives the exit code of runtime.cli."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            # The lock goes with the process, also when that is killed: nothing to clean up afterwards.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            click.echo(
                f"A demonstration already runs from {home}. Stop it, or choose another folder with --home.", err=True
            )
            return 3
        try:
            check_ports(HOST, range(port, port + PARTS))
        except PortInUse as problem:
            click.echo(str(problem), err=True)
            return 3
        return _run_locked(port, home, reports)


def _run_locked(port: int, home: Path, reports: int | None) -> int:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    children = Children(home / "logs")
    server = Embedded(home / "postgres")
    try:
        settings = environment(port, home)
        settings["DATABASE_URL"] = server.start()
        os.environ.update(settings)
        keys.ensure_key(home / "keys" / "acmidm.json", "acmidm")
        keys.ensure_key(home / "keys" / "dosis.json", "dosis")
        _fill(reports)
        if stop.is_set():
            return 0
        start_all(children, port, home, settings)
        click.echo(_welcome(port))
        while not stop.wait(1):
            if ended := children.ended():
                click.echo(f"{ended} stopped unexpectedly:\n{children.tail(ended)}", err=True)
                return 1
        click.echo("\nStopping…")
        return 0
    except DidNotStart as problem:
        click.echo(str(problem), err=True)
        return 1
    finally:
        children.stop()
        server.stop()


def _fill(reports: int | None) -> None:
    """Migrations, catalogue, people and, the first time, cases; in this process, whose connections are closed after."""
    from .startup import setup

    setup(need_database=False)
    from django.core.management import call_command
    from django.db import connections

    from .demo_data import fill

    call_command("migrate", verbosity=0, interactive=False)
    fill(reports)
    connections.close_all()


def _welcome(port: int) -> str:
    url = f"http://{HOST}:{port}"
    rows = [
        ("Website for citizens", url),
        ("Office", f"{url}/kantoor/"),
        ("Mijn Burgerprofiel (double)", f"http://{HOST}:{port + 4}/mbp/"),
        ("Post box: e-mail and SMS (double)", f"http://{HOST}:{port + 5}/"),
        ("Other systems: grid operator, contractor", f"http://{HOST}:{port + 8}/ and http://{HOST}:{port + 9}/"),
        ("Minutes package (double)", f"http://{HOST}:{port + 10}/"),
        ("Sandbox and its fault switches", f"http://{HOST}:{port + 1}/"),
    ]
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label.ljust(width)}  {address}" for label, address in rows]
    return "\n".join(
        [
            "",
            "Meldloket runs. Log in as anyone by choosing a test person: there are no passwords.",
            *lines,
            "  Citizens: Lotte Peeters and more · Handlers: Karim Aerts, Sofie Claes · Desk: Els Maes",
            "  Policy: Bart Lemmens · Admin: An De Smet",
            "Ctrl-C stops everything; the data stay.",
        ]
    )
