"""The `meldloket` command: everything that an administrator or a script does outside the pages.

Exit codes: 0 done; 1 something is wrong (said in one line); 2 wrong use; 3 a port or the folder is in use.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .startup import progress, setup

PROBLEM = 1
IN_USE = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="meldloket")
def main() -> None:
    """Meldloket: citizens' reports as cases, for a Flemish municipality.

    Settings come from the environment; `meldloket check --settings` prints them all. To look around first:
    `meldloket demo`.
    """


@main.command()
@click.option("--port", default=8000, show_default=True, help="First of ten ports: the product, then the sandbox.")
@click.option("--home", default=".meldloket/demo", show_default=True, help="Folder for the demonstration's data.")
@click.option("--reports", default=None, type=int, help="How many reports fill the demonstration at its first start.")
def demo(port: int, home: str, reports: int | None) -> None:
    """Starts everything for a look around: database, web, worker and the doubles of the outside world.

    Ctrl-C stops it cleanly; started again it has the same data.
    """
    from .demo import run

    sys.exit(run(port=port, home=Path(home).absolute(), reports=reports))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--processes", default=2, show_default=True, help="Server processes; one or two per core.")
@click.option("--threads", default=3, show_default=True, help="Threads a process; each holds a database connection.")
def serve(host: str, port: int, processes: int, threads: int) -> None:
    """Serves the pages and the machine interfaces (granian)."""
    from .processes import PortInUse, check_ports
    from .serving import serve as run

    try:
        check_ports(host, [port])
    except PortInUse as problem:
        click.echo(str(problem), err=True)
        sys.exit(IN_USE)
    server = setup()
    try:
        run(host, port, processes, threads)
    finally:
        if server:
            server.stop()


@main.command()
@click.option("--concurrency", default=4, show_default=True, help="Jobs at the same time.")
def work(concurrency: int) -> None:
    """Runs the worker: deliveries, reminders and other work in the background. Start as many as you like."""
    server = setup()
    from .serving import work as run

    try:
        run(concurrency)
    finally:
        if server:
            server.stop()


@main.command()
def migrate() -> None:
    """Brings the database to this version. Safe to run again."""
    server = setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=1, interactive=False)
    if server:
        server.stop()


@main.command("load-catalogue")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Also replace what an administrator changed.")
def load_catalogue(folder: Path | None, overwrite: bool) -> None:
    """Loads departments, categories, questions, texts and areas.

    FOLDER holds categories.csv, municipality.json and GeoJSON files; without it the default catalogue is loaded. What
    exists is left as it is, unless --overwrite.
    """
    server = setup()
    from .loading import CatalogueProblem, load

    try:
        counts = load(folder, overwrite=overwrite, progress=progress)
    except CatalogueProblem as problem:
        click.echo(str(problem), err=True)
        sys.exit(PROBLEM)
    finally:
        if server:
            server.stop()
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))


@main.command("create-admin")
@click.option("--name", required=True, help="First and last name.")
@click.option("--email", required=True, help="Their e-mail address.")
def create_admin(name: str, email: str) -> None:
    """Makes a first administrator and prints a personal link that works once, for an hour.

    For a new installation, or when ACM/IDM does not answer; afterwards rights come from ACM/IDM.
    """
    server = setup()
    from meldloket.people.one_time import make_administrator

    click.echo(make_administrator(name, email))
    if server:
        server.stop()


@main.command()
@click.option("--settings", "show_settings", is_flag=True, help="Print the table of settings and stop.")
def check(show_settings: bool) -> None:
    """Tells in plain words what is not configured or not reachable. Exit code 1 when something is wrong."""
    from . import checking

    if show_settings:
        click.echo(checking.settings_table())
        return
    server = setup()
    problems = 0
    for line in checking.run():
        problems += line.bad
        click.echo(f"{line.mark} {line.text}")
    if server:
        server.stop()
    sys.exit(PROBLEM if problems else 0)


@main.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypts every national number anew with the first of MELDLOKET_NUMBER_KEYS. Can be stopped and run again."""
    server = setup()
    from meldloket.people.rotation import rotate_all

    count = rotate_all(progress)
    click.echo(f"{count} national numbers are encrypted with the newest key")
    if server:
        server.stop()


