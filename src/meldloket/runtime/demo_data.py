"""Fills the demonstration municipality once: catalogue, people in every role, and cases with the rhythm of real ones."""

from __future__ import annotations

import csv
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.text import slugify

from meldloket.cases import clock
from meldloket.cases.models import Case, IntakeChannel
from meldloket.catalogue import current
from meldloket.catalogue.models import Department, OtherSystem
from meldloket.decisions import drafting
from meldloket.decisions.models import Body, CompetenceRule, Meeting, ProposalTemplate
from meldloket.insight import keeping
from meldloket.insight.opendata import publishing
from meldloket.intake import drafts
from meldloket.intake.models import Draft
from meldloket.intake.submit import locate, submit
from meldloket.people import api_clients
from meldloket.people.login import account_for
from meldloket.people.models import Account, ApiClient
from meldloket.people.ports import Identity
from meldloket.people.roles import Role
from meldloket.sandbox.acmidm.staff import STAFF
from meldloket.sandbox.addresses.plane import to_plane
from meldloket.sandbox.addresses.register import Register
from meldloket.sandbox.addresses.town import Town
from meldloket.sandbox.config import MINUTES_CLIENT, MINUTES_SECRET, OFFSETS, OPEN311_KEY, PARTNER_SECRET
from meldloket.sandbox.persons import CITIZENS, Citizen
from meldloket.screening.phrases import phrases_by_category

from . import demo_assen, demo_endings, loading
from .demo_endings import Endings
from .demo_history import MOVED, History, at
from .demo_work import Play
from .startup import progress

#: Which departments the demonstration's handlers work for, by the key of their test person.
DEPARTMENTS = {
    "karim": ("Openbare werken", "Patrimonium"),
    "sofie": ("Milieu",),
    "jan": ("Groen", "Evenementen"),
    "nadia": ("Mobiliteit", "Preventie"),
    "pieter": ("Omgeving", "Wonen", "Klachten"),
    "tom": ("Openbare werken", "Milieu", "Groen"),
    "internadvies": ("Mobiliteit", "Groen", "Omgeving"),
}
ROLES = {"tom": Role.WORKER, "internadvies": Role.INTERNAL_ADVISER}
WITHOUT_SHARED = 400  # reports when the real rhythm is not at hand
ENOUGH = 200  # reports from which some have advice and work
BRUSSELS = ZoneInfo("Europe/Brussels")


#: Somebody for whom the desk filled in the form: no e-mail, no SMS, to be called.
PHONED: dict[str, Any] = {
    "me": {"first_name": "Godelieve", "last_name": "Baert", "address": {}},
    "contact": {"email": "", "mobile": "+32470000123", "language": "nl", "wants_email": False, "wants_sms": False},
}


@dataclass(frozen=True)
class Arrival:
    """One report to be made: when, of which category, where (WGS84 degrees)."""

    at: datetime
    category: str
    latitude: float
    longitude: float
    ends: bool = False  # it is closed by now, and somebody is behind it who evaluates
    by_phone: bool = False  # of somebody who has nothing but a telephone


def fill(most: int | None) -> None:
    """Catalogue and people always (what exists stays); cases only into an empty database, the newest `most` of them (None:
    all)."""
    loading.load(None, overwrite=False, progress=lambda items, *_: items)
    _people()
    _systems()
    _decisions()
    if Case.objects.exists():
        return
    arrivals = _real(_assen()) if _assen() is not None else _invented(WITHOUT_SHARED)
    chosen = list(arrivals)
    chosen = chosen if most is None else chosen[max(0, len(chosen) - most) :]
    reports = Reports()
    ending = reports.ending() if len(chosen) >= demo_endings.ENOUGH else []
    for arrival in progress(sorted([*chosen, *ending], key=lambda one: one.at), "Reports"):
        reports.make(arrival)
    if ending:
        reports.endings.mornings()
    if len(chosen) >= ENOUGH:
        Play().all()
    keeping.refresh_all()
    publishing.publish_due()


