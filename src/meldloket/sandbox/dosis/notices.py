"""The notification component: what it demands of a bundle, and the one shape in which the double keeps it.

The inner models are not public, so both spellings of specs/dosis-and-mbp 5.2 are taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from meldloket.sandbox.dosis.checks import Checker, is_national_number
from meldloket.sandbox.dosis.codes import CATEGORIES, CHANNELS, CODES, PHASES
from meldloket.sandbox.dosis.ledger import BRANDS

_TOP = [
    "Id",
    "AanbiederUri",
    "Bestemmelingen",
    "Categorie",
    "DatumNotificatie",
    "TransactieId",
    "Vervaldatum",
    "Kanalen",
    "ProductId",
    "MerkCode",
    "SleutelWaardeParen",
]
_MANDATORY_KEYS = ("DossierNummer", "StatusVlaamseCode", "StatusVlaamseFase")
_OPTIONAL_KEYS = [
    "DocumentLinkUri",
    "ExterneLinkNaam",
    "DossierNaam",
    "Status",
    "StatusDetail1",
    "DossierBeheerderDienst",
    "DossierBeheerderEmail",
    "DossierBeheerderNaam",
    "DossierBeheerderTelefoon",
    "DossierBeheerderWebsite",
    "MerkNaam",
    "NotificatieDatum",
]


def bundle_errors(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """The elements of `errors` for this bundle; empty when it is right."""
    check = Checker()
    check.known_names(bundle, "", _TOP)
    check.text(bundle, "Id", required=True)
    check.url(bundle, "AanbiederUri", ("urn", "http", "https"), required=True)
    check.moment(bundle, "DatumNotificatie", required=False)
    check.moment(bundle, "Vervaldatum", required=False)
    check.text(bundle, "TransactieId", 600)
    number = check.text(bundle, "ProductId", required=True)
    if number is not None and not number.isdigit():
        check.fail("OngeldigeWaarde", "Een productnummer bestaat uit cijfers.", "ProductId")
    check.code(bundle, "MerkCode", BRANDS)
    _members(check, bundle, "Bestemmelingen", "Identificatie", is_national_number)
    _members(check, bundle, "Kanalen", "Code", CHANNELS.__contains__)
    category = _inner(bundle.get("Categorie"), "Code")
    if category not in CATEGORIES:
        check.fail("OnbekendeCode" if category else "Verplicht", "Deze categorie bestaat niet.", "Categorie")
    _pairs(check, bundle)
    return check.errors


def normalise(bundle: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A valid bundle in the shape of the ledger."""
    return {
        "id": bundle["Id"],
        "made_by": "source",
        "transaction": bundle.get("TransactieId"),
        "recipients": [_inner(one, "Identificatie") for one in bundle["Bestemmelingen"]],
        "channels": [_inner(one, "Code") for one in bundle["Kanalen"]],
        "brand": bundle["MerkCode"],
        "product": bundle["ProductId"],
        "date": bundle.get("DatumNotificatie") or now.isoformat(),
        "visible_at": now.isoformat(),
        "expires": bundle.get("Vervaldatum"),
        "values": dict(_pair(one) for one in bundle["SleutelWaardeParen"]),
    }


def _inner(value: Any, name: str) -> str | None:
    """The text, bare or as a member of an object."""
    inner = value.get(name) if isinstance(value, dict) else value
    return inner if isinstance(inner, str) and inner else None


def _pair(pair: dict[str, Any]) -> tuple[Any, Any]:
    return pair.get("Sleutel") or pair.get("Naam"), pair.get("Waarde")


def _members(check: Checker, bundle: dict[str, Any], path: str, name: str, is_right: Any) -> None:
    members = check.value(bundle, path, list, required=True)
    if members is None:
        return
    if not members:
        check.fail("OngeldigAantal", "Minstens één element wordt verwacht.", path)
    for position, member in enumerate(members):
        value = _inner(member, name)
        if value is None or not is_right(value):
            check.fail("OngeldigeWaarde", f"{name} ontbreekt of klopt niet.", f"{path}[{position}].{name}")


def _pairs(check: Checker, bundle: dict[str, Any]) -> None:
    pairs = check.value(bundle, "SleutelWaardeParen", list, required=True)
    if pairs is None:
        return
    values: dict[str, str] = {}
    for position, pair in enumerate(pairs):
        path = f"SleutelWaardeParen[{position}]"
        key, value = _pair(pair) if isinstance(pair, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(value, str) or not value:
            check.fail("OngeldigType", "Een sleutel en een waarde worden verwacht.", path)
        elif key not in (*_MANDATORY_KEYS, *_OPTIONAL_KEYS) or key in values:
            check.fail("OnbekendeSleutel", "Deze sleutel hoort niet bij de categorie of staat er twee keer.", path)
        else:
            values[key] = value
    for key in _MANDATORY_KEYS:
        if key not in values:
            check.fail("Verplicht", f"De sleutel {key} is verplicht.", "SleutelWaardeParen")
    for key, known in (("StatusVlaamseCode", CODES), ("StatusVlaamseFase", PHASES)):
        if values.get(key, next(iter(known))) not in known:
            check.fail("OnbekendeCode", f"De waarde van {key} staat niet in de codelijst.", "SleutelWaardeParen")
    if "DocumentLinkUri" in values:
        check.url(values, "SleutelWaardeParen.DocumentLinkUri", ("https", "http"))
