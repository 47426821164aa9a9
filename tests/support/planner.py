"""Run as a program against an installation of its own (`python -m support.planner 3`): so many reports, each brought to its
third status by the product's commands. Prints their references as JSON."""

from __future__ import annotations

import json
import os
import sys


def main(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meldloket.runtime.settings")
    import django

    django.setup()
    from meldloket.cases import commands
    from meldloket.people.models import NationalNumber
    from meldloket.people.roles import Role
    from support import factories as make
    from support.messages import reachable

    by = make.make_staff(Role.HANDLER, departments=("openbare-werken",)).actor
    category = make.make_catalogue()["wegdek"]
    references = []
    for _ in range(count):
        number = NationalNumber.of(make.fictitious_number(1))
        report = make.submit_report(
            reporter=reachable(None, number=number, wants_sms=False), category=category, department=category.department
        )
        commands.declare_admissible(report.case, by=by, text="Wij komen kijken.")
        commands.start_assessment(report.case, by=by)
        references.append(report.reference)
    sys.stdout.write(json.dumps(references))


if __name__ == "__main__":
    main(int(sys.argv[1]))
