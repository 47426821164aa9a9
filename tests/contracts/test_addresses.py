"""The client of the address service against the double, and the double against what the services publish
(specs/identity-and-registers §4)."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat

from meldloket import catalogue
from meldloket.catalogue.geography import distance_m
from meldloket.connectors.addresses import AddressClient, AddressSettings
from meldloket.connectors.addresses.pace import TokenBucket
from meldloket.intake.ports import AddressesUnavailable, AddressService
from meldloket.sandbox.addresses import create_app, export
from meldloket.sandbox.addresses.lambert import from_lambert_72
from meldloket.sandbox.addresses.mercator import tile_of
from meldloket.sandbox.addresses.town import Town, town
from meldloket.sandbox.config import SandboxConfig
from support.doubles import serve

CENTRE = (51.05, 3.55)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(create_app(SandboxConfig())) as address:
        yield address


@pytest.fixture(autouse=True)
def no_faults(url: str) -> Iterator[None]:
    yield
    httpx.delete(f"{url}/_double/faults").raise_for_status()


@pytest.fixture
def client(url: str) -> AddressClient:
    """Quick to give up and without a pace, so that tests need not wait."""
    return AddressClient(AddressSettings(url, timeout=0.6, per_second=1000))


def fault(url: str, **fields: Any) -> None:
    httpx.put(f"{url}/_double/faults", json=fields).raise_for_status()


def get(url: str, path: str, **query: Any) -> Any:
    return httpx.get(f"{url}{path}", params=query).raise_for_status().json()


# The client


def test_it_is_an_address_service(client: AddressClient) -> None:
    service: AddressService = client
    assert service.suggest("kerkstr")[0] == "Kerkstraat, 9999 Lindekerke"
    assert client.check() is None


@pytest.mark.parametrize("base", ["{}", "{}/", "{}/geolocation", "{}/geolocation/"])
def test_the_base_address_may_end_as_it_likes(url: str, base: str) -> None:
    assert AddressClient(AddressSettings(base.format(url))).check() is None


def test_suggestions_keep_to_the_limit_and_need_two_characters(client: AddressClient) -> None:
    assert len(client.suggest("kerkstraat", 3)) == 3
    assert client.suggest(" k ") == []
    assert client.suggest("qqqqqq") == []


def test_a_full_address_is_found_with_its_parts(client: AddressClient) -> None:
    found = client.find("kerkstraat 5, 9999 lindekerke")
    assert found is not None
    assert (found.kind, found.label) == ("address", "Kerkstraat 5, 9999 Lindekerke")
    assert (found.street, found.number, found.postcode, found.municipality) == ("Kerkstraat", "5", "9999", "Lindekerke")
    assert found.distance is None
    assert distance_m((found.latitude, found.longitude), CENTRE) < 300


def test_the_street_that_exists_twice_is_told_apart_by_its_postcode(client: AddressClient) -> None:
    centre, village = client.find("Kerkstraat 5, 9999 Lindekerke"), client.find("Kerkstraat 5, 9994 Lindekerke")
    assert centre is not None
    assert village is not None
    assert (centre.label, village.label) == ("Kerkstraat 5, 9999 Lindekerke", "Kerkstraat 5, 9994 Lindekerke")
    assert distance_m((centre.latitude, centre.longitude), (village.latitude, village.longitude)) > 1500


def test_a_street_without_numbers_and_a_municipality_are_no_addresses(client: AddressClient) -> None:
    street, place = client.find("Jaagpad 5"), client.find("Oosterlinde")
    assert street is not None
    assert place is not None
    assert (street.kind, street.street, street.number) == ("street", "Jaagpad", "")
    assert (place.kind, place.street, place.label) == ("municipality", "", "Oosterlinde")


def test_nothing_fits(client: AddressClient) -> None:
    assert client.find("xyzzyplugh 3") is None


def test_the_address_at_a_point_with_its_distance(client: AddressClient) -> None:
    asked = client.find("Molenstraat 4, 9999 Lindekerke")
    assert asked is not None
    found = client.nearest(asked.latitude, asked.longitude)
    assert found is not None
    assert (found.label, found.kind) == (asked.label, "address")
    assert found.distance is not None
    assert found.distance < 2


def test_far_from_an_address_only_the_point_remains(client: AddressClient) -> None:
    found = client.nearest(51.0313, 3.545)  # in the Kouterbos
    assert found is not None
    assert (found.kind, found.label, found.latitude, found.longitude) == ("point", "", 51.0313, 3.545)
    assert found.distance is not None
    assert 150 < found.distance < 1000


def test_nothing_within_reach(client: AddressClient) -> None:
    assert client.nearest(51.3, 4.4) is None
    with pytest.raises(ValueError, match="degrees"):
        client.nearest(float("nan"), 3.5)


def test_what_was_asked_is_remembered_and_failures_are_not(url: str) -> None:
    now = [0.0]
    client = AddressClient(AddressSettings(url, per_second=1000, remember=60), clock=lambda: now[0])
    fault(url, mode="error", count=1)
    with pytest.raises(AddressesUnavailable):
        client.suggest("molen")
    lines = client.suggest("molen")
    assert lines
    fault(url, mode="error")
    assert client.suggest("Molen") == lines
    now[0] = 61
    with pytest.raises(AddressesUnavailable):
        client.suggest("molen")


@pytest.mark.parametrize(
    "switch",
    [
        {"mode": "slow", "seconds": 2.0},
        {"mode": "timeout"},
        {"mode": "error"},
        {"mode": "error", "status": 503},
        {"mode": "refuse"},
        {"mode": "malformed"},
        {"mode": "special", "special": "status_429"},
    ],
)
def test_every_failure_is_unavailable_and_tells_no_address(url: str, client: AddressClient, switch: dict[str, Any]) -> None:
    fault(url, **switch, count=1)
    with pytest.raises(AddressesUnavailable) as caught:
        client.find("Stationsstraat 12")
    assert "Stations" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: a call is refused
        client = AddressClient(AddressSettings(f"http://127.0.0.1:{taken.getsockname()[1]}", timeout=0.5))
        with pytest.raises(AddressesUnavailable):
            client.nearest(*CENTRE)
        assert client.check() == "Adressen: de adressendienst antwoordt niet (ConnectError)."
    assert AddressClient(AddressSettings("http://[nonsense")).check() is not None


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "null",
        '{"LocationResult": [{}]}',
        '{"LocationResult": [7]}',
        '{"LocationResult": [{"FormattedAddress": "x", "Location": {"Lat_WGS84": "x", "Lon_WGS84": 3}}]}',
        '{"LocationResult": [{"FormattedAddress": "x", "Location": {"Lat_WGS84": 512, "Lon_WGS84": 3}}]}',
    ],
)
def test_an_answer_of_another_shape_is_unavailable(body: str) -> None:
    other = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, text=body)))
    with pytest.raises(AddressesUnavailable, match="onleesbaar"):
        AddressClient(AddressSettings("http://addresses.invalid"), client=other).find("Kerkstraat 1")


def test_after_too_many_requests_it_waits_as_long_as_the_service_says(url: str) -> None:
    now = [0.0]
    client = AddressClient(AddressSettings(url, per_second=1000), clock=lambda: now[0])
    fault(url, mode="special", special="status_429", count=1)
    for _ in range(2):
        with pytest.raises(AddressesUnavailable, match="wachten"):
            client.suggest("molen")
    now[0] = 1.1
    assert client.suggest("molen")


def test_an_empty_answer_is_no_failure(url: str, client: AddressClient) -> None:
    fault(url, mode="special", special="empty_answers")
    assert client.suggest("kerkstr") == []
    assert client.find("Kerkstraat 5") is None
    assert client.nearest(*CENTRE) is None


def test_a_street_for_an_answer_to_a_house_number_is_not_taken_for_an_address(url: str, client: AddressClient) -> None:
    fault(url, mode="special", special="street_level")
    found = client.find("Hoogstraat 7, 9999 Lindekerke")
    assert found is not None
    assert (found.kind, found.street, found.number) == ("street", "Hoogstraat", "")


def test_no_more_than_five_calls_a_second() -> None:
    now, slept = [0.0], []
    bucket = TokenBucket(5, lambda: now[0], slept.append)
    assert [bucket.take(0) for _ in range(6)] == [True] * 5 + [False]
    assert bucket.take(0.5)
    assert slept == [pytest.approx(0.2)]
    now[0] = 10.0
    assert [bucket.take(0) for _ in range(6)] == [True] * 5 + [False]


@given(steps=st.lists(st.floats(0, 0.6), min_size=1, max_size=60))
def test_over_any_stretch_of_time_the_pace_holds(steps: list[float]) -> None:
    now, taken = 0.0, 0
    bucket = TokenBucket(5, lambda: now, lambda _: None)
    for step in steps:
        now += step
        taken += bucket.take(0)
    assert taken <= 5 + 5 * now + 1e-6


# The double: geolocation


def test_a_location_has_the_fields_of_the_service(url: str) -> None:
    (found,) = get(url, "/geolocation/v4/Location", q="Kerkstraat 5, 9999 Lindekerke")["LocationResult"]
    assert set(found) == {
        "Municipality", "Zipcode", "Thoroughfarename", "Housenumber", "ID", "FormattedAddress", "Location",
        "LocationType", "BoundingBox",
    }  # fmt: skip
    place = found["Location"]
    there = from_lambert_72(place["X_Lambert72"], place["Y_Lambert72"])
    assert distance_m(there, (place["Lat_WGS84"], place["Lon_WGS84"])) < 0.02
    assert found["LocationType"] == "basisregisters_huisnummer_afgeleidVanObject"
    assert set(found["BoundingBox"]) == {"LowerLeft", "UpperRight"}


@pytest.mark.parametrize(("count", "expected"), [(None, 1), ("3", 3), ("5", 5), ("50", 5), ("0", 1)])
def test_location_gives_one_unless_asked_and_never_more_than_five(url: str, count: str | None, expected: int) -> None:
    query = {"latlon": "51.05,3.55"} | ({"c": count} if count else {})
    assert len(get(url, "/geolocation/v4/Location", **query)["LocationResult"]) == expected


def test_reverse_by_lambert_is_reverse_by_degrees(url: str) -> None:
    by_degrees = get(url, "/geolocation/Location", latlon="51.052,3.551")["LocationResult"][0]
    for x, y in ((92659.2, 193853.6), (592656.5, 693847.0)):
        (found,) = get(url, "/geolocation/v4/Location", xy=f"{x},{y}")["LocationResult"]
        assert (
            distance_m(
                (found["Location"]["Lat_WGS84"], found["Location"]["Lon_WGS84"]),
                (by_degrees["Location"]["Lat_WGS84"], by_degrees["Location"]["Lon_WGS84"]),
            )
            < 60
        )


def test_type_narrows_what_is_found(url: str) -> None:
    def kinds(kind: str, text: str) -> list[str]:
        found = get(url, "/geolocation/v4/Location", q=text, type=kind, c=5)["LocationResult"]
        return [entry["LocationType"] for entry in found]

    assert set(kinds("Thoroughfarename", "Kerkstraat 5")) == {"basisregisters_straatnaam"}
    assert kinds("1", "Beekdorp") == ["basisregisters_gemeente"]
    assert all("huisnummer" in kind for kind in kinds("Housenumber", "Kerkstraat 5"))
    assert kinds("3", "Jaagpad 5") == []


@pytest.mark.parametrize(
    "query", [{}, {"latlon": "x"}, {"latlon": "1,2,3"}, {"q": "Kerkstraat", "c": "veel"}, {"type": "9"}]
)
def test_what_cannot_be_read_is_400(url: str, query: dict[str, str]) -> None:
    assert httpx.get(f"{url}/geolocation/v4/Location", params=query).status_code == 400


def test_too_many_requests_says_when_to_come_back(url: str) -> None:
    fault(url, mode="special", special="status_429", count=1)
    answer = httpx.get(f"{url}/geolocation/v4/Suggestion", params={"q": "molen"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_an_answer(url: str, text: str) -> None:
    assert isinstance(get(url, "/geolocation/v4/Suggestion", q=text)["SuggestionResult"], list)
    if text.strip():
        assert isinstance(get(url, "/geolocation/v4/Location", q=text)["LocationResult"], list)


# The double: address register


def with_box() -> Any:
    return next(one for one in town().addresses if one.box and one.street.postcode == "9999")


def test_adresmatch_finds_a_box_number_with_its_point(url: str) -> None:
    flat = with_box()
    answer = get(
        url, "/v2/adresmatch", gemeentenaam="Lindekerke", postcode="9999", straatnaam=flat.street.name,
        huisnummer=flat.number, busnummer=flat.box,
    )  # fmt: skip
    first = answer["adresMatches"][0]
    assert first["score"] == 100
    assert first["identificator"]["objectId"] == str(flat.object_id)
    assert first["busnummer"] == flat.box
    assert first["volledigAdres"]["geografischeNaam"]["spelling"] == flat.full()
    assert first["adresPositie"]["positieSpecificatie"] == "gebouweenheid"
    gml = first["adresPositie"]["geometrie"]["gml"]
    x, y = (float(part) for part in re.search(r"<gml:pos>(\S+) (\S+)</gml:pos>", gml).groups())  # type: ignore[union-attr]
    assert "EPSG/0/31370" in gml
    assert distance_m(from_lambert_72(x, y), CENTRE) < 5000
    assert answer["warnings"] == []


def test_adresmatch_of_street_level_lacks_what_only_an_address_has(url: str) -> None:
    answer = get(url, "/v2/adresmatch", postcode="9999", straatnaam="Dorpspleyn", huisnummer="9999")
    first = answer["adresMatches"][0]
    assert first["straatnaam"]["straatnaam"]["geografischeNaam"]["spelling"] == "Dorpsplein"
    assert first["score"] < 95
    assert not {"identificator", "huisnummer", "adresPositie"} & set(first)
    assert [warning["message"] for warning in answer["warnings"]] == ["'Huisnummer' niet gekend in de straat."]


def test_adresmatch_warns_of_what_does_not_fit_and_gives_ten_at_most(url: str) -> None:
    answer = get(url, "/v2/adresmatch", gemeentenaam="Lindekerke", postcode="9998", straatnaam="straat")
    assert any("'Postcode' en 'Gemeentenaam'" in warning["message"] for warning in answer["warnings"])
    assert len(answer["adresMatches"]) <= 10
    scores = [match["score"] for match in answer["adresMatches"]]
    assert scores == sorted(scores, reverse=True)
    assert httpx.get(f"{url}/v2/adresmatch", params={"straatnaam": "Kerkstraat"}).status_code == 400


def test_municipalities_are_paged_and_the_merged_one_is_history(url: str) -> None:
    first = get(url, "/v2/gemeenten", limit=3)
    rest = httpx.get(first["volgende"]).json()
    entries = first["gemeenten"] + rest["gemeenten"]
    status = {one["identificator"]["objectId"]: one["gemeenteStatus"] for one in entries}
    assert status == dict.fromkeys(("49996", "49997", "49998", "49999"), "inGebruik") | {"49990": "gehistoreerd"}
    assert "volgende" not in rest
    assert get(url, "/v2/gemeenten/49999")["gemeentenamen"] == [{"spelling": "Lindekerke", "taal": "nl"}]
    assert httpx.get(f"{url}/v2/gemeenten/12345").status_code == 404


# The double: base map

GET_TILE = {
    "SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", "LAYER": "grb_bsk", "STYLE": "", "FORMAT": "image/png",
    "TILEMATRIXSET": "GoogleMapsVL",
}  # fmt: skip


def tile(url: str, zoom: int, column: int, row: int, **other: str) -> httpx.Response:
    place = {"TILEMATRIX": str(zoom), "TILEROW": str(row), "TILECOL": str(column)}
    return httpx.get(f"{url}/GRB/wmts", params=GET_TILE | place | other)


def image(answer: httpx.Response) -> Image.Image:
    assert answer.headers["content-type"] == "image/png"
    return Image.open(BytesIO(answer.content)).convert("RGB")


@pytest.mark.parametrize("zoom", range(22))
def test_every_zoom_has_the_tile_of_the_town(url: str, zoom: int) -> None:
    answer = tile(url, zoom, *tile_of(*CENTRE, zoom))
    assert answer.status_code == 200
    picture = image(answer)
    assert picture.size == (256, 256)
    colours = len(picture.getcolors(70_000) or [])
    assert colours == 1 if zoom < 9 else colours > (50 if 11 <= zoom <= 18 else 1)


def test_the_grey_map_is_grey_and_light(url: str) -> None:
    picture = image(tile(url, 15, *tile_of(*CENTRE, 15), LAYER="grb_bsk_grijs"))
    red, green, blue = picture.split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()
    assert ImageStat.Stat(red).mean[0] > 200


def test_far_away_is_plain_ground(url: str) -> None:
    assert len(image(tile(url, 14, *tile_of(50.9, 5.0, 14))).getcolors() or []) == 1


def test_names_run_on_over_the_edge_of_a_tile(url: str) -> None:
    """Both sides of an edge are drawn from the same placement: rows of pixels beside each other are alike."""
    column, row = tile_of(*CENTRE, 16)
    left, right = image(tile(url, 16, column, row)), image(tile(url, 16, column + 1, row))
    pairs = [(left.getpixel((255, y)), right.getpixel((0, y))) for y in range(256)]
    near = sum(1 for a, b in pairs if sum(abs(x - y) for x, y in zip(a, b, strict=True)) < 90)  # type: ignore[arg-type]
    assert near > 230


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"LAYER": "iets"}, 400, "InvalidParameterValue"),
        ({"TILEMATRIXSET": "BPL72VL"}, 400, "InvalidParameterValue"),
        ({"STYLE": "default"}, 400, "InvalidParameterValue"),
        ({"REQUEST": "GetMap"}, 501, "OperationNotSupported"),
        ({"TILEMATRIX": "22"}, 400, "TileOutOfRange"),
        ({"TILEROW": "-1"}, 400, "MissingParameterValue"),
        ({"TILECOL": "99999999"}, 400, "TileOutOfRange"),
    ],
)
def test_a_wrong_question_gets_an_exception_report(url: str, change: dict[str, str], status: int, code: str) -> None:
    answer = tile(url, 14, *tile_of(*CENTRE, 14), **change)
    assert answer.status_code == status
    assert f'exceptionCode="{code}"' in answer.text


def test_the_page_shows_the_town_and_follows_a_click(url: str) -> None:
    page = httpx.get(url).text
    assert "nagebouwde dienst" in page.casefold()
    assert 'src="/kaart.png?lat=51.05&amp;lon=3.55&amp;z=14"' in page
    clicked = httpx.get(url, params={"lat": "51.05", "lon": "3.55", "z": "16", "punt.x": "464", "punt.y": "20"}).text
    assert re.search(r"In het midden: <strong>[^<]+ Lindekerke</strong>", clicked)
    assert httpx.get(f"{url}/kaart.png", params={"z": "15"}).headers["content-type"] == "image/png"
    assert httpx.get(url, params={"lat": "nan", "z": "x", "zoek": "<script>"}).status_code == 200


# The town as data


def test_the_town_has_what_the_demonstration_needs() -> None:
    place = town()
    here = [street for street in place.streets if street.municipality.nis == "49999" and street.zone != "beyond"]
    names = {street.name for street in here}
    wanted = {"Kerkstraat", "Stationsstraat", "Molenstraat", "Dorpsplein", "Lindelaan", "Berkenlaan", "Havenkaai"}
    assert wanted | {"Zandhoekstraat", "Jaagpad", "Provinciebaan"} <= names
    assert 100 <= len(names) <= 130
    assert {street.postcode for street in here if street.name == "Kerkstraat"} == {"9999", "9994"}
    numbered = {address.street.name for address in place.addresses}
    assert "Jaagpad" not in numbered
    assert wanted - {"Lindelaan"} <= numbered
    assert any(re.fullmatch(r"\d+A", address.number) for address in place.addresses)
    west, south, east, north = place.boundary.bounds
    assert 5000 < east - west < 6500
    assert 4000 < north - south < 5500


def test_every_address_is_unique_and_lies_in_its_municipality() -> None:
    place = town()
    full = [address.full() for address in place.addresses]
    assert len(full) == len(set(full))
    inside = {"49999": place.boundary} | {who.nis: shape for who, shape in place.neighbours.items()}
    for nis, shape in inside.items():
        points = [address.at for address in place.addresses if address.street.municipality.nis == nis]
        away = shapely.distance(shape, shapely.points(points))
        assert away.max() < 40  # a house may stand just over the border of its street


def test_the_same_seed_grows_the_same_town() -> None:
    first, again, other = Town(3), Town(3), Town(4)
    assert [address.full() for address in first.addresses] == [address.full() for address in again.addresses]
    assert first.boundary.equals(again.boundary)
    assert not first.boundary.equals(other.boundary)


def test_the_parts_fill_the_municipality_and_the_neighbours_surround_it() -> None:
    place = town()
    assert len(place.areas) == 6
    assert sum(part.area for part in place.areas.values()) == pytest.approx(place.boundary.area, rel=1e-9)
    assert all(part.is_valid and part.geom_type == "Polygon" for part in place.areas.values())
    around = place.boundary.boundary.difference(
        shapely.union_all([shape.buffer(0.5) for shape in place.neighbours.values()])
    )
    assert around.length < 1


def test_the_configuration_of_the_demonstration_is_what_the_town_says() -> None:
    folder = Path(catalogue.__file__).parent / "data" / "lindekerke"
    for name, content in export.files().items():
        committed = json.loads((folder / name).read_text(encoding="utf-8"))
        assert committed == json.loads(json.dumps(content)), f"run python -m meldloket.sandbox.addresses.export {folder}"
