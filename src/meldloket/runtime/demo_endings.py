"""Cases of the demonstration that came to their end: closed with honest words, with a photo of the work, by reporters who
are satisfied or not, who evaluate or wait; each step through the product's commands, the same at every start."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from itertools import cycle, islice

from PIL import Image, ImageDraw

from meldloket.actions import commands as actions
from meldloket.actions import work
from meldloket.actions.closing import draft
from meldloket.actions.commands import Plan
from meldloket.actions.models import Task
from meldloket.actions.work import Entry, Result
from meldloket.cases import clock, closing, commands, terms
from meldloket.cases.lifecycle import STATES, Outcome
from meldloket.cases.models import Attachment, Case, Reaction, Report
from meldloket.evaluation import answering, inviting, processing
from meldloket.evaluation.models import Invitation
from meldloket.intake import files
from meldloket.people.models import Account
from meldloket.people.roles import Actor, Role

from .demo_history import at, citizen

ENOUGH = 60  # reports from which some have ended
COUNT = 40  # of them, so that figures about evaluations are more than hidden ones
FIRST, LAST = 20, 10  # how many days ago the oldest and the newest came in

#: Category → what was done, in the words of whoever did it.
WORKS: dict[str, tuple[str, str]] = {
    "wegdek": ("Put in de rijweg vullen", "De put is gevuld met koudasfalt"),
    "voetpad": ("Losse tegels vastleggen", "Zes tegels zijn opnieuw gelegd"),
    "straatverlichting": ("Lamp vervangen", "Er hangt een nieuwe ledlamp"),
    "sluikstort": ("Sluikstort opruimen", "Alles is opgehaald en weggevoerd"),
    "boom": ("Takken snoeien", "De takken boven het fietspad zijn gesnoeid"),
}
#: How cases end, again and again in this order, with the words of the handler; without words: what was done.
ENDINGS: tuple[tuple[Outcome, str], ...] = (
    (Outcome.DONE, ""),
    (Outcome.DONE, "Onze ploeg kwam langs en loste het ter plaatse op. Bedankt dat u ons dit liet weten."),
    (Outcome.DONE, ""),
    (
        Outcome.PLANNED,
        "Wij lossen dit nu nog niet op. Het werk staat in het programma van het voorjaar. Wij sluiten uw melding af, maar "
        "het werk staat bij ons op de lijst.",
    ),
    (Outcome.DONE, "Het is hersteld. Bedankt dat u ons dit liet weten."),
    (
        Outcome.NOT_FOUND,
        "Wij gingen twee keer kijken en vonden het probleem niet meer. Ziet u het nog? Reageer dan met een foto.",
    ),
    (Outcome.DONE, ""),
    (
        Outcome.NOT_OURS,
        "Wij kunnen dit niet oplossen, omdat het Agentschap Wegen en Verkeer hiervoor bevoegd is. U kan het daar melden.",
    ),
    (Outcome.DONE, "Wij hebben dit dezelfde week nog aangepakt."),
    (
        Outcome.REFUSED,
        "Wij voeren dit niet uit. De reden: de plaats voldoet aan de norm, en andere straten gaan voor. Bent u het daar "
        "niet mee eens? Laat het ons weten; een medewerker bekijkt uw reactie.",
    ),
)
#: Number of the ending → what its reporter says who is not satisfied, and what comes of it (None: it waits).
REACTIONS: dict[int, tuple[str, str | None]] = {
    5: ("Het probleem is er elke avond. U kwam wellicht overdag.", "heropend"),
    9: ("In de straat hiernaast deed u het wel. Dat begrijp ik niet.", "beantwoord"),
    20: ("Na de regen van gisteren is de put er weer.", None),
    29: ("Ik vind het jammer dat niemand mij belde.", None),
}
#: What evaluations say in words, by how satisfied somebody is.
REMARKS = {
    1: ("Ik moest drie keer bellen.", "Er is niets veranderd."),
    2: ("Het duurde lang en niemand zei waarom.", "Het werk is maar half gedaan."),
    3: ("Goed gewerkt, maar ik wist niet wanneer ze kwamen.", ""),
    4: ("Vriendelijke ploeg.", "Vlot geholpen.", ""),
    5: ("Heel snel opgelost, dank u!", "Fijn dat ik alles kon volgen.", ""),
}
LEFT = (
    "De rand zit nog los.",
    "Na een dag was het er weer.",
    "Alleen het stuk voor nummer 12 is gedaan.",
    "Niemand kwam kijken.",
    "Het bord staat er nog altijd niet.",
    "",
)


def moments(dice: random.Random) -> list[datetime]:
    """When these reports came in, oldest first, at hours when people report."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = [FIRST - round(number * (FIRST - LAST) / (COUNT - 1)) for number in range(COUNT)]
    return sorted(today - timedelta(days=days) + timedelta(minutes=dice.randrange(420, 1260)) for days in days)


