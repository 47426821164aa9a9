"""How much of an SMS a text is: shown in the template editor, and a reason to write plainly, because one curly quote
makes a message cost twice (specs/identity-and-registers §5; alphabet: 3GPP TS 23.038)."""

from __future__ import annotations

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")  # two septets each

#: Characters that word processors and translators like, and what an old telephone writes instead.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000\t", " "),
        **dict.fromkeys("\u00ad\u200b\u200e\u2060\ufeff", ""),
        **dict.fromkeys("\u2028\u2029\u0085", "\n"),
        "‹": "<", "›": ">", "…": "...", "•": "-", "·": ".", "×": "x", "÷": ":", "⁄": "/",
        "œ": "oe", "Œ": "OE", "°": "o", "©": "(c)", "®": "(r)", "™": "tm", "→": "->", "←": "<-",
    }
)  # fmt: skip


def is_gsm7(text: str) -> bool:
    """Whether the text fits the alphabet of 160 characters a message."""
    return _BASIC.issuperset(set(text) - _EXTENSION)


def sms_parts(text: str) -> int:
    """How many messages a telephone network makes of the text: 160 characters of GSM-7 fit in one, or 70 UTF-16 units
    as soon as one character falls outside it; in a longer text 153 or 67 a part. 0 for an empty text."""
    if is_gsm7(text):
        sizes, whole, part = [2 if char in _EXTENSION else 1 for char in text], 160, 153
    else:
        sizes, whole, part = [2 if ord(char) > 0xFFFF else 1 for char in text], 70, 67
    if sum(sizes) <= whole:
        return 1 if text else 0
    parts, room = 1, part
    for size in sizes:
        if size > room:  # an escape pair or a surrogate pair stays together
            parts, room = parts + 1, part
        room -= size
    return parts


def to_gsm7(text: str) -> str:
    """The text with typographic characters and accents outside GSM-7 replaced by plain ones ("Zoë’s" → "Zoe's").

    What has no plain form (emoji, another script) stays. The answer never takes more parts than the text given."""
    plain = "".join(_plain(char) for char in unicodedata.normalize("NFC", text.translate(_PLAIN)))
    return plain if sms_parts(plain) <= sms_parts(text) else text


def _plain(char: str) -> str:
    """The character, or what is left of it without its accent or its special form if that fits GSM-7."""
    if is_gsm7(char):
        return char
    decomposed = unicodedata.normalize("NFKD", char).translate(_PLAIN)
    bare = "".join(one for one in decomposed if not "\u0300" <= one <= "\u036f")  # accents; other scripts keep theirs
    return bare if is_gsm7(bare) else char
