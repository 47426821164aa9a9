"""The policy page: who may open it, that its numbers lead to as many cases, and that it costs the same however many there
are."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meldloket.cases import clock as product_clock
from meldloket.cases import closing, commands
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.catalogue.models import Area
from meldloket.insight import columns, keeping, reporters
from meldloket.insight.models import NONE, Rise
from meldloket.insight.scope import Scope
from meldloket.people.roles import Role
from support import factories as make

pytestmark = pytest.mark.django_db
PAGE = "/kantoor/inzicht/beleid/"


@pytest.fixture(autouse=True)
def categories(monkeypatch):
    monkeypatch.setattr(columns, "FRESH_SECONDS", -1.0)
    rows = make.make_catalogue()
    current.forget()
    columns.forget()
    yield rows
    current.forget()
    columns.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


@pytest.fixture
def office():
    client = Client()
    client.force_login(make.make_staff(Role.POLICY_OFFICER, name="Bart Lemmens"))
    return client


def town(clock, categories, handler, count: int = 30) -> None:
    """Reports about one place, two days apart, for which every other was closed; some a year earlier."""
    codes = list(categories)
    for number in range(count):
        category = categories[codes[number % 2]]
        case = make.make_case(category=category, department=category.department, area_id=None)
        if number % 2:
            commands.declare_admissible(case, by=handler.actor, text="Goed.")
            closing.close(case, by=handler.actor, outcome="done", text="De put is gevuld.")
        clock.advance(days=2)
    moved = Case.objects.order_by("pk")[: count // 3]
    for case in moved:
        Case.objects.filter(pk=case.pk).update(submitted_at=case.submitted_at - timedelta(days=365))
    keeping.refresh_all()  # as the worker does: a visitor counts only a few


def links(html: str) -> list[tuple[int, str]]:
    found = re.findall(r'<a href="([^"]*inzicht/meldingen[^"]*)">([\d.]+)<', html)
    return [(int(number.replace(".", "")), unescape(url)) for url, number in found]


def counted(client: Client, url: str) -> int:
    return int(re.search(r'<h1>[^<]*<span class="ml-count">([\d.]+)', client.get(url).text)[1].replace(".", ""))


def test_every_count_leads_to_as_many_cases(clock, categories, handler, office):
    town(clock, categories, handler)
    html = office.get(PAGE).text
    found = links(html)
    assert len(found) > 10 and any("binnen=" in url for _, url in found)
    for number, url in found:
        assert counted(office, url) == number, url


def test_a_filter_and_what_to_compare_with_live_in_the_address(clock, categories, handler, office):
    town(clock, categories, handler)
    until = timezone.localdate(clock())
    since = until - timedelta(days=59)
    base = f"{PAGE}?van={since}&tot={until}&categorie=wegdek"
    html = office.get(base).text
    assert "Schade aan de rijweg" in html and "Straatverlichting</th>" not in html
    for part, words in (
        ("", f"{since.year - 1} tot en met"),
        ("&met=vorige", f"{(since - timedelta(days=1)).day} "),
        ("&met=dagen&met-van=2025-03-01&met-tot=2025-02-01", "1 februari 2025 tot en met 1 maart 2025"),
    ):
        found = office.get(base + part)
        assert found.status_code == 200 and words in found.text.split("vergeleken met")[1][:60]
    (chip,) = re.findall(r'<a class="ml-chip" href="\?([^"]*periode=90[^"]*)"', office.get(f"{base}&met=vorige").text)
    assert set(unescape(chip).split("&")) == {"periode=90", "categorie=wegdek", "met=vorige"}


@pytest.mark.parametrize(
    "query", ["met=wat", "met=dagen", "met=dagen&met-van=x&met-tot=2025-01-01", "van=2199-01-01&tot=2199-12-31", "wijk=nee"]
)
def test_an_address_that_makes_no_sense_still_opens(query, clock, categories, handler, office):
    town(clock, categories, handler, 6)
    assert office.get(f"{PAGE}?{query}").status_code == 200


def test_an_empty_installation_opens(office):
    html = office.get(PAGE).text
    assert "zijn er geen meldingen. Kies andere dagen" in html and "Niets valt op" in html


def test_the_page_costs_the_same_however_many_cases(clock, categories, handler, office):
    def queries() -> int:
        office.get(PAGE)  # the facts are counted
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert office.get(PAGE).status_code == 200
        return len(captured)

    town(clock, categories, handler, 12)
    few = queries()
    town(clock, categories, handler, 24)
    assert queries() == few <= 14


def test_a_rise_is_told_on_the_page_and_leads_to_its_cases(clock, categories, handler, office):
    town(clock, categories, handler, 12)
    until = timezone.localdate(clock()) - timedelta(days=1)
    Rise.objects.create(category=categories["wegdek"], until=until, count=3, expected=0.4, told_at=clock())
    html = office.get(PAGE).text
    assert "3 meldingen van" in html and "gewoon is ongeveer 1" in html
    assert "Ongewone stijging" not in office.get(f"{PAGE}?categorie=boom").text


def test_only_whoever_may_see_figures_opens_it(categories, handler):
    for role, status in (
        (Role.HANDLER, 200),
        (Role.ADMINISTRATOR, 200),
        (Role.RECEPTIONIST, 403),
        (Role.WORKER, 403),
        (Role.EXTERNAL_ADVISER, 403),
    ):
        client = Client()
        client.force_login(make.make_staff(role))
        assert client.get(PAGE).status_code == status
    assert Client().get(PAGE).status_code == 302
    assert Client().post(PAGE).status_code == 405


def test_complaints_count_for_whoever_may_see_them_only(clock, categories, office):
    make.make_case(category=categories["wegdek"])
    Case.objects.update(is_complaint=True)
    own = Client()
    own.force_login(make.make_staff(Role.HANDLER, departments=("klachten",)))
    first = r'<th scope="row">Ontvangen</th><td class="ml-num ml-number"><a [^>]*>(\d+)'
    assert re.search(first, own.get(PAGE).text)[1] == "1"
    assert re.search(first, office.get(PAGE).text)[1] == "0"


def test_separate_reporters_are_counted_rounded_and_only_when_they_are_known(clock, categories):
    box = {"type": "Polygon", "coordinates": [[[3.5, 51.0], [3.6, 51.0], [3.6, 51.1], [3.5, 51.0]]]}
    many, one, unknown = (Area.objects.create(code=code, name=code, geometry=box) for code in ("veel", "een", "weg"))
    for _ in range(23):
        make.make_case(make.make_citizen(), category=categories["wegdek"], area_id=many.pk)
    keen = make.make_citizen()
    for _ in range(23):
        make.make_case(keen, category=categories["wegdek"], area_id=one.pk)
        nobody = make.make_reporter(email="", mobile="")
        make.make_case(category=categories["wegdek"], area_id=unknown.pk, reporter=nobody)
    today = product_clock.today()
    keeping.refresh_all()
    found = reporters.per_area(Scope(today, today))
    assert found.keys() == {many.pk} and found[many.pk] in (20, 25)
    assert reporters.per_area(Scope(today, today, area=one.pk)) == {}
    assert reporters.per_area(Scope(today - timedelta(days=9), today - timedelta(days=3))) == {}
    assert NONE not in found


def test_an_administrator_sets_the_address_of_the_head(categories):
    admin = Client()
    admin.force_login(make.make_staff(Role.ADMINISTRATOR))
    department = categories["wegdek"].department
    address = f"/kantoor/beheer/diensten/{department.pk}/"
    assert "e-mailadres van het diensthoofd" in admin.get(address).text.lower()
    fields = {"code": department.code, "name": department.name, "head_email": "hoofd@lindekerke.example", "active": "on"}
    assert admin.post(address, fields).status_code == 302
    department.refresh_from_db()
    assert department.head_email == "hoofd@lindekerke.example"
