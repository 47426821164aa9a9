"""The helicopter view at many cases: `python benchmarks/helicopter.py [cases] [folder]` (1,000,000 unless told). The town
is kept in the folder, when one is named, for the next time.

Prints how long the generator took; how a server process begins; p50 and p95 of the page and of the map for many filters,
of one and of two users, and while the town is busy; the time from a change to the figure; the first paint in a browser; and
how long a rebuild takes while people look."""

from __future__ import annotations

import itertools
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import town  # noqa: E402
from benchmarks.common import Client, product, report, run, session_for  # noqa: E402

PAGE, MAP = "/kantoor/inzicht/", "/kantoor/inzicht/kaart/"
MARKS_A_SECOND = 50


def filters() -> list[str]:
    """Address parts: each filter, and mixtures of them."""
    parts = [
        ("van=2021-01-01", "periode=365", "van=2024-01-01&tot=2024-12-31", "periode=30"),
        ("", "categorie=straatverlichting", "hoofdcategorie=Afval+en+netheid"),
        ("", "dienst=openbare-werken"),
        ("", "wijk=molenwijk"),
        ("", "kanaal=desk"),
    ]
    return ["&".join(part for part in chosen if part) for chosen in itertools.product(*parts)]


def views(count: int) -> list[str]:
    """Address parts of the map: any kind, any zoom, somewhere in the town, with any filter."""
    chance, kept = random.Random(7), filters()  # noqa: S311  (where one looks, not a secret)
    made = []
    for _ in range(count):
        zoom = chance.randint(11, 19)
        wide, high = 1280 * 360 / (256 * 2**zoom), 700 * 225 / (256 * 2**zoom)
        south, west = chance.uniform(51.02, 51.07) - high / 2, chance.uniform(3.52, 3.58) - wide / 2
        query = {
            "soort": chance.choice(["punten", "warmte", "wijken"]),
            "kaart": chance.choice(["ontvangen", "ontvangen", "open", "te-laat"]),
            "zoom": zoom,
            "binnen": f"{south:.6f},{west:.6f},{south + high:.6f},{west + wide:.6f}",
        }
        made.append(f"{urlencode(query)}&{chance.choice(kept)}")
    return made


def main(cases: int = 1_000_000, folder: str = "") -> None:
    with product(kept=Path(folder) if folder else None) as base:
        from meldloket.cases.models import Case
        from meldloket.people.roles import Role
        from support import factories as make

        handler = make.make_staff(Role.HANDLER, Role.POLICY_OFFICER, departments=("openbare-werken",))
        if Case.objects.count() < cases:
            rows, facts = town.fill(cases, handler.pk)
            print(f"{cases:,} cases made in {rows:.0f} s, and their facts in {facts:.0f} s", flush=True)
        session = session_for(handler)
        wait_for_figures(base, session, Case.objects.filter(is_complaint=False).count())
        measure(base, session)
        print("busy:", flush=True)
        with busy():
            measure(base, session)
            changes(base, session)
        first_paint(base, session)
        rebuilding(base, session)


def wait_for_figures(base: str, session: str, cases: int) -> None:
    """Until every server process has the columns: both answer with all cases, many times in a row."""
    client, begun, right = Client(base, session), time.perf_counter(), 0
    while right < 20:
        right = right + 1 if received(client) >= cases else 0
        if time.perf_counter() - begun > 300:
            raise SystemExit("the figures do not come")
    print(f"  both processes have all figures after {time.perf_counter() - begun:.1f} s more")


def received(client: Client) -> int:
    """How many cases the map knows of, all days together."""
    import json

    whole = "soort=warmte&zoom=1&binnen=-90,-180,90,180&van=2000-01-01"
    return int(json.loads(client.request("GET", f"{MAP}?{whole}")[1])["total"])