def _people() -> None:
    """The departments of handlers, workers and advisers, which ACM/IDM does not know; the rest comes with a first login."""
    for person in STAFF:
        for membership in person.memberships:
            organisation = membership.code
            if organisation != settings.ORGANISATION_CODE or person.key not in DEPARTMENTS:
                continue
            roles = [ROLES.get(person.key, Role.HANDLER)]
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


def _systems() -> None:
    """Other systems on the sandbox's ports, one per adapter; the ports can be others at each start."""
    port = int(settings.BASE_URL.rpartition(":")[2])
    works = Department.objects.filter(code="openbare-werken").first()
    rows: tuple[tuple[str, dict[str, Any], str], ...] = (
        (
            "leiestroom",
            {
                "name": "Netbeheer Leiestroom",
                "adapter": OtherSystem.Adapter.OPEN311,
                "url": f"http://127.0.0.1:{port + OFFSETS['open311']}/georeport/v2",
                "settings": {"service_code": "LAMP", "jurisdiction_id": "leiestroom.example", "updates": True},
            },
            OPEN311_KEY,
        ),
        (
            "kasseilegger",
            {
                "name": "Aannemer De Kasseilegger",
                "adapter": OtherSystem.Adapter.WEBHOOK,
                "url": f"http://127.0.0.1:{port + OFFSETS['workorders']}/hooks/meldloket",
            },
            PARTNER_SECRET,
        ),
        (
            "groendienst-leie",
            {
                "name": "Maatwerkbedrijf Groendienst Leie",
                "adapter": OtherSystem.Adapter.EMAIL,
                "email": "werk@groendienst-leie.example",
            },
            "",
        ),
    )
    if not ApiClient.objects.filter(client_id=MINUTES_CLIENT).exists():
        api_clients.create(
            "Notulenpakket",
            ApiClient.Kind.OAUTH,
            client_id=MINUTES_CLIENT,
            scopes=("decisions",),
            partner=MINUTES_CLIENT,
            secret=MINUTES_SECRET,
        )
    for code, values, secret in rows:
        system, new = OtherSystem.objects.update_or_create(code=code, defaults=values)
        if new and works is not None and code != "groendienst-leie":
            system.departments.add(works)
        if secret and not ApiClient.objects.filter(partner=code).exists():
            api_clients.create(values["name"], ApiClient.Kind.OAUTH, client_id=code, partner=code, outbound=secret)


def _decisions() -> None:
    """Who decides, how proposals begin, and the meetings of the coming weeks."""
    if not CompetenceRule.objects.exists():
        CompetenceRule.objects.create(
            order=10,
            from_cost=Decimal(50_000),
            body=Body.COUNCIL,
            competence="Het decreet over het lokaal bestuur: de gemeenteraad is bevoegd boven deze drempel.",
        )
        CompetenceRule.objects.create(
            order=20,
            body=Body.COLLEGE,
            competence="Het decreet over het lokaal bestuur: het college is bevoegd voor het dagelijks bestuur.",
        )
    if not ProposalTemplate.objects.exists():
        ProposalTemplate.objects.create(
            title="Maatregel na melding {referentie}: {onderwerp}, {plaats}",
            legal_ground="Het decreet van 22 december 2017 over het lokaal bestuur.",
            facts=drafting.FACTS,
        )
    first = clock.today() + timedelta(days=(7 - clock.today().weekday()) % 7 or 7)
    for week in range(8):
        monday = first + timedelta(weeks=week)
        closes = datetime.combine(monday - timedelta(days=4), time(12), BRUSSELS)
        Meeting.objects.get_or_create(body=Body.COLLEGE, held_on=monday, defaults={"closes_at": closes})
        if week % 4 == 3:
            evening = monday + timedelta(days=3)
            early = datetime.combine(evening - timedelta(days=10), time(12), BRUSSELS)
            Meeting.objects.get_or_create(body=Body.COUNCIL, held_on=evening, defaults={"closes_at": early})


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


