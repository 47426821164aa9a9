"""The pages of the helicopter view: every number leads to as many cases, a view can be shared, kept and mailed, and nobody
counts what they may not see."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meldloket.cases import closing, commands
from meldloket.cases.models import Case
from meldloket.catalogue import current
from meldloket.insight import columns, keeping, mailing, tasks
from meldloket.insight.chosen import Chosen
from meldloket.insight.figures import Headline
from meldloket.insight.models import Dirty, Fact, Overview
from meldloket.messages.models import Notice
from meldloket.people.roles import Role
from meldloket.runtime import checking
from meldloket.web.insight.helicopter import compared, quicker
from support import factories as make

pytestmark = pytest.mark.django_db
PAGE = "/kantoor/inzicht/"


@pytest.fixture(autouse=True)
def categories(monkeypatch):
    monkeypatch.setattr(columns, "FRESH_SECONDS", -1.0)  # a test does not wait five seconds between two looks
    rows = make.make_catalogue()
    current.forget()
    columns.forget()
    yield rows
    current.forget()
    columns.forget()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",), email="sofie@lindekerke.example")


@pytest.fixture
def officer():
    return make.make_staff(Role.POLICY_OFFICER, name="Bart Lemmens", email="bart@lindekerke.example")


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def town(categories, handler, count: int = 12) -> list[Case]:
    """Cases of three categories; every third is closed, every fourth refused."""
    codes = list(categories)
    cases = []
    for number in range(count):
        category = categories[codes[number % 3]]
        case = make.make_case(category=category, department=category.department)
        if number % 4 == 3:
            commands.declare_inadmissible(case, by=handler.actor, reason="double", text="Dubbel.")
        elif number % 3 == 0:
            commands.declare_admissible(case, by=handler.actor, text="Goed.")
            closing.close(case, by=handler.actor, outcome="done", text="De put is gevuld.")
        cases.append(case)
    keeping.refresh_all()  # as the worker does: a visitor counts only a few
    return cases


def numbers_with_links(html: str) -> list[tuple[int, str]]:
    """Every number of the page that is a link to a list of cases."""
    found = re.findall(r'<a (?:class="ml-tile__number" )?href="([^"]*inzicht/meldingen[^"]*)">(?:<strong>)?([\d.]+)', html)
    return [(int(number.replace(".", "")), unescape(url)) for url, number in found]


def test_every_number_of_the_page_leads_to_as_many_cases(clock, categories, handler, officer):
    town(categories, handler)
    client = client_of(officer)
    for query in ("", "?periode=30&categorie=wegdek", "?dienst=groen", "?hoofdcategorie=Groen&kanaal=web"):
        html = client.get(PAGE + query).content.decode()
        links = numbers_with_links(html)
        assert len(links) > 12
        for number, url in links:
            told = client.get(url).content.decode()
            (count,) = re.findall(r'<h1>.*?<span class="ml-count">([\d.]+)</span>', told)
            assert int(count) == number, url
            assert told.count("data-row-link") == min(number, 40)


def test_the_drawings_carry_the_numbers_of_their_tables(clock, categories, handler, officer):
    town(categories, handler)
    html = client_of(officer).get(PAGE).content.decode()
    trend = json.loads(re.search(r'<script id="trend" type="application/json">(.*?)</script>', html, re.S)[1])
    received = next(row for row in trend["series"] if row["name"] == "Ontvangen")
    assert sum(received["values"]) == Case.objects.count()
    flow = json.loads(re.search(r'<script id="flow" type="application/json">(.*?)</script>', html, re.S)[1])
    into = sum(link["count"] for link in flow["links"] if link["source"].startswith("c:"))
    out = sum(link["count"] for link in flow["links"] if link["target"].startswith("e:"))
    assert into == out == Case.objects.count()
    assert "Dubbel" not in html and "Peeters" not in html


def test_a_page_costs_the_same_number_of_queries_however_many_cases(clock, categories, handler, officer):
    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    client = client_of(officer)
    town(categories, handler, 6)
    keeping.refresh_all()
    few = [cost(PAGE), cost(f"{PAGE}meldingen/?wat=ontvangen")]
    town(categories, handler, 30)
    keeping.refresh_all()
    assert [cost(PAGE), cost(f"{PAGE}meldingen/?wat=ontvangen")] == few
    assert max(few) <= 20


def test_the_list_behind_a_figure_is_paged_by_key(clock, categories, handler, officer):
    for _ in range(95):
        make.make_case(category=categories["wegdek"])
    keeping.refresh_all()
    client = client_of(officer)
    seen, url, pages = [], f"{PAGE}meldingen/?wat=open", 0
    while url:
        html = client.get(url).content.decode()
        seen += re.findall(r"data-row-link>(MLD-[\d-]+)<", html)
        older = re.search(r'rel="next" href="([^"]+)"', html)
        url = f"{PAGE}meldingen/{unescape(older[1])}" if older else ""
        pages += 1
    assert pages == 3 and len(seen) == len(set(seen)) == 95
    assert seen == sorted(seen, reverse=True)
    newer = re.search(r'rel="prev" href="([^"]+)"', html)
    back = client.get(f"{PAGE}meldingen/{unescape(newer[1])}").content.decode()
    assert re.findall(r"data-row-link>(MLD-[\d-]+)<", back) == seen[40:80]


@pytest.mark.parametrize(
    "query",
    [
        "van=gisteren&tot=2026-13-45&categorie=<script>&wijk=nergens",
        "van=9999-12-31&tot=0001-01-01",
        "periode=oneindig&dienst=%00",
        "van=1900-01-01",
        "tot=2026-01-01",
        "wat=alles&binnen=nan,inf,-1,x&langer=-1&op=nooit&na=x&voor=99999999999999999999",
        "wat=stap&stap=nergens&langer=999999999999",
        "binnen=nan,nan,nan,nan&bij-dienst=nergens",
    ],
)
def test_an_address_that_means_nothing_still_gives_a_page(clock, categories, handler, officer, query):
    town(categories, handler, 4)
    client = client_of(officer)
    for page in (PAGE, f"{PAGE}meldingen/"):
        answer = client.get(f"{page}?{query}")
        assert answer.status_code == 200
        assert b"<script>&" not in answer.content


def test_complaints_are_counted_only_for_whoever_handles_them(clock, categories, officer):
    for _ in range(3):
        make.make_case(category=categories["wegdek"])
    Case.objects.filter(pk=Case.objects.first().pk).update(is_complaint=True)
    theirs = make.make_staff(Role.HANDLER, name="Klara Klacht", departments=("klachten",))
    assert [number for number, _ in numbers_with_links(client_of(officer).get(PAGE).content.decode())][0] == 2
    assert [number for number, _ in numbers_with_links(client_of(theirs).get(PAGE).content.decode())][0] == 3


def test_what_changed_is_in_the_figures_within_a_minute_without_a_visitor(clock, categories, handler):
    """The worker's task of every minute counts; no page has to be opened."""
    case = make.make_case(category=categories["wegdek"])
    tasks.refresh()
    assert Fact.objects.get(pk=case.pk).ended == -1 and not Dirty.objects.exists()
    commands.declare_inadmissible(case, by=handler.actor, reason="double", text="Dubbel.")
    assert Dirty.objects.exists()
    tasks.refresh()
    assert Fact.objects.get(pk=case.pk).ended > 0


