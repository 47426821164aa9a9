"""The checks that uploads and bundles share: each adds a refusal with the path of the field, as DOSIS does."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
_EMAIL = re.compile(r".{1,64}@[^@]{1,253}", re.DOTALL)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def refusal(code: str, message: str, field: str) -> dict[str, Any]:
    """One element of `errors` in the answer."""
    return {"code": code, "message": message, "description": None, "field": field}


def error_body(code: str, message: str, errors: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The body of every 4xx and 5xx answer: lower-case names (specs/dosis-and-mbp 3.3)."""
    return {"code": code, "message": message, "description": None, "errors": errors or []}


class Checker:
    """Reads fields out of one JSON document and collects what is wrong with them in `errors`. A JSON null counts as a
    field that is not there. Every reader returns the value when it is right, else None."""

    def __init__(self) -> None:
        self.errors: list[dict[str, Any]] = []

    def fail(self, code: str, message: str, field: str) -> None:
        self.errors.append(refusal(code, message, field))

    def value(self, parent: dict[str, Any], path: str, kind: type, required: bool) -> Any | None:
        """The member of `parent` that the last step of `path` names, when it is there and of the right kind."""
        name = path.rpartition(".")[2]
        value = parent.get(name)
        if value is None:
            if required:
                self.fail("Verplicht", f"{name} is verplicht.", path)
            return None
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            self.fail("OngeldigType", f"{name} heeft niet het juiste type.", path)
            return None
        return value

    def text(self, parent: dict[str, Any], path: str, longest: int = 255, *, required: bool = False) -> str | None:
        value: str | None = self.value(parent, path, str, required)
        if value is None:
            return None
        if not value.strip():
            self.fail("Leeg", "De tekst mag niet leeg zijn.", path)
        elif re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", value):
            self.fail("OngeldigTeken", "De tekst bevat een teken dat in XML niet kan.", path)
        elif len(value.encode("utf-16-le")) // 2 > longest:  # as the .NET and XML Schema sides count
            self.fail("TeLang", f"De tekst is langer dan {longest} tekens.", path)
        else:
            return value
        return None

    def code(self, parent: dict[str, Any], path: str, known: Collection[str]) -> str | None:
        """A mandatory value out of a list."""
        value = self.text(parent, path, required=True)
        if value is None or value in known:
            return value
        self.fail("OnbekendeCode", "Deze waarde staat niet in de codelijst.", path)
        return None

    def url(self, parent: dict[str, Any], path: str, schemes: tuple[str, ...], *, required: bool = False) -> str | None:
        value = self.text(parent, path, 2000, required=required)
        if value is not None and not is_url(value, schemes):
            self.fail("OngeldigeUri", f"Dit is geen adres dat begint met {' of '.join(schemes)}.", path)
            return None
        return value

    def email(self, parent: dict[str, Any], path: str) -> None:
        value = self.text(parent, path, 320)
        if value is not None and not _EMAIL.fullmatch(value):
            self.fail("OngeldigeWaarde", "Dit is geen e-mailadres.", path)

    def uuid(self, parent: dict[str, Any], path: str, *, required: bool) -> str | None:
        value = self.text(parent, path, required=required)
        if value is not None and not _UUID.fullmatch(value):
            self.fail("OngeldigeWaarde", "Dit is geen UUID.", path)
            return None
        return value

    def moment(self, parent: dict[str, Any], path: str, *, required: bool) -> datetime | None:
        value = self.text(parent, path, required=required)
        moment = read_moment(value) if value is not None else None
        if value is not None and moment is None:
            self.fail("OngeldigeDatum", "Dit is geen datum en tijd volgens ISO 8601.", path)
        return moment

    def known_names(self, parent: dict[str, Any], path: str, names: Collection[str]) -> None:
        """Refuses members that the interface does not have: a slip of the pen must not pass in silence."""
        for name in parent:
            if name not in names:
                self.fail("OnbekendVeld", "Dit veld bestaat niet.", f"{path}.{name}" if path else name)


def is_url(value: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc) and not re.search(r"\s", value)


def read_moment(value: str) -> datetime | None:
    """An aware moment out of ISO 8601 with a time; without offset it is Belgian time."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if "T" not in value:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)


def is_national_number(value: str) -> bool:
    """Eleven digits whose last two fit, for births before and from 2000; the date part is not looked at, because test
    numbers have a month of 61 to 72."""
    if not re.fullmatch(r"[0-9]{11}", value):
        return False
    return int(value[9:]) in (97 - int(value[:9]) % 97, 97 - int("2" + value[:9]) % 97)
