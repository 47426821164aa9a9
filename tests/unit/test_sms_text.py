"""How many parts an SMS takes, and how plain writing keeps it to one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meldloket.messages.sms_text import is_gsm7, sms_parts, to_gsm7


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two septets each
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),  # the pair does not fit in the last septet of the first part
        ("ë" + "a" * 69, 1),  # one ë turns the whole text into UCS-2
        ("ë" + "a" * 70, 2),
        ("ë" * 134, 2),
        ("ë" * 135, 3),
        ("😀" * 35, 1),  # two units each
        ("😀" * 36, 2),
        ("😀" * 66, 2),  # 33 whole pairs in a part of 67
        ("😀" * 67, 3),
    ],
)
def test_parts(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Uw melding is “klaar”…", 'Uw melding is "klaar"...'),
        ("Zoë’s vraag – antwoord vóór maandag", "Zoe's vraag - antwoord voor maandag"),
        ("café à Lindekerke ñ ü ö ä ß", "café à Lindekerke ñ ü ö ä ß"),
        ("20\u00a0€ ½ œuvre", "20 € 1/2 oeuvre"),
        ("e\u0301e\u0308n", "éen"),
        ("Привет 😀", "Привет 😀"),
    ],
)
def test_plain_characters(text: str, plain: str) -> None:
    assert to_gsm7(text) == plain


def test_a_dutch_text_with_typography_fits_one_part_again() -> None:
    text = "Uw melding MLD-2026-000123 is ontvankelijk: wij nemen ze in behandeling. U krijgt vóór 3 december een antwoord…"
    assert sms_parts(text) == 2
    assert sms_parts(to_gsm7(text)) == 1


@given(st.text(max_size=400))
def test_plain_writing_never_costs_more_and_is_stable(text: str) -> None:
    plain = to_gsm7(text)
    assert sms_parts(plain) <= sms_parts(text)
    assert to_gsm7(plain) == plain


@given(st.text(alphabet="abc é€{}\n@Ω", max_size=700))
def test_what_is_gsm7_stays_as_it_is(text: str) -> None:
    assert is_gsm7(text)
    assert to_gsm7(text) == text


@given(st.text(max_size=400), st.text(max_size=40))
def test_more_text_is_never_fewer_parts(text: str, more: str) -> None:
    assert sms_parts(text) <= sms_parts(text + more)


@given(st.text(min_size=1, max_size=600))
def test_parts_agree_with_a_packing_by_hand(text: str) -> None:
    """Cuts the text into parts the slow way: greedy, on the bytes that a telephone would send."""
    if is_gsm7(text):
        units = [2 if char in "\f^{}\\[~]|€" else 1 for char in text]
        single, several = 160, 153
    else:
        units = [len(char.encode("utf-16-be", "surrogatepass")) // 2 for char in text]
        single, several = 70, 67
    if sum(units) <= single:
        assert sms_parts(text) == 1
        return
    parts = [0]
    for unit in units:
        if parts[-1] + unit > several:
            parts.append(0)
        parts[-1] += unit
    assert sms_parts(text) == len(parts)
