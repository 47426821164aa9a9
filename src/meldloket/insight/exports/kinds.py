"""The kinds of file that can be taken along, for whoever only has to name them: what writes them (files, workbook) brings
pyarrow, 40 MB that a process without exports does without."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: what it is called, its media type, and what it is good for. Its extension is its key in KINDS."""

    label: str
    media_type: str
    good_for: str


KINDS: dict[str, Kind] = {
    "csv": Kind("CSV", "text/csv; charset=utf-8", "opent in elk rekenblad en in elk ander programma"),
    "xlsx": Kind(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "met datums, getallen en filters; meer dan een miljoen rijen staan op meer dan één blad",
    ),
    "parquet": Kind("Parquet", "application/vnd.apache.parquet", "klein en snel, voor wie met R, Python of Power BI werkt"),
}
