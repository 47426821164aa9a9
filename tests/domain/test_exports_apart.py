"""An export that another process makes: the same bytes, and an honest end whatever happens to that process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.db import connection
from django.http import QueryDict

from meldloket.catalogue import current
from meldloket.insight import keeping
from meldloket.insight.chosen import Chosen
from meldloket.insight.exports import taking
from meldloket.insight.exports.taking import Taking
from meldloket.insight.models import Export
from meldloket.people.roles import Role
from meldloket.runtime.exporting import Apart
from support import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """What the other process finds its database by; in an installation it is there already."""
    found = connection.settings_dict
    url = f"postgresql://{found['USER']}@{'' if found['HOST'].startswith('/') else found['HOST']}/{found['NAME']}"
    monkeypatch.setenv("DATABASE_URL", f"{url}?host={found['HOST']}" if found["HOST"].startswith("/") else url)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "meldloket.runtime.settings")
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    current.forget()
    yield
    current.forget()


def begun(count: int = 3) -> tuple[Export, Chosen]:
    categories = make.make_catalogue()
    current.forget()
    for _ in range(count):
        make.make_case(category=categories["wegdek"])
    keeping.refresh_all()
    chosen = Chosen.read(QueryDict("van=2000-01-01&tot=2199-12-31"))
    return taking.begin("csv", chosen, by=make.make_staff(Role.POLICY_OFFICER)), chosen


def test_another_process_makes_the_same_file():
    export, chosen = begun()
    apart = Apart(export, chosen)
    found = b"".join(apart)
    apart.close()
    export.refresh_from_db()
    assert (export.done, export.stopped) == (3, False) and export.finished_at is not None
    again = taking.begin("csv", chosen, by=export.owner)
    assert found == b"".join(Taking(again, chosen)) and found.count(b"\n") == 4


def test_a_process_that_is_killed_breaks_the_download_off():
    """Half a file must not look like a whole one."""
    export, chosen = begun()
    apart = Apart(export, chosen)
    os.kill(apart.process.pid, 9)
    with pytest.raises(RuntimeError, match="ended with code -9"):
        list(apart)
    apart.close()
    export.refresh_from_db()
    assert export.stopped and export.finished_at is not None


def test_a_reader_who_goes_away_leaves_no_process():
    export, chosen = begun()
    apart = Apart(export, chosen)
    apart.close()
    assert apart.process.returncode is not None
    export.refresh_from_db()
    assert export.finished_at is not None
