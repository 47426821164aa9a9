"""The public page of figures and the open data: what they say, in four languages, and as portals read them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pyshacl import validate
from rdflib import Graph, URIRef
from rdflib.compare import to_isomorphic
from rdflib.namespace import DCAT, DCTERMS

from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.catalogue.models import Area, Category, Municipality
from meldloket.insight.models import OpenGroup
from meldloket.insight.opendata import publishing, reading
from support import factories as make

pytestmark = pytest.mark.django_db
SHAPES = Path(__file__).parents[1] / "support" / "dcat_ap.ttl"


@pytest.fixture(autouse=True)
def published(clock):
    """May and June: trees in the north in both, potholes in June, each of several people."""
    categories = make.make_catalogue()
    Category.objects.filter(code="boom").update(translations={"fr": {"name": "Arbre"}, "de": {"name": "Baum"}})
    ring = [[3.5, 51.0], [3.6, 51.0], [3.6, 51.1], [3.5, 51.1], [3.5, 51.0]]
    north = Area.objects.create(code="noord", name="Noord", geometry={"type": "Polygon", "coordinates": [ring]})
    clock.freeze(datetime(2026, 8, 2, 5, tzinfo=UTC))
    for code, month, days, count in (("boom", 5, 4, 6), ("boom", 6, 10, 7), ("wegdek", 6, 30, 9)):
        for day in range(count):
            at = datetime(2026, month, day + 1, 9, tzinfo=UTC)
            place = (51.05, 3.55) if code == "boom" else (None, None)
            made = make.make_case(
                make.make_citizen(), category=categories[code], submitted_at=at, area_id=north.pk,
                latitude=place[0], longitude=place[1],
            )  # fmt: skip
            Case.objects.filter(pk=made.pk).update(status="handled", outcome="done", ended_at=at + timedelta(days=days))
    current.forget()
    publishing.publish_due()
    yield
    current.forget()


def get(name: str, *arguments: str, language: str = "nl", **query: str) -> str:
    current.forget()
    answer = Client(headers={"accept-language": language}).get(reverse(name, args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_figures_are_those_of_the_groups():
    found = reading.figures()
    assert (found.total.count, found.total.ended) == (22, 22)
    assert found.categories["Groen", "boom"].count == 13
    assert (found.categories["Groen", "boom"].days, found.categories["Wegen en voetpaden", "wegdek"].days) == (10, 30)
    assert found.areas["noord"].count == 22
    assert found.periods == [(date(2026, 5, 1), date(2026, 5, 31), 6), (date(2026, 6, 1), date(2026, 6, 30), 16)]
    assert reading.figures(2025).total.count == 0
    assert reading.figures(None, "wegdek").total.count == 9


@pytest.mark.parametrize(
    ("language", "title", "tree"),
    [
        ("nl", "Meldingen in cijfers", "Boom"),
        ("fr", "Les signalements en chiffres", "Arbre"),
        ("de", "Meldungen in Zahlen", "Baum"),
        ("en", "Reports in figures", "Boom"),
    ],
)
def test_the_page_speaks_four_languages_and_needs_no_script(language, title, tree):
    page = get("public-figures", language=language)
    assert f"<h1>{title}</h1>" in page
    assert f'<th scope="row">{tree}</th><td class="ml-num ml-number">13</td>' in page
    assert reverse("open-data-csv") in page
    assert f'<html lang="{language}"' in get("open-data", language=language)


def test_choosing_a_year_and_a_kind_narrows_everything():
    page = get("public-figures", jaar="2026", soort="wegdek")
    assert '<dd class="ml-num">9</dd>' in page
    assert '<th scope="row">Boom</th>' not in page
    assert "te weinig meldingen" in get("public-figures", soort="straatverlichting")
    assert '<dd class="ml-num">22</dd>' in get("public-figures", jaar="wat", soort="' OR 1=1")


def test_pages_and_catalogue_hold_before_anything_was_published():
    OpenGroup.objects.all().delete()
    assert "Er zijn nog geen cijfers" in get("public-figures")
    assert "Er is nog niets gepubliceerd" in get("open-data")
    answer = Client().get(reverse("open-data-geojson"))
    assert json.loads(b"".join(answer.streaming_content)) == {"type": "FeatureCollection", "features": []}
    assert b"".join(Client().get(reverse("open-data-csv")).streaming_content) == b""
    Graph().parse(data=get("open-data-catalogue", "ttl"), format="turtle")


def test_geojson_draws_squares_and_areas():
    answer = Client().get(reverse("open-data-geojson"))
    assert answer["Content-Type"] == "application/geo+json"
    features = json.loads(b"".join(answer.streaming_content))["features"]
    squares = [row for row in features if row["properties"]["plaats"] == "vak van 250 m"]
    (area,) = [row for row in features if row["properties"]["plaats"] == "wijk"]
    assert len(squares) == 2
    assert all(len(row["geometry"]["coordinates"][0]) == 5 for row in squares)
    assert area["geometry"]["type"] == "Polygon"
    assert area["properties"]["breedtegraad"] is None


def test_the_catalogue_is_dcat_ap():
    graph = Graph().parse(data=get("open-data-catalogue", "ttl"), format="turtle")
    valid, _, text = validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    assert valid, text
    data = URIRef(f"{settings.BASE_URL}{reverse('open-data')}#meldingen")
    period = graph.value(data, DCTERMS.temporal)
    assert (str(graph.value(period, DCAT.startDate)), str(graph.value(period, DCAT.endDate))) == (
        "2026-05-01",
        "2026-06-30",
    )
    for address in graph.objects(None, DCAT.downloadURL):
        path = str(address).removeprefix(settings.BASE_URL)
        answer = Client().get(path)
        media = graph.value(graph.value(None, DCAT.downloadURL, address), DCAT.mediaType)
        assert str(media).endswith(answer["Content-Type"].partition(";")[0])


def test_the_shapes_do_refuse_a_catalogue_that_misses_something():
    """A test of the test: without a contact point, licence or period it is not DCAT-AP."""
    whole = get("open-data-catalogue", "ttl")
    for missing in (DCAT.contactPoint, DCTERMS.license, DCTERMS.temporal, DCAT.mediaType, DCTERMS.publisher):
        graph = Graph().parse(data=whole, format="turtle")
        graph.remove((None, missing, None))
        assert not validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle")[0], missing


def test_json_ld_says_the_same_as_turtle_and_other_forms_are_not_there():
    Municipality.objects.update(unit_uri="https://example.org/eenheid", area_uri="https://example.org/gebied")
    turtle = Graph().parse(data=get("open-data-catalogue", "ttl"), format="turtle")
    assert to_isomorphic(turtle) == to_isomorphic(
        Graph().parse(data=get("open-data-catalogue", "jsonld"), format="json-ld")
    )
    assert (None, DCTERMS.publisher, URIRef("https://example.org/eenheid")) in turtle
    assert Client().get(reverse("open-data-catalogue", args=["xml"])).status_code == 404


def test_every_citizen_page_leads_to_the_figures(django_assert_num_queries):
    home = get("home")
    assert reverse("public-figures") in home
    assert reverse("open-data") in home
    client = Client()
    client.get(reverse("public-figures"))
    with django_assert_num_queries(7):
        client.get(reverse("public-figures"))
