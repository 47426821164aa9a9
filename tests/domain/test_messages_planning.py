"""What is told to whom, in which words: planned in the very transaction of the command, by the citizen's choice and in
the citizen's language."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from meldloket.actions import commands as actions
from meldloket.actions import elsewhere
from meldloket.advice import answering
from meldloket.advice import commands as advice
from meldloket.cases import closing, commands, contact, conversation, grouping
from meldloket.cases.lifecycle import EventKind
from meldloket.cases.models import Case, CaseEvent, Report
from meldloket.catalogue.models import AdviceService, Category, Department, Municipality
from meldloket.decisions import commands as decisions
from meldloket.decisions import ports as decision_ports
from meldloket.decisions import publishing, receiving
from meldloket.decisions.models import Proposal
from meldloket.decisions.ports import Checked, Taken
from meldloket.evaluation import answering as evaluating
from meldloket.evaluation import inviting, processing
from meldloket.evaluation.models import Invitation
from meldloket.messages import delivering, planning, templates
from meldloket.messages.models import Delivery, MessageTemplate
from meldloket.messages.planning import MissingPlaceholder
from meldloket.messages.sms_text import sms_parts
from meldloket.messages.wording import OUTCOME_WORDS
from meldloket.people.roles import Role
from support import factories as make
from support.evaluation import publish_form
from support.messages import Outside, now, reachable, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outside")]

SITE = "https://meldingen.lindekerke.be"


@pytest.fixture
def categories():
    return make.make_catalogue()


@pytest.fixture
def handler():
    return make.make_staff(Role.HANDLER, departments=("openbare-werken",))


def a_report(categories: dict[str, Category], language: str = "nl", **reporter: object) -> Report:
    citizen = make.make_citizen()
    chosen = reachable(citizen, language, **reporter)
    return make.submit_report(
        citizen, reporter=chosen, category=categories["wegdek"], department=categories["wegdek"].department
    )


#: Events of advice and actions, which begin with an admissible case.
LATER_STEPS = (
    EventKind.ADVICE_STARTED,
    EventKind.ADVICE_WORKED_IN,
    EventKind.ACTIONS_PROPOSED,
    EventKind.EXECUTION_STARTED,
    EventKind.REFERRED_FOLLOWED,
    EventKind.REFERRED_CLOSED,
    EventKind.GROUPED,
    EventKind.UNGROUPED,
)


DECISION_STEPS = {
    EventKind.AWAITING_DECISION: None,
    EventKind.PROPOSAL_WITHDRAWN: None,
    EventKind.DECISION_SCHEDULED: receiving.Agenda.SCHEDULED,
    EventKind.DECISION_ADJOURNED: receiving.Agenda.ADJOURNED,
    EventKind.APPROVED: "goedgekeurd",
    EventKind.PARTLY_APPROVED: "gedeeltelijk_goedgekeurd",
    EventKind.REJECTED: "niet_goedgekeurd",
    EventKind.DECISION_PUBLISHED: "goedgekeurd",
}


class Right:
    """A checker for whom every document is right: what is tested here is what is told."""

    def check(self, document: bytes) -> Checked:
        return Checked()


def decision_step(kind: str, case: Case, handler) -> None:
    by = handler.actor
    commands.declare_admissible(case, by=by, text="Wij komen kijken.")
    case.refresh_from_db()
    department = case.department or case.category.department
    actions.add_action(case, actions.Plan("Paal plaatsen", department, needs_decision=True), by=by)
    actions.propose(case, by=by, text=actions.proposal_text(case))
    proposal = decisions.prepare(Case.objects.get(pk=case.pk), by=by)
    Proposal.objects.filter(pk=proposal.pk).update(state=Proposal.State.SENDING)
    decisions.accepted(proposal, Taken("AP-1"))
    proposal.refresh_from_db()
    told = DECISION_STEPS[kind]
    if kind == EventKind.PROPOSAL_WITHDRAWN:
        decisions.withdraw(proposal, by=by, why="Wij passen het aan.")
    elif isinstance(told, receiving.Agenda):
        receiving.agenda_status(proposal, told, meeting=now().date() + timedelta(days=7))
    elif told is not None:
        before, decision_ports.plugged.signatures = decision_ports.plugged.signatures, Right()
        received = receiving.Received(told, "2026-CBS-1", now().date(), motivation="Veilig verkeer.", document=b"pdf")
        decision, _ = receiving.receive(proposal, received)
        decision_ports.plugged.signatures = before
        if kind == EventKind.DECISION_PUBLISHED:
            secretary, words = make.make_staff(Role.SECRETARIAT), publishing.words_of(decision.publication)
            publishing.confirm(decision.publication, words, by=secretary.actor, at_once=True)


EVALUATION_STEPS = (
    EventKind.EVALUATION_INVITED,
    EventKind.EVALUATION_REMINDED,
    EventKind.EVALUATION_RECEIVED,
    EventKind.EVALUATION_EXPIRED,
    EventKind.EVALUATION_ANSWERED,
)


def evaluation_step(kind: str, case: Case, handler) -> None:
    by = handler.actor
    commands.declare_admissible(case, by=by, text="Wij komen kijken.")
    closing.close(case, by=by, outcome="done", text="De put is gevuld.")
    publish_form(by)
    Invitation.objects.update(due=now().date())
    assert inviting.send_due() == 1
    if kind == EventKind.EVALUATION_REMINDED:
        Invitation.objects.update(sent_at=now() - timedelta(days=8))
        assert inviting.remind_due() == 1
    elif kind == EventKind.EVALUATION_EXPIRED:
        Invitation.objects.update(closes_on=now().date() - timedelta(days=1))
        assert inviting.expire() == 1
    elif kind != EventKind.EVALUATION_INVITED:
        invitation = evaluating.submit(Invitation.objects.get(), {"overall": ["4"]})
        if kind == EventKind.EVALUATION_ANSWERED:
            processing.answer(invitation, by=by, text="Bedankt voor uw woorden.")


def later_step(kind: str, case: Case, handler) -> None:
    by = handler.actor
    commands.declare_admissible(case, by=by, text="Wij komen kijken.")
    case.refresh_from_db()
    if kind in (EventKind.ADVICE_STARTED, EventKind.ADVICE_WORKED_IN):
        service = AdviceService.objects.create(code="politie", name="Politiezone", email="pz@example.org")
        asked = advice.ask(
            case, [advice.Ask(service, "Is dit gevaarlijk?", now().date() + timedelta(days=14), ("text",))], by=by
        )[0]
        if kind == EventKind.ADVICE_WORKED_IN:
            answering.give(asked, answering.Content("favourable"), by=answering.Adviser("Politiezone"))
            advice.work_in(case, by=by, summary="Gunstig.")
    elif kind in (EventKind.ACTIONS_PROPOSED, EventKind.EXECUTION_STARTED):
        actions.add_action(case, actions.Plan("Put vullen", case.department or case.category.department), by=by)
        actions.propose(case, by=by, text=actions.proposal_text(case))
    elif kind in (EventKind.GROUPED, EventKind.UNGROUPED):
        first = make.submit_report(category=case.category)
        grouping.group(first.case, case, by=by)
        if kind == EventKind.UNGROUPED:
            grouping.ungroup(Report.objects.get(reference=case.reference), by=by)
    else:
        elsewhere.refer_case(case, by=by, authority="Wegen", text="Volg dit daar.", close=kind == EventKind.REFERRED_CLOSED)


def happen(kind: str, report: Report, handler) -> None:
    """Brings the report to the event `kind` through the product's own commands."""
    case, by = report.case, handler.actor
    due = now().date() + timedelta(days=14)
    if kind == EventKind.SUBMITTED:
        return
    if kind == EventKind.ADMISSIBLE:
        commands.declare_admissible(case, by=by, text="Wij komen kijken.")
    elif kind == EventKind.INADMISSIBLE:
        commands.declare_inadmissible(case, by=by, reason="other_authority", text="Dit is een gewestweg.")
    elif kind == EventKind.ASSESSMENT_STARTED:
        commands.declare_admissible(case, by=by, text="Wij komen kijken.")
        commands.start_assessment(case, by=by)
    elif kind == EventKind.MADE_COMPLAINT:
        commands.make_complaint(case, by=by)
    elif kind == EventKind.TERM_EXTENDED:
        commands.extend_term(case, by=by, target=now().date() + timedelta(days=60), why="De asfaltploeg is ziek.")
    elif kind == EventKind.WITHDRAWN:
        commands.withdraw(case, by=report.reporter.account.actor, reason="Het is al hersteld.")
    elif kind == EventKind.REOPENED:
        commands.declare_inadmissible(case, by=by, reason="other_authority", text="Dit is een gewestweg.")
        commands.reopen(case, by=by, text="Wij vergisten ons.")
    elif kind in (EventKind.CLOSED, EventKind.REACTION_ANSWERED):
        commands.declare_admissible(case, by=by, text="Wij komen kijken.")
        closing.close(case, by=by, outcome="done", text="De put is gevuld.")
        if kind == EventKind.REACTION_ANSWERED:
            reaction = closing.react(Report.objects.get(pk=report.pk), by=report.reporter.account.actor, text="Nog niet.")
            closing.answer_reaction(reaction, by=by, text="Het asfalt moet nog drogen.")
    elif kind in EVALUATION_STEPS:
        evaluation_step(kind, case, handler)
    elif kind in DECISION_STEPS:
        decision_step(kind, case, handler)
    elif kind in LATER_STEPS:
        later_step(kind, case, handler)
    else:
        question = conversation.ask_reporter(case, by=by, report=report, text="Hoe diep is de put?", due=due)
        if kind == EventKind.QUESTION_REMINDED:
            question.due = now().date() + timedelta(days=1)
            question.save()
            assert conversation.remind_due_questions() == 1
        elif kind == EventKind.QUESTION_EXTENDED:
            conversation.extend_question(question, by=by, due=due + timedelta(days=7))
        elif kind == EventKind.QUESTION_ANSWERED:
            conversation.answer_question(question, by=report.reporter.account.actor, text="Een halve meter.")
        elif kind == EventKind.QUESTION_CLOSED:
            conversation.close_question(question, by=by)


