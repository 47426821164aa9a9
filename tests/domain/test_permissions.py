"""Every address with every role, against the written matrix docs/permissions.csv. An address that is missing there, or a
view without a permission, fails: nothing gets a page by accident."""

from __future__ import annotations

import csv
import io
import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from meldloket.actions import commands as actions
from meldloket.actions.commands import Plan
from meldloket.actions.models import Task
from meldloket.advice import answering
from meldloket.advice import commands as advice
from meldloket.advice.answering import Adviser, Content
from meldloket.advice.models import Share
from meldloket.cases import commands, conversation
from meldloket.cases.models import Attachment, Case
from meldloket.catalogue.models import AdviceService
from meldloket.decisions.models import Decision, Proposal, Publication
from meldloket.intake import drafts, files
from meldloket.messages.models import ChannelStop, Delivery, MessageTemplate
from meldloket.people.permissions import PERMISSIONS
from meldloket.people.roles import Role
from support import factories as make
from support.form import photo

pytestmark = pytest.mark.django_db
MATRIX = Path(__file__).parents[2] / "docs" / "permissions.csv"
ROLES = ["visitor", *Role.values]
ADVISERS = (Role.INTERNAL_ADVISER, Role.EXTERNAL_ADVISER)


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_view_names_a_permission():
    without = [str(pattern.pattern) for pattern in patterns() if not hasattr(pattern.callback, "permission")]
    assert without == []


@pytest.fixture
def world(clock):
    """One case of one citizen with everything that an address can name."""
    categories = make.make_catalogue()
    owner = make.make_citizen()
    report = make.submit_report(owner, category=categories["wegdek"])
    draft = drafts.start(owner)
    delivery = Delivery.objects.create(
        report=report,
        channel="email",
        state="parked",
        planned_at=clock(),
        next_attempt_at=clock(),
        problem="Het adres bestaat niet.",
    )
    ChannelStop.objects.create(channel="dosis", reason="test", since=clock())
    template, _ = MessageTemplate.objects.get_or_create(
        event="submitted", channel="email", language="nl", category=None, defaults={"subject": "{referentie}", "body": "x"}
    )
    return {
        "reference": report.reference,
        "draft_id": draft.public_id,
        "file_id": uuid.uuid4(),
        "question_id": uuid.uuid4(),
        "delivery_id": delivery.pk,
        "channel": "dosis",
        "template_id": template.pk,
        "view_id": 1,
        "notice_id": 1,
        "proposal_id": uuid.uuid4(),
        "decision_id": 1,
        "public_id": uuid.uuid4(),
        "suffix": "ttl",
        "year": 2026,
        "number": 11,
        "name": "college-2026-11-24",
        "client_id": 1,
        "kind": "diensten",
        "row_id": make.make_catalogue()["wegdek"].department_id,
        "owner": owner,
        "request_id": uuid.uuid4(),
        "task_id": uuid.uuid4(),
        "key": uuid.uuid4(),
        "token": "wat",
        "answer_id": 1,
        "place": 0,
        "fmt": "json",
        "form_id": 1,
        "question_code": "wat",
        "evaluation_id": 1,
        "rest": "wat",
        "code": "wegdek",
    }


def arguments(pattern: URLPattern, world: dict) -> dict:
    values = {name: world.get(name) for name in pattern.pattern.converters}
    if "slug" in values:
        values["slug"] = "nota" if "case" in (pattern.name or "") else "wat"
    return values


def client_for(role: str, world: dict) -> Client:
    client = Client()
    if role == "citizen":
        client.force_login(world["owner"])
    elif role != "visitor":
        organisation = "0267000111" if role == Role.EXTERNAL_ADVISER else "0207123456"
        client.force_login(make.make_staff(role, departments=("openbare-werken",), organisation_code=organisation))
    return client


def outcome(client: Client, pattern: URLPattern, world: dict, role: str) -> str:
    """open, login (sent to log in) or no (403, or 404 for an adviser who may not know that it exists). What the page itself
    answers (404 for a made-up file) counts as open."""
    address = (
        reverse(pattern.name, kwargs=arguments(pattern, world)) if pattern.pattern.converters else reverse(pattern.name)
    )
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    own_answer = pattern.name in ("login-citizen", "login-staff", "callback-citizen", "callback-staff")
    if answer.status_code == 302 and "/aanmelden/" in answer["Location"] and "terug=" in answer["Location"]:
        return "login"
    allowed = PERMISSIONS[pattern.callback.permission]
    hidden = answer.status_code == 404 and allowed is not None and role in ADVISERS and role not in allowed
    return "no" if (answer.status_code == 403 and not own_answer) or hidden else "open"


