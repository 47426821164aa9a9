"""Signed decisions: intact, by whom, under an authority of ours, both roles; everything else is bad with a reason."""

from __future__ import annotations

import pytest

from meldloket.connectors.minutes import PadesChecker, Signatories
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
