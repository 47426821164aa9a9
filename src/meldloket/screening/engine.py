"""The first screening of a report (B1.5): what it is about, how soon somebody must look, whether it seems admissible. Every
proposal comes with its score and the words or the rule that led to it, so that the handler, who decides, can judge it.

No database and no Django here: `meldloket screen` and a plain script use the same engine. Rules are data in `emergencies`,
`rules` and `urgencies`; the text model is `model`, trained from `learnset`."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .emergencies import EMERGENCIES
from .gibberish import nothing_said
from .learnset import ADMISSIBLE, corrections, own_examples
from .matching import Rule, RuleText, first_match, matches, text_of
from .model import Example, Floats, Model, fingerprint, train
from .phrases import catalogue_rows, word_list
from .rules import REASONS
from .text import Word, clean, words
from .urgencies import HIGH, NORMAL, URGENCIES, URGENT

NOT_SURE_BELOW = 0.5  # of the best category
LEAST_LEAD = 0.12  # of the best category over the next
REASON_FROM = 0.6  # the model alone proposes a reason from this chance on
COMPLAINT_FROM = 0.7  # a wrong complaint goes to the wrong queue: be surer
LIKELY = 0.15  # from this chance on a category counts for rules that ask for one
PROPOSALS = 3
WORDS_SHOWN = 4
FOLLOW_SECONDS = 20.0
CURRENT = "current"  # names the newest model in the cache folder

_NOT_LATIN = re.compile("[\u0370-\u1cff\u2e80-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufeff]")
_SMALL_WORDS = word_list("small")


@dataclass(frozen=True)
class CategoryProposal:
    """A likely category. `score`: chance from 0 to 1; `words`: as the citizen wrote them, the most telling first."""

    code: str
    name: str
    score: float
    words: tuple[str, ...]
    department: str


@dataclass(frozen=True)
class Emergency:
    """Danger to life or a crime going on. `number`: 112 or 101."""

    number: str
    words: tuple[str, ...]
    rule: str
    why: str


@dataclass(frozen=True)
class Urgency:
    """`level`: normal, high or urgent; `rule`: empty when nothing asks for haste."""

    level: str
    words: tuple[str, ...]
    rule: str
    why: str


@dataclass(frozen=True)
class Admissibility:
    """`reason`: empty when admissible, else a code of the catalogue's reasons. `rule`: empty when the text model proposed
    it. `score`: how sure of this proposal, 0 to 1. `refer_to`: who is competent, where known."""

    admissible: bool
    reason: str
    score: float
    words: tuple[str, ...]
    rule: str
    why: str
    refer_to: str = ""


@dataclass(frozen=True)
class Choice:
    """What the model thinks of the category that the citizen or the desk chose. `doubt`: it clearly expects another."""

    code: str
    score: float
    doubt: bool


@dataclass(frozen=True)
class Screening:
    """All proposals for one text; `as_dict` is what the case keeps and `meldloket screen` prints."""

    categories: tuple[CategoryProposal, ...]
    not_sure: bool
    chosen: Choice | None
    department: str
    urgency: Urgency
    admissibility: Admissibility
    emergency: Emergency | None
    complaint: bool
    language: str
    language_score: float
    model: str

    def as_dict(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return asdict(self)


def emergency(text: str) -> Emergency | None:
    """Whether the words point to danger now. Rules only, no model: quick enough for every key stroke."""
    return _emergency(text_of(text))


def _emergency(text: RuleText) -> Emergency | None:
    found = first_match(EMERGENCIES, text)
    return Emergency(found[0].value, found[1], found[0].id, found[0].why) if found else None


class Screener:
    """The engine with one model. Safe to use from many threads: a new model is put in place as a whole.

    `cache`: folder in which trained models are kept, so that other processes and later starts load one in a moment instead
    of training it; None trains in memory."""

    def __init__(self, cache: Path | None = None) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._model: Model | None = None
        self._looked = 0.0

    @property
    def model(self) -> Model:
        """The model in use; loaded or trained at first use."""
        current = self._model
        if current is not None:
            return current
        with self._lock:
            if self._model is None:
                self._model = self._read_current() or self._make(own_examples())
            return self._model

    def train(self, extra: Sequence[Example] = ()) -> Model:
        """Trains on our own examples and `extra`, or loads that very model from the cache, and uses it from now on."""
        with self._lock:
            self._model = self._make([*own_examples(), *extra])
            return self._model

    def learn(self, examples: Iterable[tuple[str, str]]) -> Model:
        """Learns from handlers' corrections: all of them, oldest first, as (text, category code). Categories that the
        default catalogue does not have become known this way; give their names and descriptions as examples too."""
        return self.train(corrections(examples))

    def follow(self) -> None:
        """Takes over a newer model that another process put in the cache; looks at most every FOLLOW_SECONDS."""
        now = time.monotonic()
        if self._cache is None or self._model is None or now - self._looked < FOLLOW_SECONDS:
            return
        self._looked = now
        with self._lock:
            newer = self._current_name()
            if newer and newer != self._model.facts["made_of"]:
                self._model = self._read(newer) or self._model

    def _make(self, examples: Sequence[Example]) -> Model:
        name = fingerprint(examples)
        model = self._read(name)
        if model is None:
            model = train(examples)
            if self._cache is not None:
                model.save(self._cache / f"{name}.npz")
        if self._cache is not None and self._current_name() != name:
            pointer = self._cache / f"{CURRENT}.{os.getpid()}.part"
            pointer.write_text(name)
            pointer.replace(self._cache / CURRENT)
        return model

    def _current_name(self) -> str:
        try:
            return (self._cache / CURRENT).read_text().strip() if self._cache else ""
        except OSError:
            return ""

    def _read_current(self) -> Model | None:
        name = self._current_name()
        return self._read(name) if name else None

    def _read(self, name: str) -> Model | None:
        """None when it is not there or unusable: it can always be trained anew."""
        if self._cache is None or not re.fullmatch(r"[0-9a-f]{20}", name):
            return None
        try:
            return Model.load(self._cache / f"{name}.npz")
        except (OSError, ValueError, KeyError, EOFError):
            return None

    def suggest(
        self, text: str, limit: int = PROPOSALS, allowed_categories: set[str] | None = None
    ) -> list[CategoryProposal]:
        """The likeliest categories only, for while somebody types."""
        model = self.model
        found = words(clean(text))
        scores, parts = model.scores(found)
        return _categories(model, scores, parts, found, allowed_categories)[:limit] if found else []

    def screen(
        self,
        text: str,
        *,
        place: dict[str, Any] | None = None,
        chosen_category: str | None = None,
        allowed_categories: set[str] | None = None,
    ) -> Screening:
        """All proposals for a text of any length and kind; never raises for what is in it.

        `place`: what is known of the place, keys `competent` (name of another authority that is competent there) and
        `outside` (true: outside the municipality). `chosen_category`: code that a person chose; it decides department and
        rules. `allowed_categories`: codes in use; others are never proposed."""
        model = self.model
        plain = clean(text)
        found = words(plain)
        scores, parts = model.scores(found)
        proposals = _categories(model, scores, parts, found, allowed_categories) if found else []
        rule_text = text_of(plain, is_clean=True)
        danger = _emergency(rule_text)
        likely = {row.code for row in proposals if row.score >= LIKELY}
        urgency = _urgency(rule_text, danger, {chosen_category} if chosen_category else likely)
        admissibility = _admissibility(model, scores, parts, found, plain, rule_text, danger, place or {}, proposals)
        language, language_score = _language(model, scores, plain, found)
        top = proposals[0] if proposals else None
        lead = top.score - (proposals[1].score if len(proposals) > 1 else 0.0) if top else 0.0
        choice = _choice(model, scores, chosen_category, proposals)
        known = catalogue_rows().get(chosen_category or (top.code if top else ""))
        return Screening(
            categories=tuple(proposals[:PROPOSALS]),
            not_sure=top is None or top.score < NOT_SURE_BELOW or lead < LEAST_LEAD,
            chosen=choice,
            department=known.department if known else "",
            urgency=urgency,
            admissibility=admissibility,
            emergency=danger,
            complaint=admissibility.reason == "complaint",
            language=language,
            language_score=language_score,
            model=model.facts["made_of"],
        )


def _categories(
    model: Model, scores: Floats, parts: dict[str, Floats], found: Sequence[Word], allowed: set[str] | None
) -> list[CategoryProposal]:
    """Up to ten categories, likeliest first, with the words that speak for each."""
    result: list[CategoryProposal] = []
    for code, chance in model.probabilities("category", scores, allowed)[:10]:
        row = catalogue_rows().get(code)
        telling = _telling(model, "category", code, parts, found) if len(result) < PROPOSALS else ()
        result.append(
            CategoryProposal(code, row.name if row else code, round(chance, 4), telling, row.department if row else "")
        )
    return result


def _telling(model: Model, head: str, label: str, parts: dict[str, Floats], found: Sequence[Word]) -> tuple[str, ...]:
    """The words that raise this label above the average label most, as they were written."""
    columns = model.columns[head]
    at = model.heads[head].index(label)
    written = {word.key: word for word in reversed(found)}
    weights = []
    for key, vector in parts.items():
        own = vector[columns]
        if written[key].folded not in _SMALL_WORDS:
            weights.append((float(own[at] - own.mean()), key))
    weights.sort(reverse=True)
    most = weights[0][0] if weights else 0.0
    return tuple(written[key].written for weight, key in weights[:WORDS_SHOWN] if weight > 0.02 and weight > most * 0.25)


def _choice(model: Model, scores: Floats, chosen: str | None, proposals: Sequence[CategoryProposal]) -> Choice | None:
    if not chosen:
        return None
    chances = dict(model.probabilities("category", scores))
    score = round(chances.get(chosen, 0.0), 4)
    top = proposals[0] if proposals else None
    return Choice(chosen, score, top is not None and top.code != chosen and top.score >= 0.8 and score < 0.05)


def _urgency(text: RuleText, danger: Emergency | None, likely: set[str]) -> Urgency:
    if danger is not None:
        return Urgency(URGENT, danger.words, f"noodgeval-{danger.rule}", danger.why)
    best: tuple[Rule, str] | None = None
    for rule, found in matches(URGENCIES, text):
        if rule.category and rule.category not in likely:
            continue
        if rule.value == URGENT:
            return Urgency(URGENT, (found,), rule.id, rule.why)
        best = best or (rule, found)
    if best is None:
        return Urgency(NORMAL, (), "", "")
    return Urgency(HIGH, (best[1],), best[0].id, best[0].why)


def _admissibility(
    model: Model,
    scores: Floats,
    parts: dict[str, Floats],
    found: Sequence[Word],
    plain: str,
    text: RuleText,
    danger: Emergency | None,
    place: dict[str, Any],
    proposals: Sequence[CategoryProposal],
) -> Admissibility:
    """Danger goes first, then the place, then the rules, then the model; whatever is left looks admissible."""
    if danger is not None:
        return Admissibility(False, "emergency", 0.95, danger.words, danger.rule, danger.why, danger.number)
    if silence := nothing_said(plain):
        return Admissibility(False, "not_understandable", 0.9, (), "zonder-inhoud", silence)
    chances = dict(model.probabilities("reason", scores))
    fitting = [(_sureness(rule, chances, proposals), rule, words_found) for rule, words_found in matches(REASONS, text)]
    fitting = [row for row in fitting if row[0] >= 0.5]
    if fitting:
        score, rule, words_found = max(fitting, key=lambda row: (row[1].value == "abusive", row[0]))
        return Admissibility(False, rule.value, round(score, 4), (words_found,), rule.id, rule.why, rule.refer)
    if place.get("competent"):
        who = str(place["competent"])
        return Admissibility(False, "other_authority", 0.7, (), "plaats", f"Op deze plaats is {who} bevoegd.", who)
    if place.get("outside"):
        return Admissibility(False, "other_authority", 0.9, (), "plaats", "De plaats ligt buiten de gemeente.")
    reason, chance = max(chances.items(), key=lambda row: row[1])
    enough = COMPLAINT_FROM if reason == "complaint" else REASON_FROM
    if reason not in (ADMISSIBLE, "emergency") and chance >= enough:
        telling = _telling(model, "reason", reason, parts, found)
        return Admissibility(False, reason, round(chance, 4), telling, "", "De tekst lijkt op teksten met deze reden.")
    return Admissibility(True, "", round(chances[ADMISSIBLE], 4), (), "", "")


def _sureness(rule: Rule, chances: dict[str, float], proposals: Sequence[CategoryProposal]) -> float:
    """A rule's own score, moved a little by what the model makes of the whole text."""
    return min(0.98, max(0.0, rule.score + 0.15 * (chances.get(rule.value, 0.0) - 0.3)))


