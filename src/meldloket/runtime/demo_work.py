"""Advice, actions, tasks and referrals in the demonstration, so that whoever opens it finds every list filled: each step
through the product's commands, at plausible moments of the last days."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from meldloket.actions import commands as actions
from meldloket.actions import referring, work
from meldloket.actions.commands import Plan
from meldloket.actions.models import Task
from meldloket.actions.work import Division, Entry, Result
from meldloket.advice import answering
from meldloket.advice import commands as advice
from meldloket.advice.answering import Adviser, Content
from meldloket.advice.models import AdviceRequest, Share, Verdict
from meldloket.cases import clock, terms
from meldloket.cases.lifecycle import Status
from meldloket.cases.models import Case
from meldloket.catalogue.models import AdviceService, OtherSystem
from meldloket.decisions import commands as decisions
from meldloket.decisions import drafting, publishing, receiving
from meldloket.decisions import ports as decision_ports
from meldloket.decisions.models import Proposal, Publication
from meldloket.decisions.ports import Taken
from meldloket.decisions.receiving import Received, Session
from meldloket.people.models import Account
from meldloket.people.roles import Actor, Role
from meldloket.sandbox.minutes import signing

from . import env
from .demo_history import at

QUESTION = "Is deze plaats gevaarlijk voor wie er fietst of stapt? Welke maatregelen raadt u aan?"
DIRK, LIESBET = Adviser("Dirk Hermans"), Adviser("Liesbet Nys")
MEMBERS = ("Griet Vandamme", signing.ALDERMAN, "Johan Buyse")
DEPARTMENT = "openbare-werken"  # of the handler and the worker that visitors begin with


class Play:
    """One scene per case, on open cases of public works that have a handler, the newest first."""

    def __init__(self) -> None:
        self.dice = random.Random(20261124)  # noqa: S311  (a demonstration, the same at every start)
        self.now = clock.now()
        self.worker = Account.objects.filter(roles__contains=[Role.WORKER], departments__contains=[DEPARTMENT]).first()

    def all(self) -> None:
        """Plays the scenes as far as there are cases."""
        rows = Case.objects.filter(
            status__in=[Status.ADMISSIBLE, Status.IN_ASSESSMENT],
            department__code=DEPARTMENT,
            handler__isnull=False,
            waiting_for_reporter=False,
            submitted_at__lt=self.now - timedelta(days=6),  # so that there were working days for all of it
        )
        deciding = (self.waiting_for_decision, self.decided) if decision_ports.plugged.minutes is not None else ()
        scenes: tuple[Callable[[Case], None], ...] = (
            self.advice_half_in,
            self.advice_all_in,
            self.advice_by_link,
            self.advice_against,
            self.divided,
            self.in_execution,
            self.blocked,
            *deciding,
            lambda case: self.referred(case, "leiestroom", "Lamp herstellen"),
            lambda case: self.referred(case, "kasseilegger", "Kasseien herleggen"),
        )
        cases = rows.select_related("handler", "department", "category").order_by("-pk")
        for scene, case in zip(scenes, cases[: len(scenes)], strict=False):
            scene(case)

    @contextmanager
    def days_ago(self, days: int, case: Case) -> Iterator[None]:
        """A moment of work so many days ago, after what happened to the case before."""
        last = case.events.latest("at").at
        moment = (self.now - timedelta(days=days)).replace(hour=self.dice.randrange(8, 16), minute=self.dice.randrange(60))
        with at(min(max(moment, last + timedelta(minutes=30)), self.now)):
            yield

    def _ask(self, case: Case, *codes: str, days: int = 8) -> list[AdviceRequest]:
        services = list(AdviceService.objects.filter(code__in=codes).order_by("code"))
        due = terms.add_working_days(self.now.date(), days)
        share = (Share.TEXT, Share.PLACE, Share.PHOTOS)
        with self.days_ago(2, case):
            return advice.ask(case, [advice.Ask(row, QUESTION, due, share) for row in services], by=_handler(case))

    def _give(self, request: AdviceRequest, by: Adviser, verdict: Verdict, reasons: str, *conditions: str) -> None:
        with self.days_ago(1, request.case):
            answering.give(request, Content(verdict, reasons, conditions), by=by)

    def advice_half_in(self, case: Case) -> None:
        """The police answered with conditions; the fire brigade did not yet."""
        requests = {row.service.code: row for row in self._ask(case, "politie", "brandweer")}
        if "politie" in requests:
            words = "Door de helling rijden fietsers hier snel. Met de maatregelen hieronder is het veilig."
            conditions = ("Plaats nadars tot de herstelling klaar is", "Zet het bord “fietsers afstappen”")
            self._give(requests["politie"], DIRK, Verdict.CONDITIONAL, words, *conditions)

    def advice_all_in(self, case: Case) -> None:
        """Everything is in: the handler can work it in."""
        for request in self._ask(case, "politie", "brandweer"):
            by = DIRK if request.service.code == "politie" else LIESBET
            self._give(request, by, Verdict.NO_OBJECTION, "De hulpdiensten kunnen er altijd door.")

    def advice_by_link(self, case: Case) -> None:
        """A partner without an account; its mail with the personal link is in the post box. The term is near."""
        self._ask(case, "netbeheerder", days=1)

    def advice_against(self, case: Case) -> None:
        """An unfavourable advice: a point that the handler owns."""
        for request in self._ask(case, "brandweer"):
            self._give(request, LIESBET, Verdict.UNFAVOURABLE, "Met deze paaltjes kan de ladderwagen niet meer draaien.")

    def _propose(self, case: Case, title: str, *tasks: str, decision: bool = False) -> list[Task]:
        """One action with its tasks, proposed to the citizen three days ago."""
        department = case.department
        assert department is not None, "chosen by their department"
        due = terms.add_working_days(self.now.date(), self.dice.randint(2, 9))
        plan = Plan(title, department, due=due, needs_decision=decision, tasks=tasks)
        with self.days_ago(3, case):
            actions.add_action(case, plan, by=_handler(case))
            actions.propose(case, by=_handler(case), text=actions.proposal_text(case))
        found = list(Task.objects.filter(parts__case=case).order_by("id"))
        for task in found:
            if self.worker is not None and task.state == Task.State.OPEN:
                with self.days_ago(2, case):
                    work.divide(task, Division(department, self.worker, due, 90), by=_handler(case))
        return found

    def divided(self, case: Case) -> None:
        """Planned work of the next days."""
        self._propose(case, "Voetpad herleggen", "Tegels uitbreken", "Zand aanvullen en tegels leggen")

    def in_execution(self, case: Case) -> None:
        """One task done, one begun."""
        if self.worker is None:
            return
        first, second = self._propose(case, "Put in de rijweg herstellen", "Put beveiligen", "Put vullen met asfalt")
        with self.days_ago(1, case):
            done = Result(minutes=35, materials="4 nadars, 1 lamp")
            work.finish(first, by=self.worker.actor, entry=Entry(text="Nadars en lamp geplaatst."), result=done)
            work.start(second, by=self.worker.actor)

    def blocked(self, case: Case) -> None:
        """Work that can't go on, with the reason."""
        if self.worker is None:
            return
        (task,) = self._propose(case, "Paaltje terugplaatsen")
        with self.days_ago(1, case):
            why = "Er staat een container op de plaats. De aannemer haalt hem vrijdag weg."
            work.block(task, by=self.worker.actor, entry=Entry(text=why))

    def waiting_for_decision(self, case: Case) -> None:
        """A measure for which the college must decide: the proposal is with the secretariat once the worker runs."""
        self._propose(case, "Parkeerverbod invoeren", "Reglement bekendmaken", "Borden plaatsen", decision=True)
        with self.days_ago(1, case):
            self._hand_over(case)

    def _hand_over(self, case: Case) -> Proposal:
        """The proposal of a case, complete, on its way to the secretariat."""
        proposal = decisions.prepare(Case.objects.get(pk=case.pk), by=_handler(case))
        content = replace(drafting.content_of(proposal), alderman=signing.ALDERMAN)
        decisions.change(proposal, content, by=_handler(case))
        return decisions.hand_over(proposal, by=_handler(case))

    def decided(self, case: Case) -> None:
        """A measure that the college approved and the secretariat published, with real signatures of the double."""
        self._propose(case, "Zone 30 invoeren", "Borden plaatsen", decision=True)
        secretary = Actor(None, "Ria Goossens", frozenset({Role.SECRETARIAT}))
        with self.days_ago(2, case):
            proposal = self._hand_over(case)
            decisions.accepted(Proposal.objects.get(pk=proposal.pk), Taken(f"AP-{proposal.pk}"))
            receiving.receive(Proposal.objects.get(pk=proposal.pk), _signed(proposal))
        publication = Publication.objects.filter(decision__proposal=proposal).first()
        if publication is not None:
            with self.days_ago(1, case):
                publishing.confirm(publication, publishing.words_of(publication), by=secretary, at_once=True)

    def referred(self, case: Case, code: str, title: str) -> None:
        """A task in the hands of another system; it is handed over once the worker runs."""
        system = OtherSystem.objects.filter(code=code).first()
        tasks = self._propose(case, title)
        if system is not None:
            referring.refer(tasks[0], system, by=_handler(case))


