"""The look of the base map: a calm ground on which roads, water and green can be told apart and markers stand out."""

from __future__ import annotations

GROUND = "#f1eee6"
FIELDS = ("#edf0dc", "#e9eed6", "#f1f0e0", "#e6edd3")
FIELD_EDGE = "#dde3c8"
BUILT_UP = "#edeae4"
SURFACES = {
    "park": ("#cbe4b4", "#b3d399"),
    "sport": ("#c9e8c4", "#a9d3a3"),
    "wood": ("#b9d8a4", "#a4c78d"),
    "industry": ("#e4dfe6", "#d6cfd9"),
    "cemetery": ("#cfdcbf", "#b5c6a3"),
    "water": ("#a8d0e6", "#86b8d3"),
}
SQUARE = ("#f6f1e4", "#d8cfba")
HOUSE = ("#d8cdc0", "#bcae9e")
HOUSE_CENTRE = ("#d5c4b3", "#b7a28d")
HOUSE_HARBOUR = ("#cfc8cf", "#aea5b0")
CHURCH = ("#b9a79a", "#85736a")
BORDER = "#a77bb5"
NEIGHBOUR_BORDER = "#c3abc9"
RAIL = "#7b7f85"

#: Kind of road: (colour, colour of the edge), lowest first: what comes later lies on top.
ROADS = {
    "path": ("#b08d68", ""),
    "lane": ("#ffffff", "#cdc6b8"),
    "street": ("#ffffff", "#c9c2b6"),
    "square": ("#ffffff", "#c9c2b6"),
    "secondary": ("#fff3c4", "#cdbb83"),
    "main": ("#fddf8e", "#cfae57"),
    "regional": ("#f9bd6b", "#cd8a35"),
}
#: Smallest width in pixels by kind for zooms 9 to 17; 0 is not drawn. Further on roads have their true width.
_LEAST = {
    "path": (0, 0, 0, 0, 0, 0.8, 1.2, 1.6, 2.0),
    "lane": (0, 0, 0, 0.6, 1.0, 1.7, 2.8, 4.2, 6.0),
    "street": (0, 0, 0, 0, 0.9, 1.7, 3.4, 5.5, 8.5),
    "square": (0, 0, 0, 0, 0.9, 1.7, 3.4, 5.5, 8.5),
    "secondary": (0, 0, 0.7, 1.1, 1.9, 3.2, 5.4, 7.5, 11.0),
    "main": (0, 0.8, 1.1, 1.8, 2.9, 4.4, 6.8, 9.5, 14.0),
    "regional": (1.0, 1.2, 1.7, 2.5, 3.8, 5.4, 8.0, 11.5, 18.0),
}


def road_width(kind: str, metres: float, zoom: int, pixels_per_metre: float) -> float:
    """Width in pixels of a road at this zoom; 0 when it is not drawn."""
    if zoom < 9:
        return 0.0
    least = _LEAST[kind][min(zoom, 17) - 9]
    return max(least, metres * pixels_per_metre) if least else 0.0


INK = "#3f3a35"
INK_STREET = "#4c463f"
INK_AREA = "#5d5348"
INK_WATER = "#2f6f96"
INK_GREEN = "#3f6b34"
INK_NUMBER = "#6d6157"
INK_BORDER = "#7d5a8a"
HALO = "#fffdf8"
