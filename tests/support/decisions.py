"""A case with an action that needs a decision, up to a proposal that the minutes package has: fixtures and calls."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from meldloket.actions import commands as actions
from meldloket.actions.commands import Plan
from meldloket.cases.lifecycle import Status
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.catalogue.models import Department
from meldloket.connectors.minutes import PadesChecker, Signatories
from meldloket.decisions import commands, drafting
from meldloket.decisions.models import Proposal
from meldloket.decisions.ports import plugged
from meldloket.people import api_clients
from meldloket.people.roles import Role
from meldloket.sandbox.config import MINUTES_CLIENT, MINUTES_SECRET
from support import factories as make
from support import signing

__all__ = ["body", "case", "categories", "checker", "complete", "handed", "handler", "package", "put"]


@pytest.fixture(autouse=True)
def categories():
    rows = make.make_catalogue()
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",), email="karim@lindekerke.example")


@pytest.fixture
def case(categories, handler):
    found = make.make_case(
        make.make_citizen("Lotte", "Geheimnaam"),
        category=categories["wegdek"],
        department=categories["wegdek"].department,
        handler_id=handler.pk,
    )
    Case.objects.filter(pk=found.pk).update(status=Status.IN_ASSESSMENT)
    found.refresh_from_db()
    works = Department.objects.get(code="openbare-werken")
    plan = Plan("Parkeerverbod invoeren", works, cost=Decimal(1250), needs_decision=True, tasks=("Borden plaatsen",))
    actions.add_action(found, plan, by=handler.actor)
    actions.propose(found, by=handler.actor, text="Wij stellen een parkeerverbod voor.")
    found.refresh_from_db()
    return found


@pytest.fixture
def package():
    """An API client of the minutes package and its calls."""
    api_clients.create(
        "Notulen", "oauth", client_id=MINUTES_CLIENT, scopes=("decisions",), partner=MINUTES_CLIENT, secret=MINUTES_SECRET
    )
    form = {"grant_type": "client_credentials", "client_id": MINUTES_CLIENT, "client_secret": MINUTES_SECRET}
    token = Client().post("/api/v1/token", form).json()["access_token"]
    return Client(headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def checker(tmp_path):
    before = (plugged.minutes, plugged.signatures)
    plugged.signatures = PadesChecker(signing.anchors(tmp_path), Signatories.read(signing.SIGNATORIES))
    yield
    plugged.minutes, plugged.signatures = before


def complete(proposal, handler):
    content = drafting.content_of(proposal)
    filled = replace(content, legal_ground="Decreet over het lokaal bestuur.", alderman=signing.ALDERMAN)
    return commands.change(proposal, filled, by=handler.actor)


@pytest.fixture
def handed(case, handler, checker):
    """A proposal that the minutes package has."""
    proposal = complete(commands.prepare(case, by=handler.actor), handler)
    Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.CONCEPT, package=MINUTES_CLIENT)
    Case.objects.filter(pk=case.pk).update(status=Status.AWAITING_DECISION)
    return Proposal.objects.get(pk=proposal.pk)


def body(pdf=None, **changes):
    document = signing.signed() if pdf is None else pdf
    values = {
        "uitkomst": "goedgekeurd",
        "nummer": "2026-CBS-0101",
        "motivering": "Het college volgt het advies van de politie.",
        "zitting": {"datum": "2026-11-24", "bestuursorgaan": "college"},
        "artikels": [{"nummer": "1", "tekst": "Het parkeerverbod wordt ingevoerd."}],
        "document": {"inhoud": base64.b64encode(document).decode(), "sha256": hashlib.sha256(document).hexdigest()},
    }
    return json.dumps({**values, **changes})


def put(package, proposal, sent):
    return package.put(f"/api/v1/besluiten/{proposal.public_id}", sent, "application/ld+json")
