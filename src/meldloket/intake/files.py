"""Uploads made safe before they are kept: what a file is, is read from its content; pictures are drawn anew, so that
nothing hidden in them survives; the place in a photo is taken out first and offered to the citizen (B1.4)."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass, field
from typing import IO, Any

import pillow_heif
from django.core.files.base import ContentFile
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from meldloket.cases import clock
from meldloket.cases.models import Attachment

from .ports import plugged

MOST_FILES = 5
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 60_000_000  # a phone's 48 megapixels pass, a bomb does not
LONGEST_SIDE = 2000
THUMBNAIL = 360
IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

pillow_heif.register_heif_opener()


class FileRefused(Exception):
    """This file can't be taken. `reason`: Dutch, says what is wrong and what the citizen can do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class CleanFile:
    """A file that may be kept. `position`: latitude and longitude from the photo, empty when it has none."""

    kind: str
    name: str
    content_type: str
    content: bytes
    thumbnail: bytes = b""
    width: int = 0
    height: int = 0
    position: dict[str, float] = field(default_factory=dict)


def clean(stream: IO[bytes] | None, name: str, size: int) -> CleanFile:
    """Checks and cleans one upload of `size` bytes. Raises FileRefused."""
    if size > MOST_BYTES:
        raise FileRefused("Dit bestand is groter dan 15 MB. Kies een kleiner bestand.")
    content = stream.read(MOST_BYTES + 1) if stream else b""
    if len(content) > MOST_BYTES:
        raise FileRefused("Dit bestand is groter dan 15 MB. Kies een kleiner bestand.")
    if not content:
        raise FileRefused("Dit bestand is leeg. Kies een ander bestand.")
    _scan(content)
    if content.startswith(b"%PDF-"):
        return _document(content, name)
    return _picture(content, name)


def _scan(content: bytes) -> None:
    if plugged.scan is None:
        return
    try:
        found = plugged.scan.scan(content)
    except OSError:
        raise FileRefused(
            "Wij kunnen bestanden nu even niet nakijken op virussen. Probeer het straks opnieuw, of ga verder zonder."
        ) from None
    if found:
        raise FileRefused("In dit bestand zit een virus. Kies een ander bestand.")


def _document(content: bytes, name: str) -> CleanFile:
    if b"%%EOF" not in content[-2048:]:
        raise FileRefused("Deze pdf is niet volledig of beschadigd. Bewaar ze opnieuw en probeer nog eens.")
    return CleanFile("document", safe_name(name, ".pdf"), "application/pdf", content)


def _picture(content: bytes, name: str) -> CleanFile:
    wrong = FileRefused("Dit soort bestand kunnen wij niet aannemen. Kies een foto (jpg, png, webp, heic) of een pdf.")
    try:
        image = Image.open(io.BytesIO(content), formats=IMAGE_FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise wrong from None
    if image.width * image.height > MOST_PIXELS:
        raise FileRefused("Deze foto heeft te veel beeldpunten. Kies een kleinere foto.")
    try:
        position = _position(image)
        upright = ImageOps.exif_transpose(image)
        # Drawn on white: transparency has no meaning in a photo of a problem, and nothing but pixels goes over.
        canvas = Image.new("RGB", upright.size, "white")
        layer = upright.convert("RGBA")
        canvas.paste(layer, mask=layer.getchannel("A"))
        canvas.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except (OSError, ValueError, SyntaxError, ArithmeticError, MemoryError, Image.DecompressionBombError):
        raise FileRefused("Deze foto is beschadigd. Kies een andere foto.") from None
    small = canvas.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return CleanFile(
        "photo",
        safe_name(name, ".jpg"),
        "image/jpeg",
        _jpeg(canvas, 86),
        _jpeg(small, 80),
        canvas.width,
        canvas.height,
        position,
    )


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _position(image: Image.Image) -> dict[str, float]:
    """Latitude and longitude (WGS84 degrees) of a photo; empty when absent or nonsense."""
    try:
        gps: dict[int, Any] = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef, "N"))
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef, "E"))
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OSError, SyntaxError):
        return {}
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude, longitude) == (0.0, 0.0):
        return {}
    return {"latitude": round(latitude, 7), "longitude": round(longitude, 7)}


def _degrees(parts: Any, reference: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if value != value:
        raise ValueError("not a number")
    return -value if str(reference).upper() in ("S", "W") else value


def safe_name(name: str, ending: str) -> str:
    """What the citizen called the file, without path, control characters or a misleading ending."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name or ""))[-1]
    base = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    stem = base.rsplit(".", 1)[0].strip(" .")[:120] or "bestand"
    return stem + ending


def keep(found: CleanFile, *, by_reporter: bool = True) -> Attachment:
    """Stores a cleaned file; it belongs to no case until a command takes it."""
    attachment = Attachment(
        kind=found.kind,
        name=found.name,
        content_type=found.content_type,
        size=len(found.content),
        sha256=hashlib.sha256(found.content).hexdigest(),
        width=found.width,
        height=found.height,
        added_at=clock.now(),
        added_by_reporter=by_reporter,
    )
    # Names in the storage say nothing about the citizen.
    ending = found.name.rsplit(".", 1)[-1]
    attachment.file.save(f"{attachment.public_id}.{ending}", ContentFile(found.content), save=False)
    if found.thumbnail:
        attachment.thumbnail.save(f"{attachment.public_id}.jpg", ContentFile(found.thumbnail), save=False)
    attachment.save()
    return attachment
