"""A refresh and a rebuild of the figures, killed with SIGKILL in the middle: nothing is lost, and the next one makes the
figures equal to a slow full count."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from meldloket.insight.keeping import LOCK
from meldloket.runtime.demo import environment
from meldloket.runtime.postgres import Embedded

pytestmark = pytest.mark.faults

ROOT = Path(__file__).parents[2]
CASES = 60


@dataclass
class Installation:
    """A database of its own, and the settings under which the product's commands run."""

    settings: dict[str, str]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], env=self.settings, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments)
        out, problems = process.communicate(timeout=120)
        assert process.returncode == 0, problems.decode()[-2000:]
        return out.decode()

    def link(self, **options: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(self.settings["DATABASE_URL"], **options)

    def number(self, sql: str) -> int:
        with self.link(autocommit=True) as link:
            return link.execute(sql).fetchone()[0]

    def kill_while_counting(self, *arguments: str) -> None:
        """Starts a command, and kills it with SIGKILL while the transaction in which it counts is open: it is held there by
        a lock on the last table that a batch writes."""
        with self.link() as link:
            link.execute("LOCK TABLE insight_decision IN SHARE MODE")
            process = self.start(*arguments)
            wait_until(lambda: self.waits() or process.poll() is not None)
            assert process.poll() is None, process.communicate()[1].decode()[-2000:]
            process.send_signal(signal.SIGKILL)
            process.communicate()
        wait_until(lambda: not self.waits() and not self.locked())

    def waits(self) -> bool:
        return bool(self.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))

    def locked(self) -> bool:
        return bool(self.number(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {LOCK}"))

    def figures(self) -> tuple[Any, Any]:
        """As the columns have them, and as a slow count of the tables gives them."""
        fast, slow = json.loads(self.run("support.figures", "compare"))
        return fast, slow


def wait_until(ready: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("figures")
    home.parent.chmod(0o755)
    home.chmod(0o755)
    server = Embedded(home / "postgres")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MELDLOKET_", "DJANGO_"))}
    settings = {
        **clean,
        **environment(9, home),
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}",
        "MELDLOKET_LOG_LEVEL": "WARNING",
        "DATABASE_URL": server.start(),
        **dict.fromkeys(("ACMIDM_ISSUER", "DOSIS_URL", "DOSIS_KEY_FILE"), ""),  # nobody outside is needed
    }
    running = Installation(settings)
    running.run("meldloket.runtime", "migrate")
    running.run("support.figures", "fill", str(CASES))
    yield running
    server.stop()
    shutil.rmtree(home, ignore_errors=True)


def test_killed_in_the_middle_of_a_refresh(installation: Installation):
    marks = installation.number("SELECT count(*) FROM insight_dirty")
    assert marks >= CASES
    installation.kill_while_counting("meldloket.runtime", "figures")
    assert installation.number("SELECT count(*) FROM insight_dirty") == marks
    assert installation.number("SELECT count(*) FROM insight_fact") == 0
    installation.run("meldloket.runtime", "figures")
    fast, slow = installation.figures()
    assert fast == slow and fast["headline"]["received"] == CASES
    assert installation.number("SELECT count(*) FROM insight_dirty") == 0


def test_killed_in_the_middle_of_a_rebuild(installation: Installation):
    """After a restore: the facts are wrong, nothing is marked, and the first rebuild dies."""
    with installation.link(autocommit=True) as link:
        link.execute(
            "UPDATE insight_fact SET received = 0, area = 99; DELETE FROM insight_advice; DELETE FROM insight_dirty"
        )
        link.execute("DELETE FROM insight_fact WHERE case_id % 2 = 0")
    installation.kill_while_counting("meldloket.runtime", "figures", "--rebuild")
    fast, slow = installation.figures()
    assert fast != slow  # nothing half done is taken for whole
    installation.run("meldloket.runtime", "figures", "--rebuild")
    fast, slow = installation.figures()
    assert fast == slow and fast["headline"]["received"] == CASES
