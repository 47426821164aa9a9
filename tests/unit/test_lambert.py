"""The Belgian Lambert coordinates of the addresses double against the service's own sample (specs/identity §4.2)."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meldloket.sandbox.addresses.lambert import from_lambert_72, from_lambert_2008, to_lambert_72, to_lambert_2008
from meldloket.sandbox.addresses.mercator import tile_of

SAMPLE = (50.991974017459327, 5.3517046535166282)
BELGIUM = {"latitude": st.floats(49.5, 51.5), "longitude": st.floats(2.5, 6.4)}


def test_the_sample_of_the_service_agrees_to_a_centimetre() -> None:
    x, y = to_lambert_72(*SAMPLE)
    assert hypot(x - 219009.14, y - 187317.72) < 0.01
    x, y = to_lambert_2008(*SAMPLE)
    assert hypot(x - 719006.2, y - 687326.21) < 0.01


def test_the_sample_of_the_service_comes_back() -> None:
    assert from_lambert_72(219009.14, 187317.72) == pytest.approx(SAMPLE, abs=2e-7)
    assert from_lambert_2008(719006.2, 687326.21) == pytest.approx(SAMPLE, abs=2e-7)


@given(**BELGIUM)
def test_there_and_back_is_within_a_millimetre_everywhere_in_belgium(latitude: float, longitude: float) -> None:
    assert from_lambert_2008(*to_lambert_2008(latitude, longitude)) == pytest.approx((latitude, longitude), abs=1e-9)
    assert from_lambert_72(*to_lambert_72(latitude, longitude)) == pytest.approx((latitude, longitude), abs=1e-8)


@given(**BELGIUM)
def test_the_two_systems_lie_half_a_million_metres_apart(latitude: float, longitude: float) -> None:
    x_72, y_72 = to_lambert_72(latitude, longitude)
    x_2008, y_2008 = to_lambert_2008(latitude, longitude)
    assert hypot(x_2008 - x_72 - 500_000, y_2008 - y_72 - 500_000) < 40


def test_the_tile_of_ghent() -> None:
    assert tile_of(51.0538, 3.7250, 16) == (33446, 21924)
