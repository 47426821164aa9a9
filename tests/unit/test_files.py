"""Uploads made safe: wrong, huge, disguised and poisoned files get a clear sentence, never a crash."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from meldloket.intake import files
from meldloket.intake.files import FileRefused, clean, safe_name
from meldloket.intake.text import mobile_number, show_number, tidy


def photo(form: str = "JPEG", size: tuple[int, int] = (64, 48), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return out.getvalue()


def take(content: bytes, name: str = "foto.jpg"):
    return clean(io.BytesIO(content), name, len(content))


def with_position(latitude: float, longitude: float) -> bytes:
    exif = Image.Exif()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (int(latitude), 0, (latitude % 1) * 3600)
    gps[3], gps[4] = "E", (int(longitude), 0, (longitude % 1) * 3600)
    exif[0x010E] = "Jan met de pet, Kerkstraat 1"
    return photo(exif=exif)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_kind_of_photo_becomes_a_plain_jpeg(form):
    found = take(photo(form), f"IMG_1.{form.lower()}")
    again = Image.open(io.BytesIO(found.content))
    assert (again.format, found.kind, found.name) == ("JPEG", "photo", "IMG_1.jpg")
    assert (found.width, found.height) == (64, 48)


def test_the_place_is_read_and_then_gone_from_the_photo():
    found = take(with_position(51.05, 3.55))
    assert found.position == pytest.approx({"latitude": 51.05, "longitude": 3.55}, abs=1e-5)
    again = Image.open(io.BytesIO(found.content))
    assert not dict(again.getexif()) and b"Jan met" not in found.content


def test_a_large_photo_is_made_smaller():
    found = take(photo(size=(4000, 3000)))
    assert max(found.width, found.height) == files.LONGEST_SIDE


def test_transparency_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(take(out.getvalue()).content)).getpixel((0, 0)) == (255, 255, 255)


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it holds 40,000 x 40,000 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 40000, 40000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "leeg"),
        (SVG, "soort bestand"),
        (b"<html><script>alert(1)</script></html>", "soort bestand"),
        (b"MZ\x90\0" + b"\0" * 200, "soort bestand"),
        (b"PK\x03\x04" + b"\0" * 200, "soort bestand"),
        (photo("GIF"), "soort bestand"),
        (photo(size=(400, 300))[:700], "beschadigd"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "soort bestand"),
        (b"%PDF-1.7\n half a document", "niet volledig"),
        (bomb(), "beeldpunten|soort bestand"),
    ],
)
def test_what_can_not_be_taken_is_said_in_words(content, said):
    with pytest.raises(FileRefused, match=said):
        take(content, "foto.jpg")


def test_too_large_is_refused_before_it_is_read():
    with pytest.raises(FileRefused, match="15 MB"):
        clean(io.BytesIO(b""), "film.mp4", files.MOST_BYTES + 1)
    with pytest.raises(FileRefused, match="15 MB"):
        clean(io.BytesIO(b"\0" * (files.MOST_BYTES + 2)), "liegt.jpg", 10)


def test_a_photo_with_a_script_behind_it_loses_the_script():
    found = take(photo() + SVG, "polyglot.svg")
    assert b"<script" not in found.content and found.name == "polyglot.jpg"


def test_a_document_stays_as_it_is_and_gets_its_own_ending():
    content = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    found = take(content, "../../bewijs.exe")
    assert (found.content, found.content_type, found.name) == (content, "application/pdf", "bewijs.pdf")


@given(st.binary(max_size=400))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_taken_or_refused_in_words(content):
    try:
        take(content)
    except FileRefused as refused:
        assert refused.reason.endswith(".")


@given(st.text(max_size=300))
def test_a_file_name_is_always_harmless(name):
    safe = safe_name(name, ".jpg")
    assert safe.endswith(".jpg") and "/" not in safe and "\\" not in safe and len(safe) <= 124


@given(st.text(max_size=300))
def test_tidy_text_can_be_stored_and_is_stable(text):
    once = tidy(text)
    assert "\0" not in once and tidy(once) == once
    once.encode()


def test_tidy_keeps_what_people_see():
    assert tidy("  Put 🕳️ in de weg\r\nécht  ") == "Put 🕳️ in de weg\nécht"
    assert tidy("مرحبا") == "مرحبا"
    assert tidy("a\u202eb\u0007c") == "abc"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0470 12 34 56", "+32470123456"),
        ("+32 470/12.34.56", "+32470123456"),
        ("0032470123456", "+32470123456"),
        ("+31 6 12345678", "+31612345678"),
        ("09 123 45 67", None),
        ("112", None),
        ("geen", None),
        ("", None),
    ],
)
def test_mobile_numbers(typed, number):
    assert mobile_number(typed) == number


def test_a_number_is_shown_as_belgians_write_it():
    assert show_number("+32470123456") == "0470 12 34 56"
