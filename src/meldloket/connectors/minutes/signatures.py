"""Checks PAdES signatures with pyHanko: nothing changed since, a chain to an anchor of ours, and both roles (B6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import structlog

from meldloket.decisions.ports import Checked, Signer

log = structlog.get_logger(__name__)
LARGEST = 25_000_000  # bytes
ALDERMAN, DIRECTOR = "alderman", "general_director"
WORDS = {ALDERMAN: "de schepen", DIRECTOR: "de algemeen directeur"}


@dataclass(frozen=True)
class Signatories:
    """Who may sign in which role, by the name in the certificate, read from `alderman=Ann Lens|Bert Maes;
    general_director=Rik Thys`."""

    names: dict[str, str]  # folded name → role

    @classmethod
    def read(cls, text: str) -> Signatories:
        names = {}
        for part in text.split(";"):
            role, _, people = part.partition("=")
            for name in people.split("|"):
                if name.strip():
                    names[_fold(name)] = role.strip()
        return cls(names)

    def role(self, name: str) -> str:
        """The role of this name; empty for a stranger."""
        return self.names.get(_fold(name), "")


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())


class PadesChecker:
    """See decisions.ports.SignatureChecker. `anchors`: a folder with certificates (PEM or DER) that are trusted."""

    def __init__(self, anchors: Path, signatories: Signatories) -> None:
        self._anchors = anchors
        self._signatories = signatories

    @cached_property
    def _roots(self) -> list[Any]:
        from pyhanko.keys import load_certs_from_pemder

        files = sorted(str(path) for path in self._anchors.glob("*") if path.suffix in (".pem", ".crt", ".cer"))
        return list(load_certs_from_pemder(files)) if files else []

    def check(self, document: bytes) -> Checked:
        """What is wrong in one Dutch sentence, with everybody whose signature is right."""
        if len(document) > LARGEST:
            return Checked(problem="Het document is te groot.")
        try:
            found = self._validate(document)
        except Exception as error:  # a hostile document may break anything in a parser: it is bad, and that is all we say
            log.info("signature_unreadable", kind=type(error).__name__)
            return Checked(problem="Het document is geen leesbare pdf met handtekeningen.")
        return self._judge(found)

    def _validate(self, document: bytes) -> list[Any]:
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext

        reader = PdfFileReader(BytesIO(document))
        context = ValidationContext(trust_roots=self._roots, allow_fetching=False)
        return [
            validate_pdf_signature(one, signer_validation_context=context) for one in reader.embedded_regular_signatures
        ]

    def _judge(self, found: list[Any]) -> Checked:
        if not found:
            return Checked(problem="Het document is niet ondertekend.")
        signers, problem = [], ""
        for status in found:
            name = status.signing_cert.subject.native.get("common_name", "")
            signers.append(Signer(name, self._signatories.role(name), status.signer_reported_dt))
            problem = problem or _wrong(status, name)
        if not problem and not _covers_all(found[-1]):
            problem = "Na de laatste handtekening is er nog iets aan het document veranderd."
        roles = {signer.role for signer in signers}
        for role, words in WORDS.items():
            if not problem and role not in roles:
                problem = f"De handtekening van {words} ontbreekt."
        return Checked(problem, tuple(signers))


def _wrong(status: Any, name: str) -> str:
    if not status.intact or not status.valid:
        return f"De handtekening van {name or 'onbekend'} past niet bij dit document."
    if not status.trusted:
        return f"Het certificaat van {name or 'onbekend'} is vervallen, of komt niet van een instantie die wij vertrouwen."
    if not status.bottom_line:
        return f"Na de handtekening van {name or 'onbekend'} is het document veranderd."
    return ""


def _covers_all(status: Any) -> bool:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    return bool(status.coverage == SignatureCoverageLevel.ENTIRE_FILE)
