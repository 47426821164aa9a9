"""From verified claims to an identity: who it is, for which organisation, and which role texts hold there
(specs/identity-and-registers 1.5, 1.6)."""

from __future__ import annotations

from typing import Any

from meldloket.connectors.acmidm.settings import AcmIdmSettings
from meldloket.people.ports import Audience, Identity, LoginProblem


def identity_of(audience: Audience, settings: AcmIdmSettings, claims: dict[str, Any]) -> Identity:
    """The identity in verified claims. Raises LoginProblem: `target_group` when they are for somebody else than this
    client is open to, `token` when what makes an account is missing."""
    group = _text(claims, "vo_doelgroepcode")
    # Without scope `vo` there is no target group in the token: the client is open to citizens only by its registration.
    if settings.target_group and group != settings.target_group and (group or audience == "staff"):
        raise LoginProblem("target_group", "the login is for another target group")
    common: dict[str, Any] = {
        "audience": audience,
        "issuer": _text(claims, "iss"),
        "subject": _text(claims, "sub"),
        "first_name": _text(claims, "given_name"),
        "last_name": _text(claims, "family_name"),
        "assurance": _text(claims, "acr"),
    }
    if audience == "citizen":
        return Identity(**common, national_number=_national_number(claims))
    for needed in ("vo_id", "vo_orgcode"):
        if not _text(claims, needed):
            raise LoginProblem("token", f"{needed} is missing")
    organisation = _text(claims, "vo_orgcode")
    return Identity(
        **common,
        staff_id=_text(claims, "vo_id"),
        organisation_code=organisation,
        organisation_name=_text(claims, "vo_orgnaam"),
        # Once seen with `:OVO000123` behind the address.
        email=_text(claims, "vo_email").partition(":")[0].strip(),
        role_texts=role_texts(_ignoring_case(claims, settings.role_claim), organisation),
    )


def role_texts(values: Any, organisation: str) -> tuple[str, ...]:
    """The role part of each `<role>:<organisation>[, <organisation>…]` that holds for `organisation` or that names no
    organisation, in order and each once. `values`: the claim as sent, a list or one text."""
    given = [values] if isinstance(values, str) else values if isinstance(values, list) else []
    found: dict[str, None] = {}
    for value in given:
        if not isinstance(value, str):
            continue
        role, _, rest = value.partition(":")
        places = {place for part in rest.split(",") if (place := part.strip())}
        if role.strip() and (not places or organisation in places):
            found[role.strip()] = None
    return tuple(found)


def _national_number(claims: dict[str, Any]) -> str | None:
    """Eleven digits, or None: it can be missing, and the report must work without."""
    digits = "".join(sign for sign in _text(claims, "rrn") if sign in "0123456789")
    return digits if len(digits) == 11 else None


def _ignoring_case(claims: dict[str, Any], name: str) -> Any:
    return next((value for key, value in claims.items() if key.casefold() == name.casefold()), None)


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