def test_every_address_with_every_role_is_as_written(world):
    found = []
    for pattern in patterns():
        row = {"address": pattern.name, "permission": pattern.callback.permission}
        for role in ROLES:
            row[role] = outcome(client_for(role, world), pattern, world, role)
        found.append(row)
    if os.environ.get("WRITE_MATRIX"):
        with MATRIX.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ["address", "permission", *ROLES], lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)
    with MATRIX.open(encoding="utf-8", newline="") as stream:
        written = list(csv.DictReader(stream))
    assert found == written


def test_the_matrix_agrees_with_the_table_of_permissions():
    """An administrator never sees more because of a slip in the matrix: each cell follows from the role's permissions."""
    with MATRIX.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            allowed = PERMISSIONS[row["permission"]]
            for role in ROLES[1:]:
                if allowed is not None and role not in allowed:
                    assert row[role] != "open", (row["address"], role)


def test_a_stranger_to_a_report_gets_404_everywhere(world):
    stranger = Client()
    stranger.force_login(make.make_citizen("Sam", "Vreemd"))
    for pattern in patterns():
        if not ({"reference", "draft_id"} & set(pattern.pattern.converters)) or (
            pattern.callback.permission.startswith("case") or pattern.name.startswith("open311")
        ):
            continue  # Open311 shows what its category makes public, to anyone; test_open311 looks for what it must not
        address = reverse(pattern.name, kwargs=arguments(pattern, world))
        answer = stranger.get(address)
        if answer.status_code == 405:
            answer = stranger.post(address)
        assert answer.status_code in (403, 404), (pattern.name, answer.status_code)


@pytest.fixture
def filled(world, clock):
    """The same world with everything in it really there: files, a question, work, and a request of another service."""
    report = Case.objects.get(reference=world["reference"]).reports.get()
    handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",), name="Sofie Claes")
    case = report.case
    commands.declare_admissible(case, by=handler.actor, text="Ja.")
    due = clock().date() + timedelta(days=9)
    department = make.make_catalogue()["wegdek"].department
    actions.add_action(case, Plan("Vullen", department), by=handler.actor)
    actions.propose(case, by=handler.actor, text="Wij vullen de put.")
    task = Task.objects.get()
    question = conversation.ask_reporter(case, by=handler.actor, report=report, text="Hoe diep?", due=due)
    fire = AdviceService.objects.create(code="brand", name="Brandweer", organisation_code="0500999111")
    wanted = advice.Ask(fire, "Kan de ladderwagen door?", due, (Share.TEXT, Share.PHOTOS))
    (asked,) = advice.ask(case, [wanted], by=handler.actor)
    given = answering.give(asked, Content("conditional", "Mits ruimte.", ("Zet het paaltje weg",)), by=Adviser("Brandweer"))
    picture = photo()
    file = files.keep(files.clean(io.BytesIO(picture), "put.jpg", len(picture)))
    Attachment.objects.filter(pk=file.pk).update(case=case, report=report)
    proposal = Proposal.objects.create(case=case, title="Paal", added_at=clock(), state=Proposal.State.DECIDED)
    told = {"outcome": "goedgekeurd", "number": "1", "decided_on": clock().date(), "received_at": clock()}
    decision = Decision.objects.create(proposal=proposal, applied_at=clock(), digest="0" * 64, **told)
    publication = Publication.objects.create(decision=decision, title="Paal", motivation="Nodig.", changed_at=clock())
    return {
        **world,
        "proposal_id": proposal.public_id,
        "decision_id": decision.pk,
        "public_id": publication.public_id,
        "question_id": question.public_id,
        "request_id": asked.public_id,
        "answer_id": given.pk,
        "file_id": file.public_id,
        "task_id": task.public_id,
        "key": task.public_id,
    }


@pytest.mark.parametrize("role", ADVISERS)
def test_an_adviser_who_guesses_an_address_gets_404_every_time(filled, role):
    """Every address of a case, request, file, task, draft, person or row, that are not theirs and really exist; by GET and
    by POST."""
    adviser = client_for(role, filled)
    tried = []
    for pattern in patterns():
        if not pattern.pattern.converters or pattern.callback.permission in ("public", "session"):
            continue  # what is public asks for a secret of its own, or shows what everyone may see
        address = reverse(pattern.name, kwargs=arguments(pattern, filled))
        for answer in (adviser.get(address), adviser.post(address)):
            assert answer.status_code in (404, 405), (pattern.name, answer.status_code)
        tried.append(pattern.name)
    assert {
        "case",
        "case-file",
        "my-report",
        "advice-request",
        "advice-file",
        "task",
        "task-file",
        "manage-edit",
        "proposal",
        "publication",
    } <= set(tried)


def test_a_complaint_is_seen_by_its_own_department_only(world):
    complaint = make.make_case(is_complaint=True)
    other = client_for(Role.HANDLER, world)
    assert other.get(reverse("case", args=[complaint.reference])).status_code == 404
    own = Client()
    own.force_login(make.make_staff(Role.HANDLER, departments=("klachten",)))
    assert own.get(reverse("case", args=[complaint.reference])).status_code == 200