def _language(model: Model, scores: Floats, plain: str, found: Sequence[Word]) -> tuple[str, float]:
    """The likeliest of nl, fr, en, de; `und` (undetermined) for another script. Without words: nl, not sure."""
    if not found:
        return ("und" if _NOT_LATIN.search(plain) else "nl"), 0.0
    other = len(_NOT_LATIN.findall(plain[:2000]))
    if other * 2 > len(re.findall(r"[^\W\d_]", plain[:2000])):
        return "und", 0.0
    label, chance = model.probabilities("language", scores)[0]
    return label, round(chance, 4)


_shared: Screener | None = None
_shared_lock = threading.Lock()
_folder: Path | None = None


def configure(cache: Path | None) -> None:
    """Tells where trained models are kept; at start, before the first use. None: MELDLOKET_HOME or `.meldloket`."""
    global _folder, _shared
    with _shared_lock:
        _folder, _shared = cache, None


def get_screener() -> Screener:
    """The screener of this process; it takes over what another process learned."""
    global _shared
    current = _shared
    if current is None:
        with _shared_lock:
            if _shared is None:
                home = Path(os.environ.get("MELDLOKET_HOME") or ".meldloket")
                _shared = Screener(_folder or home / "screening")
            current = _shared
    current.follow()
    return current
