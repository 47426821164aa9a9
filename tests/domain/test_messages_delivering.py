"""Carrying messages out against the real doubles over HTTP and SMTP: in order, again and again until they are through, and
never told twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from meldloket.cases import clock as product_clock
from meldloket.cases import commands
from meldloket.cases.models import Report
from meldloket.connectors.sms import SmsChannel, SmsSettings
from meldloket.messages import delivering, ports, tasks
from meldloket.messages.delivering import BACKOFF, claim, drain, due, resend
from meldloket.messages.models import ChannelStop, Delivery
from meldloket.messages.ports import Outgoing, Receipt
from meldloket.people.roles import Role
from support import factories as make
from support.dosis import TOKEN
from support.messages import Outside, pass_time, reachable, states, work

pytestmark = pytest.mark.django_db

UPLOAD = "/api/v2/dosis/dossiers"
THREE = ["Ingediend", "Ontvankelijk", "InBehandeling"]


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


def submitted(**reporter: object) -> Report:
    citizen = make.make_citizen()
    category = make.make_catalogue()["wegdek"]
    return make.submit_report(
        citizen, reporter=reachable(citizen, **reporter), category=category, department=category.department
    )


def by_dosis_only() -> Report:
    return submitted(wants_email=False, wants_sms=False)


def by_mail() -> Report:
    return submitted(number=None, wants_sms=False)


def by_text() -> Report:
    return submitted(number=None, wants_email=False)


def three_statuses(handler) -> Report:
    report = by_dosis_only()
    go_on(report, handler)
    return report


def go_on(report: Report, handler) -> None:
    commands.declare_admissible(report.case, by=handler.actor, text="Wij komen kijken.")
    commands.start_assessment(report.case, by=handler.actor)


def only(report: Report, channel: str) -> Delivery:
    return Delivery.objects.get(report=report, channel=channel)


def as_a_dead_worker_left_it(delivery: Delivery, *, handed_over: bool) -> None:
    """Claimed, perhaps handed over, and then nothing more: what SIGKILL leaves behind."""
    claimed = claim(delivery.report_id, delivery.channel)
    assert claimed is not None and claimed.pk == delivery.pk
    if handed_over:
        Delivery.objects.filter(pk=delivery.pk).update(handed_over_at=product_clock.now())


def test_in_order_per_report_and_channel(outside: Outside, handler):
    first, second = three_statuses(handler), three_statuses(handler)
    assert work() == 6
    assert outside.told(first) == outside.told(second) == THREE
    dates = [one["WijzigingsDatum"] for one in outside.dosis.uploads() if one["DossierNummer"] == first.reference]
    assert dates == sorted(set(dates))
    assert due() == set()


def test_what_arrives_is_complete(outside: Outside):
    report = submitted()
    assert work() == 3
    [mail], [text], [status] = outside.mails(report), outside.texts(), outside.dosis.uploads()
    rows = {row.channel: row for row in report.deliveries.all()}
    assert mail["message_id"].strip("<>").split("@")[0] == str(rows["email"].key)
    assert text["reference"] == str(rows["sms"].key) and text["parts"] == 1
    assert status["UploadId"] == str(rows["dosis"].key) and status["agents"] == [make.opened(report.reporter.account)]
    assert f"/mijn/{report.reference}/" in mail["html"] and 'lang="nl"' in mail["html"]
    assert all(row.delivered_at and row.provider_reference and row.claimed_until is None for row in rows.values())


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "error", "path": UPLOAD},
        {"mode": "malformed", "path": UPLOAD},
        {"mode": "slow", "seconds": 2.5, "path": UPLOAD},
        {"mode": "error", "status": 503, "path": TOKEN},
        {"mode": "special", "special": "status_429"},
        {"mode": "special", "special": "answer_lost"},
    ],
    ids=lambda fault: fault.get("special") or f"{fault['mode']} {fault['path'].rsplit('/')[-1]}",
)
def test_trouble_is_tried_again_later_and_dosis_holds_the_status_once(fault, outside: Outside, clock, handler):
    """`slow` answers after our patience, `answer_lost` after the upload was taken: the same UploadId goes again."""
    outside.plug(timeout=1.0)
    report = three_statuses(handler)
    outside.dosis.fault(**fault, count=1)
    assert work() == 0
    waiting = Delivery.objects.filter(report=report).order_by("pk").first()
    assert (waiting.state, waiting.attempts) == ("waiting", 1) and waiting.problem.startswith(("DOSIS", "De token-dienst"))
    assert work() == 0  # not before its time
    pass_time(outside, clock, seconds=61)
    assert work() == 3
    assert outside.told(report) == THREE
    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem, waiting.problem_details) == ("delivered", "", [])
    assert str(waiting.key) == outside.dosis.uploads()[0]["UploadId"]


def test_the_waiting_time_grows_and_ends_in_parking(outside: Outside, clock, handler):
    report = by_dosis_only()
    outside.dosis.fault(mode="error", path=UPLOAD)
    waits = []
    while (row := only(report, "dosis")).state == "waiting":
        pass_time(outside, clock, seconds=max((row.next_attempt_at - clock()).total_seconds(), 0) + 0.01)
        before = clock()
        work()
        row.refresh_from_db()
        if row.state == "waiting":
            waits.append(round((row.next_attempt_at - before).total_seconds() / 60))
            job = ProcrastinateJob.objects.filter(task_name="deliver").order_by("-id").first()
            assert job.scheduled_at is not None
    assert waits == [1, 5, 15, 60, 120, 240, 480, 480] == [round(wait.total_seconds() / 60) for wait in BACKOFF]
    assert row.state == "parked" and "500" in row.problem
    outside.dosis.http.delete("/_double/faults")
    assert resend(row, by=handler.actor) is True
    assert work() == 1 and outside.told(report) == ["Ingediend"]
    assert outside.dosis.uploads()[0]["UploadId"] == str(row.key)  # a safe channel keeps its key


def test_an_hour_without_dosis(outside: Outside, clock, handler):
    """Several statuses of several reports, made before and during the outage: all there afterwards, once, in order."""
    reports = [by_dosis_only() for _ in range(4)]
    outside.dosis.fault(mode="refuse", status=503, path="/")
    for minute in range(0, 60, 5):
        if minute == 20:
            for report in reports:
                commands.declare_admissible(report.case, by=handler.actor, text="Wij komen kijken.")
        if minute == 40:
            for report in reports:
                commands.start_assessment(report.case, by=handler.actor)
        assert work() == 0
        pass_time(outside, clock, minutes=5)
    assert outside.dosis.uploads() == []
    outside.dosis.http.delete("/_double/faults")
    late = by_dosis_only()
    for _ in range(14):
        work()
        pass_time(outside, clock, minutes=5)
    assert outside.told(late) == ["Ingediend"]
    assert all(outside.told(report) == THREE for report in reports)
    assert not Delivery.objects.exclude(state="delivered").exists()
    assert len({one["UploadId"] for one in outside.dosis.uploads()}) == len(outside.dosis.uploads()) == 13


@pytest.mark.parametrize("how", ["withdrawn", "old"])
def test_an_expired_token_is_renewed_and_the_status_told_once(how, outside: Outside, clock):
    first = by_dosis_only()
    assert work() == 1
    if how == "withdrawn":
        outside.dosis.special("token_401")
    else:
        pass_time(outside, clock, hours=11)  # tokens live ten hours
    second = by_dosis_only()
    assert work() == 1
    assert outside.told(first) == outside.told(second) == ["Ingediend"]
    assert only(second, "dosis").attempts == 1


def test_a_refused_status_is_parked_with_its_reason_and_the_next_goes_on(outside: Outside, handler):
    report = three_statuses(handler)
    broken = Delivery.objects.filter(report=report, channel="dosis").order_by("pk")[1]
    broken.payload["Status"]["VlaamsCode"] = "BestaatNiet"
    broken.save()
    assert work() == 3
    assert states(report, "dosis") == ["delivered", "parked", "delivered"]
    assert outside.told(report) == ["Ingediend", "InBehandeling"]
    broken.refresh_from_db()
    assert broken.problem == "DOSIS weigert deze gegevens (400): Status.VlaamsCode."
    assert broken.problem_details[0]["field"] == "Status.VlaamsCode"


def test_a_status_that_is_sent_after_a_newer_one_changes_nothing_for_the_citizen(outside: Outside, handler):
    """Staff mend and resend the second after the third arrived: DOSIS files it as history."""
    report = three_statuses(handler)
    middle = Delivery.objects.filter(report=report, channel="dosis").order_by("pk")[1]
    Delivery.objects.filter(pk=middle.pk).update(state="parked")
    assert work() == 2
    assert resend(middle, by=handler.actor) is True and resend(middle, by=handler.actor) is False
    work()
    assert sorted(outside.told(report)) == sorted(THREE)
    newest = max(outside.dosis.uploads(), key=lambda one: one["WijzigingsDatum"])
    assert newest["code"] == "InBehandeling"


def test_a_channel_that_refuses_us_stops_and_goes_on_by_itself(outside: Outside, clock, handler):
    """403: no message will get through until somebody mends the configuration; none is lost or counted as a failure."""
    reports = [three_statuses(handler), three_statuses(handler)]
    outside.dosis.fault(mode="refuse", path="/api/")
    assert work() == 0
    assert ChannelStop.objects.get().channel == "dosis" and due() == set()
    pass_time(outside, clock, minutes=11)
    assert delivering.try_stopped_channels() == 0
    outside.dosis.http.delete("/_double/faults")
    assert delivering.try_stopped_channels() == 1
    assert work() == 6
    assert all(outside.told(report) == THREE for report in reports)


def test_a_mail_whose_answer_got_lost_is_not_sent_again(outside: Outside, clock, handler):
    report = by_mail()
    outside.postbox.fault(mode="special", special="smtp_drop_after_data", count=1)
    assert work() == 1
    row = only(report, "email")
    assert (row.state, row.problem) == ("parked", delivering.UNCERTAIN) and row.handed_over_at is not None
    pass_time(outside, clock, hours=2)
    tasks.sweep()
    assert work() == 0 and len(outside.mails(report)) == 1
    key = row.key
    assert resend(row, by=handler.actor) is True  # a person looked and decides
    assert work() == 1 and len(outside.mails(report)) == 2
    assert only(report, "email").key != key


@pytest.mark.parametrize("fault", ["smtp_451", "smtp_451_data"])
def test_a_mail_that_the_relay_does_not_take_yet_goes_later(fault, outside: Outside, clock):
    report = by_mail()
    outside.postbox.fault(mode="special", special=fault, count=1)
    assert work() == 0 and states(report, "email") == ["waiting"]
    pass_time(outside, clock, seconds=61)
    assert work() == 1 and len(outside.mails(report)) == 1


def test_a_wrong_address_is_parked_without_it_in_the_reason(outside: Outside):
    report = by_mail()
    outside.postbox.fault(mode="special", special="smtp_550", count=1)
    work()
    row = only(report, "email")
    assert row.state == "parked" and row.problem == "De mailserver weigert dit adres (550 5.1.1)."


def test_an_sms_that_may_have_left_is_not_sent_again_where_the_gateway_forgets(outside: Outside, clock):
    outside.plug(safe_sms=False, sms_timeout=0.5)
    report = by_text()
    outside.postbox.fault(mode="slow", seconds=1.5, count=1, path="/sms/")
    assert work() == 1
    assert (only(report, "sms").state, only(report, "sms").problem) == ("parked", delivering.UNCERTAIN)
    pass_time(outside, clock, hours=2)
    assert work() == 0 and len(outside.texts()) <= 1


def test_an_sms_goes_again_where_the_gateway_knows_our_reference(outside: Outside, clock):
    report = by_text()
    outside.postbox.fault(mode="special", special="sms_lost_answer", count=1)
    assert work() == 0 and len(outside.texts()) == 1
    pass_time(outside, clock, seconds=61)
    assert work() == 1 and states(report, "sms") == ["delivered"] and len(outside.texts()) == 1


def test_the_lease_of_a_dead_worker_ends(outside: Outside, clock, settings):
    report = by_dosis_only()
    as_a_dead_worker_left_it(only(report, "dosis"), handed_over=False)
    assert due() == set() and drain(report.pk, "dosis") == 0
    pass_time(outside, clock, seconds=settings.DELIVERY_LEASE_SECONDS + 1)
    assert due() == {(report.pk, "dosis")}
    assert work() == 1 and outside.told(report) == ["Ingediend"]


def test_a_worker_that_died_over_a_mail(outside: Outside, clock):
    """Before the hand-over it goes again; after it, a person has to look."""
    before, after = by_mail(), by_mail()
    as_a_dead_worker_left_it(only(before, "email"), handed_over=False)
    as_a_dead_worker_left_it(only(after, "email"), handed_over=True)
    pass_time(outside, clock, minutes=3)
    work()
    assert (states(before, "email"), states(after, "email")) == (["delivered"], ["parked"])
    assert only(after, "email").problem == delivering.UNCERTAIN and outside.mails(after) == []


def test_a_worker_that_slept_through_its_lease_tells_nobody(outside: Outside, clock):
    """It wakes just before the hand-over, when another worker has sent the mail already."""
    report = by_mail()
    slow = claim(report.pk, "email")
    assert slow is not None
    pass_time(outside, clock, minutes=3)
    assert work() == 1
    assert delivering._carry_out(slow) is False
    assert len(outside.mails(report)) == 1 and states(report, "email") == ["delivered"]


def test_a_message_that_breaks_the_connector_does_not_keep_the_others(outside: Outside, clock, handler):
    """A fault of ours: not swallowed, not endless, and the next messages of the report still go."""

    class Faulty(SmsChannel):
        def deliver(self, message: Outgoing, before_handover=lambda: None) -> Receipt:
            if "Een medewerker kijkt" in message.text:
                raise KeyError(message.recipient)
            return super().deliver(message, before_handover)

    ports.plugged["sms"] = Faulty(SmsSettings(f"{outside.postbox.url}/sms/v1/messages", "sandbox-sms-key", "Lindekerke"))
    report = by_text()
    commands.declare_admissible(report.case, by=handler.actor, text="Wij komen kijken.")
    for _ in range(20):
        work()
        pass_time(outside, clock, hours=9)
    assert states(report, "sms") == ["parked", "delivered"]
    row = Delivery.objects.filter(report=report).order_by("pk").first()
    assert row.problem == delivering.BROKEN and row.attempts == len(BACKOFF) + 1


def test_the_sweep_finds_what_lost_its_job(outside: Outside):
    report = by_dosis_only()
    ProcrastinateJob.objects.all().delete()
    tasks.sweep()
    [job] = ProcrastinateJob.objects.all()
    assert (job.task_name, job.args) == ("deliver", {"report_id": report.pk, "channel": "dosis"})
    tasks.deliver(**job.args)
    assert outside.told(report) == ["Ingediend"]


def test_erased_or_unplugged_is_parked(outside: Outside):
    gone, silent = by_mail(), by_text()
    type(gone.reporter).objects.filter(pk=gone.reporter_id).update(email="")
    del ports.plugged["sms"]
    work()
    assert only(gone, "email").problem == "De gegevens van de melder zijn er niet meer."
    assert only(silent, "sms").problem == "Dit kanaal is niet ingesteld."


def test_results_in_any_order(outside: Outside, clock, handler):
    """DOSIS says later, in its own order, what became of uploads: one failed, one is done, one it does not know yet."""
    report = three_statuses(handler)
    assert drain(report.pk, "dosis") == 3
    rows = list(Delivery.objects.filter(report=report).order_by("pk"))
    pass_time(outside, clock, minutes=2)
    Delivery.objects.filter(pk=rows[2].pk).update(delivered_at=clock() - timedelta(hours=1))  # asked first
    Delivery.objects.filter(pk=rows[1].pk).update(key="00000000-0000-4000-8000-000000000000")  # unknown to DOSIS
    assert delivering.ask_results() == 2
    processed = {row.pk: row.processed_at for row in Delivery.objects.filter(report=report)}
    assert processed[rows[0].pk] and processed[rows[2].pk] and not processed[rows[1].pk]
    assert states(report, "dosis") == ["delivered"] * 3


def test_a_status_that_dosis_took_but_could_not_process(outside: Outside, clock, handler):
    report = by_dosis_only()
    outside.dosis.special("processed_false")
    assert work() == 1
    pass_time(outside, clock, minutes=2)
    assert delivering.ask_results() == 1
    row = only(report, "dosis")
    assert row.state == "parked" and row.problem.startswith(
        "DOSIS kon deze status niet verwerken: De verwerking is mislukt"
    )
    assert resend(row, by=handler.actor) is True
    assert work() == 1
    uploads = outside.dosis.uploads()
    assert [one["success"] for one in uploads] == [False, True]  # under a new UploadId, else it would be the same upload
    assert uploads[0]["UploadId"] != uploads[1]["UploadId"]