def planned(kind: str) -> dict[str, Delivery]:
    return {row.channel: row for row in Delivery.objects.filter(event__kind=kind)}


@pytest.mark.parametrize("language", ["nl", "en", "fr", "de"])
@pytest.mark.parametrize("kind", [str(kind) for kind in planning.TELLS])
def test_every_event_is_told_as_the_citizen_chose(kind, language, categories, handler, settings):
    settings.BASE_URL = SITE
    report = a_report(categories, language)
    happen(kind, report, handler)
    rows = planned(kind)
    telling = planning.TELLS[kind]
    wanted = {"dosis"} if telling.dosis else set()
    wanted |= {"mbp"} if telling.bell else set()
    wanted |= {"email", "sms"} if telling.words else set()
    assert set(rows) == wanted
    number = make.opened(report.reporter.account)
    for channel, row in rows.items():
        assert (row.language, row.state, row.report_id) == (language, Delivery.State.WAITING, report.pk)
        whole = row.subject + row.text + json.dumps(row.payload)
        assert "{" not in row.subject + row.text and number not in whole, channel
        assert ProcrastinateJob.objects.filter(args={"report_id": report.pk, "channel": channel}).exists()
    if "email" in rows:
        own = templates.text_for(kind, "email", language, None).subject.split(" (")[0]
        own = own.replace("{uitkomst}", OUTCOME_WORDS[language]["done"])
        assert rows["email"].subject == f"{own} ({report.reference})"
        assert f"{SITE}{'/e/' if kind in planning.ASKS_EVALUATION else f'/mijn/{report.reference}/'}" in rows["email"].text
        assert sms_parts(rows["sms"].text) == 1, rows["sms"].text
        assert report.reference in rows["sms"].text


