"""The hand-drawn bones of Lindekerke: its border, river, railway, main roads and what lies between them. The
side streets, the houses and the fields grow on these bones by `network`, `houses` and `town`. Metres, church at 0, 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from meldloket.sandbox.addresses.plane import Point


@dataclass(frozen=True)
class Municipality:
    """A municipality as the registers know it."""

    name: str
    nis: str
    postcode: str


LINDEKERKE = Municipality("Lindekerke", "49999", "9999")
OOSTERLINDE = Municipality("Oosterlinde", "49998", "9998")
BEEKDORP = Municipality("Beekdorp", "49997", "9997")
WIJNHOVE = Municipality("Wijnhove", "49996", "9996")
#: Merged into Lindekerke; its postcode stayed, as it does in reality.
ZANDHOEK = Municipality("Zandhoek", "49990", "9994")
NEIGHBOURS = (OOSTERLINDE, BEEKDORP, WIJNHOVE)


@dataclass(frozen=True)
class Road:
    """A named road through these points. `kind`: regional, main, secondary, street, lane, path or square."""

    name: str
    kind: str
    points: tuple[Point, ...]
    zone: str = "rural"  # how it is built up: centre, suburb, village, rural, harbour or none
    municipality: Municipality = LINDEKERKE
    postcode: str = ""


BOUNDARY: tuple[Point, ...] = (
    (2950, 250), (2900, 900), (2500, 1350), (2350, 1950), (1700, 2250), (900, 2150), (200, 2450), (-600, 2300),
    (-1200, 2480), (-1900, 2050), (-2500, 2000), (-2650, 1400), (-3000, 900), (-2850, 200), (-3000, -500),
    (-2700, -1100), (-2850, -1800), (-2300, -2450), (-1500, -2250), (-700, -2480), (100, -2300), (900, -2480),
    (1600, -2150), (2100, -1800), (2450, -1850), (2800, -1200), (2700, -600), (3000, -200),
)  # fmt: skip
OUTER: tuple[Point, ...] = (
    (5300, 200), (4900, 1900), (4300, 3300), (2600, 4100), (700, 4500), (-1300, 4300), (-2900, 4100), (-4500, 3000),
    (-5100, 1300), (-5300, -400), (-4700, -2100), (-4100, -3500), (-2300, -4200), (-300, -4500), (1500, -4300),
    (3200, -3900), (4600, -2700), (5000, -1200),
)  # fmt: skip
#: Lines that cut the ring between the two borders into the three neighbours, each with a point inside one of them.
NEIGHBOUR_CUTS: tuple[tuple[Point, ...], ...] = (
    ((300, 2300), (700, 3200), (500, 3900), (900, 5200)),
    ((1500, -2000), (2200, -2900), (2900, -3400), (4300, -5000)),
    ((-2700, 300), (-3700, 100), (-4500, 500), (-6000, 300)),
)
NEIGHBOUR_SEEDS: tuple[tuple[Municipality, Point], ...] = (
    (OOSTERLINDE, (4200, 600)), (BEEKDORP, (0, -3600)), (WIJNHOVE, (-1500, 3500)),
)  # fmt: skip

RIVER: tuple[Point, ...] = (
    (6400, 1900), (5200, 1150), (3900, 1250), (2600, 800), (1600, 420), (1000, 330), (500, 420), (0, 500), (-450, 410),
    (-850, 110), (-1350, -130), (-1900, -160), (-2500, -520), (-3300, -640), (-4300, -420), (-6400, -900),
)  # fmt: skip
RIVER_WIDTH = 30.0
BROOKS: tuple[tuple[Point, ...], ...] = (
    ((-2900, 2600), (-2350, 1900), (-2150, 1150), (-2300, 500), (-2180, -250)),
    ((2300, -2900), (1900, -1700), (2350, -1150), (2900, -500), (3300, 300), (3250, 1080)),
    ((-400, -2900), (-250, -2100), (-900, -1950), (-1250, -1150), (-1750, -900), (-1800, -170)),
)
DOCK: tuple[Point, ...] = ((585, 395), (600, 640), (700, 632), (725, 365))
RAILWAY: tuple[Point, ...] = (
    (-6400, -2300), (-4600, -1750), (-3000, -1250), (-1400, -1010), (0, -960), (1400, -1030), (3000, -1350),
    (4700, -1450), (6400, -1200),
)  # fmt: skip
STATION: Point = (150, -925)

#: Lines that divide Lindekerke into its parts (with the river), and a point inside each.
AREA_CUTS: tuple[tuple[Point, ...], ...] = (
    ((-850, -480), (-820, -1000), (-780, -1700), (-900, -3000)),
    ((960, -540), (1120, -1030), (1180, -1600), (1350, -3000)),
    ((-300, 380), (-330, 900), (-420, 1350), (-700, 3000)),
)
AREAS: tuple[tuple[str, str, Point], ...] = (
    ("lindekerke-centrum", "Lindekerke-Centrum", (0, 0)),
    ("molenwijk", "Molenwijk", (-1500, 700)),
    ("stationsbuurt", "Stationsbuurt", (0, -1300)),
    ("oude-haven", "Oude Haven", (700, 900)),
    ("zandhoek", "Zandhoek", (-1700, -1400)),
    ("berkenveld", "Berkenveld", (1800, -500)),
)

RINGLAAN: tuple[Point, ...] = (
    (1080, 1330), (1220, 900), (1260, 380), (1220, -150), (1000, -620), (520, -790), (60, -800), (-450, -740),
    (-880, -540), (-1080, -120), (-1170, 260), (-1080, 760), (-820, 1270),
)  # fmt: skip
VEST: tuple[Point, ...] = (
    (560, 40), (430, -370), (50, -520), (-370, -410), (-540, -20), (-470, 270), (-60, 400), (330, 340),
)  # fmt: skip
#: The ring of quays and ramparts is one line with three names: (name, first and last index in VEST).
VEST_NAMES: tuple[tuple[str, int, int], ...] = (("Oostvest", 0, 2), ("Westvest", 2, 5), ("Lindekaai", 5, 8))

#: Where side streets grow: (zone, distance between streets, list of names, outline).
QUARTERS: tuple[tuple[str, float, str, tuple[Point, ...]], ...] = (
    ("centre", 132, "centre", VEST),
    ("suburb", 192, "ring", ((560, 40), (430, -370), (50, -520), (-370, -410), (-440, -735), (60, -800), (520, -790),
                             (1000, -620), (1220, -150), (1255, 300), (900, 305), (480, 380))),
    ("suburb", 192, "molenwijk", ((-1180, 210), (-1480, 180), (-1950, 330), (-2050, 900), (-1750, 1190), (-830, 1260),
                                  (-420, 1230), (-380, 480), (-480, 420), (-840, 160))),
    ("suburb", 192, "haven", ((-380, 480), (-420, 1230), (80, 1340), (1080, 1320), (1220, 900), (1250, 440), (500, 480),
                              (0, 560))),
    ("suburb", 192, "station", ((-700, -1010), (-640, -1420), (-250, -1640), (350, -1600), (820, -1420), (1000, -1000),
                                (60, -970))),
    ("suburb", 192, "berkenveld", ((1220, -130), (1000, -620), (1120, -1000), (1700, -960), (2180, -760), (2330, -330),
                                   (2230, 60), (1800, 30), (1400, -70))),
    ("village", 190, "zandhoek", ((-1350, -1160), (-1850, -1150), (-2150, -1450), (-2080, -1900), (-1550, -1950),
                                  (-1250, -1600))),
)  # fmt: skip
#: Open ground inside the built-up part, where no side streets grow: (kind, name, outline).
GROUNDS: tuple[tuple[str, str, tuple[Point, ...]], ...] = (
    ("park", "Lindepark", ((-570, -60), (-520, -330), (-430, -480), (-640, -640), (-870, -530), (-1050, -130),
                           (-950, 0), (-760, 90), (-640, 90))),
    ("sport", "Sportpark De Kouter", ((700, -330), (1010, -420), (1160, -180), (960, -80), (740, -130))),
    ("industry", "Havengebied", ((770, 390), (1215, 420), (1190, 800), (930, 860), (760, 720))),
    ("cemetery", "Begraafplaats", ((-1650, 980), (-1480, 940), (-1400, 1120), (-1600, 1170))),
    ("wood", "Molenbos", ((-2750, 1150), (-2250, 1300), (-2230, 1750), (-2600, 1900), (-2830, 1500))),
    ("wood", "Zandbos", ((-2650, -1250), (-2300, -1180), (-2250, -1600), (-2450, -1950), (-2700, -1850))),
    ("wood", "Berkenbos", ((2250, -950), (2600, -1150), (2500, -1600), (2150, -1650), (1950, -1300))),
    ("wood", "", ((1500, 1700), (1950, 1750), (2050, 2050), (1650, 2080))),
    ("wood", "Kouterbos", ((-500, -1900), (-150, -1850), (0, -2150), (-350, -2300), (-600, -2150))),
    ("water", "Zandput", ((-2250, -800), (-2050, -760), (-1980, -960), (-2150, -1060), (-2320, -960))),
    ("water", "", ((-800, -330), (-730, -300), (-700, -380), (-790, -430), (-860, -390))),
)  # fmt: skip
SQUARES: tuple[tuple[str, tuple[Point, ...]], ...] = (
    ("Dorpsplein", ((-62, 48), (58, 60), (70, -42), (-40, -60))),
    ("Stationsplein", ((95, -830), (215, -838), (212, -905), (98, -902))),
)
CHURCHES: tuple[Point, ...] = ((0, 4), (-1700, -1600), (4080, 480), (180, -3420), (-1330, 3430))
#: Sheds in the harbour, without an address of their own: (x, y, width, depth).
SHEDS: tuple[tuple[float, float, float, float], ...] = (
    (835, 520, 90, 45), (965, 520, 120, 50), (1095, 545, 70, 90), (850, 640, 70, 100), (985, 665, 110, 60),
    (1090, 730, 80, 50), (960, 780, 70, 45),
)  # fmt: skip
