"""GeoReport v2 as other systems use it: complete, forgiving of nothing that is wrong, and silent about reporters."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree

from meldloket.cases import commands, conversation
from meldloket.cases.models import Case, Report
from meldloket.catalogue import current
from meldloket.catalogue.models import CategoryQuestion
from meldloket.messages.models import Delivery
from meldloket.people import api_clients
from meldloket.people.roles import Role
from support import factories as make

pytestmark = pytest.mark.django_db
V2 = "/open311/v2"


@pytest.fixture(autouse=True)
def categories(settings):
    settings.OPEN311_JURISDICTION = "lindekerke.be"
    rows = make.make_catalogue()
    CategoryQuestion.objects.create(
        category=rows["wegdek"], code="diepte", label="Hoe diep?", kind="choice", options=["5 cm", "20 cm"]
    )
    current.forget()
    yield rows
    current.forget()


@pytest.fixture
def key():
    return api_clients.create("App", "open311")[1]


def body(key, **fields):
    values = {
        "api_key": key,
        "jurisdiction_id": "lindekerke.be",
        "service_code": "wegdek",
        "lat": "51.05",
        "long": "3.55",
        "description": "Er zit een diepe put in de weg.",
    }
    return {name: value for name, value in {**values, **fields}.items() if value is not None}


def post(data, fmt="json", **headers):
    return Client().post(f"{V2}/requests.{fmt}", data, headers=headers)


def test_discovery_and_services_in_both_forms(client):
    found = client.get("/open311/discovery.json").json()
    assert found["endpoints"][0]["url"].endswith(V2)
    rows = {row["service_code"]: row for row in client.get(f"{V2}/services.json").json()}
    assert rows["wegdek"]["metadata"] is True and rows["boom"]["metadata"] is False
    tree = etree.fromstring(client.get(f"{V2}/services.xml").content)
    assert tree.tag == "services" and "wegdek" in tree.xpath("service/service_code/text()")
    definition = client.get(f"{V2}/services/wegdek.json").json()
    assert definition["attributes"][0]["values"][1] == {"key": "20 cm", "name": "20 cm"}
    tree = etree.fromstring(client.get(f"{V2}/services/wegdek.xml").content)
    assert tree.xpath("attributes/attribute/values/value/key/text()") == ["5 cm", "20 cm"]


def test_a_report_is_complete_when_the_number_is_given(key):
    answer = post(body(key, email="jo@example.org", first_name="Jo", **{"attribute[diepte]": "20 cm"}))
    assert answer.status_code == 201
    report = Report.objects.get(reference=answer.json()[0]["service_request_id"])
    case = report.case
    assert (case.channel, case.category.code, case.department.code) == ("api", "wegdek", "openbare-werken")
    assert [event.kind for event in case.events.order_by("id")] == ["submitted", "screened", "routed"]
    assert case.screening.proposals and report.answers[0]["answer"] == "20 cm"
    assert report.reporter.email == "jo@example.org"
    seen = Client().get(f"{V2}/requests/{report.reference}.json").json()[0]
    assert (seen["status"], seen["service_code"], seen["lat"]) == ("open", "wegdek", 51.05)
    assert Client().get(f"{V2}/tokens/{report.reference}.json").json()[0]["service_request_id"] == report.reference


def test_messages_are_queued_at_commit(key, outside):
    post(body(key, email="jo@example.org"))
    assert Delivery.objects.filter(channel="email", event__kind="submitted").count() == 1


def test_sending_twice_makes_one_report(key):
    first, again = post(body(key)), post(body(key))
    assert first.json() == again.json() and Report.objects.count() == 1
    one = post(body(key, description="Iets anders"), **{"idempotency-key": "k1"})
    two = post(body(key, description="Nog iets anders"), **{"idempotency-key": "k1"})
    assert one.json() == two.json() and Report.objects.count() == 2
    other = api_clients.create("Andere app", "open311")[1]
    post(body(other, description="Iets anders"), **{"idempotency-key": "k1"})
    assert Report.objects.count() == 3, "a key is the client's own"


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"api_key": None}, 403, "api_key"),
        ({"jurisdiction_id": "elders.be"}, 404, "jurisdiction_id"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "bestaatniet"}, 404, "service_code"),
        ({"lat": None}, 400, "lat and long"),
        ({"lat": None, "long": None}, 400, "address_string"),
        ({"lat": "noord"}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"long": "nan"}, 400, "long"),
        ({"description": "  "}, 400, "description"),
        ({"description": "x" * 20_001}, 400, "description"),
        ({"email": "geen adres"}, 400, "email"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"attribute[diepte]": "een meter"}, 400, "attribute[diepte]"),
    ],
)
@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_every_wrong_field_gets_the_specifications_error(key, change, status, words, fmt):
    answer = post(body(key, **change), fmt)
    assert answer.status_code == status and not Report.objects.exists()
    if fmt == "json":
        error = answer.json()[0]
        assert error["code"] == status and words in error["description"]
    else:
        tree = etree.fromstring(answer.content)
        assert tree.tag == "errors" and words in tree.findtext("error/description")


def test_without_coordinates_the_words_of_the_place_are_kept(key):
    reference = post(body(key, lat=None, long=None, address_string="Kerkstraat 12, Lindekerke")).json()[0][
        "service_request_id"
    ]
    assert Report.objects.get(reference=reference).place_label == "Kerkstraat 12, Lindekerke"


def test_nothing_of_a_reporter_ever_leaves(key, categories, client):
    secret = {"first_name": "Xaveria", "last_name": "Geheimnaam", "email": "xaveria@geheim.example", "phone": "0470998877"}
    text = "Put aan mijn deur, bel mij op 0470 99 88 77 of 85.61.10-001.23, xaveria@geheim.example"
    categories["wegdek"].public_level = "text"
    categories["wegdek"].save()
    current.forget()
    reference = post(body(key, description=text, **secret)).json()[0]["service_request_id"]
    report = Report.objects.get(reference=reference)
    conversation.add_evidence(report, by=make.make_citizen().actor, text="Ik ben Xaveria Geheimnaam")
    pages = [
        f"{V2}/requests.json",
        f"{V2}/requests.xml",
        f"{V2}/requests/{reference}.json",
        f"{V2}/servicerequestupdates.json?service_request_id={reference}",
        f"{V2}/tokens/{reference}.json",
    ]
    for page in pages:
        seen = client.get(page).content.decode()
        assert reference in seen
        for word in ("Xaveria", "Geheimnaam", "geheim.example", "99 88 77", "0470998877", "61.10"):
            assert word not in seen, (page, word)
    assert "Put aan mijn deur" in client.get(pages[0]).content.decode()


def test_what_a_category_keeps_to_itself(key, categories, client):
    reference = post(body(key)).json()[0]["service_request_id"]
    assert client.get(f"{V2}/requests/{reference}.json").json()[0]["description"] == ""
    Case.objects.update(is_complaint=True)
    assert client.get(f"{V2}/requests/{reference}.json").status_code == 404
    Case.objects.update(is_complaint=False)
    categories["wegdek"].public_level = "nothing"
    categories["wegdek"].save()
    assert client.get(f"{V2}/requests.json").json() == []
    assert client.get(f"{V2}/servicerequestupdates.json?service_request_id={reference}").json() == []


def test_filters(key, client, clock):
    near = post(body(key)).json()[0]["service_request_id"]
    far = post(body(key, lat="51.06", service_code="boom", description="Boom")).json()[0]["service_request_id"]

    def found(query):
        return {row["service_request_id"] for row in client.get(f"{V2}/requests.json?{query}").json()}

    assert found("") == {near, far}
    assert found(f"service_request_id={near}") == {near}
    assert found("service_code=boom") == {far}
    assert found("status=closed") == set() and found("status=open") == {near, far}
    assert found("lat=51.05&long=3.55&radius=200") == {near}
    assert found("start_date=2020-01-01T00:00:00Z&end_date=2020-02-01T00:00:00Z") == set()
    since = (clock() - timedelta(minutes=5)).isoformat().replace("+", "%2B")
    assert found(f"updated_after={since}") == {near, far}
    assert found("page_size=1") == {far}
    assert found(f"page_size=1&before={far}") == {near}
    for wrong in (
        "status=half",
        "radius=0&lat=51&long=3",
        "page_size=0",
        "start_date=gisteren",
        "service_code=wat",
        "before=x",
    ):
        assert client.get(f"{V2}/requests.json?{wrong}").status_code in (400, 404), wrong
    assert client.get(f"{V2}/requests.html").status_code == 404


def test_updates_follow_the_case_in_our_own_words_both_ways(key, client):
    reference = post(body(key)).json()[0]["service_request_id"]
    report = Report.objects.get(reference=reference)
    handler = make.make_staff(Role.HANDLER)
    commands.declare_admissible(report.case, by=handler.actor, text="Beste Xaveria, wij komen kijken.")
    report.case.refresh_from_db()
    commands.declare_inadmissible(report.case, by=handler.actor, reason="other_authority", text="Toch niet, Xaveria.")
    url = f"{V2}/servicerequestupdates.json"
    rows = client.get(f"{url}?service_request_id={reference}").json()
    assert [row["status"] for row in rows] == ["open", "open", "no_further_action"]
    assert "Xaveria" not in json.dumps(rows)
    assert client.get(f"{V2}/requests/{reference}.json").json()[0]["status"] == "closed"
    sent = {"api_key": key, "service_request_id": reference, "update_id": "u1", "status": "fixed", "description": "Gezien"}
    for _ in range(2):
        assert Client().post(url, sent).status_code == 201
    note = report.case.events.get(kind="note_added")
    assert (note.text, note.visibility, note.by_name) == ("fixed: Gezien", "internal", "App")
    assert Client().post(url, {**sent, "api_key": "x"}).status_code == 403
    assert Client().post(url, {**sent, "service_request_id": "MLD-1"}).status_code == 404
    assert Client().post(url, {**sent, "update_id": ""}).status_code == 400
    assert client.get(url).status_code == 400


def test_a_switched_off_client_is_out_at_once(key):
    client = api_clients.by_key(key, "open311")
    api_clients.switch(client, on=False)
    assert post(body(key)).status_code == 403


def test_a_list_costs_the_same_whatever_it_holds(key, client):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{V2}/requests.json?page_size=50").status_code == 200
        return len(found)

    post(body(key))
    client.get(f"{V2}/requests.json")
    few = queries()
    for number in range(8):
        post(body(key, description=f"Put nummer {number}"))
    assert queries() == few <= 2


ANY = st.text(max_size=60)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.dictionaries(
        st.sampled_from(["lat", "long", "description", "service_code", "email", "phone", "media_url", "address_string"]),
        ANY,
    ),
    query=st.dictionaries(
        st.sampled_from(["lat", "long", "radius", "status", "start_date", "updated_after", "page_size", "before"]), ANY
    ),
)
def test_whatever_comes_in_is_never_a_500(key, fields, query):
    answer = post({**body(key), **fields})
    assert answer.status_code in (201, 400, 404), answer.content
    for path in ("requests.json", "servicerequestupdates.xml"):
        assert Client().get(f"{V2}/{path}", query).status_code in (200, 400, 404)
