"""Files that staff take along: the same as a slow query, readable by others, only what they may see, nothing that a
spreadsheet carries out, and nothing left open when somebody stops half-way."""

from __future__ import annotations

import csv
import io
import random
import uuid
import zipfile
from datetime import UTC, datetime, timedelta

import openpyxl
import pyarrow as pa
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from pyarrow import parquet

from meldloket.cases import commands
from meldloket.cases.models import Case, Urgency
from meldloket.catalogue import current
from meldloket.catalogue.models import Area
from meldloket.insight import columns, keeping
from meldloket.insight.chosen import Chosen
from meldloket.insight.exports import files, reading, taking, workbook
from meldloket.insight.exports.fields import FIELDS
from meldloket.insight.exports.formula import disarmed
from meldloket.insight.models import Export
from meldloket.insight.narrowing import count
from meldloket.people.models import AccessLog
from meldloket.people.roles import Role
from meldloket.web.insight import export as pages
from support import factories as make

pytestmark = pytest.mark.django_db
ALL = "van=2000-01-01&tot=2199-12-31"
SECRETS = ("Geheimnaam", "geheim@example.org", "+32470111222", "Mijn buurvrouw Rosa is ziek")


@pytest.fixture(autouse=True)
def town(clock):
    """Sixty cases of all sorts, of a reporter whose data must stay here."""
    categories = list(make.make_catalogue().values())
    current.forget()
    columns.forget()
    clock.freeze(datetime(2026, 3, 1, 9, tzinfo=UTC))
    dice = random.Random(5)
    box = {"type": "Polygon", "coordinates": [[[3.5, 51.0], [3.6, 51.0], [3.6, 51.1], [3.5, 51.1], [3.5, 51.0]]]}
    area = Area.objects.create(code="noord", name="Noord & Zuid <1>", geometry=box)
    handler = make.make_staff(Role.HANDLER)
    for number in range(60):
        clock.advance(hours=dice.randint(1, 30))
        category = dice.choice([None, *categories])
        case = make.make_case(
            reporter=make.make_reporter(last_name=SECRETS[0], email=SECRETS[1], mobile=SECRETS[2]),
            text=f"{SECRETS[3]} {number}",
            category=category,
            department=category.department if category else None,
            area_id=dice.choice([None, area.pk]),
            channel=dice.choice(["web", "phone"]),
            urgency=dice.choice(Urgency.values),
            latitude=dice.choice([None, 51.05]),
            longitude=3.55,
            street=dice.choice(["", "=Kerkstraat", "Dorp"]),
            is_complaint=number % 10 == 9,
        )
        if category and dice.random() < 0.5:
            commands.declare_admissible(case, by=handler.actor, text="Goed.")
    yield categories
    current.forget()
    columns.forget()


def chosen(query: str = ALL) -> Chosen:
    return Chosen.read(QueryDict(query))


def taken(kind: str, who, query: str = ALL, **options) -> bytes:
    keeping.refresh_all()
    scope = chosen(query).scope(who.actor)
    write = workbook.as_xlsx if kind == "xlsx" else files.WRITERS[kind]
    return b"".join(write(reading.tables(scope, who.actor, batch=7), **options))


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data[3:].decode()), delimiter=";"))


@pytest.fixture
def officer():
    return make.make_staff(Role.POLICY_OFFICER)


@pytest.fixture
def complaints():
    return make.make_staff(Role.HANDLER, departments=("klachten",))


