"""Texts that say nothing: empty, a slip on the keyboard, a mere greeting. Counting, not guessing: an unknown language is
not gibberish."""

from __future__ import annotations

import re

from .phrases import word_list
from .text import fold

_ROWS = ("qwertyuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "wxcvbn")
_VOWEL = re.compile(r"[aeiouy]")
_LATIN = re.compile(r"^[a-z0-9 ]*$")
_EMPTY = word_list("empty")


def nothing_said(text: str) -> str:
    """Why a clean text says nothing (a Dutch sentence), or an empty string when it may say something."""
    folded = fold(text)
    tokens = re.findall(r"[^\W_]+", folded)
    letters = sum(character.isalpha() for character in folded)
    if letters < 3:
        return "De tekst bevat geen woorden."
    if len(set(folded.replace(" ", ""))) <= 2:
        return "De tekst herhaalt een letter."
    if len(tokens) <= 6 and all(token in _EMPTY or token.isdigit() for token in tokens):
        return "De tekst bevat geen inhoud."
    odd = [token for token in tokens if _mashed(token)]
    if tokens and len(odd) / len(tokens) > 0.5:
        return "De tekst bestaat uit willekeurige letters."
    return ""


def _mashed(token: str) -> bool:
    """A word typed by a hand rolling over the keyboard: a row of keys, no vowel, one or two letters over and over."""
    if len(token) < 4 or not _LATIN.match(token) or any(character.isdigit() for character in token):
        return False
    if not _VOWEL.search(token):
        return True
    if len(set(token)) <= 2 or (
        len(token) >= 8 and token[: len(token) // 2] == token[len(token) // 2 : len(token) // 2 * 2]
    ):
        return len(token) >= 6
    runs = sum(
        any(token[at : at + 4] in row or token[at : at + 4] in row[::-1] for row in _ROWS) for at in range(len(token) - 3)
    )
    return runs * 2 >= len(token) - 3