def _signed(proposal: Proposal) -> Received:
    """The decision as the double would hand it back."""
    number, day = f"2026-CBS-{proposal.pk:04d}", clock.today()
    document = signing.page(proposal.title, [f"Besluit {number}", *proposal.articles])
    authority = signing.kept_authority(Path(env.text("DECISION_ANCHORS")).parent)
    for name in (signing.ALDERMAN, signing.DIRECTOR):
        document = signing.sign(document, name, by=authority)
    moment = clock.now().astimezone().isoformat()
    session = Session(
        planned=moment,
        start=moment,
        end=moment,
        place="Gemeentehuis",
        chair=MEMBERS[0],
        secretary=signing.DIRECTOR,
        present=MEMBERS,
    )
    return Received(
        "goedgekeurd",
        number,
        day,
        motivation="Rond de school steken veel kinderen over. Trager verkeer maakt de straat veiliger.",
        articles=tuple((str(place), text) for place, text in enumerate(proposal.articles, start=1)),
        vote={"voor": len(MEMBERS), "tegen": 0, "onthouding": 0, "geheim": False},
        document=document,
        session=session,
    )


def _handler(case: Case) -> Actor:
    """Who acts for the case."""
    assert case.handler is not None, "chosen with a handler"
    return case.handler.actor
