"""Free text and phone numbers as people type them, made safe to keep: nothing visible is taken away."""

from __future__ import annotations

import unicodedata

import phonenumbers

#: Marks that turn the direction of text around and can make a sentence look like another (they show nothing).
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def tidy(text: str, *, lines: bool = True) -> str:
    """Normal form C without control characters, lone surrogates or direction overrides; line ends are \\n (a space when
    `lines` is False)."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_TURNING)
    kept = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn"))
    return (kept if lines else " ".join(kept.split())).strip()


def mobile_number(text: str) -> str | None:
    """A number that can get an SMS, as E.164 (+32470123456); None when it is none. Without a country it is Belgian."""
    try:
        number = phonenumbers.parse(text, "BE")
    except phonenumbers.NumberParseException:
        return None
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in kinds:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_number(e164: str) -> str:
    """A number in Belgian notation: 0470 12 34 56."""
    try:
        number = phonenumbers.parse(e164, "BE")
    except phonenumbers.NumberParseException:
        return e164
    national = number.country_code == 32
    form = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)