class Reports:
    """Makes the reports one by one, through the intake's own commands."""

    def __init__(self) -> None:
        self.dice = random.Random(20261123)  # noqa: S311  (a demonstration, the same at every start)
        self.texts = phrases_by_category()
        self.register = Register(Town())
        self.history = History()
        self.endings = Endings()
        self.citizens = [self._citizen(person) for person in CITIZENS[:8] if person.insz]

    def make(self, arrival: Arrival) -> None:
        """The report at its moment, and what came after it. Nobody is told of most of them: there is nobody behind it."""
        category = arrival.category if arrival.category in self.texts else "overig"
        recent = self.history.now - arrival.at < MOVED
        known = not arrival.by_phone and (arrival.ends or (recent and self.dice.random() < 0.3))
        draft: Draft = drafts.start(self.dice.choice(self.citizens) if known else None, channel=IntakeChannel.WEB)
        draft.channel = IntakeChannel.WEB if recent or arrival.ends else IntakeChannel.IMPORT
        if arrival.by_phone:
            draft.channel = IntakeChannel.PHONE
        draft.public_id = uuid.UUID(int=self.dice.getrandbits(128), version=4)
        draft.number = draft.account.number if draft.account else None
        draft.data = {
            "what": {
                "text": self.dice.choice(self.texts[category]),
                "category": category if arrival.ends or self.dice.random() < 0.7 else "",
            },
            "where": self._where(arrival),
            "when": {"text": ""},
            **(PHONED if arrival.by_phone else self._who(draft.account)),
        }
        draft.save()
        with at(arrival.at):
            report, _ = submit(draft, by=None, submitted_at=arrival.at)
        if arrival.ends:
            self.endings.play(report)
        else:
            self.history.play(report)

    def ending(self) -> list[Arrival]:
        """The reports that came to their end, spread over the town."""
        home, dice = current.catalogue().municipality, self.endings.dice
        return [
            Arrival(
                moment,
                category,
                home.centre_latitude + dice.gauss(0, 0.006),
                home.centre_longitude + dice.gauss(0, 0.009),
                ends=True,
                by_phone=number % 15 == 7,
            )
            for number, (moment, category) in enumerate(
                zip(demo_endings.moments(dice), self.endings.categories(), strict=True)
            )
        ]

    def _where(self, arrival: Arrival) -> dict[str, Any]:
        """The point with the address next to it, as the form would have found it."""
        x, y = to_plane(arrival.latitude, arrival.longitude)
        near = self.register.near((x, y), 1)
        street, label = "", "Aangeduid op de kaart"
        if near and near[0][0] < 80:
            address = near[0][1]
            street = address.street.name
            label = f"{street} {address.number}, {address.street.postcode} {address.street.municipality.name}"
        return {
            "latitude": round(arrival.latitude, 7),
            "longitude": round(arrival.longitude, 7),
            "label": label,
            "street": street,
            "competent": locate(arrival.latitude, arrival.longitude).competent or "",
        }

    def _who(self, account: Account | None) -> dict[str, Any]:
        if account is None:
            return {
                "me": {"first_name": "", "last_name": "", "address": {}},
                "contact": {"email": "", "mobile": "", "language": "nl"},
            }
        email = f"{slugify(account.first_name)}.{slugify(account.last_name)}@voorbeeld.example"
        return {
            "me": {"first_name": account.first_name, "last_name": account.last_name, "address": {}},
            "contact": {"email": email, "mobile": "", "language": "nl", "wants_email": True},
        }

    def _citizen(self, person: Citizen) -> Account:
        """The account that the first login of this test person would make."""
        return account_for(
            Identity(
                audience="citizen",
                issuer="",
                subject=person.key,
                first_name=person.first_names[0],
                last_name=person.last_name,
                national_number=person.insz or "",
            )
        )