def slow_rows(cases) -> list[dict[str, str]]:
    """What the CSV should say of these cases, one query after the other."""
    found = []
    for case in cases.order_by("pk"):
        received, ended = timezone.localtime(case.submitted_at), case.ended_at
        admitted = case.events.filter(kind="admissible").first()
        judged = int((admitted.at - case.submitted_at).total_seconds() // 3600) if admitted else ""
        name = case.category.name if case.category else ""
        found.append(
            {
                "referentie": case.reference,
                "titel": disarmed(", ".join(part for part in (name, case.street) if part)),
                "status": case.get_status_display(),
                "afloop": case.get_outcome_display(),
                "hoofdcategorie": case.category.main_category if case.category else "",
                "categorie": name,
                "dienst": case.department.name if case.department else "",
                "wijk": case.area.name if case.area else "",
                "kanaal": case.get_channel_display(),
                "dringendheid": case.get_urgency_display(),
                "klacht": "ja" if case.is_complaint else "nee",
                "ontvangen": f"{received:%d/%m/%Y %H:%M:%S}",
                "streefdatum": f"{case.target_date:%d/%m/%Y}",
                "afgesloten": f"{timezone.localtime(ended):%d/%m/%Y %H:%M:%S}" if ended else "",
                "aantal_meldingen": str(case.reports.count()),
                "straat": disarmed(case.street),
                "breedtegraad": "" if case.latitude is None else str(case.latitude).replace(".", ","),
                "uren_screening": str(judged),
                "adviezen_gevraagd": "0",
            }
        )
    return found


def test_csv_is_what_a_slow_query_says(officer):
    rows = rows_of(taken("csv", officer))
    expected = slow_rows(Case.objects.filter(is_complaint=False))
    assert [{name: row[name] for name in want} for row, want in zip(rows, expected, strict=True)] == expected
    assert list(rows[0]) == [row.name for row in FIELDS]
    assert count(chosen().scope(officer.actor)) == len(rows)


def test_filters_and_complaints_are_those_of_the_person(officer, complaints):
    query = "van=2026-03-05&tot=2026-03-20&kanaal=phone&categorie=boom"
    rows = rows_of(taken("csv", officer, query))
    wanted = Case.objects.filter(
        channel="phone", category__code="boom", is_complaint=False, submitted_at__date__range=("2026-03-05", "2026-03-20")
    )
    assert [row["referentie"] for row in rows] == list(wanted.order_by("pk").values_list("reference", flat=True))
    assert 0 < len(rows) < 20
    assert len(rows_of(taken("csv", complaints))) == 60
    assert {row["klacht"] for row in rows_of(taken("csv", officer))} == {"nee"}
    assert rows_of(taken("csv", make.make_staff(Role.WORKER))) == []  # the rule itself, should the door ever be open


def test_excel_reads_it_with_types_and_nothing_is_a_formula(officer):
    book = openpyxl.load_workbook(io.BytesIO(taken("xlsx", officer)))
    (sheet,) = book.worksheets
    head, *rows = list(sheet.iter_rows())
    names = [cell.value for cell in head]
    cases = list(Case.objects.filter(is_complaint=False).order_by("pk").select_related("area"))
    assert names == [row.name for row in FIELDS]
    assert len(rows) == len(cases)
    for cells, case in zip(rows, cases, strict=True):
        said = dict(zip(names, cells, strict=True))
        assert said["referentie"].value == case.reference
        assert said["straat"].value == (case.street or None)
        assert said["wijk"].value == (case.area.name if case.area else None)
        assert said["breedtegraad"].value == case.latitude
        received = timezone.localtime(case.submitted_at).replace(tzinfo=None, microsecond=0)
        assert abs(said["ontvangen"].value - received) < timedelta(seconds=1)
        assert said["streefdatum"].value.date() == case.target_date
        assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert sheet.auto_filter.ref.endswith(str(len(rows) + 1))


def test_a_full_sheet_is_followed_by_a_next_one(officer):
    book = openpyxl.load_workbook(io.BytesIO(taken("xlsx", officer, most_rows=20)))
    rows = [row for sheet in book.worksheets for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [sheet.max_row for sheet in book.worksheets] == [20, 20, 17]
    assert [row[0] for row in rows] == [row["referentie"] for row in rows_of(taken("csv", officer))]
    large = openpyxl.load_workbook(io.BytesIO(taken("xlsx", officer, most_bytes=1)))
    assert len(large.worksheets) == 9  # one per table of seven rows


def test_what_xml_and_excel_read_differently_comes_back_as_it_was():
    strange = ["a & b < c > d", " begin", "tab\tregel\neinde", "_x0041_", "bel\x07", "€ ＝1+1", "=1+1", "''"]
    table = pa.table(
        [pa.array(strange if row.kind == "text" else [None] * len(strange), reading.TYPES[row.kind]) for row in FIELDS],
        schema=reading.SCHEMA,
    )
    book = openpyxl.load_workbook(io.BytesIO(b"".join(workbook.as_xlsx([table]))))
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
    # openpyxl leaves Excel's own escapes of inline texts as they stand.
    assert [unescape(cell.value) for cell in cells] == [text.replace("\x07", "") for text in strange]
    assert all(cell.data_type != "f" and cell.number_format == "@" for cell in cells)


def test_parquet_has_types_and_meanings(officer):
    table = parquet.read_table(io.BytesIO(taken("parquet", officer)))
    cases = list(Case.objects.filter(is_complaint=False).order_by("pk"))
    assert table.column("referentie").to_pylist() == [case.reference for case in cases]
    assert table.column("breedtegraad").to_pylist() == [case.latitude for case in cases]
    assert table.column("streefdatum").to_pylist() == [case.target_date for case in cases]
    assert table.schema.field("ontvangen").type == pa.timestamp("ms")
    assert table.schema.field("klacht").type == pa.bool_()
    assert "Belgische tijd" in table.schema.field("ontvangen").metadata[b"betekenis"].decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_an_empty_choice_is_a_file_all_the_same(officer, kind):
    data = taken(kind, officer, "van=2001-01-01&tot=2001-01-31")
    if kind == "csv":
        assert rows_of(data) == []
    elif kind == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].max_row == 1
    else:
        assert parquet.read_table(io.BytesIO(data)).num_rows == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_nothing_of_reporters_or_colleagues_is_in_any_file(complaints, kind):
    data = taken(kind, complaints)
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            data = b"".join(package.read(name) for name in package.namelist())
    elif kind == "parquet":
        data = str(parquet.read_table(io.BytesIO(data)).to_pylist()).encode()
    for secret in (*SECRETS, "Karim Aerts"):
        assert secret.encode() not in data
    assert b"Kerkstraat 12" in data  # the place of the problem is


SIGNS = "=+-@＝＋－＠"
NASTY = st.text(
    st.one_of(st.sampled_from(f"{SIGNS}\t\r\n ;,\"'\u200b\ufeff\xa0\u2028|"), st.characters(exclude_categories=["Cs"]))
)


@given(NASTY)
@example("=cmd|' /C calc'!A0")
@example('"=1+1')
@example("\ufeff \u200b＝1+1")
@example("x,=1+1")
@example("x;\t@SUM(1)")
@example("\r=1")
def test_no_text_begins_a_formula_in_any_country(text):
    """Opened with semicolons as in Belgium, or with the commas of another country, no cell begins with a sign."""
    text = text.replace("\x00", "")
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerow(["MLD-1", disarmed(text), "einde"])
    for delimiter in ";,":
        for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter):
            for cell in row:
                bare = cell.lstrip(" \t\r\n\"'\u200b\ufeff\xa0\u2028") if not cell.lstrip('"').startswith("'") else "x"
                assert not bare or bare[0] not in SIGNS, (text, cell)


