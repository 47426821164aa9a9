"""The JSON of the address services, field by field as they publish it (specs/identity-and-registers §4.2, §4.3)."""

from __future__ import annotations

from typing import Any

from meldloket.sandbox.addresses import skeleton
from meldloket.sandbox.addresses.houses import Address
from meldloket.sandbox.addresses.lambert import to_lambert_72, to_lambert_2008
from meldloket.sandbox.addresses.plane import Point, to_degrees
from meldloket.sandbox.addresses.register import Match, StreetEntry
from meldloket.sandbox.addresses.skeleton import Municipality

_VERSION = "2024-01-09T10:00:00+01:00"
_DATA = "https://data.vlaanderen.be/id"
_CONTEXT = "https://docs.basisregisters.vlaanderen.be/context"


def _place(point: Point) -> dict[str, float]:
    latitude, longitude = to_degrees(*point)
    x_72, y_72 = to_lambert_72(latitude, longitude)
    x_2008, y_2008 = to_lambert_2008(latitude, longitude)
    return {
        "Lat_WGS84": latitude,
        "Lon_WGS84": longitude,
        "X_Lambert72": round(x_72, 2),
        "Y_Lambert72": round(y_72, 2),
        "X_Lambert2008": round(x_2008, 2),
        "Y_Lambert2008": round(y_2008, 2),
    }


def _box(low: Point, high: Point) -> dict[str, Any]:
    return {"LowerLeft": _place(low), "UpperRight": _place(high)}


def location_of_address(address: Address) -> dict[str, Any]:
    """An entry of `LocationResult` for a house number."""
    x, y = address.at
    return {
        "Municipality": address.street.municipality.name,
        "Zipcode": address.street.postcode,
        "Thoroughfarename": address.street.name,
        "Housenumber": address.number,
        "ID": address.object_id,
        "FormattedAddress": address.full(box=False),
        "Location": _place(address.at),
        "LocationType": "basisregisters_huisnummer_afgeleidVanObject",
        "BoundingBox": _box((x, y), (x, y)),
    }


def location_of_street(street: StreetEntry) -> dict[str, Any]:
    """An entry of `LocationResult` for a street: its middle and its extent."""
    west, south, east, north = street.bounds
    return {
        "Municipality": street.municipality.name,
        "Zipcode": street.postcode,
        "Thoroughfarename": street.name,
        "Housenumber": None,
        "ID": street.object_id,
        "FormattedAddress": street.full,
        "Location": _place(street.middle),
        "LocationType": "basisregisters_straatnaam",
        "BoundingBox": _box((west, south), (east, north)),
    }


def location_of_municipality(municipality: Municipality, centre: Point, bounds: tuple[float, ...]) -> dict[str, Any]:
    """An entry of `LocationResult` for a whole municipality."""
    return {
        "Municipality": municipality.name,
        "Zipcode": None,
        "Thoroughfarename": None,
        "Housenumber": None,
        "ID": int(municipality.nis),
        "FormattedAddress": municipality.name,
        "Location": _place(centre),
        "LocationType": "basisregisters_gemeente",
        "BoundingBox": _box((bounds[0], bounds[1]), (bounds[2], bounds[3])),
    }


def _name(text: str) -> dict[str, Any]:
    return {"geografischeNaam": {"spelling": text, "taal": "nl"}}


def _identifier(kind: str, object_id: str) -> dict[str, str]:
    return {
        "id": f"{_DATA}/{kind}/{object_id}",
        "naamruimte": f"{_DATA}/{kind}",
        "objectId": object_id,
        "versieId": _VERSION,
    }


def address_match(match: Match, base: str) -> dict[str, Any]:
    """An entry of `adresMatches`; of street level it has no identificator, huisnummer or adresPositie. `base` is the
    service's own address, for the links."""
    street, address = match.street, match.address
    nis = street.municipality.nis
    entry: dict[str, Any] = {
        "@type": "Adres",
        "gemeente": {
            "objectId": nis,
            "detail": f"{base}/v2/gemeenten/{nis}",
            "gemeentenaam": _name(street.municipality.name),
        },
        "postinfo": {"objectId": street.postcode, "detail": f"{base}/v2/postinfo/{street.postcode}"},
        "straatnaam": {
            "objectId": str(street.object_id),
            "detail": f"{base}/v2/straatnamen/{street.object_id}",
            "straatnaam": _name(street.name),
        },
        "score": match.score,
        "links": [],
    }
    if address is None:
        return entry
    x, y = to_lambert_72(*to_degrees(*address.at))
    object_id = str(address.object_id)
    entry["identificator"] = _identifier("adres", object_id)
    entry["detail"] = f"{base}/v2/adressen/{object_id}"
    entry["huisnummer"] = address.number
    if address.box:
        entry["busnummer"] = address.box
    entry["volledigAdres"] = _name(address.full())
    entry["adresPositie"] = {
        "geometrie": {
            "type": "Point",
            "gml": '<gml:Point srsName="https://www.opengis.net/def/crs/EPSG/0/31370"'
            f' xmlns:gml="http://www.opengis.net/gml/3.2"><gml:pos>{x:.2f} {y:.2f}</gml:pos></gml:Point>',
        },
        "positieGeometrieMethode": "aangeduidDoorBeheerder" if address.box else "afgeleidVanObject",
        "positieSpecificatie": "gebouweenheid",
    }
    entry["adresStatus"] = "inGebruik"
    entry["officieelToegekend"] = True
    entry["links"] = [{"href": f"{base}/v2/percelen?adresobjectid={object_id}", "rel": "percelen", "type": "GET"}]
    return entry


def address_matches(matches: list[Match], warnings: list[str], base: str) -> dict[str, Any]:
    return {
        "@context": f"{_CONTEXT}/adresmatch/2023-03-13/adresmatch.jsonld",
        "adresMatches": [address_match(match, base) for match in matches],
        "warnings": [{"code": "", "message": text} for text in warnings],
    }


def _status(municipality: Municipality) -> str:
    return "gehistoreerd" if municipality is skeleton.ZANDHOEK else "inGebruik"


def municipality_entry(municipality: Municipality, base: str) -> dict[str, Any]:
    """A municipality in the list."""
    return {
        "@type": "Gemeente",
        "identificator": _identifier("gemeente", municipality.nis),
        "detail": f"{base}/v2/gemeenten/{municipality.nis}",
        "gemeentenaam": _name(municipality.name),
        "gemeenteStatus": _status(municipality),
    }


def municipality_detail(municipality: Municipality) -> dict[str, Any]:
    """One municipality."""
    return {
        "@context": f"{_CONTEXT}/gemeente/2023-11-01/gemeente_detail.jsonld",
        "@type": "Gemeente",
        "identificator": _identifier("gemeente", municipality.nis),
        "officieleTalen": ["nl"],
        "faciliteitenTalen": [],
        "gemeentenamen": [{"spelling": municipality.name, "taal": "nl"}],
        "gemeenteStatus": _status(municipality),
    }
