"""What DOSIS demands of an upload, field by field (specs/dosis-and-mbp, table 3.1)."""

from __future__ import annotations

import re
from typing import Any

from meldloket.sandbox.dosis.checks import Checker, is_national_number
from meldloket.sandbox.dosis.codes import CASE_TYPES, CODES, PHASES

_TOP = [
    "Identificatie",
    "UploadId",
    "Naam",
    "WijzigingsDatum",
    "TypeDossierCode",
    "Status",
    "Doorverwijzing",
    "Producten",
    "DossierBeheerder",
    "Agenten",
    "StreefDatum",
    "ExtraInformatie",
    "Eigenschappen",
]
_STATUS = ["VlaamsCode", "VlaamsFase", "Detail1", "Detail2", "Actie", "EDRL", "StreefDatum"]
_MANAGER = ["Naam", "Dienst", "Telefoon", "GSM", "Fax", "Email", "Website", "Adres"]
_ADDRESS = ["Straat", "Nummer", "Busnummer", "Postcode", "Gemeente"]


def upload_errors(body: dict[str, Any], *, upload_id_required: bool) -> list[dict[str, Any]]:
    """The elements of `errors` for this body; empty when it is right. v2 demands an UploadId, v1 makes its own."""
    check = Checker()
    check.known_names(body, "", _TOP)
    _identification(check, body)
    check.uuid(body, "UploadId", required=upload_id_required)
    check.text(body, "Naam", required=True)
    kind = check.code(body, "TypeDossierCode", CASE_TYPES)
    check.moment(body, "WijzigingsDatum", required=kind == "DossierStatus")
    _status(check, body)
    check.url(body, "Doorverwijzing", ("https", "http"))
    check.text(body, "ExtraInformatie")
    _products(check, body)
    _manager(check, body)
    _agents(check, body)
    return check.errors


def _identification(check: Checker, body: dict[str, Any]) -> None:
    part = check.value(body, "Identificatie", dict, required=True)
    if part is None:
        return
    check.known_names(part, "Identificatie", ("Bron", "DossierNummer"))
    check.url(part, "Identificatie.Bron", ("urn", "http", "https"), required=True)
    check.text(part, "Identificatie.DossierNummer", required=True)


def _status(check: Checker, body: dict[str, Any]) -> None:
    """A case without status is allowed (the smallest case of the official test set); half a status is not."""
    part = check.value(body, "Status", dict, required=False)
    if part is None:
        return
    check.known_names(part, "Status", _STATUS)
    check.code(part, "Status.VlaamsCode", CODES)
    check.code(part, "Status.VlaamsFase", PHASES)
    check.text(part, "Status.Detail1")
    check.text(part, "Status.Detail2")
    action = check.value(part, "Status.Actie", dict, required=False)
    if action is None:
        return
    check.known_names(action, "Status.Actie", ("ActieNodig", "Actie"))
    needed = check.value(action, "Status.Actie.ActieNodig", bool, required=False)
    words = check.text(action, "Status.Actie.Actie")
    if needed and words is None and action.get("Actie") is None:
        check.fail("Verplicht", "Actie is verplicht wanneer ActieNodig waar is.", "Status.Actie.Actie")


def _products(check: Checker, body: dict[str, Any]) -> None:
    products = check.value(body, "Producten", list, required=True)
    if products is None:
        return
    if len(products) != 1:
        check.fail("OngeldigAantal", "Precies één product wordt verwacht.", "Producten")
        return
    if not isinstance(products[0], dict):
        check.fail("OngeldigType", "Een product is een object.", "Producten[0]")
        return
    number = check.text(products[0], "Producten[0].Id", required=True)
    if number is not None and not re.fullmatch(r"[0-9]+", number):
        check.fail("OngeldigeWaarde", "Een productnummer bestaat uit cijfers.", "Producten[0].Id")


def _manager(check: Checker, body: dict[str, Any]) -> None:
    part = check.value(body, "DossierBeheerder", dict, required=False)
    if part is None:
        return
    check.known_names(part, "DossierBeheerder", _MANAGER)
    for name, longest in (("Naam", 255), ("Dienst", 255), ("Telefoon", 120), ("GSM", 120), ("Fax", 120)):
        check.text(part, f"DossierBeheerder.{name}", longest)
    check.email(part, "DossierBeheerder.Email")
    check.url(part, "DossierBeheerder.Website", ("https", "http"))
    address = check.value(part, "DossierBeheerder.Adres", dict, required=False)
    if address is None:
        return
    check.known_names(address, "DossierBeheerder.Adres", _ADDRESS)
    check.text(address, "DossierBeheerder.Adres.Straat", required=True)
    check.text(address, "DossierBeheerder.Adres.Nummer", 4, required=True)
    check.text(address, "DossierBeheerder.Adres.Busnummer", 4)
    check.text(address, "DossierBeheerder.Adres.Postcode", 120)
    check.text(address, "DossierBeheerder.Adres.Gemeente")


def _agents(check: Checker, body: dict[str, Any]) -> None:
    agents = check.value(body, "Agenten", list, required=True)
    if agents is None:
        return
    if not agents:
        check.fail("OngeldigAantal", "Minstens één agent wordt verwacht.", "Agenten")
    for position, agent in enumerate(agents):
        path = f"Agenten[{position}]"
        if not isinstance(agent, dict):
            check.fail("OngeldigType", "Een agent is een object.", path)
            continue
        check.known_names(agent, path, ("Identificatie", "Toegangsrechten"))
        number = check.text(agent, f"{path}.Identificatie", required=True)
        citizen = number is not None and len(number) == 11
        if number is not None and not _is_agent(number):
            check.fail("OngeldigeIdentificatie", "De controlecijfers of de vorm kloppen niet.", f"{path}.Identificatie")
        _rights(check, agent, f"{path}.Toegangsrechten", citizen)


def _is_agent(number: str) -> bool:
    return is_national_number(number) or bool(re.fullmatch(r"0[0-9]{9}|V[0-9]{7}", number))


def _rights(check: Checker, agent: dict[str, Any], path: str, citizen: bool) -> None:
    rights = check.value(agent, path, list, required=True)
    if rights is None:
        return
    if not rights:
        check.fail("OngeldigAantal", "Minstens één toegangsrecht wordt verwacht.", path)
    for position, right in enumerate(rights):
        if not isinstance(right, dict):
            check.fail("OngeldigType", "Een toegangsrecht is een object.", f"{path}[{position}]")
            continue
        code = check.text(right, f"{path}[{position}].Code", required=True)
        if citizen and code is not None and code != "Raadpleger":
            check.fail("OnbekendeCode", "Een burger is Raadpleger.", f"{path}[{position}].Code")
