"""Two workers at the same report and channel at the same moment: every message once, in order. Real connections in real
threads, so nothing here runs inside a test's transaction."""

from __future__ import annotations

import pytest

from meldloket.cases import commands
from meldloket.cases.models import Report
from meldloket.messages import delivering
from meldloket.messages.models import Delivery
from meldloket.people.roles import Role
from support import factories as make
from support.messages import Outside, reachable
from support.moment import at_the_same_moment

pytestmark = pytest.mark.django_db(transaction=True)

THREE = ["Ingediend", "Ontvankelijk", "InBehandeling"]


@pytest.fixture
def report(outside: Outside) -> Report:
    """With three statuses and three e-mails that wait."""
    citizen = make.make_citizen()
    category = make.make_catalogue()["wegdek"]
    made = make.submit_report(
        citizen, reporter=reachable(citizen, wants_sms=False), category=category, department=category.department
    )
    by = make.make_staff(Role.HANDLER).actor
    commands.declare_admissible(made.case, by=by, text="Wij komen kijken.")
    commands.start_assessment(made.case, by=by)
    return made


@pytest.mark.parametrize("channel", ["dosis", "email"])
def test_two_workers_at_one_pair(channel: str, outside: Outside, report: Report):
    outside.dosis.fault(mode="slow", seconds=0.2, path="/api/")
    outside.postbox.fault(mode="special", special="smtp_slow", seconds=0.2, count=2)

    def work() -> None:
        delivering.drain(report.pk, channel)

    at_the_same_moment(work, work, work)
    rows = Delivery.objects.filter(report=report, channel=channel)
    assert list(rows.values_list("state", "attempts")) == [("delivered", 1)] * 3
    if channel == "dosis":
        assert outside.told(report) == THREE
    else:
        subjects = [one["subject"].split(" (")[0] for one in outside.mails(report)]
        assert subjects == [
            "Wij hebben uw melding ontvangen",
            "Wij nemen uw melding in behandeling",
            "Wij zijn begonnen met uw melding",
        ]


def test_a_message_planned_while_a_worker_is_busy_is_not_forgotten(outside: Outside, report: Report):
    """Its own job finds the pair taken and goes home; the busy worker must see it at its next look."""
    outside.dosis.fault(mode="slow", seconds=0.3, count=1, path="/api/")
    by = make.make_staff(Role.HANDLER).actor

    def later() -> None:
        commands.declare_inadmissible(report.case, by=by, reason="other", text="Toch niet voor ons.")
        delivering.drain(report.pk, "dosis")

    at_the_same_moment(lambda: delivering.drain(report.pk, "dosis"), later)
    assert outside.told(report) == [*THREE, "OnOntvankelijk"]


def test_two_members_of_staff_resend_at_once(outside: Outside, report: Report):
    delivering.drain(report.pk, "email")
    outside.postbox.clear()
    row = Delivery.objects.filter(report=report, channel="email").first()
    assert row is not None
    Delivery.objects.filter(pk=row.pk).update(state="parked", delivered_at=None, problem="Kapot.")
    by = make.make_staff(Role.HANDLER).actor

    def again() -> None:
        delivering.resend(row, by=by)
        delivering.drain(report.pk, "email")

    at_the_same_moment(again, again)
    assert len(outside.mails(report)) == 1
