"""What a municipality configures, as one table: which rows an administrator edits, with which fields."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from meldloket.actions.models import ActionTemplate, Capacity
from meldloket.cases.lifecycle import EventKind
from meldloket.cases.models import StandardText
from meldloket.catalogue.models import (
    AdviceService,
    Category,
    CategoryQuestion,
    ClosingDay,
    Department,
    Municipality,
    OtherSystem,
)
from meldloket.decisions.drafting import SAMPLE as PLACEHOLDERS
from meldloket.decisions.models import CompetenceRule, Meeting, ProposalTemplate
from meldloket.messages import planning
from meldloket.messages.models import MessageTemplate
from meldloket.people.models import Account
from meldloket.screening.models import RoutingRule


@dataclass(frozen=True)
class Kind:
    """A sort of rows that an administrator edits. `fixed`: rows can't be added or removed."""

    slug: str
    name: str
    one: str
    model: type[models.Model]
    fields: tuple[str, ...]
    shown: tuple[str, ...]
    hint: str = ""
    fixed: bool = False


KINDS: tuple[Kind, ...] = (
    Kind(
        "gemeente",
        "Gemeente",
        "gemeente",
        Municipality,
        (
            "name",
            "phone",
            "email",
            "website",
            "street",
            "street_number",
            "postcode",
            "prefill",
            "prefill_purpose",
            "allow_anonymous",
            "show_staff_names",
            "answer_days",
            "react_days",
            "evaluate",
            "evaluate_after",
            "evaluate_remind",
            "evaluate_days",
            "unit_uri",
            "area_uri",
            "college_uri",
            "council_uri",
        ),
        ("name",),
        fixed=True,
    ),
    Kind(
        "diensten",
        "Diensten",
        "dienst",
        Department,
        ("code", "name", "email", "head_email", "phone", "handles_complaints", "active"),
        ("name", "active"),
    ),
    Kind(
        "categorieen",
        "Categorieën",
        "categorie",
        Category,
        (
            "code",
            "main_category",
            "name",
            "description",
            "department",
            "target_days",
            "final_days",
            "often_advised_by",
            "may_need_decision",
            "product",
            "public_level",
            "keep_months",
            "group_metres",
            "group_days",
            "active",
        ),
        ("name", "main_category", "department", "target_days", "active"),
    ),
    Kind(
        "vragen",
        "Vragen per categorie",
        "vraag",
        CategoryQuestion,
        ("category", "code", "label", "hint", "kind", "options", "required", "order"),
        ("label", "category", "required"),
    ),
    Kind(
        "routering",
        "Regels voor routering",
        "regel",
        RoutingRule,
        ("order", "name", "category", "main_category", "area", "words", "department", "handler", "active"),
        ("order", "name", "department", "handler", "active"),
        hint="De eerste regel waarvan alle voorwaarden kloppen, geldt. Zonder regel geldt de dienst van de categorie.",
    ),
    Kind(
        "berichten",
        "Berichten aan melders",
        "bericht",
        MessageTemplate,
        ("event", "channel", "language", "category", "subject", "body", "active"),
        ("event", "channel", "language", "category", "active"),
        hint="Woorden tussen accolades, zoals {referentie}, worden ingevuld. Elk onderwerp bevat de referentie.",
    ),
    Kind(
        "teksten",
        "Standaardteksten",
        "tekst",
        StandardText,
        ("use", "reason", "title", "body", "category", "active"),
        ("use", "title", "category", "active"),
    ),
    Kind(
        "adviesdiensten",
        "Adviesdiensten",
        "adviesdienst",
        AdviceService,
        (
            "code",
            "name",
            "kind",
            "way",
            "organisation_code",
            "department",
            "email",
            "mobile",
            "term_days",
            "takes_late",
            "active",
        ),
        ("name", "kind", "way", "term_days", "active"),
        hint="Interne diensten en partners die advies geven. Mensen horen bij een dienst door hun organisatie of dienst.",
    ),
    Kind(
        "acties",
        "Sjablonen voor acties",
        "sjabloon",
        ActionTemplate,
        ("category", "title", "description", "department", "needs_decision", "public", "cost", "days", "tasks", "active"),
        ("title", "category", "needs_decision", "active"),
        hint="Waarmee een behandelaar een actie begint. Taken: een lijst, in volgorde.",
    ),
    Kind(
        "bevoegdheid",
        "Wie beslist",
        "regel",
        CompetenceRule,
        ("order", "category", "from_cost", "body", "competence", "active"),
        ("order", "category", "from_cost", "body"),
        hint="De eerste regel die past bij categorie en bedrag, kiest college of raad en schrijft de bevoegdheid.",
    ),
    Kind(
        "voorstellen",
        "Sjablonen voor besluiten",
        "sjabloon",
        ProposalTemplate,
        ("category", "title", "legal_ground", "facts", "articles", "financial_note", "active"),
        ("title", "category", "active"),
        hint=f"Hoe een voorstel van besluit begint. Tussen accolades: {', '.join(PLACEHOLDERS)}.",
    ),
    Kind(
        "zittingen",
        "Zittingen",
        "zitting",
        Meeting,
        ("body", "held_on", "closes_at", "cancelled"),
        ("body", "held_on", "closes_at", "cancelled"),
        hint="Wanneer college en raad vergaderen, en tot wanneer de agenda open is.",
    ),
    Kind(
        "capaciteit",
        "Uren per medewerker",
        "medewerker",
        Capacity,
        ("account", "hours"),
        ("account", "hours"),
        hint="Wie hier niet staat, heeft 38 uren per week.",
    ),
    Kind(
        "systemen",
        "Andere systemen",
        "systeem",
        OtherSystem,
        ("code", "name", "adapter", "url", "email", "departments", "settings", "answer_days", "active"),
        ("name", "adapter", "active"),
        hint="Software van anderen waarin een taak echt wordt afgehandeld.",
    ),
    Kind(
        "sluitingsdagen",
        "Sluitingsdagen",
        "dag",
        ClosingDay,
        ("day", "name"),
        ("day", "name"),
        hint="Weekends, wettelijke feestdagen en 11 juli tellen vanzelf niet mee.",
    ),
    Kind(
        "medewerkers",
        "Medewerkers",
        "medewerker",
        Account,
        ("departments", "absent_until", "is_active"),
        ("full_name", "departments", "absent_until"),
        fixed=True,
        hint="Rollen komen uit het gebruikersbeheer van de Vlaamse overheid; hier kiest u de dienst en de afwezigheid.",
    ),
)
#: Words for the codes of a message template, and its choices in the form.
TEMPLATE_WORDS: dict[str, dict[str, str]] = {
    "event": {
        **{str(code): str(EventKind(code).label) for code in planning.TELLS},
        "contact_code": "Code voor een nieuw adres",
        "contact_warning": "Waarschuwing aan het oude adres",
    },
    "channel": {"email": "E-mail", "sms": "Sms", "dosis": "DOSIS"},
    "language": {"nl": "Nederlands", "en": "Engels", "fr": "Frans", "de": "Duits"},
}
