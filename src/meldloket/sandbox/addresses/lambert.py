"""Belgian Lambert coordinates, because the address services speak them beside latitude and longitude: Lambert 72
(EPSG:31370) and Lambert 2008 (EPSG:3812), both ways, without a projection library (specs/identity-and-registers §4.5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import atan2, cos, degrees, hypot, log, pi, radians, sin, sqrt, tan

_ARC_SECOND = pi / 180 / 3600


@dataclass(frozen=True)
class Ellipsoid:
    """`a`: half the long axis in metres; `inverse_flattening`: 1/f."""

    a: float
    inverse_flattening: float

    @property
    def e2(self) -> float:
        """Square of the first eccentricity."""
        flattening = 1 / self.inverse_flattening
        return flattening * (2 - flattening)


GRS80 = Ellipsoid(6378137.0, 298.257222101)
INTERNATIONAL_1924 = Ellipsoid(6378388.0, 297.0)


@dataclass(frozen=True)
class ConformalConic:
    """Lambert's conformal conic projection with two standard parallels (degrees, metres)."""

    ellipsoid: Ellipsoid
    latitude_0: float
    longitude_0: float
    parallels: tuple[float, float]
    x_0: float
    y_0: float
    n: float = field(init=False)
    scale: float = field(init=False)
    rho_0: float = field(init=False)

    def __post_init__(self) -> None:
        first, second = (radians(parallel) for parallel in self.parallels)
        m_1, m_2 = self._m(first), self._m(second)
        t_1, t_2 = self._t(first), self._t(second)
        n = (log(m_1) - log(m_2)) / (log(t_1) - log(t_2))
        scale = m_1 / (n * t_1**n)
        at_pole = self.latitude_0 == 90
        rho_0 = 0.0 if at_pole else self.ellipsoid.a * scale * self._t(radians(self.latitude_0)) ** n
        for name, value in (("n", n), ("scale", scale), ("rho_0", rho_0)):
            object.__setattr__(self, name, value)

    def _m(self, latitude: float) -> float:
        return cos(latitude) / sqrt(1 - self.ellipsoid.e2 * sin(latitude) ** 2)

    def _t(self, latitude: float) -> float:
        e = sqrt(self.ellipsoid.e2)
        return tan(pi / 4 - latitude / 2) / ((1 - e * sin(latitude)) / (1 + e * sin(latitude))) ** (e / 2)

    def forward(self, latitude: float, longitude: float) -> tuple[float, float]:
        """(x, y) in metres of a point in degrees on this projection's own ellipsoid."""
        rho = self.ellipsoid.a * self.scale * self._t(radians(latitude)) ** self.n
        theta = self.n * radians(longitude - self.longitude_0)
        return self.x_0 + rho * sin(theta), self.y_0 + self.rho_0 - rho * cos(theta)

    def inverse(self, x: float, y: float) -> tuple[float, float]:
        """(latitude, longitude) in degrees on this projection's own ellipsoid."""
        dx, dy = x - self.x_0, self.rho_0 - (y - self.y_0)
        t = (hypot(dx, dy) / (self.ellipsoid.a * self.scale)) ** (1 / self.n)
        e = sqrt(self.ellipsoid.e2)
        latitude = pi / 2 - 2 * atan2(t, 1)
        for _ in range(8):  # each round gains about two digits; eight are far below a micrometre
            ratio = (1 - e * sin(latitude)) / (1 + e * sin(latitude))
            latitude = pi / 2 - 2 * atan2(t * ratio ** (e / 2), 1)
        return degrees(latitude), self.longitude_0 + degrees(atan2(dx, dy) / self.n)


@dataclass(frozen=True)
class Helmert:
    """A shift between two earth models (position vector convention): metres, arc seconds, parts per million."""

    shift: tuple[float, float, float]
    rotation: tuple[float, float, float]
    ppm: float

    def _matrix(self) -> list[list[float]]:
        r_x, r_y, r_z = (angle * _ARC_SECOND for angle in self.rotation)
        s = 1 + self.ppm * 1e-6
        return [[s, -r_z * s, r_y * s], [r_z * s, s, -r_x * s], [-r_y * s, r_x * s, s]]

    def apply(self, point: tuple[float, ...]) -> tuple[float, ...]:
        matrix = self._matrix()
        return tuple(self.shift[row] + sum(matrix[row][column] * point[column] for column in range(3)) for row in range(3))

    def undo(self, point: tuple[float, ...]) -> tuple[float, ...]:
        """The inverse, found by repeating: the shift is so near to nothing that three rounds are exact."""
        guess = point
        for _ in range(4):
            there = self.apply(guess)
            guess = tuple(guess[axis] + point[axis] - there[axis] for axis in range(3))
        return guess


def _to_space(ellipsoid: Ellipsoid, latitude: float, longitude: float) -> tuple[float, ...]:
    phi, lam = radians(latitude), radians(longitude)
    nu = ellipsoid.a / sqrt(1 - ellipsoid.e2 * sin(phi) ** 2)
    return nu * cos(phi) * cos(lam), nu * cos(phi) * sin(lam), nu * (1 - ellipsoid.e2) * sin(phi)


def _from_space(ellipsoid: Ellipsoid, point: tuple[float, ...]) -> tuple[float, float]:
    x, y, z = point
    across = hypot(x, y)
    latitude = atan2(z, across * (1 - ellipsoid.e2))
    for _ in range(6):
        nu = ellipsoid.a / sqrt(1 - ellipsoid.e2 * sin(latitude) ** 2)
        latitude = atan2(z + ellipsoid.e2 * nu * sin(latitude), across)
    return degrees(latitude), degrees(atan2(y, x))


LAMBERT_2008 = ConformalConic(GRS80, 50.797815, 4.35921583333333, (49.8333333333333, 51.1666666666667), 649328.0, 665262.0)
_LAMBERT_72 = ConformalConic(
    INTERNATIONAL_1924, 90.0, 4.367486666666666, (51.16666723333333, 49.8333339), 150000.013, 5400088.438
)
_BELGIAN_DATUM = Helmert((-106.8686, 52.2978, -103.7239), (0.3366, -0.457, 1.8422), -1.2747)


def to_lambert_2008(latitude: float, longitude: float) -> tuple[float, float]:
    """(x, y) in metres, EPSG:3812, of a WGS84 point in degrees."""
    return LAMBERT_2008.forward(latitude, longitude)


def from_lambert_2008(x: float, y: float) -> tuple[float, float]:
    """(latitude, longitude) WGS84 of an EPSG:3812 point in metres."""
    return LAMBERT_2008.inverse(x, y)


def to_lambert_72(latitude: float, longitude: float) -> tuple[float, float]:
    """(x, y) in metres, EPSG:31370, of a WGS84 point in degrees; good to about a metre, as without a grid file."""
    there = _BELGIAN_DATUM.undo(_to_space(GRS80, latitude, longitude))
    return _LAMBERT_72.forward(*_from_space(INTERNATIONAL_1924, there))


def from_lambert_72(x: float, y: float) -> tuple[float, float]:
    """(latitude, longitude) WGS84 of an EPSG:31370 point in metres; the inverse of `to_lambert_72`."""
    here = _BELGIAN_DATUM.apply(_to_space(INTERNATIONAL_1924, *_LAMBERT_72.inverse(x, y)))
    return _from_space(GRS80, here)