def test_the_words_differ_per_language(categories, handler):
    for language, words in {
        "nl": ("Wij nemen uw melding in behandeling", "Melding: "),
        "en": ("We are taking up your report", "Report: "),
        "fr": ("votre signalement", "Signalement : "),
        "de": ("Ihre Meldung", "Meldung: "),
    }.items():
        report = a_report(categories, language)
        commands.declare_admissible(report.case, by=handler.actor, text="Wij komen kijken.")
        rows = {row.channel: row for row in report.deliveries.filter(event__kind=EventKind.ADMISSIBLE)}
        assert words[0].lower() in rows["email"].subject.lower()
        assert rows["dosis"].payload["Naam"].startswith(words[1])
        assert "Wij komen kijken." in rows["email"].text  # the handler's own words stay as written


def test_what_dosis_asks_of_the_citizen_is_in_their_language(categories, handler):
    report = a_report(categories, "fr")
    happen(EventKind.QUESTION_ASKED, report, handler)
    status = planned(EventKind.QUESTION_ASKED)["dosis"].payload["Status"]
    assert status["VlaamsCode"] == "DossierOnvolledig"
    assert status["Actie"] == {"ActieNodig": True, "Actie": "Répondez à la question de la commune."}


@pytest.mark.parametrize(
    ("choice", "channels"),
    [
        ({"wants_email": True, "wants_sms": False}, {"dosis", "email"}),
        ({"wants_email": False, "wants_sms": True}, {"dosis", "sms"}),
        ({"wants_email": False, "wants_sms": False}, {"dosis"}),
        ({"wants_email": True, "email": "", "wants_sms": True, "mobile": ""}, {"dosis"}),
        ({"number": None, "wants_sms": False}, {"email"}),
    ],
)
def test_only_the_channels_of_the_citizens_choice(choice, channels, categories):
    a_report(categories, **choice)
    assert set(planned(EventKind.SUBMITTED)) == channels