def test_a_view_is_kept_shared_and_removed(clock, categories, handler, officer):
    client, colleague = client_of(officer), client_of(handler)
    keep, fields = reverse("insight-view-keep"), {"name": " Wegen   dit jaar ", "query": "periode=jaar&categorie=wegdek"}
    client.post(keep, fields)
    view = Overview.objects.get()
    assert (view.name, view.query, view.shared) == ("Wegen dit jaar", "periode=jaar&categorie=wegdek", False)
    assert "Wegen dit jaar" in client.get(PAGE).content.decode()
    assert "Wegen dit jaar" not in colleague.get(PAGE).content.decode()
    client.post(keep, {**fields, "shared": "on"})
    assert Overview.objects.count() == 1
    assert "gedeeld door Bart Lemmens" in colleague.get(PAGE).content.decode()
    assert colleague.post(reverse("insight-view-delete", args=[view.pk])).status_code == 404
    client.post(reverse("insight-view-delete", args=[view.pk]))
    assert not Overview.objects.exists()


def test_a_view_without_a_name_is_asked_for_one(clock, officer):
    answer = client_of(officer).post(reverse("insight-view-keep"), {"name": "  ", "query": "periode=30"}, follow=True)
    assert "Geef het overzicht een naam." in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("?periode=30") and not Overview.objects.exists()


def kept(owner, *readers, mail: str = "weekly") -> Overview:
    return mailing.keep(
        owner, "Mijn blik", Chosen(date(2026, 1, 1), date(2026, 12, 31)), shared=False, mail=mail, readers=readers
    )


