"""The columns of an export, once, for the query, for each kind of file and for the dictionary on the page.

There is nothing of reporters in them, nor of colleagues: no names, no contact data, no numbers, and none of the reporter's
words. A file leaves the product, where no permission and no log follows it, and people write their own names, those of
neighbours and their health in free text. That is also why `titel` is made of category and street and not the stored title,
which holds the reporter's first words as long as no category is known. What reporters thought of it (evaluations) is
masked on the pages and therefore not here either."""

from __future__ import annotations

from dataclasses import dataclass

from meldloket.cases.lifecycle import Outcome, Status
from meldloket.cases.models import IntakeChannel, Urgency
from meldloket.decisions.models import Decision
from meldloket.insight.models import NONE

#: How a column is written. text, word (one of few texts), whole, number, day, moment (Belgian wall clock), flag.
KINDS = ("text", "word", "whole", "number", "day", "moment", "flag")


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its heading, its kind, the SQL of its value for case c with facts f, and what it means, for people."""

    name: str
    kind: str
    sql: str
    meaning: str


def _words(column: str, choices: list[tuple[str, str]]) -> str:
    """SQL for the words of a code."""
    cases = " ".join(f"WHEN '{code}' THEN '{words.replace(chr(39), chr(39) * 2)}'" for code, words in choices)
    return f"CASE {column}::text {cases} END"


def _known(column: str) -> str:
    return f"nullif({column}, {NONE})"


def _moment(column: str) -> str:
    return f"date_trunc('second', {column} AT TIME ZONE 'Europe/Brussels')"


#: The facts have a decision by its place in the list.
_DECISIONS = [(str(place), words) for place, (_, words) in enumerate(Decision.Outcome.choices)]
_HOURS = "Uren van {} (gehele uren, naar beneden afgerond). Leeg als dat niet gebeurde."

FIELDS: tuple[Field, ...] = (
    Field("referentie", "text", "c.reference", "Nummer van de melding; bij samengevoegde meldingen van de eerste."),
    Field("titel", "text", "concat_ws(', ', k.name, nullif(c.street, ''))",
          "Categorie en straat. Nooit de woorden van de melder."),
    Field("status", "word", _words("c.status", Status.choices), "Waar de melding nu staat."),
    Field("afloop", "word", _words("c.outcome", Outcome.choices), "Hoe ze afgesloten werd. Leeg zolang dat niet gebeurde."),
    Field("hoofdcategorie", "word", "k.main_category", "Groep van categorieën."),
    Field("categorie", "word", "k.name", "Soort melding. Leeg als ze nog niet bepaald is."),
    Field("dienst", "word", "d.name", "Dienst die behandelt."),
    Field("wijk", "word", "a.name", "Deel van de gemeente. Leeg als de plaats niet gekend is of erbuiten ligt."),
    Field("kanaal", "word", _words("c.channel", IntakeChannel.choices), "Hoe de melding binnenkwam."),
    Field("dringendheid", "word", _words("c.urgency", Urgency.choices), "Hoe snel iemand moet kijken."),
    Field("klacht", "flag", "c.is_complaint", "Klacht over het bestuur: alleen in het bestand van wie ze mag zien."),
    Field("ontvangen", "moment", _moment("c.submitted_at"), "Wanneer de eerste melding binnenkwam (Belgische tijd)."),
    Field("streefdatum", "day", "c.target_date", "Beloofde termijn."),
    Field("uiterste_datum", "day", "c.final_date", "Uiterste termijn."),
    Field("afgesloten", "moment", _moment("c.ended_at"), "Wanneer ze eindigde (Belgische tijd). Leeg zolang ze open is."),
    Field("binnen_termijn", "flag", "(c.ended_at AT TIME ZONE 'Europe/Brussels')::date <= c.target_date",
          "Of ze ten laatste op de streefdatum eindigde. Leeg zolang ze open is."),
    Field("geschorst", "flag", "c.suspended_at IS NOT NULL", "Of de termijn nu stilstaat."),
    Field("heropend", "flag", "f.reopened", "Of ze na het afsluiten weer opengezet werd."),
    Field("melder_ontevreden", "flag", "f.dissatisfied", "Of een melder na het afsluiten niet tevreden was."),
    Field("aantal_meldingen", "whole", "f.reports", "Hoeveel meldingen van hetzelfde probleem samengevoegd zijn."),
    Field("straat", "text", "c.street", "Straat van de plaats."),
    Field("plaats", "text", "c.place_label", "Adres of omschrijving van de plaats van het probleem."),
    Field("breedtegraad", "number", "c.latitude", "Breedtegraad van het probleem (WGS84, graden)."),
    Field("lengtegraad", "number", "c.longitude", "Lengtegraad van het probleem (WGS84, graden)."),
    Field("bevoegde_overheid", "text", "c.competent_authority", "Wie bevoegd is als de gemeente dat niet is."),
    Field("uren_screening", "whole", _known("f.screening_hours"), _HOURS.format("ontvangst tot ontvankelijkheid")),
    Field("uren_behandeling", "whole", _known("f.assessment_hours"),
          _HOURS.format("ontvankelijk tot voorgestelde acties of afsluiten")),
    Field("uren_advies", "whole", _known("f.advice_hours"), _HOURS.format("adviesvraag tot verwerkt advies")),
    Field("uren_besluit", "whole", _known("f.decision_hours"), _HOURS.format("voorleggen tot besluit")),
    Field("uren_uitvoering", "whole", _known("f.execution_hours"), _HOURS.format("begin van de uitvoering tot afsluiten")),
    Field("uren_totaal", "whole", _known("f.whole_hours"), _HOURS.format("ontvangst tot afgehandeld")),
    Field("adviezen_gevraagd", "whole", "coalesce(v.asked, 0)", "Hoeveel adviezen gevraagd werden, zonder de ingetrokken."),
    Field("adviezen_ontvangen", "whole", "coalesce(v.answered, 0)", "Hoeveel daarvan beantwoord zijn."),
    Field("besluit", "word", _words("b.outcome", _DECISIONS), "Hoe het laatste besluit luidde. Leeg zonder besluit."),
)  # fmt: skip
