"""Rules as data and the one way to apply them: sentence by sentence, on folded text, in a time that is bounded whatever
was typed. A rule first looks whether one of its bare words is there at all, which settles nearly all of them at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .text import clean, fold, sentences

LONGEST_SENTENCE = 600  # characters that a rule looks at in one sentence
MOST_SENTENCES = 40
LONGEST_FOR_RULES = 5_000  # the start and the end of a longer text: that is where people say what it is about


@dataclass(frozen=True)
class Rule:
    """A rule. `needs`: bare words of which at least one must occur, separated by spaces. `find`: regular expressions, one
    of which must fit within a sentence; `unless`: one that must not fit that sentence. `value`: what it proposes (a
    telephone number, a reason, a level); `why`: for the handler, in Dutch; `score`: how sure (0..1); `refer`: to whom."""

    id: str
    value: str
    needs: str
    find: tuple[str, ...]
    why: str
    unless: str = ""
    score: float = 0.9
    refer: str = ""
    category: str = ""  # only when the text is likely of this category
    words: tuple[str, ...] = field(init=False, compare=False)
    pattern: re.Pattern[str] = field(init=False, compare=False, repr=False)
    against: re.Pattern[str] | None = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(self.needs.split()))
        object.__setattr__(self, "pattern", re.compile("|".join(f"(?:{part})" for part in self.find)))
        object.__setattr__(self, "against", re.compile(self.unless) if self.unless else None)

    def match(self, sentence: str) -> str:
        """What fitted in a folded sentence; empty when nothing did."""
        if self.words and not any(word in sentence for word in self.words):
            return ""
        found = self.pattern.search(sentence)
        if found is None or (self.against is not None and self.against.search(sentence)):
            return ""
        return found.group().strip()


@dataclass(frozen=True)
class RuleText:
    """A text as the rules read it."""

    whole: str
    sentences: tuple[str, ...]


def text_of(text: str, *, is_clean: bool = False) -> RuleText:
    """Prepares a text: cleaned, shortened in the middle, folded and cut into sentences."""
    plain = text if is_clean else clean(text)
    if len(plain) > LONGEST_FOR_RULES:
        half = LONGEST_FOR_RULES // 2
        plain = f"{plain[:half]}\n{plain[-half:]}"
    parts = tuple(part[:LONGEST_SENTENCE] for part in sentences(plain)[:MOST_SENTENCES])
    return RuleText(fold(plain), parts)


def matches(rules: Iterable[Rule], text: RuleText) -> Iterator[tuple[Rule, str]]:
    """Every rule that fits, in the order of the rules, with the words that it found first."""
    for rule in rules:
        if rule.words and not any(word in text.whole for word in rule.words):
            continue
        for sentence in text.sentences:
            if found := rule.match(sentence):
                yield rule, found
                break


def first_match(rules: Iterable[Rule], text: RuleText) -> tuple[Rule, tuple[str, ...]] | None:
    """The first rule that fits."""
    for rule, found in matches(rules, text):
        return rule, (found,)
    return None