def test_without_notices_of_dosis_the_bell_is_ours(categories, settings):
    settings.DOSIS_NOTIFIES = False
    a_report(categories, "de")
    bundle = planned(EventKind.SUBMITTED)["mbp"].payload
    assert {"Sleutel": "ExterneLinkNaam", "Waarde": "Ihre Meldung ansehen"} in bundle["SleutelWaardeParen"]


def test_nobody_is_told_of_what_is_internal(categories, handler):
    report = a_report(categories)
    case, by = report.case, handler.actor
    before = Delivery.objects.count(), ProcrastinateJob.objects.count()
    commands.add_note(case, by=by, text="Lastige straat.")
    commands.reassign(case, by=by, handler=None, department=Department.objects.get(code="groen"))
    commands.change_category(case, by=by, category=categories["boom"])
    commands.suspend_term(case, by=by, why="Wachten op de aannemer")
    commands.resume_term(case, by=by)
    conversation.add_evidence(report, by=report.reporter.account.actor, text="Er ligt nu ook glas.")
    assert (Delivery.objects.count(), ProcrastinateJob.objects.count()) == before


def test_a_command_that_fails_leaves_no_delivery_and_no_job(categories, handler):
    report = a_report(categories)
    before = Delivery.objects.count(), ProcrastinateJob.objects.count(), CaseEvent.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        commands.declare_admissible(report.case, by=handler.actor, text="Wij komen kijken.")
        assert Delivery.objects.count() == before[0] + 3
        raise RuntimeError("the power fails")
    assert (Delivery.objects.count(), ProcrastinateJob.objects.count(), CaseEvent.objects.count()) == before


@pytest.mark.parametrize("gap", ["Bel {dringend} naar ons.", "Wij komen op [vul in: dag]."])
def test_a_gap_in_the_handlers_words_refuses_the_command(gap, categories, handler):
    report = a_report(categories)
    before = Delivery.objects.count()
    with pytest.raises(MissingPlaceholder) as caught:
        commands.declare_admissible(report.case, by=handler.actor, text=gap)
    assert caught.value.names in (["{dringend}"], ["[vul in: dag]"])
    assert Delivery.objects.count() == before
    assert Case.objects.get(pk=report.case_id).status == "screening"


def test_a_standard_text_may_hold_placeholders(categories, handler):
    report = a_report(categories)
    commands.declare_admissible(report.case, by=handler.actor, text="Uw nummer is {referentie}, dienst {dienst}.")
    assert f"Uw nummer is {report.reference}, dienst Openbare werken." in planned(EventKind.ADMISSIBLE)["email"].text


