"""Turns what is known of a case into the body of a DOSIS upload and into a bundle for Mijn Burgerprofiel, so that the
spelling of both interfaces stands in one place (specs/dosis-and-mbp, chapters 3.1 and 5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
CATEGORY = "DossierGerelateerdBerichtWijzigingDossier"
PASSIVE, BY_EMAIL = "Passief", "Email"

#: Longest texts that the register holds, by path (table 3.1). Everything here may be cut without harm.
CUT = {
    "Naam": 255,
    "Status.Detail1": 255,
    "Status.Detail2": 255,
    "Status.Actie.Actie": 255,
    "DossierBeheerder.Naam": 255,
    "DossierBeheerder.Dienst": 255,
    "DossierBeheerder.Telefoon": 120,
    "DossierBeheerder.Adres.Straat": 255,
    "DossierBeheerder.Adres.Nummer": 4,
    "DossierBeheerder.Adres.Postcode": 120,
    "DossierBeheerder.Adres.Gemeente": 255,
}
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,253}")
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


class ManagerAddress(TypedDict, total=False):
    """Where the department is found."""

    street: str
    number: str
    postcode: str
    municipality: str


class Manager(TypedDict, total=False):
    """Who the citizen can turn to about the case (DossierBeheerder)."""

    name: str
    department: str
    phone: str
    email: str
    website: str
    address: ManagerAddress


@dataclass(frozen=True)
class CaseSnapshot:
    """A case as one reporter may see it at one moment. `changed_at`: aware, see `rising`. `code`, `phase`: of the code
    lists of DOSIS. `detail`: our own words for the status. `action`: what the citizen is asked to do, None for nothing.
    `deep_link`: address of the case on our own pages. `product`: IPDC number, digits. No personal data in `title`,
    `detail` or `action`."""

    bron: str
    dossier_number: str
    title: str
    changed_at: datetime
    code: str
    phase: str
    detail: str
    action: str | None
    deep_link: str
    product: str
    manager: Manager = field(default_factory=lambda: Manager())


def rising(now: datetime, previous: datetime | None) -> datetime:
    """The moment to send as `changed_at`: whole milliseconds, and later than the `previous` one of the same case even
    when the clock stood still (3.4)."""
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    if previous is None or now > previous:
        return now
    return previous.replace(microsecond=previous.microsecond // 1000 * 1000) + timedelta(milliseconds=1)


def dosis_body(snapshot: CaseSnapshot) -> dict[str, Any]:
    """The body of an upload without `UploadId` and `Agenten`, which the channel adds. Texts are cut to what the register
    holds. Raises ValueError for a `changed_at` without time zone."""
    action: dict[str, Any] = {"ActieNodig": snapshot.action is not None}
    if snapshot.action is not None:
        action["Actie"] = snapshot.action
    return fit(
        {
            "Identificatie": {"Bron": snapshot.bron, "DossierNummer": snapshot.dossier_number},
            "Naam": snapshot.title,
            "WijzigingsDatum": moment(snapshot.changed_at),
            "TypeDossierCode": "DossierStatus",
            "Status": {
                "VlaamsCode": snapshot.code,
                "VlaamsFase": snapshot.phase,
                "Detail1": snapshot.detail,
                "Actie": action,
            },
            "Doorverwijzing": snapshot.deep_link,
            "Producten": [{"Id": snapshot.product}],
            "DossierBeheerder": _manager(snapshot.manager),
        }
    )


def mbp_bundle(
    snapshot: CaseSnapshot,
    *,
    brand: str,
    notified_at: datetime,
    last_day: date | None = None,
    link_name: str = "",
    channels: tuple[str, ...] = (PASSIVE,),
) -> dict[str, Any]:
    """A bundle without `Id` and `Bestemmelingen`, which the channel adds. `brand`: MerkCode. `last_day`: the bundle is
    shown until its end. `link_name`: label of the deep link. `channels`: the bell only by default, because e-mail is
    ours (5.4). Raises ValueError for a moment without time zone."""
    upload = dosis_body(snapshot)
    manager = upload.get("DossierBeheerder", {})
    values = {
        "DossierNummer": snapshot.dossier_number,
        "StatusVlaamseCode": snapshot.code,
        "StatusVlaamseFase": snapshot.phase,
        "DossierNaam": upload["Naam"],
        "StatusDetail1": cut(snapshot.action or "", 255) or upload["Status"].get("Detail1"),
        "DocumentLinkUri": snapshot.deep_link,
        "ExterneLinkNaam": cut(link_name, 255),
        **{f"DossierBeheerder{name}": manager.get(name) for name in ("Dienst", "Email", "Naam", "Telefoon", "Website")},
    }
    bundle: dict[str, Any] = {
        "AanbiederUri": snapshot.bron,
        "Categorie": CATEGORY,
        "DatumNotificatie": moment(notified_at),
        "TransactieId": f"{snapshot.bron}+{snapshot.dossier_number}",
        "Kanalen": [{"Code": channel} for channel in channels],
        "ProductId": snapshot.product,
        "MerkCode": brand,
        "SleutelWaardeParen": [{"Sleutel": name, "Waarde": value} for name, value in values.items() if value],
    }
    if last_day is not None:
        bundle["Vervaldatum"] = datetime.combine(last_day, time(), BRUSSELS).isoformat()
    return bundle


def fit(body: dict[str, Any]) -> dict[str, Any]:
    """The same body with every text of CUT within its length, without the parts of the manager that DOSIS would refuse
    (a wrong e-mail address, half an address) and without empty optional texts: none of these may keep a status from
    the citizen. What is mandatory stays as it is, for `flaws` to see. The argument is not changed."""
    fitted = _fit_texts(body, "")
    manager = fitted.get("DossierBeheerder")
    if isinstance(manager, dict):
        fitted["DossierBeheerder"] = manager = _fit_manager(manager)
        if not manager:
            del fitted["DossierBeheerder"]
    status = fitted.get("Status")
    for name in ("Detail1", "Detail2"):
        if isinstance(status, dict) and name in status and not status[name]:
            del status[name]
    return fitted


def flaws(body: dict[str, Any]) -> list[dict[str, Any]]:
    """What DOSIS is sure to refuse in a fitted body (`Agenten` and `UploadId` apart), as
    `{"field": path, "message": Dutch}`; empty when it can go."""
    identification, status = _part(body, "Identificatie"), _part(body, "Status")
    action, products = _part(status, "Actie"), body.get("Producten")
    found: dict[str, str] = {}
    for path, value in (
        ("Identificatie.Bron", identification.get("Bron")),
        ("Identificatie.DossierNummer", identification.get("DossierNummer")),
        ("Naam", body.get("Naam")),
        ("WijzigingsDatum", body.get("WijzigingsDatum")),
        ("TypeDossierCode", body.get("TypeDossierCode")),
        ("Status.VlaamsCode", status.get("VlaamsCode")),
        ("Status.VlaamsFase", status.get("VlaamsFase")),
    ):
        if not isinstance(value, str) or not value.strip():
            found[path] = "Dit veld is verplicht."
        elif units(value) > 255:
            found[path] = "Deze tekst is te lang."
    if not _is_product_list(products):
        found["Producten"] = "Er moet precies één productnummer zijn."
    if action.get("ActieNodig") and not action.get("Actie"):
        found["Status.Actie.Actie"] = "Vul in wat de burger moet doen."
    if body.get("Doorverwijzing") is not None and not _is_web_address(body["Doorverwijzing"]):
        found["Doorverwijzing"] = "Dit is geen webadres."
    return [{"field": path, "message": message} for path, message in found.items()]


def cut(text: str, longest: int) -> str:
    """The text on one line, without control characters, of at most `longest` UTF-16 units (as DOSIS counts, to be on the
    safe side); cut at a word where there is one, with an ellipsis when there is room for it."""
    text = " ".join(_NOT_TEXT.sub(" ", text).split())
    if units(text) <= longest:
        return text
    if longest < 20:  # a house number: of "12-14" rather "12" than "12-1"
        head = _head(text, longest)
        return (re.sub(r"[\s\-/,;.]+\w*$", "", head) or head).strip()
    head = _head(text, longest - 1)
    at_word = head.rsplit(" ", 1)[0] if text[len(head)] != " " else head
    return (at_word if len(at_word) > longest // 2 else head).rstrip(" ,;:\u200d") + "…"


def units(text: str) -> int:
    """Length in UTF-16 units: a character outside the basic plane, such as an emoji, counts for two."""
    return len(text) + sum(char > "\uffff" for char in text)


def moment(value: datetime) -> str:
    """ISO 8601 in Belgian time with milliseconds and offset. Raises ValueError for a moment without time zone."""
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(BRUSSELS).isoformat(timespec="milliseconds")


def _manager(manager: Manager) -> dict[str, Any]:
    address = manager.get("address") or ManagerAddress()
    return {
        "Naam": manager.get("name"),
        "Dienst": manager.get("department"),
        "Telefoon": manager.get("phone"),
        "Email": manager.get("email"),
        "Website": manager.get("website"),
        "Adres": {
            "Straat": address.get("street"),
            "Nummer": address.get("number"),
            "Postcode": address.get("postcode"),
            "Gemeente": address.get("municipality"),
        },
    }


def _fit_texts(part: dict[str, Any], path: str) -> dict[str, Any]:
    fitted: dict[str, Any] = {}
    for name, value in part.items():
        here = f"{path}{name}"
        if isinstance(value, dict):
            fitted[name] = _fit_texts(value, f"{here}.")
        elif isinstance(value, str) and here in CUT:
            fitted[name] = cut(value, CUT[here])
        else:
            fitted[name] = value
    return fitted


def _fit_manager(manager: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in manager.items() if value and name != "Adres"}
    if "Email" in kept and not _EMAIL.fullmatch(str(kept["Email"])):
        del kept["Email"]
    if "Website" in kept and not _is_web_address(kept["Website"]):
        del kept["Website"]
    address = {name: value for name, value in (manager.get("Adres") or {}).items() if value}
    if address.get("Straat") and address.get("Nummer"):
        kept["Adres"] = address
    return kept


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _is_product_list(products: Any) -> bool:
    if not isinstance(products, list) or len(products) != 1 or not isinstance(products[0], dict):
        return False
    return bool(re.fullmatch(r"[0-9]{1,255}", str(products[0].get("Id") or "")))


def _is_web_address(value: Any) -> bool:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc) and value.split() == [value]


def _head(text: str, longest: int) -> str:
    """The longest beginning within `longest` UTF-16 units; a character is never halved."""
    size = 0
    for position, char in enumerate(text):
        size += 2 if char > "\uffff" else 1
        if size > longest:
            return text[:position]
    return text
