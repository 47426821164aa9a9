"""The real worker against a database cluster of its own, killed with SIGKILL and cut off from its database in the middle of
deliveries: every accepted status arrives, DOSIS holds each once and in order, nobody is told twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from meldloket.runtime.demo import environment
from meldloket.runtime.postgres import Embedded
from support.dosis import TOKEN, private_key
from support.messages import Outside, running_outside

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
UPLOAD = "/api/v2/dosis/dossiers"
THREE = ["Ingediend", "Ontvankelijk", "InBehandeling"]
MAILS = ["Wij hebben uw melding ontvangen", "Wij nemen uw melding in behandeling", "Wij zijn begonnen met uw melding"]
#: A lease of a few seconds, and the minute until the next sweep.
PATIENCE = 75.0


@dataclass
class Installation:
    """A database of its own, and the settings under which the product's commands run."""

    server: Embedded
    settings: dict[str, str]
    home: Path
    outside: Outside

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *arguments], env=self.settings, cwd=ROOT, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def plan(self, count: int) -> list[str]:
        """References of so many new reports, each with three statuses and three e-mails that wait."""
        return json.loads(self.run("support.planner", str(count)))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.settings["DATABASE_URL"], autocommit=True) as link:
            return link.execute(sql).fetchall()

    def deliveries(self, channel: str) -> dict[str, list[str]]:
        """The states of each report's deliveries, by reference."""
        found: dict[str, list[str]] = {}
        for reference, state in self.rows(
            "SELECT r.reference, d.state FROM messaging_delivery d JOIN cases_report r ON r.id = d.report_id"
            f" WHERE d.channel = '{channel}' ORDER BY d.id"
        ):
            found.setdefault(reference, []).append(state)
        return found

    def unfinished(self) -> int:
        return self.rows("SELECT count(*) FROM messaging_delivery WHERE state IN ('waiting', 'sending')")[0][0]

    def finish(self) -> None:
        """Waits until nothing waits any more; says what does and what the worker wrote when that takes too long."""
        deadline = time.monotonic() + PATIENCE
        while self.unfinished():
            if time.monotonic() > deadline:
                left = self.rows(
                    "SELECT id, channel, state, attempts, problem FROM messaging_delivery WHERE delivered_at IS NULL"
                )
                raise AssertionError((left, (self.home / "worker.log").read_text()[-5000:]))
            time.sleep(0.1)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        log = (self.home / "worker.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "meldloket.runtime", "work"], env=self.settings, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            log.close()

    def restart_database(self) -> None:
        """As after a power cut: no goodbye to anybody, and recovery from the log at the next start."""
        pid = self.rows("SELECT pg_backend_pid()") and int(
            (self.home / "postgres" / "postmaster.pid").read_text().split()[0]
        )
        os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not (self.home / "postgres" / "postmaster.pid").exists(), 20)
        self.server.stop()
        assert self.server.start() == self.settings["DATABASE_URL"]


def wait_until(ready: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.1)


def met(url: str) -> bool:
    """Whether the fault that was set has met its call."""
    return httpx.get(f"{url}/_double/faults", timeout=5).json() == []


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("killed")
    home.parent.chmod(0o755)
    home.chmod(0o755)
    server = Embedded(home / "postgres")
    (home / "dosis.json").write_text(json.dumps(private_key()))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MELDLOKET_", "DJANGO_"))}
    with running_outside() as outside:
        settings = {
            **clean,
            **environment(9, home),
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}",
            "MELDLOKET_LOG_LEVEL": "WARNING",
            "DATABASE_URL": server.start(),
            "DELIVERY_LEASE_SECONDS": "4",
            "ACMIDM_ISSUER": "",  # nobody logs in here
            "DOSIS_URL": outside.dosis.url,
            "DOSIS_TOKEN_URL": f"{outside.dosis.url}{TOKEN}",
            "DOSIS_KEY_FILE": str(home / "dosis.json"),
            "SMTP_PORT": str(outside.postbox.smtp_port),
            "SMS_URL": f"{outside.postbox.url}/sms/v1/messages",
        }
        running = Installation(server, settings, home, outside)
        running.run("meldloket.runtime", "migrate")
        yield running
        server.stop()
    shutil.rmtree(home, ignore_errors=True)


