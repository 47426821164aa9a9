"""The open data as CSV (RFC 4180) and as GeoJSON (RFC 7946), both of the same published groups, row by row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import shapely
from django.http import HttpRequest, StreamingHttpResponse
from shapely.geometry import mapping, shape

from meldloket.catalogue.current import catalogue
from meldloket.insight.exports.formula import disarmed
from meldloket.insight.models import OpenGroup
from meldloket.insight.opendata.groups import corners
from meldloket.insight.opendata.reading import groups
from meldloket.insight.opendata.words import END_WORDS
from meldloket.web.pages import page

#: A reader that asks again within the hour gets what it has; there is a new edition once a month.
CACHE = "public, max-age=3600"
#: Degrees; an area is drawn by some tens of points, whatever its border looks like.
_SIMPLER = 0.0003
Place = OpenGroup.Place


def _period(row: OpenGroup) -> str:
    """2026-05, 2026-K2 or 2026."""
    months = (row.until.year - row.since.year) * 12 + row.until.month - row.since.month + 1
    if months == 1:
        return f"{row.since:%Y-%m}"
    return f"{row.since:%Y}" if months == 12 else f"{row.since:%Y}-K{row.until.month // 3}"


def _rows() -> Iterator[tuple[OpenGroup, dict[str, Any]]]:
    """Each group with what is said of it, under the names of docs/open-data.md."""
    known = catalogue()
    categories = {row.code: row.name for row in known.categories}
    areas = {row.code: row.name for row in known.areas}
    for row in groups().select_related("month").iterator(chunk_size=2000):
        middle = _middle(row)
        yield (
            row,
            {
                "periode": _period(row),
                "van": row.since.isoformat(),
                "tot": row.until.isoformat(),
                "hoofdcategorie": row.main_category,
                "categorie_code": row.category,
                "categorie": categories.get(row.category, row.category),
                "plaats": row.get_place_display(),
                "breedtegraad": middle[0] if middle else None,
                "lengtegraad": middle[1] if middle else None,
                "wijk_code": row.area,
                "wijk": areas.get(row.area, row.area),
                "afloop_code": row.end,
                "afloop": END_WORDS[row.end],
                "aantal": row.count,
                "mediaan_dagen": row.median_days,
                "stand_op": row.month.made_at.date().isoformat(),
            },
        )


def _middle(row: OpenGroup) -> tuple[float, float] | None:
    if row.place not in (Place.SQUARE, Place.KILOMETRE):
        return None
    south, west, north, east = corners(row.x, row.y, row.place)
    return round((south + north) / 2, 6), round((west + east) / 2, 6)


def _csv() -> Iterator[str]:
    out = io.StringIO()
    writer: Any = None
    for _, said in _rows():
        if writer is None:
            writer = csv.DictWriter(out, list(said))
            writer.writeheader()
        writer.writerow({name: disarmed(value) if isinstance(value, str) else value for name, value in said.items()})
        if out.tell() > 60_000:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _geojson() -> Iterator[str]:
    shapes = {
        row.code: mapping(shapely.simplify(shape(row.geometry), _SIMPLER)) for row in catalogue().areas if row.geometry
    }
    before = '{"type":"FeatureCollection","features":[\n'
    for row, said in _rows():
        geometry: Any = shapes.get(row.area)
        if row.place in (Place.SQUARE, Place.KILOMETRE):
            south, west, north, east = (round(edge, 6) for edge in corners(row.x, row.y, row.place))
            ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            geometry = {"type": "Polygon", "coordinates": [ring]}
        feature = {"type": "Feature", "geometry": geometry, "properties": said}
        yield before + json.dumps(feature, ensure_ascii=False)
        before = ",\n"
    yield "]}" if before == ",\n" else f"{before}]}}"


def _file(pieces: Iterator[str], media_type: str, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(pieces, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = CACHE
    answer["Access-Control-Allow-Origin"] = "*"  # a map on another site may draw them
    return answer


@page("public", methods=("GET",))
def csv_file(request: HttpRequest) -> StreamingHttpResponse:
    """All groups as CSV."""
    return _file(_csv(), "text/csv; charset=utf-8; header=present", "meldingen.csv")


@page("public", methods=("GET",))
def geojson_file(request: HttpRequest) -> StreamingHttpResponse:
    """All groups as GeoJSON: a square, an area, or no place where only the municipality is said."""
    return _file(_geojson(), "application/geo+json", "meldingen.geojson")