def test_a_gap_in_our_words_never_refuses_the_citizen(outside: Outside, categories, handler):
    """The municipality has no telephone number yet, and the message after a withdrawal wants one."""
    Municipality.objects.update(phone="")
    report = a_report(categories)
    happen(EventKind.WITHDRAWN, report, handler)
    rows = planned(EventKind.WITHDRAWN)
    assert Case.objects.get(pk=report.case_id).status == "withdrawn"
    assert rows["email"].state == Delivery.State.PARKED
    assert rows["email"].problem == "Nog niet ingevuld: {telefoon}. Vul dit aan en verstuur het bericht opnieuw."
    assert (rows["dosis"].state, rows["sms"].state) == (Delivery.State.WAITING, Delivery.State.WAITING)
    work()
    assert [one["subject"] for one in outside.mails(report)] == [f"Wij hebben uw melding ontvangen ({report.reference})"]

    from meldloket.catalogue import current

    current.forget()
    assert delivering.resend(rows["email"], by=handler.actor) is False
    assert outside.mails(report)[1:] == []
    Municipality.objects.update(phone="+32 9 000 00 00")
    current.forget()
    assert delivering.resend(rows["email"], by=handler.actor) is True
    work()
    assert "Bel ons op +32 9 000 00 00." in outside.mails(report)[1]["text"]


def test_braces_of_a_citizen_are_just_text(categories, handler):
    report = a_report(categories)
    question = conversation.ask_reporter(
        report.case, by=handler.actor, report=report, text="Waar?", due=now().date() + timedelta(days=9)
    )
    conversation.answer_question(question, by=report.reporter.account.actor, text="Bij {het bankje} [vul in]")
    commands.withdraw(report.case, by=report.reporter.account.actor, reason="{foutje}")
    assert set(planned(EventKind.QUESTION_ANSWERED)) == {"dosis"}
    assert {row.state for row in planned(EventKind.WITHDRAWN).values()} == {Delivery.State.WAITING}


def test_no_national_number_leaves_the_house(outside: Outside, categories, handler, caplog):
    """Not even one that somebody typed; a telephone number stays."""
    citizen = make.make_citizen()
    number = make.opened(citizen)
    dotted = f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"
    report = make.submit_report(
        citizen,
        text=f"Mijn nummer is {number} en er is een put",
        title=f"Put, {dotted}",
        reporter=reachable(citizen),
        category=categories["wegdek"],
    )
    with caplog.at_level("DEBUG"):
        commands.declare_admissible(report.case, by=handler.actor, text=f"Wij zochten {dotted} op. Bel +32 9 000 00 00.")
        work()
    rows = Delivery.objects.filter(report=report)
    assert rows.count() == 6 and set(rows.values_list("state", flat=True)) == {"delivered"}
    sent = json.dumps([[row.subject, row.text, row.payload, row.problem] for row in rows], ensure_ascii=False)
    arrived = json.dumps(outside.postbox.messages(), ensure_ascii=False)
    for text in (sent, arrived, caplog.text):
        assert number not in text and dotted not in text and not re.search(r"61\.1\d", text)
    assert "Wij zochten … op. Bel +32 9 000 00 00." in arrived
    assert [one["agents"] for one in outside.dosis.uploads()] == [[number], [number]]  # only where it must be


def test_the_code_goes_to_the_new_address_and_is_forgotten(outside: Outside, categories):
    report = a_report(categories)
    actor = report.reporter.account.actor
    wanted = contact.request_change(report, by=actor, channel="email", value="nieuw@example.org")
    work()
    [mail] = outside.postbox.messages(channel="email", to="nieuw@example.org")
    code = contact.code_for(wanted)
    assert code in mail["text"] and report.reference in mail["subject"]
    assert not Delivery.objects.filter(text__contains=code).exists()
    contact.confirm_change(report, by=actor, channel="email", code=code)
    work()
    [*_, warning] = outside.postbox.messages(channel="email", to=f"melder{report.reporter.account_id}@example.org")
    assert warning["subject"] == f"Uw contactgegevens zijn gewijzigd ({report.reference})"


def test_every_default_sms_fits_one_part(settings):
    """With an ordinary address, the longest month and a municipality with a long name."""
    values = {
        **templates.SAMPLE,
        "gemeente": "Lindekerke-aan-de-Leie",
        "link": f"{SITE}/mijn/MLD-2026-000123/",
        "antwoorddatum": "30 september 2026",
        "streefdatum": "30 september 2026",
    }
    too_long = [
        (kind, language, sms_parts(text))
        for kind in [*planning.TELLS, "contact_code", "contact_warning"]
        if planning.TELLS.get(kind, planning.Telling()).words
        for language in ("nl", "en", "fr", "de")
        if sms_parts(text := templates.fill(templates.text_for(kind, "sms", language, None).body, values)) != 1
    ]
    assert too_long == []


