"""Open311 as others see it: every XML document against the specification's structure, and a client that others wrote."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from georeport import GeoReport
from lxml import etree

from meldloket.cases import commands
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.catalogue.models import CategoryQuestion
from meldloket.people import api_clients
from meldloket.people.roles import Role
from support import factories as make

HTTP = httpx.Client(timeout=60)  # a busy machine answers late, and that is not what is tested here
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("georeport_v2.xsd")))


@pytest.fixture
def running(live_server, transactional_db):
    """The interface's address, a key, and the number of a request that was taken up."""
    categories = make.make_catalogue()
    CategoryQuestion.objects.get_or_create(
        category=categories["wegdek"],
        code="diepte",
        defaults={"label": "Hoe diep?", "kind": CategoryQuestion.Kind.CHOICE, "options": ["5 cm", "20 cm"]},
    )
    current.forget()
    base, key = f"{live_server.url}/open311/v2", api_clients.create("App", "open311")[1]
    body = {
        "api_key": key,
        "service_code": "wegdek",
        "lat": "51.05",
        "long": "3.55",
        "description": "Een put & een <kuil> van “20 cm”",
        "attribute[diepte]": "20 cm",
    }
    answer = HTTP.post(f"{base}/requests.xml", data=body)
    assert answer.status_code == 201
    valid(answer.content)
    reference = etree.fromstring(answer.content).findtext("request/service_request_id")
    handler = make.make_staff(Role.HANDLER, departments=("openbare-werken",))
    commands.declare_admissible(Case.objects.get(reference=reference), by=handler.actor, text="Ja.")
    return base, key, reference


def valid(content: bytes) -> None:
    SCHEMA.assertValid(etree.fromstring(content))


def test_every_document_has_the_structure_of_the_specification(running):
    base, key, reference = running
    good = (
        "/services.xml",
        "/services/wegdek.xml",
        "/services/boom.xml",
        "/requests.xml",
        f"/requests/{reference}.xml",
        f"/tokens/{reference}.xml",
        f"/servicerequestupdates.xml?service_request_id={reference}",
    )
    for path in good:
        answer = HTTP.get(base + path)
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/xml"), path
        valid(answer.content)
    valid(HTTP.get(base.removesuffix("/v2") + "/discovery.xml").content)
    updates = etree.fromstring(HTTP.get(base + good[-1]).content)
    assert updates.xpath("request_update/status/text()") == ["open", "open"]
    bad = (
        "/services/wat.xml",
        "/requests/MLD-1.xml",
        "/requests.xml?status=half",
        "/nergens.xml",
        "/services.xml?jurisdiction_id=elders",
    )
    for path in bad:
        answer = HTTP.get(base + path)
        assert answer.status_code in (400, 404), path
        valid(answer.content)
    refused = HTTP.post(f"{base}/requests.xml", data={"api_key": "fout"})
    assert refused.status_code == 403
    valid(refused.content)
    note = {"api_key": key, "service_request_id": reference, "update_id": "7", "description": "Gezien"}
    taken = HTTP.post(f"{base}/servicerequestupdates.xml", data=note)
    assert taken.status_code == 201
    valid(taken.content)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_client_that_others_wrote_reads_everything(running, form):
    base, key, reference = running
    client = GeoReport(base, api_key=key, output_format=form)
    assert {"wegdek", "boom"} <= {row["service_code"] for row in client.get_service_list()}
    definition = client.get_service_definition("wegdek")
    assert definition["service_code"] == "wegdek"
    assert definition["attributes"]
    found = client.get_service_requests(service_code="wegdek", status="open")
    rows = found if isinstance(found, list) else [found]
    assert [row["service_request_id"] for row in rows] == [reference]
    one = client.get_service_request(reference)
    assert (one["status"], one["service_code"]) == ("open", "wegdek")
    assert float(one["lat"]) == 51.05
