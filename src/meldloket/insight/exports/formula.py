"""What a spreadsheet could carry out when it opens a text file, and how that is prevented. One pattern for pyarrow (RE2)
and for Python, so it names its characters."""

from __future__ import annotations

import re

#: Before the sign: spaces, control and invisible characters of all kinds, quotes.
_BEFORE = "\x01-\x20\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\"'`‘’‚“”„«»"
#: The signs; also full-width, small, superscript and mathematical ones, which some programs read as the plain ones.
_SIGNS = r"=+\-@＝＋－＠﹦﹢﹣﹫−⁼⁺⁻"
#: Ends a line or a cell in a spreadsheet of another country, whatever the quotes around it; in the text it is a space.
BREAK = "[\t\r\n]+"
#: At the begin of a cell, and after what separates cells in a spreadsheet of another country.
FORMULA = f"(^|[,;])([{_BEFORE}]*[{_SIGNS}])"
#: An apostrophe before it makes a text of the cell.
DISARMED = r"\1'\2"

_BREAK, _FORMULA = re.compile(BREAK), re.compile(FORMULA)


def disarmed(text: str) -> str:
    """The text such that no spreadsheet sees a formula in it."""
    return _FORMULA.sub(DISARMED, _BREAK.sub(" ", text))
