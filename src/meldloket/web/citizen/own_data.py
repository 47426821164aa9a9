"""Everything that is held about one citizen, in a form that they can take along."""

from __future__ import annotations

import json
from typing import Any

from meldloket.cases.access import own_reports
from meldloket.cases.models import Visibility
from meldloket.evaluation.answering import questions_of
from meldloket.evaluation.models import Invitation
from meldloket.evaluation.questions import in_language
from meldloket.people.models import Account


def collect(account: Account) -> dict[str, Any]:
    """The account and every report with its personal data, visible events and messages. The national number itself is
    left out: the citizen knows it, and a downloaded file lies about."""
    reports = (
        own_reports(account)
        .select_related("case__category", "reporter")
        .prefetch_related(
            "case__events", "deliveries", "questions", "attachments", "reactions", "evaluation__version", "evaluation__rows"
        )
        .order_by("-id")
    )
    return {
        "naam": account.full_name,
        "rijksregisternummer_gekend": account.number_id is not None,
        "meldingen": [_report(report) for report in reports],
    }


def _report(report: Any) -> dict[str, Any]:
    reporter = report.reporter
    return {
        "referentie": report.reference,
        "ingediend": report.submitted_at,
        "status": report.case.get_status_display(),
        "categorie": report.case.category.name if report.case.category else "",
        "tekst": report.text,
        "plaats": report.place_label,
        "antwoorden": report.answers,
        "gegevens": {
            "naam": reporter.full_name,
            "adres": reporter.address,
            "naam_register": f"{reporter.register_first_name} {reporter.register_last_name}".strip(),
            "adres_register": reporter.register_address,
            "e-mail": reporter.email,
            "gsm": reporter.mobile,
            "taal": reporter.language,
        }
        if reporter
        else {},
        "verloop": [
            {"wanneer": event.at, "wat": event.get_kind_display(), "tekst": event.text}
            for event in report.case.events.all()
            if event.visibility == Visibility.REPORTER and event.report_id in (None, report.pk)
        ],
        "vragen": [{"vraag": row.text, "antwoord": row.answer} for row in report.questions.all()],
        "reacties": [{"wanneer": row.at, "reactie": row.text, "antwoord": row.answer} for row in report.reactions.all()],
        "evaluatie": _evaluation(getattr(report, "evaluation", None)),
        "bestanden": [row.name for row in report.attachments.all()],
        "berichten": [
            {"kanaal": row.channel, "onderwerp": row.subject, "verstuurd": row.delivered_at}
            for row in report.deliveries.all()
        ],
    }


def _evaluation(invitation: Invitation | None) -> dict[str, Any]:
    """What the citizen answered, question by question, and what came back."""
    if invitation is None:
        return {}
    labels = {row.code: in_language(row.label, "nl") for row in questions_of(invitation)}
    return {
        "gevraagd": invitation.sent_at,
        "ingevuld": invitation.answered_at,
        "antwoorden": [
            {
                "vraag": labels.get(row.question, row.question),
                "antwoord": row.text or row.number or list(row.chosen),
            }
            for row in invitation.rows.all()
        ],
        "nog_niet_verstuurd": invitation.answers,
        "antwoord_van_de_gemeente": invitation.reply,
    }


def as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, default=str)
