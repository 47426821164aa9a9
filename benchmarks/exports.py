"""Exports over HTTP from the running product: `python benchmarks/exports.py [cases]`.

A town of so many cases (benchmarks.town), then each kind of file taken along by a policy officer, as a browser does it:
rows a second from the request to the last byte, seconds to the first byte, and the most memory that a serving process had
meanwhile. Then the open data: how long publishing all complete months takes, and what comes out."""

from __future__ import annotations

import http.client
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import town  # noqa: E402
from benchmarks.common import product, session_for  # noqa: E402

EVERYTHING = "van=2000-01-01&tot=2199-12-31"


class Watch:
    """The most memory that a process of the server had, looked at every 50 ms."""

    def __init__(self, port: int) -> None:
        self.port, self.most, self.running = port, 0.0, True
        self.thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        import psutil

        servers = [
            one
            for one in psutil.process_iter(["cmdline"])
            if str(self.port) in (one.info["cmdline"] or []) and "serve" in one.info["cmdline"]
        ]
        found = [child for one in servers for child in [one, *one.children(recursive=True)]]
        while self.running:
            for one in found:
                try:
                    self.most = max(self.most, one.memory_info().rss / 1e6)
                except psutil.NoSuchProcess:
                    continue
            time.sleep(0.05)

    def __enter__(self) -> Watch:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.running = False
        self.thread.join()


def main(cases: int = 1_000_000) -> None:
    with product(processes=1) as base:
        from meldloket.people.models import Account
        from meldloket.people.roles import Role
        from support import factories as make
        from support.evaluation import publish_form

        handler = make.make_staff(Role.HANDLER)
        form = publish_form(handler.actor)
        print(f"a town of {cases:,} cases in {town.fill(cases, handler.pk, form.pk):.0f} s")
        officer: Account = make.make_staff(Role.POLICY_OFFICER)
        session = session_for(officer)
        for turn in ("first", "second"):
            for kind in ("csv", "xlsx", "parquet"):
                _take(base, session, kind, cases, turn)
        _publish()


def _take(base: str, session: str, kind: str, cases: int, turn: str) -> None:
    port = int(base.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {
        "Cookie": f"meldloket={session}; csrftoken={'a' * 32}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"soort": kind, "csrfmiddlewaretoken": "a" * 32})
    with Watch(port) as watch:
        started = time.perf_counter()
        connection.request("POST", f"/kantoor/inzicht/meenemen/bestand/?{EVERYTHING}", body, headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{kind}: {answer.status}")
        size, first = 0, 0.0
        while piece := answer.read(1 << 20):
            first = first or time.perf_counter() - started
            size += len(piece)
        seconds = time.perf_counter() - started
    from meldloket.insight.models import Export

    done = Export.objects.order_by("-pk").values_list("done", flat=True)[0]
    if not cases * 0.98 <= done <= cases:
        raise SystemExit(f"{kind}: {done} rows")
    print(
        f"{kind}, {turn} time: {done:,} rows in {seconds:.1f} s, {done / seconds:,.0f} rows/s, {size / 1e6:.0f} MB, "
        f"first MB after {first:.1f} s, at most {watch.most:.0f} MB of memory",
        flush=True,
    )


def _publish() -> None:
    from django.db.models import Count, Sum

    from meldloket.insight.models import OpenGroup, OpenMonth
    from meldloket.insight.opendata.publishing import publish_due

    started = time.perf_counter()
    publish_due()
    print(f"open data: {OpenMonth.objects.count()} months published in {time.perf_counter() - started:.0f} s")
    for row in OpenGroup.objects.values("place").annotate(groups=Count("id"), cases=Sum("count")).order_by("-groups"):
        print(f"  {row['place']}: {row['groups']:,} groups, {row['cases']:,} cases")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
