"""Submission through the form's last step: `python benchmarks/submissions.py [reports] [clients]`.

Every report is complete at commit: screened, routed, with events, and messages queued for DOSIS, e-mail and SMS. The
clients share the two cores with the server and PostgreSQL. The clock stops when the first client has sent all of its
reports: the kernel spreads connections unevenly over the processes, and a tail on one process measures that instead."""

from __future__ import annotations

import sys
import threading
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import Client, product, report, run, session_for  # noqa: E402

TEXTS = (
    "Er zit een diepe put in de weg voor mijn deur, een fietser is bijna gevallen.",
    "De straatlamp aan het kerkplein brandt al een week niet meer.",
    "Iemand heeft vuilniszakken en een oude zetel achtergelaten in het bos.",
    "De tak van een boom hangt gevaarlijk laag boven het voetpad.",
)


def main(reports: int = 3000, clients: int = 8) -> None:
    with product() as base:
        from meldloket.intake import drafts
        from meldloket.people.roles import Role
        from support import factories as make

        for department in ("openbare-werken", "milieu", "groen"):
            for number in range(4):
                make.make_staff(Role.HANDLER, departments=(department,), name=f"Behandelaar {number}")
        people = [make.make_citizen(f"Melder {number}") for number in range(clients)]
        pools = []
        for person in people:
            session, waiting = session_for(person), []
            for number in range(reports // clients):
                draft = drafts.start(person)
                draft.data = {
                    "what": {"text": TEXTS[number % len(TEXTS)], "category": ""},
                    "where": {
                        "latitude": 51.05 + number * 1e-6,
                        "longitude": 3.55,
                        "label": "Kerkstraat 12",
                        "street": "Kerkstraat",
                    },
                    "me": {"first_name": "Test", "last_name": "Persoon", "address": {}},
                    "contact": {
                        "email": "test@example.org",
                        "mobile": "+32470123456",
                        "wants_email": True,
                        "wants_sms": True,
                    },
                }
                draft.save()
                waiting.append(str(draft.public_id))
            pools.append((session, waiting))
        clients_of = {session: Client(base, session) for session, _ in pools}

        def send(session: str, draft: str) -> None:
            status, body = clients_of[session].request("POST", f"/melden/{draft}/versturen/", {})
            if status != 302:
                raise SystemExit(f"status {status}: {body[:300]!r}")

        # Each citizen has one connection and one thread. The first twenty warm up: model loaded, connections open.
        run(clients, [lambda s=s, w=w: [send(s, draft) for draft in w[:20]] for s, w in pools])
        times: list[float] = []
        someone_is_done = threading.Event()

        def all_of(session: str, waiting: list[str]) -> None:
            for draft in waiting[20:]:
                if someone_is_done.is_set():
                    return
                started = time.perf_counter()
                send(session, draft)
                times.append(time.perf_counter() - started)
            someone_is_done.set()

        seconds, _ = run(clients, [lambda s=s, w=w: all_of(s, w) for s, w in pools])
        report(f"submissions, {clients} clients, 2 server processes", seconds, times)
        _count_queries(people[0])


def _count_queries(person: object) -> None:
    """Queries of one submission, in this process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from meldloket.intake import drafts
    from meldloket.intake.submit import submit

    draft = drafts.start(person)  # type: ignore[arg-type]
    draft.data = {
        "what": {"text": TEXTS[0], "category": ""},
        "where": {"latitude": 51.05, "longitude": 3.55, "label": "Kerkstraat 12", "street": "Kerkstraat"},
        "me": {"first_name": "Test", "last_name": "Persoon", "address": {}},
        "contact": {"email": "test@example.org", "wants_email": True},
    }
    draft.save()
    submit(draft, by=None)
    draft.report = None
    draft.public_id = uuid.uuid4()
    with CaptureQueriesContext(connection) as captured:
        submit(draft, by=None)
    print(f"queries of one submission (command alone): {len(captured)}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