class Endings:
    """Plays the end of one report after the other, then the mornings on which evaluations are asked."""

    def __init__(self) -> None:
        self.dice = random.Random(20261127)  # noqa: S311  (a demonstration, the same at every start)
        self.now = clock.now()
        self.workers = list(Account.objects.filter(roles__contains=[Role.WORKER]).order_by("pk"))
        self.handlers = list(Account.objects.filter(roles__contains=[Role.HANDLER]).order_by("pk"))
        self.endings = cycle(ENDINGS)
        self.played: list[int] = []

    def categories(self) -> Iterator[str]:
        """The categories of these reports, in turn."""
        return islice(cycle(WORKS), COUNT)

    def play(self, report: Report) -> None:
        """From admissible to closed, within the week."""
        number, (outcome, words) = len(self.played), next(self.endings)
        self.played.append(report.pk)
        case = report.case
        by = (case.handler or self.dice.choice(self.handlers)).actor
        with self._later(report.submitted_at, 1):
            commands.declare_admissible(case, by=by, text="Uw melding is ontvankelijk. De dienst gaat ter plaatse kijken.")
        case = Case.objects.select_related("category", "department", "handler").get(pk=case.pk)
        if case.handler is None:
            commands.reassign(case, by=by, handler=self._account(by), department=case.department, why="Ik volg dit op.")
        photos: list[Attachment] = []
        if outcome == Outcome.DONE and not words:
            self._carry_out(case, by, report.submitted_at)
            begun = draft(case)
            words, photos = begun.text, begun.photos
        with self._later(report.submitted_at, 4):
            fresh = Case.objects.get(pk=case.pk)
            closing.close(fresh, by=by, outcome=outcome, text=words, photos=photos)
        if number in REACTIONS:
            self._react(report, by, *REACTIONS[number])

    def _account(self, by: Actor) -> Account:
        return next(row for row in self.handlers if row.pk == by.account_id)

    def _carry_out(self, case: Case, by: Actor, since: datetime) -> None:
        """One action with one task, done by a worker who takes a photo that everybody may see."""
        assert case.category is not None and case.department is not None, "made with a category"
        title, result = WORKS[case.category.code]
        worker = next((row for row in self.workers if case.department.code in row.departments), self.workers[0])
        with self._later(since, 2):
            actions.add_action(case, Plan(title, case.department), by=by)
            actions.propose(case, by=by, text=actions.proposal_text(case))
        with self._later(since, 3):
            shot = _photo(self.dice)
            for task in Task.objects.filter(parts__case=case):
                taken = Result(minutes=45, photo_ids=(shot.pk,), public_photos=True)
                work.finish(task, by=worker.actor, entry=Entry(text=result), result=taken)

    def _react(self, report: Report, by: Actor, text: str, then: str | None) -> None:
        own = Report.objects.select_related("case", "reporter__account").get(pk=report.pk)
        with self._later(own.submitted_at, 5):
            reaction: Reaction = closing.react(own, by=citizen(own), text=text)
        if then is None:
            return
        with self._later(own.submitted_at, 6):
            if then == "heropend":
                commands.reopen(own.case, by=by, text="U hebt gelijk. Wij komen opnieuw kijken, nu ’s avonds.")
            else:
                words = (
                    "In die straat is de schade groter: daar ligt geen fundering meer. Wij kijken in het voorjaar opnieuw."
                )
                closing.answer_reaction(reaction, by=by, text=words)

    def _later(self, moment: datetime, days: int) -> AbstractContextManager[None]:
        """An hour of work so many working days after a moment, never after now."""
        day = terms.add_working_days(moment.date(), days)
        hour = moment.replace(year=day.year, month=day.month, day=day.day, hour=9 + days, minute=self.dice.randrange(60))
        return at(min(max(hour, moment + timedelta(minutes=20 * days)), self.now))

    def mornings(self) -> None:
        """Every morning asks whom it must; in the evening some answer, and the next day handlers read some of it."""
        first = self.now.date() - timedelta(days=FIRST)
        for day in range(FIRST + 1):
            morning = datetime.combine(first + timedelta(days=day), time(9), self.now.tzinfo)
            with at(min(morning, self.now)):
                inviting.send_due()
                inviting.remind_due()
            evening = morning + timedelta(hours=10)
            if evening < self.now:
                with at(evening):
                    self._answer()
        self._process()

    def _answer(self) -> None:
        """Most of those who were asked answer within a few days. Lotte does not: whoever looks around as her can."""
        waiting = Invitation.objects.filter(state=Invitation.State.SENT, report__in=self.played).order_by("pk")
        others = waiting.exclude(report__reporter__first_name="Lotte")
        for invitation in others.select_related("version", "report__case"):
            if self.dice.random() < 0.35:
                answering.submit(invitation, self._words(invitation.report.case))

    def _words(self, case: Case) -> dict[str, list[str]]:
        done = case.outcome == Outcome.DONE
        overall = self.dice.choices((1, 2, 3, 4, 5), (0, 1, 1, 7, 8) if done else (3, 4, 3, 1, 0))[0]
        solved = "yes" if done and overall > 2 else "partly" if overall > 2 else "no"
        answers = {
            "overall": [str(overall)],
            "solved": [solved],
            "informed": [str(max(1, min(5, overall + self.dice.choice((-1, 0, 0, 1)))))],
            "better": self.dice.sample(("faster", "words", "work", "contact"), 2),
            "remark": [self.dice.choice(REMARKS[overall])],
        }
        return answers if solved == "yes" else {**answers, "what_left": [self.dice.choice(LEFT)]}

    def _process(self) -> None:
        """Half of it is dealt with, in each of the ways; the rest waits."""
        rows = Invitation.objects.filter(state=Invitation.State.ANSWERED, report__in=self.played).order_by(
            "answered_at", "pk"
        )
        found = list(rows.select_related("report__case__handler", "report__case__department"))
        for place, evaluation in enumerate(found[: len(found) // 2]):
            case = evaluation.report.case
            assert case.handler is not None and case.department is not None, "played with both"
            by, moment = case.handler.actor, evaluation.answered_at or self.now
            with at(min(moment + timedelta(hours=15), self.now)):
                if place == 2 and STATES[case.status].ended:
                    plan = Plan("Rand afwerken", case.department)
                    processing.into_action(
                        evaluation, plan, by=by, text="U hebt gelijk: de rand zit nog los. Wij komen terug."
                    )
                elif place == 5:
                    processing.into_report(evaluation, by=by, text="Ook de goot ernaast is verzakt.")
                elif place % 3 == 0:
                    processing.answer(evaluation, by=by, text="Bedankt. Wij geven uw woorden door aan de ploeg.")
                else:
                    processing.acknowledge(evaluation, by=by)


def _photo(dice: random.Random) -> Attachment:
    """A drawn street after the work, cleaned and stored as any photo."""
    picture = Image.new("RGB", (960, 640), (168, 170, 172))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 960, 170), fill=(206, 216, 222))
    for x in range(0, 960, 120):
        pen.rectangle((x, 60, x + 100, 170), fill=(150 + dice.randrange(40), 110, 96))
    pen.rectangle((0, 170, 960, 250), fill=(196, 190, 180))
    left = 220 + dice.randrange(300)
    pen.ellipse((left, 340, left + 280, 520), fill=(84, 86, 90))
    for x in range(20, 960, 160):
        pen.rectangle((x, 575, x + 90, 590), fill=(240, 240, 236))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    out.seek(0)
    return files.keep(files.clean(out, "na het werk.jpg", out.getbuffer().nbytes), by_reporter=False)
