"""Writes the town's border, parts, neighbours and other managers as GeoJSON, for a demonstration to load as its
configuration: `python -m meldloket.sandbox.addresses.export DIRECTORY`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from meldloket.sandbox.addresses.town import areas_geojson, authorities_geojson, boundary_geojson, neighbours_geojson


def files() -> dict[str, dict[str, Any]]:
    """The content by name of file."""
    return {
        "boundary.geojson": boundary_geojson(),
        "areas.geojson": areas_geojson(),
        "neighbours.geojson": neighbours_geojson(),
        "authorities.geojson": authorities_geojson(),
    }


def write(directory: Path) -> None:
    """One feature a line, so that a change is readable in a diff."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        features = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in content["features"])
        text = f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'
        (directory / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