@given(NASTY)
def test_both_engines_disarm_alike(text):
    text = text.replace("\x00", "")
    assert files._disarmed(pa.chunked_array([[text]])).to_pylist() == [disarmed(text)]


def test_innocent_texts_stay_as_they_are():
    for text in ("Kerkstraat 12-14, 9999 Lindekerke", "a=b", "info@lindekerke", "3 + 4", "Schade; put"):
        assert disarmed(text) == text


# --- over HTTP ---------------------------------------------------------------------------------------------------------


def visitor(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def post(client: Client, kind: str = "csv", query: str = ALL, **fields):
    return client.post(f"{reverse('insight-export-file')}?{query}", {"soort": kind, **fields})


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.INTERNAL_ADVISER, Role.WORKER, Role.SECRETARIAT, Role.CITIZEN])
def test_who_may_not_export_gets_nothing_and_leaves_no_row(role):
    client = visitor(make.make_citizen() if role == Role.CITIZEN else make.make_staff(role))
    assert client.get(reverse("insight-export")).status_code == 403
    assert post(client).status_code == 403
    assert not Export.objects.exists()
    with pytest.raises(PermissionError):
        taking.begin("csv", chosen(), by=make.make_staff(role))


def test_a_download_is_logged_counted_and_called_after_its_day(officer, clock):
    client, key = visitor(officer), uuid.uuid4()
    answer = post(client, "csv", f"{ALL}&categorie=boom", sleutel=str(key))
    assert (
        answer["Content-Disposition"] == f'attachment; filename="meldingen-{timezone.localtime(clock()):%Y-%m-%d-%H%M}.csv"'
    )
    rows = rows_of(b"".join(answer.streaming_content))
    found = client.get(reverse("insight-export-progress", args=[key])).json()
    assert found == {"rows": len(rows), "done": len(rows), "ended": True, "stopped": False}
    entry = AccessLog.objects.get(action="export")
    assert entry.actor == officer
    assert entry.purpose.startswith(f"{len(rows)} meldingen als CSV")
    assert "categorie Boom" in entry.purpose
    assert visitor(make.make_staff(Role.HANDLER)).get(reverse("insight-export-progress", args=[key])).status_code == 404
    log = visitor(make.make_staff(Role.ADMINISTRATOR)).get(reverse("access-log")).content.decode()
    assert "Meldingen meegenomen" in log


