"""What happened to the demonstration's reports after they came in: the made-up municipality moved to Meldloket a few weeks
ago, so older reports were taken over as handled and newer ones were worked on, each step through the product's commands."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from meldloket.cases import clock, commands, conversation, terms
from meldloket.cases.models import Case, Report, StandardText
from meldloket.people.models import Account
from meldloket.people.roles import SYSTEM, Actor, Role

#: How long ago the municipality began with Meldloket.
MOVED = timedelta(days=21)
#: Of the reports since then, how many a handler has looked at when they are older than some working days.
LOOKED_AT = ((1, 0.35), (2, 0.7), (4, 0.93), (9, 0.99))
INADMISSIBLE = ("other_authority", "private_matter", "duplicate", "information_request")
NOTES = (
    "Ploeg van dinsdag neemt dit mee op haar ronde.",
    "Ter plaatse geweest: klopt, foto's staan in de map van de dienst.",
    "Aannemer gebeld, komt volgende week kijken.",
    "Zelfde plaats als vorige maand.",
)
ANSWERS = (
    "Het is ter hoogte van de tweede lantaarn, aan de kant van de oneven nummers.",
    "Ja, het is er nog altijd. Vooral in de ochtend.",
    "Het gaat om het stuk tussen de hoek en de bushalte.",
)
DELAYS = (
    "Wij wachten op onderdelen van de leverancier.",
    "De aannemer kan pas volgende week beginnen.",
    "Het weer laat de werken nu niet toe.",
)


class History:
    """Plays the weeks after a report, the same at every start."""

    def __init__(self) -> None:
        self.dice = random.Random(20261019)  # noqa: S311  (a demonstration, not a secret)
        self.now = clock.now()
        self.handlers = list(Account.objects.filter(roles__contains=[Role.HANDLER]).order_by("pk"))
        self.texts = {(row.use, row.reason): row.body for row in StandardText.objects.order_by("-pk")}

    def play(self, report: Report) -> None:
        """Lets the case of `report` come as far as it would have come by now."""
        case, since = report.case, report.submitted_at
        if self.now - since > MOVED:
            with at(self._later(since, 3, 12)):
                commands.take_over_handled(case, by=SYSTEM)
            return
        days = terms.working_days_between(since.date(), self.now.date())
        if self.dice.random() > next((share for most, share in LOOKED_AT if days <= most), 1.0):
            return
        handler = case.handler or self.dice.choice(self.handlers)
        if case.category is not None and not case.is_complaint:
            self._work(case, report, handler.actor)

    def _work(self, case: Case, report: Report, handler: Actor) -> None:
        first_look, chance = self._later(report.submitted_at, 0, 2), self.dice.random()
        with at(first_look):
            if chance < 0.07:
                reason = self.dice.choice(INADMISSIBLE)
                commands.declare_inadmissible(
                    case, by=handler, reason=reason, text=self._text("inadmissible", reason, case)
                )
                return
            if chance < 0.2 and not self._ask(case, report, handler):
                return
            if chance > 0.96:
                commands.withdraw(case, by=citizen(report), reason="Het is ondertussen opgelost.")
                return
        with at(self._later(first_look, 1, 3)):
            commands.declare_admissible(case, by=handler, text=self._text("admissible", "", case))
            if self.dice.random() < 0.75:
                commands.start_assessment(case, by=handler)
            if self.dice.random() < 0.25:
                commands.add_note(case, by=handler, text=self.dice.choice(NOTES))
        self._keep_the_term(case, handler)

    def _ask(self, case: Case, report: Report, handler: Actor) -> bool:
        """Asks the reporter something; True when the answer came."""
        due = terms.add_working_days(clock.today(), 10)
        conversation.ask_reporter(case, by=handler, report=report, text=self._text("question", "", case), due=due)
        if self.dice.random() < 0.4 and due >= self.now.date():
            return False
        question = case.questions.latest("pk")
        with at(self._later(clock.now(), 0, 2)):
            conversation.answer_question(question, by=citizen(report), text=self.dice.choice(ANSWERS))
        case.refresh_from_db()
        return True

    def _keep_the_term(self, case: Case, handler: Actor) -> None:
        """Most terms that would have run out by now were extended in time; some were forgotten."""
        case.refresh_from_db()
        if case.target_date is None or case.target_date > self.now.date() or self.dice.random() < 0.05:
            return
        with at(min(self.now, self._later(case.submitted_at, 3, 4))):
            later = terms.add_working_days(self.now.date(), self.dice.randrange(1, 15))
            commands.extend_term(case, by=handler, target=later, why=self.dice.choice(DELAYS))

    def _text(self, use: str, reason: str, case: Case) -> str:
        words = {
            "{dienst}": case.department.name if case.department else "de dienst",
            "{streefdatum}": f"{case.target_date:%d/%m/%Y}" if case.target_date else "binnenkort",
            "{telefoon}": "09 000 00 00",
            "[vul in wie]": "het Agentschap Wegen en Verkeer",
            "[vul in hoe]": "zijn meldpunt",
            "[vul in]": "dat leest u op onze website",
        }
        text = self.texts.get((use, reason), "Dank u voor uw melding.")
        for gap, filling in words.items():
            text = text.replace(gap, filling)
        return text

    def _later(self, moment: datetime, least: int, most: int) -> datetime:
        """An hour of work, so many working days after a moment, and never after now."""
        day = terms.add_working_days(moment.date(), self.dice.randint(least, most))
        at_work = moment.replace(year=day.year, month=day.month, day=day.day, hour=self.dice.randrange(8, 16))
        return min(max(at_work, moment + timedelta(minutes=20)), self.now)


def citizen(report: Report) -> Actor:
    """Who made the report, as somebody who acts."""
    account = report.reporter.account if report.reporter else None
    if account is not None:
        return account.actor
    return Actor(account_id=None, name="Melder", roles=frozenset({Role.CITIZEN}))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything in this block happens at that moment."""
    before = clock.set_clock(lambda: moment)
    try:
        yield
    finally:
        clock.set_clock(before)
