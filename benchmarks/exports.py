"""Exports over HTTP from the running product: `python benchmarks/exports.py [cases] [folder]` (the folder keeps the town).

A town of so many cases (benchmarks.town), then each kind of file taken along by a policy officer, as a browser does it:
rows a second from the request to the last byte, seconds to the first byte, and the most memory that a serving process had
meanwhile. Then the open data: how long publishing all complete months takes, and what comes out."""

from __future__ import annotations

import contextlib
import http.client
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import town  # noqa: E402
from benchmarks.common import product, session_for  # noqa: E402
from benchmarks.helicopter import wait_for_figures  # noqa: E402

EVERYTHING = "van=2000-01-01&tot=2199-12-31"


class Watch:
    """The most memory that a process of the server had, and one that made a file; looked at every 50 ms."""

    def __init__(self, port: int) -> None:
        self.port, self.running = port, True
        self.most = {"server": 0.0, "file": 0.0}
        self.thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        import psutil

        servers = [
            one
            for one in psutil.process_iter(["cmdline"])
            if str(self.port) in (one.info["cmdline"] or []) and "serve" in one.info["cmdline"]
        ]
        while self.running:
            for server in servers:
                for one in [server, *server.children(recursive=True)]:
                    with contextlib.suppress(psutil.NoSuchProcess):
                        kind = "file" if "export-file" in one.cmdline() else "server"
                        self.most[kind] = max(self.most[kind], one.memory_info().rss / 1e6)
            time.sleep(0.05)

    def __enter__(self) -> Watch:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.running = False
        self.thread.join()


def main(cases: int = 1_000_000, folder: str = "") -> None:
    with product(processes=1, kept=Path(folder) if folder else None) as base:
        from meldloket.cases.models import Case
        from meldloket.people.roles import Role
        from support import factories as make

        if Case.objects.count() < cases:
            print(f"a town of {cases:,} cases in {sum(town.fill(cases, make.make_staff(Role.HANDLER).pk)):.0f} s")
        session = session_for(make.make_staff(Role.POLICY_OFFICER))
        # With the columns of the helicopter view in memory, as in use.
        wait_for_figures(base, session, Case.objects.filter(is_complaint=False).count())
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
        f"first bytes after {first:.1f} s, at most {watch.most['file']:.0f} MB in the process that makes it, "
        f"{watch.most['server']:.0f} MB in the server's",
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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, *sys.argv[2:3])
