"""People, a catalogue and cases for tests: made through the product's own commands wherever there is one."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from meldloket.cases.commands import NewReport, register_report
from meldloket.cases.models import Case, Report
from meldloket.catalogue.models import Category, Department, Municipality
from meldloket.people import protect
from meldloket.people.models import Account, NationalNumber, Reporter
from meldloket.people.roles import Role

_numbers = itertools.count(1)


def fictitious_number(serial: int) -> str:
    """A national number that fits the check digits and belongs to no one (month 61, specs/identity chapter 3)."""
    first = f"8561{10 + serial // 900 % 18:02d}{serial % 900 + 1:03d}"
    return f"{first}{97 - int(first) % 97:02d}"


def make_catalogue() -> dict[str, Category]:
    """A small catalogue: two departments, a complaints queue and three categories, by code."""
    Municipality.objects.get_or_create(
        nis="49999",
        defaults={
            "name": "Lindekerke",
            "organisation_code": "0207123456",
            "postcodes": ["9999"],
            "phone": "+32 9 000 00 00",
            "email": "meldingen@lindekerke.example",
        },
    )
    works, _ = Department.objects.get_or_create(code="openbare-werken", defaults={"name": "Openbare werken"})
    green, _ = Department.objects.get_or_create(code="groen", defaults={"name": "Groen"})
    Department.objects.get_or_create(code="klachten", defaults={"name": "Klachten", "handles_complaints": True})
    rows = [
        ("wegdek", "Wegen en voetpaden", "Schade aan de rijweg", works, 5, 10),
        ("straatverlichting", "Verlichting", "Straatverlichting", works, 10, 20),
        ("boom", "Groen", "Boom", green, 3, 10),
    ]
    return {
        code: Category.objects.get_or_create(
            code=code,
            defaults={
                "main_category": main,
                "name": name,
                "department": department,
                "target_days": target,
                "final_days": final,
            },
        )[0]
        for code, main, name, department, target, final in rows
    }


def make_citizen(first_name: str = "Lotte", last_name: str = "Peeters", **fields: Any) -> Account:
    """A citizen with a national number of their own."""
    number = NationalNumber.of(fictitious_number(next(_numbers)))
    return Account.objects.create(
        key=f"burger:{number.digest}",
        first_name=first_name,
        last_name=last_name,
        roles=[Role.CITIZEN],
        number=number,
        **fields,
    )


def make_staff(*roles: str, departments: tuple[str, ...] = (), name: str = "Karim Aerts", **fields: Any) -> Account:
    """A member of staff of the municipality with these roles."""
    first, _, last = name.partition(" ")
    return Account.objects.create(
        key=f"{uuid.uuid4()}@0207123456",
        first_name=first,
        last_name=last,
        is_staff_account=True,
        roles=list(roles),
        departments=list(departments),
        organisation_code=fields.pop("organisation_code", "0207123456"),
        **fields,
    )


def make_reporter(account: Account | None = None, **fields: Any) -> Reporter:
    """Unsaved personal data of a report, reachable by e-mail."""
    values: dict[str, Any] = {
        "account": account,
        "number": account.number if account else None,
        "first_name": account.first_name if account else "Jo",
        "last_name": account.last_name if account else "Dierckx",
        "email": "melder@example.org",
        "language": "nl",
    }
    return Reporter(**{**values, **fields})


def submit_report(
    account: Account | None = None, *, text: str = "Er zit een diepe put in de weg.", **fields: Any
) -> Report:
    """A report through the core's own command; `reporter` may be given, else one is made for `account`."""
    values: dict[str, Any] = {
        "submission_key": uuid.uuid4(),
        "text": text,
        "title": text[:60],
        "reporter": fields.pop("reporter", None) or make_reporter(account),
        "latitude": 51.05,
        "longitude": 3.55,
        "place_label": "Kerkstraat 12, 9999 Lindekerke",
        "street": "Kerkstraat",
    }
    report, _ = register_report(NewReport(**{**values, **fields}))
    return report


def make_case(account: Account | None = None, **fields: Any) -> Case:
    """The case of a report that was just submitted."""
    return submit_report(account, **fields).case


def opened(account: Account) -> str:
    """The national number of a test citizen, for comparing with what a double got."""
    assert account.number is not None
    return protect.decrypt(bytes(account.number.ciphertext))
