"""What the form's pages ask while a citizen types or clicks: likely categories, emergency notice, addresses. Nothing of
it goes to a third party from the browser; it goes through us."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from meldloket.catalogue.current import catalogue
from meldloket.intake.ports import AddressesUnavailable, plugged
from meldloket.intake.text import tidy
from meldloket.screening.engine import emergency, get_screener
from meldloket.web.pages import page

from . import place
from .forms import LONGEST_TEXT


@page("public", methods=("POST",))
def suggest(request: HttpRequest) -> HttpResponse:
    """The three likeliest categories and, when words point to it, the emergency notice; as a fragment of the page. POST,
    so that what people type lands in no log."""
    text = tidy(request.POST.get("text", ""))[:LONGEST_TEXT]
    known = catalogue()
    proposals = []
    if len(text) >= 8:
        codes = {category.code for category in known.active_categories}
        for proposal in get_screener().screen(text, allowed_categories=codes).as_dict()["categories"][:3]:
            if (category := known.category(proposal["code"])) is not None and proposal["score"] >= 0.05:
                proposals.append({"category": category, "words": proposal["words"][:3]})
    context = {"proposals": proposals, "emergency": emergency(text)}
    return render(request, "citizen/fragments/suggestions.html", context)


@page("public", methods=("POST",))
def look_up_place(request: HttpRequest) -> JsonResponse:
    """What lies at a point: its address, whether it is ours, and whose it is otherwise."""
    try:
        latitude, longitude = float(request.POST["latitude"]), float(request.POST["longitude"])
    except (KeyError, ValueError):
        return JsonResponse({"error": "Geen geldige plaats."}, status=422)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return JsonResponse({"error": "Geen geldige plaats."}, status=422)
    kept = place.settle({"latitude": latitude, "longitude": longitude, "address": "", "detail": ""})
    return JsonResponse({key: kept[key] for key in ("label", "latitude", "longitude", "outside", "competent")})


@page("public", methods=("GET",))
def search_address(request: HttpRequest) -> JsonResponse:
    """Addresses that fit what was typed so far (`q`), each with its point when asked for exactly one (`kies`)."""
    text = tidy(request.GET.get("q", ""), lines=False)[:120]
    if len(text) < 2 or plugged.addresses is None:
        return JsonResponse({"results": []})
    try:
        if "kies" in request.GET:
            found = plugged.addresses.find(text)
            results = (
                [
                    {
                        "label": found.label,
                        "latitude": found.latitude,
                        "longitude": found.longitude,
                        **place.whose(found.latitude, found.longitude),
                    }
                ]
                if found
                else []
            )
        else:
            results = [{"label": label} for label in plugged.addresses.suggest(text)]
    except AddressesUnavailable:
        return JsonResponse({"results": [], "unavailable": True})
    return JsonResponse({"results": results})


@page("public", methods=("GET",))
def boundary(request: HttpRequest) -> JsonResponse:
    """The municipality's boundary for the map, as GeoJSON."""
    municipality = catalogue().municipality
    answer = JsonResponse(
        {
            "boundary": municipality.boundary,
            "centre": [municipality.centre_latitude, municipality.centre_longitude],
        }
    )
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
