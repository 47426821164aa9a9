"""One way of reading a citizen's text, for the rules and the model alike: whatever was typed becomes plain words, in a time
that does not depend on how odd the text is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .phrases import word_list

LONGEST = 20_000  # characters that are looked at; the form accepts no more
LONGEST_WORD = 30
MOST_WORDS = 220  # different words that count for the model: more adds time, not knowledge

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|&[a-z]{2,8};|&#\d{1,6};")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,300}")
_MARK = re.compile("[\u0300-\u036f]")
_SPACE = re.compile(r"[ \t\u00a0]+")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[.!?\n;]+")
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = re.compile(r"\d+")

#: A word with one of these endings is the name of a street, unless it is a common noun: "losse tegel in de Kerkhofstraat"
#: is not about a cemetery.
_STREET = re.compile(r"^.{2,}(?:straat|straatje|laan|steenweg|dreef|lei|kaai|plein|weg|pad|hof|berg|veld|wijk)$")
_ALWAYS_STREET = re.compile(r"^.{3,}(?:straat|laan|steenweg|dreef)$")
_NOT_A_NAME = re.compile(
    r"^(?:.*(?:rij|fiets|voet|snel|gewest|wandel|jaag|uit|om|af|weg)(?:weg|pad)|(?:zij|woon|winkel|fiets|school|hoofd|dwars|"
    r"dorps|hoek|achter|een\w*|speel|leef)?straat|(?:speel|dorps|markt|school|kerk|gras|voetbal|sport|stations)(?:plein|veld)|"
    r"steenweg|(?:veld|bos|hoofd|zij|aarde|land|kerk|toegangs|trage)weg|(?:bos|kerk|vlonder)pad|.*kerkhof|woonwijk|vandaan|"
    r"kampeerterrein|dreef|allei|galei|vallei|voorhof|hondenweg|gedaan|toegestaan|ontstaan)$"
)

#: Words that open a place, and the small words that may stand between them and its name, in four languages.
_WHERE = word_list("where")
_BETWEEN = word_list("between")


@dataclass(frozen=True)
class Word:
    """A word as it was written, and folded: lower case, no accents, digits made equal. `place`: it says where something is
    ("naast het bushokje") rather than what is wrong."""

    written: str
    folded: str
    place: bool = False

    @property
    def key(self) -> str:
        """What the model knows the word by."""
        return f"@{self.folded}" if self.place else self.folded


def clean(text: str) -> str:
    """Readable text: composed characters, no tags, links, control or invisible characters, at most LONGEST characters."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])
    text = (
        _TAG.sub(" ", _UNSEEN.sub(" ", text))
        if not text.isascii() or "<" in text or "&" in text
        else _UNSEEN.sub(" ", text)
    )
    return _SPACE.sub(" ", _LINK.sub(" ", text)).strip()[:LONGEST]


def fold(text: str) -> str:
    """Lower case without accents: "Één café" and "een cafe" are the same."""
    text = text.lower().replace("’", "'").replace("ß", "ss")
    return text if text.isascii() else _MARK.sub("", unicodedata.normalize("NFKD", text))


@lru_cache(maxsize=20_000)
def _fold_word(word: str) -> str:
    return _DIGITS.sub("0", fold(word))


def sentences(text: str) -> list[str]:
    """Folded sentences of a clean text; what one says about time does not count for another."""
    return [sentence.strip() for sentence in _SENTENCE.split(fold(text)) if sentence.strip()]


def words(text: str) -> list[Word]:
    """The words of a clean text in order, without bare numbers and names of streets. At most MOST_WORDS different ones."""
    found: list[Word] = []
    different: set[str] = set()
    before = ""
    where = False
    for match in _WORD.finditer(text):
        written = match.group()[:LONGEST_WORD]
        folded = _fold_word(written)
        name = _is_street(written, folded, before)
        before = folded
        if name or not _LETTER.search(folded):
            continue
        place = where and folded not in _BETWEEN
        where = folded in _WHERE or (where and folded in _BETWEEN)
        if folded not in different:
            if len(different) >= MOST_WORDS:
                break
            different.add(folded)
        found.append(Word(written, folded, place))
    return found


def _is_street(written: str, folded: str, before: str) -> bool:
    """A name when it ends like a street and is no common noun; endings that common nouns share ask for a capital letter
    that does not open the text, or for "in de" before it."""
    if _NOT_A_NAME.match(folded) or not _STREET.match(folded):
        return False
    return bool(_ALWAYS_STREET.match(folded)) or (
        written[0].isupper() and before in ("de", "het", "den", "op", "in", "van", "aan")
    )