def test_a_kept_view_is_mailed_once_a_week_also_when_the_worker_was_away_on_monday(clock, categories, officer, handler):
    clock.freeze(clock().replace(year=2026, month=11, day=25, hour=12))  # a Wednesday
    make.make_case(category=categories["wegdek"])
    view = kept(officer, officer, handler)
    assert mailing.send_due() == 0 and not Notice.objects.exists()
    clock.advance(days=5)  # Monday
    tasks.mail()
    tasks.mail()
    told = list(Notice.objects.order_by("recipient"))
    assert sorted(row.recipient for row in told) == sorted([officer.email, handler.email])
    assert "Ontvangen: 1" in told[0].text and "Mijn blik" in told[0].subject
    assert all(row.link.endswith(f"/kantoor/inzicht/?{view.query}") for row in told)
    clock.advance(days=6)  # Sunday
    assert mailing.send_due() == 0
    clock.advance(days=3)  # Wednesday: on Monday nothing ran
    assert mailing.send_due() == 1
    assert Notice.objects.count() == 4


def test_a_monthly_view_goes_to_its_owner_when_nobody_was_chosen(clock, categories, officer):
    clock.freeze(clock().replace(year=2026, month=11, day=25, hour=12))
    kept(officer, mail="monthly")
    assert mailing.send_due() == 0
    clock.advance(days=6)
    assert mailing.send_due() == 1
    assert [row.recipient for row in Notice.objects.all()] == [officer.email]


def test_whoever_lost_the_right_gets_no_mail_and_everyone_their_own_figures(clock, categories, officer, handler):
    clock.freeze(clock().replace(year=2026, month=11, day=25, hour=12))
    for _ in range(2):
        make.make_case(category=categories["wegdek"])
    Case.objects.filter(pk=Case.objects.first().pk).update(is_complaint=True)
    theirs = make.make_staff(Role.HANDLER, name="Klara Klacht", email="klara@lindekerke.example", departments=("klachten",))
    kept(officer, officer, handler, theirs)
    type(handler).objects.filter(pk=handler.pk).update(roles=[Role.WORKER])
    clock.advance(days=7)
    mailing.send_due()
    texts = {row.recipient: row.text for row in Notice.objects.all()}
    assert set(texts) == {officer.email, theirs.email}
    assert "Ontvangen: 1" in texts[officer.email] and "Ontvangen: 2" in texts[theirs.email]


def test_a_policy_officer_begins_with_the_figures(clock, officer):
    assert client_of(officer).get("/kantoor/")["Location"] == PAGE


def test_the_check_tells_when_the_figures_do_not_keep_up(clock, categories):
    make.make_case(category=categories["wegdek"])
    assert [line.bad for line in checking._figures()] == [False]
    clock.advance(minutes=6)
    (line,) = checking._figures()
    assert line.bad and "worker" in line.text
    tasks.refresh()
    assert [line.bad for line in checking._figures()] == [False]


def test_the_page_tells_when_changes_wait_long_to_be_counted(clock, categories, officer):
    """Nothing is said of the few that a visit counts itself; after an import of many, it is."""
    client, words = client_of(officer), "nog niet allemaal geteld"
    make.make_case(category=categories["wegdek"])
    assert words not in client.get(PAGE).text
    many = "INSERT INTO insight_dirty (case_id, at) SELECT %s, now() - interval '1 minute' FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(many, [Case.objects.get().pk, columns.FEW_MARKS + 1])
    assert words in client.get(PAGE).text
    tasks.refresh()
    assert words not in client.get(PAGE).text


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (955, 1, "1 in de periode ervoor"),
        (30, 10, "200 % meer dan in de periode ervoor"),
        (10, 40, "75 % minder dan in de periode ervoor"),
        (12, 12, "evenveel als in de periode ervoor"),
        (0, 0, "0 in de periode ervoor"),
    ],
)
def test_a_number_stands_beside_the_period_before_in_sensible_words(now, before, words):
    assert compared(now, before) == words


@pytest.mark.parametrize(
    ("now", "before", "received_before", "words"),
    [
        (48, 96, 50, "50 % sneller dan in de periode ervoor"),
        (96, 48, 50, "100 % trager dan in de periode ervoor"),
        (48, 48, 50, "even snel als in de periode ervoor"),
        (48, 96, 1, ""),  # of one case
        (None, 96, 50, ""),
        (48, None, 50, ""),
    ],
)
def test_quicker_or_slower_is_said_only_with_enough_to_compare(now, before, received_before, words):
    head = Headline(60, received_before, 0, 0, 60, now, before, 0, 0, 0)
    assert quicker(head)[0] == words
