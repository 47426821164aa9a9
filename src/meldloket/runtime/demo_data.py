"""Fills the demonstration municipality once: catalogue, people in every role, and cases with the rhythm of real ones."""

from __future__ import annotations

import csv
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import slugify

from meldloket.cases import clock
from meldloket.cases.models import Case, IntakeChannel
from meldloket.catalogue import current
from meldloket.catalogue.models import Department
from meldloket.intake import drafts
from meldloket.intake.models import Draft
from meldloket.intake.submit import locate, submit
from meldloket.people.models import Account
from meldloket.people.roles import Role
from meldloket.sandbox.acmidm.staff import STAFF
from meldloket.screening.phrases import phrases_by_category

from . import demo_assen, loading
from .cli import progress

#: Which departments the demonstration's handlers work for, by the key of their test person.
DEPARTMENTS = {
    "karim": ("Openbare werken", "Patrimonium"),
    "sofie": ("Milieu",),
    "jan": ("Groen", "Evenementen"),
    "nadia": ("Mobiliteit", "Preventie"),
    "pieter": ("Omgeving", "Wonen", "Klachten"),
}
WITHOUT_SHARED = 400  # reports when the real rhythm is not at hand
BRUSSELS = ZoneInfo("Europe/Brussels")


@dataclass(frozen=True)
class Arrival:
    """One report to be made: when, of which category, where (WGS84 degrees)."""

    at: datetime
    category: str
    latitude: float
    longitude: float


def fill(reports: int | None) -> None:
    """Catalogue and people always (what exists stays); cases only into an empty database."""
    loading.load(None, overwrite=False, progress=lambda items, *_: items)
    _people()
    if Case.objects.exists():
        return
    arrivals = _real(_assen()) if _assen() is not None else _invented(WITHOUT_SHARED)
    chosen = list(islice(arrivals, reports)) if reports is not None else list(arrivals)
    dice = random.Random(20261123)  # noqa: S311  (a demonstration, the same at every start)
    texts = phrases_by_category()
    for arrival in progress(chosen, "Reports"):
        _report(arrival, dice, texts)


def _people() -> None:
    """The handlers' departments, which ACM/IDM does not know; the rest of an account comes with its first login."""
    for person in STAFF:
        for membership in person.memberships:
            organisation = membership.code
            if organisation != settings.ORGANISATION_CODE or person.key not in DEPARTMENTS:
                continue
            roles = [Role.HANDLER]
            codes = [slugify(department) for department in DEPARTMENTS[person.key]]
            Account.objects.get_or_create(
                key=f"{person.vo_id}@{organisation}",
                defaults={
                    "first_name": person.first_name,
                    "last_name": person.last_name,
                    "email": person.email,
                    "is_staff_account": True,
                    "roles": roles,
                    "organisation_code": organisation,
                    "organisation_name": membership.name,
                    "departments": [code for code in codes if Department.objects.filter(code=code).exists()],
                },
            )


def _assen() -> Path | None:
    """The public reports of a real town, when the shared data stand beside the checkout; never part of the product."""
    path = Path(settings.ROOT).parent / "shared" / "data" / "assen-reports.csv"
    return path if path.exists() else None


def _real(path: Path | None) -> Iterator[Arrival]:
    """Moments and categories of the real town, oldest first, moved to end yesterday; places moved into Lindekerke."""
    if path is None:
        return
    with path.open(encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: row["created_at"])
    last = datetime.fromisoformat(rows[-1]["created_at"].replace("Z", "+00:00"))
    shift = timedelta(days=(clock.now() - _aware(last)).days - 1)
    latitudes = sorted(float(row["latitude"]) for row in rows if row["latitude"])
    longitudes = sorted(float(row["longitude"]) for row in rows if row["longitude"])
    middle = latitudes[len(latitudes) // 2], longitudes[len(longitudes) // 2]
    home = current.catalogue().municipality
    for row in rows:
        if not row["latitude"]:
            continue
        at = _aware(datetime.fromisoformat(row["created_at"].replace("Z", "+00:00"))) + shift
        code = demo_assen.CODES.get((row["category"], row["subcategory"]), "overig")
        latitude = home.centre_latitude + (float(row["latitude"]) - middle[0]) * 0.5
        longitude = home.centre_longitude + (float(row["longitude"]) - middle[1]) * 0.5
        yield Arrival(at, code, latitude, longitude)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))


def _invented(count: int) -> Iterator[Arrival]:
    """A made-up rhythm: more in daytime and on weekdays, a few categories far ahead of the others."""
    dice = random.Random(9999)  # noqa: S311
    home = current.catalogue().municipality
    categories = [category.code for category in current.catalogue().active_categories]
    weights = [1 / (place + 1) ** 0.7 for place in range(len(categories))]
    moments = sorted(clock.now() - timedelta(days=dice.uniform(1, 180)) for _ in range(count))
    for moment in moments:
        hour = min(22, max(6, round(dice.gauss(13, 4))))
        yield Arrival(
            moment.astimezone(BRUSSELS).replace(hour=hour, minute=dice.randrange(60)),
            dice.choices(categories, weights)[0],
            home.centre_latitude + dice.gauss(0, 0.008),
            home.centre_longitude + dice.gauss(0, 0.012),
        )


def _report(arrival: Arrival, dice: random.Random, texts: dict[str, list[str]]) -> None:
    """One report through the intake's own commands; nobody is told, for there is nobody behind it."""
    category = arrival.category if arrival.category in texts else "overig"
    located = locate(arrival.latitude, arrival.longitude)
    draft: Draft = drafts.start(None, channel=IntakeChannel.IMPORT)
    draft.public_id = uuid.UUID(int=dice.getrandbits(128), version=4)
    draft.data = {
        "what": {"text": dice.choice(texts[category]), "category": category if dice.random() < 0.7 else ""},
        "where": {
            "latitude": round(arrival.latitude, 7),
            "longitude": round(arrival.longitude, 7),
            "label": "Aangeduid op de kaart",
            "street": "",
            "competent": located.competent or "",
        },
        "when": {"text": ""},
        "me": {"first_name": "", "last_name": "", "address": {}},
        "contact": {"email": "", "mobile": "", "language": "nl"},
    }
    draft.save()
    submit(draft, by=None, submitted_at=arrival.at)
