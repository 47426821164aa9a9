"""Signed decisions for tests, made with the tools of the double, and bad ones that no minutes package would make."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from meldloket.sandbox.minutes.signing import ALDERMAN, DIRECTOR, SIGNATORIES, Authority, new_authority, page, sign

__all__ = ["ALDERMAN", "DIRECTOR", "SIGNATORIES", "anchors", "authority", "page", "sign", "signed", "touched", "unsigned"]


@lru_cache(maxsize=4)
def authority(name: str = "Testautoriteit") -> Authority:
    """An authority of this test run."""
    return new_authority(name)


def anchors(folder: Path) -> Path:
    """A folder with the certificate of the test authority."""
    (folder / "test.pem").write_bytes(authority().certificate.public_bytes(serialization.Encoding.PEM))
    return folder


def unsigned() -> bytes:
    return page("Besluit", ["Artikel 1. Het college keurt goed."])


def signed(*names: str) -> bytes:
    """A decision signed by these, in this order; alderman and director when nobody is named."""
    document = unsigned()
    for name in names or (ALDERMAN, DIRECTOR):
        document = sign(document, name, by=authority())
    return document


def touched(document: bytes) -> bytes:
    """The document with something added after it was signed."""
    writer, out = IncrementalPdfFileWriter(BytesIO(document)), BytesIO()
    writer.root["/Lang"] = TextStringObject("nl-BE")
    writer.root["/Extra"] = TextStringObject("iets nieuws")
    writer.update_root()
    writer.write(out)
    return out.getvalue()
