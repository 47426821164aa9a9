"""Reads what MAGDA answers and keeps only what a report needs: a name, an address, and why something is missing. The rest
of the national register's answer is thrown away here (specs/identity-and-registers 2.4, 2.5, 2.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from meldloket.connectors.magda.addresses import read_address
from meldloket.intake.ports import RegisterAnswer, WhyNot

NOT_REGISTERED = "40003"
EXISTS_ALREADY = "40143"
_NEW_NUMBER = "30004"
_SHORTENED = "30030"
_REFUSALS = {"40001", "40005", "40006"}
_OVERLOADED = {"99995", "99996"}
_NOBODY = {"20002", "30001", "30002", "30003"}


class Unreadable(Exception):
    """What came is no answer of MAGDA. `why` says it in a few words of ours, never with the answer's own content."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Exceptional:
    """An *uitzondering*: its code, and its type, by which one decides: FOUT, WAARSCHUWING or INFORMATIE."""

    code: str
    kind: str

    @property
    def is_error(self) -> bool:
        return self.kind not in ("WAARSCHUWING", "INFORMATIE")


def parse(content: bytes) -> etree._Element:
    """The *Repliek* of an answer, with or without its SOAP envelope. Raises Unreadable for a SOAP fault, for what is no
    XML, for a document type (no entities, no network), and for an answer of something else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("no XML") from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise Unreadable("a document type")
    if next(_named(root, "Fault"), None) is not None:
        raise Unreadable("a SOAP fault")
    reply = next(_named(root, "Repliek"), None)
    if reply is None:
        raise Unreadable("no Repliek")
    return reply


def exceptions(reply: etree._Element) -> tuple[Exceptional, ...]:
    """All exceptions, those about the call and those about the content, in their order."""
    return tuple(
        Exceptional(_text(one, "Identificatie"), _text(one, "Type").upper()) for one in _named(reply, "Uitzondering")
    )


def registered(reply: etree._Element) -> bool:
    """Whether RegistreerInschrijving did it: a `0` comes without any exception, and "exists already" is what we want."""
    if any(one.code == EXISTS_ALREADY for one in exceptions(reply)):
        return True
    result = next(_named(reply, "Resultaat"), None)
    return result is not None and (result.text or "").strip() == "1" and not any(o.is_error for o in exceptions(reply))


def person(reply: etree._Element, asked: str | None, reference: str = "") -> RegisterAnswer:
    """The answer of GeefPersoon for the form. `asked`: the national number of the question, None when it isn't known
    (a file read from the command line). Raises Unreadable for the answer of another service."""
    if _text(reply, "Context/Naam") not in ("GeefPersoon", ""):
        raise Unreadable("an answer of another service")
    said = exceptions(reply)
    codes = tuple(one.code for one in said)
    errors = [one for one in said if one.is_error]
    found = next(_named(reply, "Persoon"), None)
    if errors or found is None:
        return RegisterAnswer(why_not=_why_not(errors), codes=codes, reference=reference)
    number = _text(found, "INSZ")
    if _NEW_NUMBER in codes or (asked is not None and number != asked):
        return RegisterAnswer(why_not=WhyNot.OTHER_NUMBER, codes=codes, reference=reference)
    if found.find("Overlijden") is not None:
        return RegisterAnswer(why_not=WhyNot.DECEASED, codes=codes, reference=reference)
    first_names, used = _first_names(found)
    where = read_address(found.find("Adressen"))
    hints = (*where.hints, *(("data_shortened",) if _SHORTENED in codes else ()))
    return RegisterAnswer(
        first_name=used,
        all_first_names=first_names,
        last_name=" ".join(_texts(found, "Naam/Achternamen/Achternaam")),
        address=where.address,
        why_not=where.why_not,
        hints=hints,
        codes=codes,
        reference=reference,
    )


def overloaded(answer: RegisterAnswer) -> bool:
    """Whether the register asks us to come back later."""
    return bool(_OVERLOADED & set(answer.codes)) and not answer.found


def _why_not(errors: list[Exceptional]) -> WhyNot:
    codes = {one.code for one in errors}
    if codes & _REFUSALS:
        return WhyNot.REFUSED
    return WhyNot.NOT_FOUND if codes & _NOBODY else WhyNot.UNAVAILABLE


def _first_names(found: etree._Element) -> tuple[tuple[str, ...], str]:
    """All first names, and the one in use: the marked one, else the first. Some people have none."""
    elements = [one for one in found.findall("Naam/Voornamen/Voornaam") if (one.text or "").strip()]
    names = tuple((one.text or "").strip() for one in elements)
    marked = [name for name, one in zip(names, elements, strict=True) if one.get("GebruikelijkeVoornaam") == "1"]
    return names, next(iter(marked or names), "")


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Elements of this name in any namespace: the samples of one service use several."""
    return root.iter(f"{{*}}{name}")


def _text(parent: etree._Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()


def _texts(parent: etree._Element, path: str) -> list[str]:
    return [text for one in parent.findall(path) if (text := (one.text or "").strip())]
