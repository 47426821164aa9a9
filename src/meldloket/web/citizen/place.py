"""From a click or an address to a place: label, street, inside or outside, and who is competent outside."""

from __future__ import annotations

from typing import Any

from meldloket.intake.ports import AddressesUnavailable, Place, plugged
from meldloket.intake.submit import locate

NEAR = 150  # metres: farther away, an address says nothing about the place


def settle(data: dict[str, Any]) -> dict[str, Any]:
    """What the draft keeps of the where-step. A point wins over an address; an address without a point is looked up; when
    the address service is down the words are kept and a person finds the place. `not_found`: nobody knows it."""
    latitude: float | None = data.get("latitude")
    longitude: float | None = data.get("longitude")
    typed = data.get("address", "")
    found: Place | None = None
    unavailable = plugged.addresses is None
    if plugged.addresses is not None:
        try:
            found = (
                plugged.addresses.nearest(latitude, longitude)
                if latitude is not None and longitude is not None
                else plugged.addresses.find(typed)
            )
        except AddressesUnavailable:
            unavailable = True
    if latitude is None or longitude is None:
        if found is None:
            kept = {"label": typed, "street": "", "detail": data.get("detail", "")}
            return kept if unavailable else {**kept, "not_found": True}
        latitude, longitude = found.latitude, found.longitude
    near = found if found and (found.distance is None or found.distance <= NEAR) else None
    return {
        "latitude": round(latitude, 7),
        "longitude": round(longitude, 7),
        "label": label(near, typed),
        "street": near.street if near else "",
        "detail": data.get("detail", ""),
        **whose(latitude, longitude),
    }


def label(place: Place | None, typed: str) -> str:
    """How the place is called: the address, "bij" an address nearby, what was typed, or the point itself."""
    if place is None:
        return typed or "Aangeduid op de kaart"
    return place.label if place.distance is None or place.distance < 30 else f"bij {place.label}"


def whose(latitude: float, longitude: float) -> dict[str, Any]:
    """`outside`: not in the municipality; `competent`: who is, where known (also for a regional road inside)."""
    located = locate(latitude, longitude)
    return {"outside": not located.inside, "competent": located.competent or ""}
