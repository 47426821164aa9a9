"""Looks for personal data in what is about to become public, so that the person who confirms knows where to look. It finds
what has a form or is known of the reporters of the case; it can't find every name, and so it never decides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import phonenumbers
import structlog

from meldloket.cases.models import Case

log = structlog.get_logger(__name__)
REPORTER = "naam van de melder"
#: Pages of a signed document that are read; nobody checks a book by machine.
MOST_PAGES = 60
_WORD = r"(?<![\w-]){}(?![\w-])"
#: What has a form: how it is called, what it looks like, and what is written in its place.
FORMS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("e-mailadres", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w"), "[e-mailadres]"),
    ("rijksregisternummer", re.compile(r"(?<!\d)\d{2}[.\s-]?\d{2}[.\s-]?\d{2}[.\s-]?\d{3}[.\s-]?\d{2}(?!\d)"), "[nummer]"),
    ("rekeningnummer", re.compile(r"(?<!\w)BE\d{2}(?:\s?\d{4}){3}(?!\d)", re.IGNORECASE), "[rekeningnummer]"),
    ("nummerplaat", re.compile(r"(?<![\w-])\d-[A-Z]{3}-\d{3}(?![\w-])"), "[nummerplaat]"),
)


@dataclass(frozen=True)
class Finding:
    """Something that looks like personal data. `kind`: Dutch; `text`: as it stands there; `instead`: what masks it."""

    kind: str
    text: str
    instead: str


def findings(text: str, names: Iterable[str] = ()) -> list[Finding]:
    """Everything in `text` that looks like personal data, each once, in the order of the forms and then of `names`."""
    searches = list(FORMS)
    for name in names:
        pattern = re.compile(_WORD.format(r"\s+".join(re.escape(part) for part in name.split())), re.IGNORECASE)
        searches.append((REPORTER, pattern, "[naam]"))
    found = []
    for kind, pattern, instead in searches:
        found += [Finding(kind, hit, instead) for hit in pattern.findall(text)]
        text = pattern.sub("\0", text)  # what was found is not found again as something else
    for phone in phonenumbers.PhoneNumberMatcher(text, "BE"):
        found.append(Finding("telefoonnummer", phone.raw_string.lstrip("("), "[telefoonnummer]"))
    return list(dict.fromkeys(found))


def masked(text: str, names: Iterable[str] = ()) -> str:
    """The text with everything that was found in it replaced."""
    for finding in findings(text, names):
        text = text.replace(finding.text, finding.instead)
    return text


def names_of(case: Case, *, whole_only: bool = False) -> list[str]:
    """What the reporters of this case are called, the longest first: whole names, then family names (which others bear too)
    unless `whole_only`."""
    whole, family = set(), set()
    for report in case.reports.select_related("reporter"):
        one = report.reporter
        if one is None:
            continue
        for first, last in ((one.first_name, one.last_name), (one.register_first_name, one.register_last_name)):
            if last.strip():
                whole |= {f"{first} {last}".strip(), f"{last} {first}".strip()}
                family.add(last.strip())
    if whole_only:
        return sorted(whole, key=len, reverse=True)
    return [*sorted(whole, key=len, reverse=True), *sorted(family - whole, key=len, reverse=True)]


def reporters_of(case: Case) -> list[str]:
    """The reporters of this case as they call themselves, in the order in which they reported."""
    rows = [report.reporter for report in case.reports.select_related("reporter").order_by("id")]
    return [f"{one.first_name} {one.last_name}".strip() for one in rows if one is not None and one.last_name.strip()]


def text_of(document: bytes) -> str | None:
    """What a PDF says, for the check; None when it can't be read (then only a person's eyes remain)."""
    from pypdf import PdfReader

    try:
        pages = PdfReader(BytesIO(document)).pages
        return "\n".join(page.extract_text() for _, page in zip(range(MOST_PAGES), pages, strict=False))
    except Exception as error:  # a parser of a strange document may fail in any way: then it was not read
        log.info("document_text_unreadable", kind=type(error).__name__)
        return None