def measure(base: str, session: str) -> None:
    """The page and the map, by one user and by two at once."""
    for users in (1, 2):
        clients: dict[int, Client] = {}

        def get(path: str, mine: dict[int, Client] = clients) -> None:
            client = mine.setdefault(threading.get_ident(), Client(base, session))
            status, body = client.request("GET", path)
            assert status == 200, (path, status, body[:300])

        pages = [lambda query=query: get(f"{PAGE}?{query}") for query in filters()]
        report(f"  page, {len(pages)} filters, {users} user(s)", *run(users, pages))
        for kind in ("punten", "warmte", "wijken"):
            maps = [lambda query=query: get(f"{MAP}?{query}") for query in views(240) if f"soort={kind}" in query]
            report(f"  map, {kind}, {len(maps)} views, {users} user(s)", *run(users, maps))


@contextmanager
def busy() -> Iterator[None]:
    """Cases change meanwhile, MARKS_A_SECOND of them every second."""
    from django.db import connection

    stop = threading.Event()

    def change() -> None:
        chance = random.Random(8)  # noqa: S311
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(id), max(id) FROM cases_case")
            least, most = cursor.fetchone()
            while not stop.wait(1 / MARKS_A_SECOND):
                case_id = chance.randint(least, most)
                cursor.execute("UPDATE cases_case SET version = version + 1 WHERE id = %s", [case_id])
        connection.close()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def changes(base: str, session: str) -> None:
    """How long a new case takes to be counted while somebody looks, and whether it is counted at the first look when nobody
    looked for some seconds."""
    from meldloket.cases.models import Case

    client, times, there = Client(base, session), [], 0
    for pause in (0.1, 0.1, 0.1, 0.1, 0.1, 8.0, 8.0, 8.0):
        before = received(client)
        case = Case.objects.filter(is_complaint=False).latest("pk")
        case.pk, case.reference = None, f"NEW-{time.time_ns()}"[:20]
        case.save(force_insert=True)
        begun = time.perf_counter()
        time.sleep(pause)
        if pause > 1:
            there += received(client) > before
            continue
        while received(client) <= before:
            time.sleep(0.05)
        times.append(time.perf_counter() - begun)
    print(f"  from a change to the figure: {max(times):.1f} s at most of {len(times)}", flush=True)
    print(f"  changed 8 s ago and nobody looked: there at the first look {there} times of 3", flush=True)


def first_paint(base: str, session: str) -> None:
    """In a browser, its cache empty each time."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for path in (PAGE, f"{PAGE}?van=2021-01-01", f"{PAGE}op-de-kaart/?van=2021-01-01"):
            times = []
            for _ in range(7):
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                context.add_cookies([{"name": "meldloket", "value": session, "url": base}])
                page = context.new_page()
                page.goto(base + path)
                assert "inzicht" in page.url, page.url
                times.append(
                    page.evaluate("""() => new Promise((resolve) => new PerformanceObserver((list) => {
                    for (const entry of list.getEntries()) {
                        if (entry.name === "first-contentful-paint") resolve(entry.startTime);
                    }
                }).observe({ type: "paint", buffered: true }))""")
                )
                context.close()
            print(
                f"  first contentful paint of {path}: median {sorted(times)[3]:.0f} ms, most {max(times):.0f} ms",
                flush=True,
            )
        browser.close()


def rebuilding(base: str, session: str) -> None:
    """Everything counted again from nothing, while somebody looks."""
    from django.db import connection

    from meldloket.insight import keeping

    done: list[float] = []

    def rebuild() -> None:
        begun = time.perf_counter()
        keeping.rebuild()
        done.append(time.perf_counter() - begun)
        connection.close()

    client, times = Client(base, session), []
    thread = threading.Thread(target=rebuild)
    thread.start()
    begun = time.perf_counter()
    while thread.is_alive():
        started = time.perf_counter()
        client.request("GET", f"{PAGE}?periode=365")
        times.append(time.perf_counter() - started)
        time.sleep(0.2)
    print(f"  rebuilt from nothing in {done[0]:.0f} s")
    report("  page meanwhile", time.perf_counter() - begun, times)


if __name__ == "__main__":
    main(*(int(argument) if argument.isdecimal() else argument for argument in sys.argv[1:]))
