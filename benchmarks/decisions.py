"""Decisions handed back by the minutes package: `python benchmarks/decisions.py [decisions]`.

Eight clients at once, two server processes; each decision comes with its own PDF, whose two signatures are checked.
Afterwards: every decision stored and followed, every message queued exactly once; the same calls again change nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.common import Client, product, report, run  # noqa: E402
from support import signing  # noqa: E402

CLIENTS = 8
PARTNER = "notulen"


def main(decisions: int = 1000) -> None:
    anchors = signing.anchors(Path(tempfile.mkdtemp(prefix="meldloket-anchors-")))
    with product(DECISION_ANCHORS=str(anchors), DECISION_SIGNATORIES=signing.SIGNATORIES) as base:
        from meldloket.messages.models import Delivery

        token = _token(base)
        calls = [(name, _body(number)) for number, name in enumerate(_proposals(decisions))]
        before = Delivery.objects.count()
        clients = [Client(base, "") for _ in range(CLIENTS)]
        for client, (name, body) in zip(clients, calls[:CLIENTS], strict=True):
            _put(client, token, name, body)  # what a process loads the first time is not what we measure
        for turn, expected in (("new", 201), ("the same again", 200)):
            left = calls[CLIENTS:] if expected == 201 else calls[CLIENTS : CLIENTS + 200]
            seconds, times = _hand_back(clients, token, left, expected)
            report(f"decisions handed back ({turn}), {CLIENTS} clients, 2 server processes", seconds, times)
        _check(decisions, before)


def _token(base: str) -> str:
    from meldloket.people import api_clients

    made, secret = api_clients.create("Notulen", "oauth", scopes=("decisions",), partner=PARTNER)
    client = Client(base, "")
    form = {"grant_type": "client_credentials", "client_id": made.client_id, "client_secret": secret}
    client.connection.request(
        "POST", "/api/v1/token", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
    )
    return str(json.loads(client.connection.getresponse().read())["access_token"])


def _proposals(count: int) -> list[str]:
    """Names of proposals that the minutes package has, each of a case of its own with an action that waits."""
    from meldloket.actions.models import Action
    from meldloket.cases import clock
    from meldloket.cases.lifecycle import Status
    from meldloket.cases.models import Case
    from meldloket.catalogue.models import Category
    from meldloket.decisions.models import Proposal
    from meldloket.people.roles import Role
    from support import factories as make

    handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",))
    category = Category.objects.filter(department__code="openbare-werken").select_related("department")[0]
    names = []
    for _ in range(count):
        case = make.make_case(make.make_citizen(), category=category, handler_id=handler.pk)
        Case.objects.filter(pk=case.pk).update(status=Status.AWAITING_DECISION)
        action = Action.objects.create(
            case=case,
            title="Paal",
            department=category.department,
            needs_decision=True,
            state="waiting",
            added_at=clock.now(),
        )
        proposal = Proposal.objects.create(
            case=case, title="Paal plaatsen", facts="Nodig.", state="concept", package=PARTNER, added_at=clock.now()
        )
        proposal.actions.add(action)
        names.append(str(proposal.public_id))
    return names


def _body(number: int) -> str:
    document = signing.page(f"Besluit {number}", ["Artikel 1. Het college keurt goed."])
    for name in (signing.ALDERMAN, signing.DIRECTOR):
        document = signing.sign(document, name, by=signing.authority())
    return json.dumps(
        {
            "uitkomst": "goedgekeurd",
            "nummer": f"2026-CBS-{number:04d}",
            "motivering": "Het verkeer wordt veiliger.",
            "zitting": {"datum": "2026-11-24", "bestuursorgaan": "college"},
            "artikels": [{"nummer": "1", "tekst": "Het college keurt goed."}],
            "document": {"inhoud": base64.b64encode(document).decode(), "sha256": hashlib.sha256(document).hexdigest()},
        }
    )


def _put(client: Client, token: str, name: str, body: str) -> int:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/ld+json"}
    client.connection.request("PUT", f"/api/v1/besluiten/{name}", body, headers)
    answer = client.connection.getresponse()
    said = json.loads(answer.read())
    if not said.get("verwerkt"):
        raise SystemExit(f"{answer.status}: {said}")
    return answer.status


def _hand_back(clients: list[Client], token: str, calls: list[tuple[str, str]], expected: int) -> tuple[float, list[float]]:
    """Each client takes the next call; gives the seconds in all and per call."""
    free = list(clients)

    def one(name: str, body: str) -> None:
        client = free.pop()
        if _put(client, token, name, body) != expected:
            raise SystemExit("an answer that was not expected")
        free.append(client)

    return run(CLIENTS, [lambda name=name, body=body: one(name, body) for name, body in calls])


def _check(count: int, before: int) -> None:
    """All stored, all followed, and each message planned once."""
    from meldloket.cases.models import Case
    from meldloket.decisions.models import Decision
    from meldloket.messages.models import Delivery

    followed = Decision.objects.filter(applied_at__isnull=False).count()
    approved = Case.objects.filter(status="approved").count()
    planned = Delivery.objects.filter(event__kind="approved")
    pairs = Counter(planned.values_list("report_id", "channel"))
    per_channel = Counter(channel for _, channel in pairs)
    twice = sum(1 for times in pairs.values() if times > 1)
    print(f"{followed} decisions followed, {approved} cases approved; messages {dict(per_channel)}, twice: {twice}")
    wrong = followed != count or approved != count or twice or set(per_channel.values()) != {count}
    if wrong or Delivery.objects.count() != before + planned.count():
        raise SystemExit("something is missing or was told twice")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