def everything_once(installation: Installation, references: list[str]) -> None:
    """DOSIS holds each status of each report once and in order; every e-mail that counts as delivered is there once."""
    uploads = installation.outside.dosis.uploads()
    assert len({one["UploadId"] for one in uploads}) == len(uploads)
    for reference in references:
        assert [one["code"] for one in uploads if one["DossierNummer"] == reference] == THREE, reference
        assert installation.deliveries("dosis")[reference] == ["delivered"] * 3
        told = [one["subject"] for one in installation.outside.postbox.messages(channel="email")]
        arrived = [subject.split(" (")[0] for subject in told if reference in subject]
        states = installation.deliveries("email")[reference]
        certain = [subject for subject, state in zip(MAILS, states, strict=True) if state == "delivered"]
        assert sorted(set(arrived)) == sorted(arrived), "told twice"
        assert [subject for subject in arrived if subject in certain] == certain


def test_killed_in_the_middle_of_an_upload(installation: Installation):
    """DOSIS takes the status all the same, while nobody is left to hear it."""
    outside = installation.outside
    outside.reset()
    references = installation.plan(3)
    outside.dosis.fault(mode="slow", seconds=3, count=1, path=UPLOAD)
    with installation.worker() as process:
        wait_until(lambda: met(outside.dosis.url), 60)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert ("sending",) in installation.rows("SELECT state FROM messaging_delivery WHERE channel = 'dosis'")
    with installation.worker():
        installation.finish()
    everything_once(installation, references)


def test_killed_in_the_middle_of_a_mail(installation: Installation):
    """The relay has it, and nobody heard its answer: a person looks, and the next mails of the report go on."""
    outside = installation.outside
    outside.reset()
    references = installation.plan(1)
    outside.postbox.fault(mode="special", special="smtp_slow", seconds=3, count=1)
    with installation.worker() as process:
        wait_until(lambda: met(outside.postbox.url), 60)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with installation.worker():
        installation.finish()
    assert installation.deliveries("email")[references[0]] == ["parked", "delivered", "delivered"]
    everything_once(installation, references)


def test_the_database_falls_away_under_a_worker(installation: Installation):
    """In the middle of an upload; the same worker goes on when the database is back."""
    outside = installation.outside
    outside.reset()
    references = installation.plan(3)
    outside.dosis.fault(mode="slow", seconds=3, count=1, path=UPLOAD)
    with installation.worker() as process:
        wait_until(lambda: met(outside.dosis.url), 60)
        installation.restart_database()
        references += installation.plan(1)
        installation.finish()
        assert process.poll() is None
    everything_once(installation, references)


def test_connections_are_cut_under_a_worker(installation: Installation):
    """A firewall or a failover ends every connection; the server itself stays."""
    outside = installation.outside
    outside.reset()
    outside.dosis.fault(mode="slow", seconds=1, path=UPLOAD)
    references = installation.plan(2)
    with installation.worker() as process:
        for _ in range(3):
            wait_until(lambda: any(one["DossierNummer"] in references for one in outside.dosis.uploads()), 60)
            installation.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            time.sleep(0.7)
        installation.finish()
        assert process.poll() is None
    everything_once(installation, references)


def test_a_worker_that_is_asked_to_stop_finishes_what_it_has(installation: Installation):
    """A deployment: SIGTERM in the middle of an upload leaves nothing to be cleaned up, and the next worker goes on."""
    outside = installation.outside
    outside.reset()
    references = installation.plan(1)
    outside.dosis.fault(mode="slow", seconds=2, count=1, path=UPLOAD)
    with installation.worker() as process:
        wait_until(lambda: met(outside.dosis.url), 60)
        process.terminate()
        assert process.wait(30) == 0
    assert ("sending",) not in installation.rows("SELECT state FROM messaging_delivery")
    with installation.worker():
        installation.finish()
    everything_once(installation, references)
