"""The Dutch words of the open data."""

from __future__ import annotations

from meldloket.cases.lifecycle import Outcome

#: What became of the cases of a group, by its code.
END_WORDS: dict[str, str] = {
    "": "niet uitgesplitst",
    "open": "nog open",
    "ended": "beëindigd",
    **{str(value): str(words).lower() for value, words in Outcome.choices},
    "handled": "afgehandeld",
    "inadmissible": "niet ontvankelijk",
    "referred": "doorgegeven aan een andere overheid",
    "withdrawn": "ingetrokken",
}
