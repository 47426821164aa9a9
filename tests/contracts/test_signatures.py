"""Signed decisions: intact, by whom, under an authority of ours, both roles; everything else is bad with a reason."""

from __future__ import annotations

import tracemalloc
from io import BytesIO

import pytest

from meldloket.connectors.minutes import PadesChecker, Signatories
from meldloket.decisions import privacy
from support import signing


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    folder = signing.anchors(tmp_path_factory.mktemp("anchors"))
    return PadesChecker(folder, Signatories.read(signing.SIGNATORIES))


def test_both_signatures_are_right(checker):
    found = checker.check(signing.signed())
    assert found.valid, found.problem
    assert [(row.name, row.role) for row in found.signers] == [
        (signing.ALDERMAN, "alderman"),
        (signing.DIRECTOR, "general_director"),
    ]
    assert all(row.at for row in found.signers)


def changed(document: bytes) -> bytes:
    place = document.index(b"(Besluit)") + 3
    return document[:place] + b"X" + document[place + 1 :]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (signing.unsigned, "niet ondertekend"),
        (lambda: signing.signed(signing.ALDERMAN), "algemeen directeur ontbreekt"),
        (lambda: signing.signed(signing.DIRECTOR), "de schepen ontbreekt"),
        (lambda: signing.signed(signing.ALDERMAN, "Jan Vreemd"), "algemeen directeur ontbreekt"),
        (lambda: changed(signing.signed()), "past niet bij dit document"),
        (lambda: signing.touched(signing.signed()), "veranderd"),
        (
            lambda: signing.sign(signing.signed(signing.ALDERMAN), signing.DIRECTOR, by=signing.authority(), days=-1),
            "vervallen",
        ),
        (
            lambda: signing.sign(
                signing.signed(signing.ALDERMAN), signing.DIRECTOR, by=signing.authority("Een andere autoriteit")
            ),
            "die wij vertrouwen",
        ),
        (lambda: b"", "geen leesbare pdf"),
        (lambda: b"%PDF-1.7\nniets", "geen leesbare pdf"),
        (lambda: b"\x00" * 26_000_000, "te groot"),
        (lambda: signing.signed()[:-2000], "pdf"),
    ],
)
def test_what_is_wrong_is_said(checker, document, words):
    found = checker.check(document())
    assert not found.valid and words in found.problem, found.problem


def test_without_anchors_nobody_is_trusted(tmp_path):
    found = PadesChecker(tmp_path, Signatories.read(signing.SIGNATORIES)).check(signing.signed())
    assert "die wij vertrouwen" in found.problem


def bomb() -> bytes:
    """XML metadata that grow to half a gigabyte for whoever expands their entities."""
    entities = [f'<!ENTITY e{place} "{f"&e{place - 1};" * 8}">' for place in range(1, 9)]
    head = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">' + "".join(entities) + "]>"
    return f'{head}<x:xmpmeta xmlns:x="adobe:ns:meta/">&e8;</x:xmpmeta>'.encode()


def test_a_bomb_in_the_metadata_does_not_go_off(checker):
    """Metadata (XMP) is XML: nobody opens it, neither for the signatures nor for the text."""
    from pyhanko.pdf_utils.generic import NameObject, StreamObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer, out = IncrementalPdfFileWriter(BytesIO(signing.unsigned())), BytesIO()
    stream = StreamObject({NameObject("/Type"): NameObject("/Metadata")}, stream_data=bomb())
    writer.root["/Metadata"] = writer.add_object(stream)
    writer.update_root()
    writer.write(out)
    document = out.getvalue()
    privacy.text_of(signing.unsigned())  # what is imported the first time is not what we measure
    tracemalloc.start()
    assert checker.check(document).problem == "Het document is niet ondertekend."
    assert "Artikel 1" in (privacy.text_of(document) or "")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000, "bytes: the entities were expanded"
    for name in (signing.ALDERMAN, signing.DIRECTOR):
        document = signing.sign(document, name, by=signing.authority())
    assert checker.check(document).valid