@main.command()
@click.option("--rebuild", is_flag=True, help="Count every case again from nothing, while the product runs.")
def figures(rebuild: bool) -> None:
    """Brings the figures of the helicopter view up to date.

    The worker does this every minute. --rebuild is for after a restore or an import that went past the triggers; it can be
    stopped and run again.
    """
    server = setup()
    from meldloket.insight import keeping

    if rebuild:
        click.echo(f"{keeping.rebuild(lambda done: click.echo(f'{done} cases', err=True))} cases counted from nothing")
    click.echo(f"{keeping.refresh_all()} changes counted")
    if server:
        server.stop()


@main.command("run-job")
@click.argument("name", required=False)
def run_job(name: str | None) -> None:
    """Lets the worker do one of the jobs that it does by the clock, now.

    Without NAME it lists them with their times (UTC). For after a breakdown, or to see the effect of a setting at once.
    """
    server = setup()
    from .jobs import NoSuchJob, jobs, start

    try:
        if name is None:
            for job, cron in jobs():
                click.echo(f"{cron:<15} {job}")
            return
        click.echo(f"{name} is with the worker" if start(name) else f"{name} was waiting for the worker already")
    except NoSuchJob as problem:
        click.echo(str(problem), err=True)
        sys.exit(PROBLEM)
    finally:
        if server:
            server.stop()


@main.command("export-file", hidden=True)
@click.argument("key")
def export_file(key: str) -> None:
    """Writes the export that was begun under KEY to standard output. The web server starts this."""
    setup(need_database=False)
    from .exporting import write

    sys.exit(0 if write(key, sys.stdout.buffer) else PROBLEM)


@main.command("api-client")
@click.option("--name", required=True, help="Who it is, e.g. the name of an app.")
@click.option("--kind", type=click.Choice(["open311", "oauth"]), default="open311", show_default=True)
@click.option("--partner", default="", help="OAuth: code of the advice service that it speaks for.")
@click.option("--scope", "scopes", multiple=True, help="OAuth: what it may do, e.g. advice; more than one is possible.")
def api_client(name: str, kind: str, partner: str, scopes: tuple[str, ...]) -> None:
    """Makes a machine that may talk with us, and prints its secret: it is shown this once."""
    server = setup()
    from meldloket.people import api_clients

    client, secret = api_clients.create(name, kind, partner=partner, scopes=scopes)
    click.echo(f"client id  {client.client_id}\nsecret     {secret}")
    if server:
        server.stop()


@main.command()
@click.argument("source", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "fmt", type=click.Choice(["lines", "csv"]), default=None, help="Default: by the file's name.")
def screen(source: Path | None, fmt: str | None) -> None:
    """Screens texts and prints one JSON object a text, with all proposals and the reasons for them.

    SOURCE is a file with one text a line, or a CSV file with a `text` column; without it, standard input.
    """
    from meldloket.screening.cli import screen_texts

    chosen = fmt or ("csv" if source and source.suffix.lower() == ".csv" else "lines")
    if source is None:
        sys.exit(screen_texts(sys.stdin, chosen, sys.stdout))
    with source.open(encoding="utf-8", newline="") as stream:
        sys.exit(screen_texts(stream, chosen, sys.stdout))


@main.command("magda-read")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def magda_read(files: tuple[Path, ...]) -> None:
    """Prints as JSON what the client makes of answers of MAGDA's GeefPersoon, one object a file."""
    from meldloket.connectors.magda.read import magda_read as run

    sys.exit(run(list(files), sys.stdout))