def own(event: str, channel: str, body: str, *, subject: str = "", language: str = "nl", category: Category | None = None):
    row = MessageTemplate.objects.create(
        event=event, channel=channel, language=language, category=category, subject=subject, body=body
    )
    planning.forget_templates()
    return row


def test_a_long_sms_is_shortened_and_keeps_its_link(categories, settings):
    settings.BASE_URL = SITE
    own(EventKind.SUBMITTED, "sms", "{gemeente}: uw melding “{titel}” in {plaats}, dienst {dienst}. Volg ze: {link}")
    citizen = make.make_citizen()
    report = make.submit_report(
        citizen,
        title="Gevaarlijke put 🚧 vlak voor de schoolpoort waar elke dag kinderen oversteken en ook ouderen",
        reporter=reachable(citizen),
        category=categories["wegdek"],
    )
    text = planned(EventKind.SUBMITTED)["sms"].text
    assert sms_parts(text) == 1
    assert text.endswith(f"Volg ze: {SITE}/mijn/{report.reference}/") and '"Gevaarlijke put' in text


def test_an_sms_without_links(categories, settings):
    settings.SMS_LINKS = False
    report = a_report(categories)
    text = planned(EventKind.SUBMITTED)["sms"].text
    assert text.endswith("Volgen: op onze website") and "http" not in text and report.reference in text


def test_an_administrators_template_wins_and_a_categorys_own_wins_from_that(categories):
    own(EventKind.SUBMITTED, "email", "Dank u.\n\n{link}", subject="Bedankt ({referentie})")
    own(
        EventKind.SUBMITTED,
        "email",
        "Dank u voor uw melding over een boom.\n\n{link}",
        subject="Over de boom ({referentie})",
        category=categories["boom"],
    )
    road = a_report(categories)
    tree = make.submit_report(reporter=reachable(None), category=categories["boom"])
    french = a_report(categories, "fr")
    subjects = {row.report_id: row.subject for row in Delivery.objects.filter(channel="email")}
    assert subjects == {
        road.pk: f"Bedankt ({road.reference})",
        tree.pk: f"Over de boom ({tree.reference})",
        french.pk: f"Nous avons reçu votre signalement ({french.reference})",
    }


def test_a_template_that_is_switched_off_gives_way_to_the_default(categories):
    row = own(EventKind.SUBMITTED, "email", "Dank u.", subject="Bedankt ({referentie})")
    row.active = False
    row.save()
    planning.forget_templates()
    report = a_report(categories)
    assert planned(EventKind.SUBMITTED)["email"].subject == f"Wij hebben uw melding ontvangen ({report.reference})"


def test_a_subject_without_reference_gets_it(categories):
    """check_template refuses it, but a row can also come from an import."""
    own(EventKind.SUBMITTED, "email", "Dank u.", subject="Bedankt voor\n{titel}")
    report = a_report(categories)
    subject = planned(EventKind.SUBMITTED)["email"].subject
    assert subject == f"Bedankt voor Er zit een diepe put in de weg. ({report.reference})"


def test_the_preview_is_what_is_sent(categories, handler):
    report = a_report(categories, "en")
    target = now().date() + timedelta(days=60)
    shown = {
        one.channel: one
        for one in planning.preview(
            report.case, EventKind.TERM_EXTENDED, "The crew of {dienst} is ill.", report, {"to": target.isoformat()}
        )
    }
    commands.extend_term(report.case, by=handler.actor, target=target, why="The crew of {dienst} is ill.")
    rows = planned(EventKind.TERM_EXTENDED)
    assert (shown["email"].subject, shown["email"].text) == (rows["email"].subject, rows["email"].text)
    assert (shown["sms"].text, shown["sms"].parts) == (rows["sms"].text, 1)
    assert shown["dosis"].text == rows["mbp"].text
    assert shown["email"].recipient == "m…@example.org" and not any(one.missing for one in shown.values())


def test_the_preview_names_what_is_missing(categories):
    report = a_report(categories)
    [_, mail, sms] = planning.preview(report.case, EventKind.QUESTION_ASKED, "Waar is {iets}?", report)
    assert mail.missing == ["{iets}", "{antwoorddatum}"] and "{iets}" in mail.text
    assert "{antwoorddatum}" in sms.text
