"""Meetings from where they are kept: a calendar in iCalendar form (RFC 5545), or the minutes package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from meldloket.cases import clock
from meldloket.cases.lifecycle import NotAllowed
from meldloket.people.roles import Actor, Role

from .models import Meeting
from .ports import MeetingRow, plugged

log = structlog.get_logger(__name__)
#: How far ahead a calendar is read, and how much of it.
DAYS_AHEAD, MOST = 400, 500
LARGEST = 2_000_000  # bytes


class NotACalendar(Exception):
    """The file can't be read. The text is Dutch, for whoever sent it."""


@dataclass(frozen=True)
class Closing:
    """When the agenda closes: so many days before the meeting, at this time."""

    days_before: int = 6
    at: time = time(12, 0)

    def moment(self, day: date) -> datetime:
        return timezone.make_aware(datetime.combine(day - timedelta(days=self.days_before), self.at))


def read(content: bytes, body: str, closing: Closing) -> list[MeetingRow]:
    """The meetings of a calendar from today on, repeated ones too. Raises NotACalendar."""
    import recurring_ical_events
    from icalendar import Calendar

    if len(content) > LARGEST:
        raise NotACalendar("Dit bestand is te groot voor een agenda.")
    today = clock.today()
    try:
        calendar = Calendar.from_ical(content)
        events = recurring_ical_events.of(calendar).between(today, today + timedelta(days=DAYS_AHEAD))[:MOST]
        found = [(_day(one["DTSTART"].dt), str(one.get("UID", "")), str(one.get("STATUS", ""))) for one in events]
    except Exception as error:  # whatever a strange file makes the parser do, it is no calendar to us
        log.info("calendar_unreadable", kind=type(error).__name__)
        raise NotACalendar("Dit is geen leesbare agenda (iCalendar, .ics).") from error
    rows = {
        day: MeetingRow(body, day, closing.moment(day), status.upper() == "CANCELLED", uid[:255])
        for day, uid, status in sorted(found)
    }
    return list(rows.values())


def _day(moment: date | datetime) -> date:
    if not isinstance(moment, datetime):
        return moment
    return timezone.localtime(moment).date() if timezone.is_aware(moment) else moment.date()


def take_in(rows: list[MeetingRow]) -> tuple[int, int]:
    """Keeps these meetings. Gives how many are new and how many changed; the same again changes nothing."""
    new = changed = 0
    with transaction.atomic():
        for row in rows[:MOST]:
            values = {"closes_at": row.closes_at, "cancelled": row.cancelled, "uid": row.uid}
            found, made = Meeting.objects.get_or_create(body=row.body, held_on=row.held_on, defaults=values)
            new += made
            if not made and any(getattr(found, name) != value for name, value in values.items()):
                Meeting.objects.filter(pk=found.pk).update(**values)
                changed += 1
    return new, changed


def import_calendar(content: bytes, body: str, closing: Closing, *, by: Actor) -> tuple[int, int]:
    """Takes in a calendar that somebody sent. Raises NotAllowed and NotACalendar."""
    if not by.has(Role.SECRETARIAT, Role.ADMINISTRATOR):
        raise NotAllowed("U hebt daar geen rechten voor.")
    return take_in(read(content, body, closing))


def fetch() -> tuple[int, int]:
    """Takes in the meetings of the minutes package. Raises MinutesProblem; without a package that has them, nothing."""
    return take_in(plugged.minutes.meetings()) if plugged.minutes is not None else (0, 0)


def coming(body: str, most: int = 4) -> list[Meeting]:
    """The next meetings of a body whose agenda is still open."""
    rows = Meeting.objects.filter(body=body, cancelled=False, closes_at__gt=clock.now())
    return list(rows.order_by("held_on")[:most])