def test_stopping_half_way_is_written_down_and_gives_the_place_back(officer, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 5)
    export = taking.begin("csv", chosen(), by=officer)
    going = pages.Sending(taking.Taking(export, chosen()))
    assert pages.AT_ONCE.acquire(blocking=False)
    pieces = iter(going)
    assert next(pieces) and next(pieces)
    going.close()
    going.close()  # a server may say it twice
    export.refresh_from_db()
    assert export.stopped and export.finished_at
    assert export.done < export.rows
    assert pages.AT_ONCE.acquire(blocking=False), "the place was not given back"
    pages.AT_ONCE.release()
    with pytest.raises(StopIteration):
        next(pieces)


def test_one_file_at_a_time_leaves_threads_for_pages(officer):
    client = visitor(officer)
    first = post(client)
    assert next(iter(first.streaming_content))
    second = post(client)
    assert second.status_code == 302
    assert "Er wordt nu al een bestand gemaakt" in client.get(second["Location"]).content.decode()
    first._iterator.close()  # the browser went away, as Django's test client lets it
    third = post(client)
    assert third.status_code == 200
    assert len(rows_of(b"".join(third.streaming_content))) == 54
    assert list(Export.objects.order_by("pk").values_list("stopped", flat=True)) == [True, False]


def test_the_same_form_twice_gives_two_files(officer):
    client, key = visitor(officer), str(uuid.uuid4())
    for _ in range(2):
        answer = post(client, "parquet", sleutel=key)
        assert parquet.read_table(io.BytesIO(b"".join(answer.streaming_content))).num_rows == 54
    assert Export.objects.count() == 2
    assert post(client, "exe").status_code == 302


def test_old_progress_is_forgotten_and_the_log_stays(officer, clock):
    taking.begin("csv", chosen(), by=officer)
    clock.advance(days=3)
    new = taking.begin("xlsx", chosen(), by=officer)
    assert taking.forget_old() == 1
    assert list(Export.objects.all()) == [new]
    assert AccessLog.objects.filter(action="export").count() == 2


def test_the_page_says_how_many_and_explains_every_column(officer, django_assert_num_queries):
    client = visitor(officer)
    page = client.get(f"{reverse('insight-export')}?{ALL}").content.decode()
    assert '<strong class="ml-num">54</strong> meldingen' in page
    assert all(f"<code>{row.name}</code>" in page and row.meaning for row in FIELDS)
    with django_assert_num_queries(4):
        client.get(f"{reverse('insight-export')}?{ALL}")
