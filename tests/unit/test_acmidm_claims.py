"""Role claims and the other texts of ACM/IDM, in every form that was seen (specs/identity-and-registers 1.5, 1.6)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meldloket.connectors.acmidm import AcmIdmSettings
from meldloket.connectors.acmidm.claims import identity_of, role_texts
from meldloket.people.ports import Audience, LoginProblem

SETTINGS = {
    group: AcmIdmSettings("https://a/op", "c", "s", auth_method="client_secret_post", target_group=group)
    for group in ("BUR", "LB")
}
STAFF = {"vo_doelgroepcode": "LB", "vo_id": "0d6a3f0e", "vo_orgcode": "0207123456"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (["Meldloket-beheerder:0207123456"], ("Meldloket-beheerder",)),
        (["Meldloket-beheerder:0207123555"], ()),
        (["Meldloket-beheerder:0207123555, 0207123456 ,OVO000617"], ("Meldloket-beheerder",)),
        (["Meldloket-beheerder:020712345"], ()),
        (["Meldloket-beheerder"], ("Meldloket-beheerder",)),
        (["Meldloket-beheerder:"], ("Meldloket-beheerder",)),
        (["a:0207123456:b"], ()),
        (["b:0207123456", "a:0207123456", "b:0207123456"], ("b", "a")),
        ("a:0207123456", ("a",)),
        ([":0207123456", "", None, 7, {"a": 1}], ()),
        (None, ()),
        ({"a": "b"}, ()),
    ],
)
def test_roles_hold_where_they_name_the_organisation_or_none(sent: Any, kept: tuple[str, ...]) -> None:
    assert role_texts(sent, "0207123456") == kept


@given(st.lists(st.text()), st.text())
def test_no_value_breaks_the_parser(values: list[str], organisation: str) -> None:
    for role in role_texts(values, organisation):
        assert role and ":" not in role


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("85632499823", "85632499823"),
        ("85.63.24-998.23", "85632499823"),
        ("8563249982", None),
        ("", None),
        (85632499823, None),
    ],
)
def test_national_number_is_eleven_digits_or_missing(sent: Any, kept: str | None) -> None:
    assert identity_of("citizen", SETTINGS["BUR"], {"rrn": sent}).national_number == kept


@pytest.mark.parametrize(
    ("audience", "group", "claims", "reason"),
    [
        ("staff", "LB", {**STAFF, "vo_doelgroepcode": "EA"}, "target_group"),
        ("staff", "LB", {"vo_id": "x", "vo_orgcode": "y"}, "target_group"),
        ("citizen", "BUR", {"vo_doelgroepcode": "LB"}, "target_group"),
        ("staff", "LB", {**STAFF, "vo_id": " "}, "token"),
        ("staff", "LB", {**STAFF, "vo_orgcode": None}, "token"),
    ],
)
def test_identity_without_what_makes_an_account_is_refused(
    audience: Audience, group: str, claims: dict[str, Any], reason: str
) -> None:
    with pytest.raises(LoginProblem) as caught:
        identity_of(audience, SETTINGS[group], claims)
    assert caught.value.reason == reason


def test_staff_without_roles_is_for_the_product_to_judge() -> None:
    assert identity_of("staff", SETTINGS["LB"], STAFF).role_texts == ()
