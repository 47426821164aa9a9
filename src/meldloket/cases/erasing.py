"""Personal data go when the term of the category is over; the case stays for the figures: when, what kind, where about, how
long it took and how it ended (design.md, "Personal data"; Category.keep_months)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import datetime

import structlog
from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet

from meldloket.catalogue.current import catalogue
from meldloket.people.erasure import erase_reporter
from meldloket.people.roles import SYSTEM

from . import clock, events
from .change import changing
from .lifecycle import EventKind
from .models import Attachment, Case, Reaction, Report

log = structlog.get_logger(__name__)
MOST = 2000  # cases of one run; the next night takes the rest
WITHOUT_CATEGORY = 24  # months
DECIMALS = 3  # of the coordinates that stay: about a hundred metres

#: Erases what a room keeps about the reporters of a case, in the same transaction.
Eraser = Callable[[Case], None]
_erasers: list[Eraser] = []


def also_erase(eraser: Eraser) -> None:
    """Registers a room's part, once, at start (AppConfig.ready)."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erase_due() -> int:
    """Erases the personal data of every case whose term is over. Run nightly; again changes nothing. Gives how many."""
    count = 0
    for case in _due()[:MOST]:
        count += erase(case)
    log.info("personal_data_erased", cases=count)
    return count


def _due() -> QuerySet[Case]:
    now = clock.now()
    over = Q(category=None, ended_at__lt=months_before(now, WITHOUT_CATEGORY))
    for months in {row.keep_months for row in catalogue().categories}:
        over |= Q(category__keep_months=months, ended_at__lt=months_before(now, months))
    left = Report.objects.filter(Q(reporter__isnull=False, reporter__erased_at=None) | ~Q(text="")).values("case")
    return Case.objects.filter(over, pk__in=left).order_by("ended_at", "id")


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, the last of a month that is shorter."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=years, month=month + 1, day=min(moment.day, monthrange(years, month + 1)[1]))


def erase(case: Case) -> bool:
    """Erases everything personal of one ended case; False when it was taken up again meanwhile. Files go first, outside the
    transaction: when anything fails after that, the next run finds the rows and finishes."""
    files = Attachment.objects.filter(Q(added_by_reporter=True) | Q(report__isnull=False), case=case)
    if not Case.objects.filter(pk=case.pk, ended_at__isnull=False).exists():
        return False
    for attachment in files:
        attachment.file.delete(save=False)
        if attachment.thumbnail:
            attachment.thumbnail.delete(save=False)
    with transaction.atomic():
        with changing(case) as fresh:
            if fresh.ended_at is None:
                return False
            files.delete()
            _empty(fresh)
            for eraser in _erasers:
                eraser(fresh)
        # The triggers keep every row as it was before: what was just erased, too.
        apps.get_model("cases", "CaseHistory").objects.filter(pgh_obj=case.pk).delete()
        apps.get_model("cases", "ReportHistory").objects.filter(pgh_obj__case=case.pk).delete()
    return True


def _empty(case: Case) -> None:
    """Everything of the core. What anybody wrote to or about the reporter goes too: it may name them. The place stays to
    about a hundred metres."""
    reports = case.reports.select_related("reporter__account", "reporter__number").order_by("id")
    for report in reports:
        if report.reporter is not None:
            erase_reporter(report.reporter, clock.now())
        report.verifications.update(value="")
    count = reports.update(
        text="", observed="", answers=[], latitude=None, longitude=None, place_label="", registered_by=None
    )
    case.questions.update(text="", answer="")
    Reaction.objects.filter(closing__case=case).update(text="", answer="")
    case.closings.update(text="")
    case.events.update(text="")
    case.events.filter(by_reporter=True).update(by=None, by_name="")
    events.append(case, EventKind.ERASED, SYSTEM, data={"reports": count})
    case.title = (case.category.name if case.category else "Melding")[:200]
    case.summary, case.place_label = "", case.street
    if case.latitude is not None and case.longitude is not None:
        case.latitude, case.longitude = round(case.latitude, DECIMALS), round(case.longitude, DECIMALS)
