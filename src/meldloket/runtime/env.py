"""Every setting from the environment in one table: the settings module reads it, `meldloket check` and the operations
guide print it, so that documentation and code can't drift apart."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One environment variable. `kind`: text, secret, number, flag, list (comma-separated), json, path."""

    name: str
    default: str
    kind: str
    help: str


TABLE: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL",
        "",
        "secret",
        "PostgreSQL 15+, e.g. `postgresql://user:password@host/meldloket`; empty: the embedded one",
    ),
    Setting("MELDLOKET_HOME", ".meldloket", "path", "folder for the embedded database, uploads and the screening model"),
    Setting("MELDLOKET_SECRET_KEY", "", "secret", "signs sessions and forms; required outside the demonstration"),
    Setting("MELDLOKET_NUMBER_KEYS", "", "secret", "comma-separated Fernet keys for national numbers, newest first"),
    Setting(
        "MELDLOKET_NUMBER_HASH_KEY",
        "",
        "secret",
        "key of the hash by which national numbers are found; never change it",
    ),
    Setting("MELDLOKET_DEMO", "0", "flag", "1: demonstration keys, no HTTPS demanded; never in production"),
    Setting("MELDLOKET_DEBUG", "0", "flag", "1: developer's error pages"),
    Setting(
        "MELDLOKET_BASE_URL",
        "http://127.0.0.1:8000",
        "text",
        "public address of this installation, without slash at the end",
    ),
    Setting(
        "MELDLOKET_ORGANISATION_CODE",
        "",
        "text",
        "KBO number of the municipality; staff of another organisation can only be advisers",
    ),
    Setting("MELDLOKET_ALLOWED_HOSTS", "127.0.0.1,localhost", "list", "host names under which it answers"),
    Setting("MELDLOKET_SESSION_CITIZEN_MINUTES", "30", "number", "idle minutes until a citizen is logged out"),
    Setting("MELDLOKET_SESSION_STAFF_MINUTES", "60", "number", "idle minutes until a member of staff is logged out"),
    Setting("ACMIDM_ISSUER", "", "text", "issuer of ACM/IDM, e.g. `https://authenticatie.vlaanderen.be/op`"),
    Setting("ACMIDM_CITIZEN_CLIENT_ID", "meldloket-burger", "text", "client for citizens (target group BUR)"),
    Setting("ACMIDM_STAFF_CLIENT_ID", "meldloket-medewerker", "text", "client for staff (target group LB)"),
    Setting("ACMIDM_AUTH_METHOD", "private_key_jwt", "text", "private_key_jwt, client_secret_basic or client_secret_post"),
    Setting("ACMIDM_CITIZEN_SECRET", "", "secret", "secret of the citizen client, when the method uses one"),
    Setting("ACMIDM_STAFF_SECRET", "", "secret", "secret of the staff client, when the method uses one"),
    Setting("ACMIDM_KEY_FILE", "", "path", "private JSON Web Key (RSA) for private_key_jwt"),
    Setting("ACMIDM_ASSERTION_AUDIENCE", "", "text", "audience of the client assertion; empty: the issuer"),
    Setting("ACMIDM_CITIZEN_SCOPES", "openid profile rrn", "text", "scopes of the citizen client"),
    Setting("ACMIDM_STAFF_SCOPES", "openid profile vo meldloket", "text", "scopes of the staff client"),
    Setting("ACMIDM_ROLE_CLAIM", "meldloket_rol_3d", "text", "name of the claim with the roles"),
    Setting(
        "ACMIDM_ROLE_MAP",
        "",
        "json",
        "role text of ACM/IDM to our role, as JSON; empty: the texts of docs/connectors/acmidm.md",
    ),
    Setting("ACMIDM_ACR_VALUES", "", "text", "levels of login demanded, space-separated; empty: any"),
    Setting("MAGDA_URL", "", "text", "address for both services; empty: no prefill"),
    Setting("MAGDA_PERSON_URL", "", "text", "own address of GeefPersoon, when it differs"),
    Setting("MAGDA_REGISTRATION_URL", "", "text", "own address of RegistreerInschrijving, when it differs"),
    Setting("MAGDA_SENDER", "", "text", "our URI as MAGDA gave it"),
    Setting("MAGDA_CAPACITY", "", "text", "hoedanigheid, when MAGDA still asks it"),
    Setting("MAGDA_CERTIFICATE_FILE", "", "path", "certificate (PEM) for TLS and the signature; empty: unsigned"),
    Setting("MAGDA_KEY_FILE", "", "path", "private key (PEM) of that certificate"),
    Setting("MAGDA_SIGNATURE", "rsa-sha256", "text", "rsa-sha256 or rsa-sha1"),
    Setting("MAGDA_BUDGET_SECONDS", "2", "number", "the form never waits longer for the register"),
    Setting("DOSIS_URL", "", "text", "base address of DOSIS; empty: statuses are not sent"),
    Setting("DOSIS_TOKEN_URL", "", "text", "token endpoint"),
    Setting("DOSIS_CLIENT_ID", "meldloket-dosis", "text", "client id at the token endpoint"),
    Setting("DOSIS_KEY_FILE", "", "path", "private JSON Web Key (RSA) of that client"),
    Setting("DOSIS_SCOPE", "DosisImport", "text", "rights to ask there"),
    Setting("DOSIS_ASSERTION_AUDIENCE", "", "text", "audience of the client assertion; empty: the token endpoint"),
    Setting("DOSIS_UPLOAD_PATH", "/api/v2/dosis/dossiers", "text", "where a status is posted"),
    Setting("DOSIS_SOURCE", "", "text", "our source URI (bron)"),
    Setting("DOSIS_PRODUCT", "12345", "text", "IPDC product of categories that have none of their own"),
    Setting(
        "DOSIS_NOTIFIES",
        "1",
        "flag",
        "1: DOSIS itself tells Mijn Burgerprofiel of a status change; 0: we send a bundle",
    ),
    Setting("MBP_URL", "", "text", "base address of the notification component; empty: DOSIS's address"),
    Setting("MBP_BRAND", "", "text", "MerkCode"),
    Setting("MINUTES_URL", "", "text", "where the minutes package takes agenda items; empty: no link"),
    Setting("MINUTES_BY_HAND", "no", "flag", "without MINUTES_URL: the secretariat downloads items and uploads decisions"),
    Setting("MINUTES_KEY", "", "secret", "proves us to the minutes package"),
    Setting("MINUTES_CLIENT", "notulen", "text", "the API client (its partner) with which the minutes package answers"),
    Setting("DECISION_ANCHORS", "", "path", "folder with the certificates that signatures must lead to (PEM or DER)"),
    Setting(
        "DECISION_SIGNATORIES",
        "",
        "text",
        "who signs: `alderman=Ann Lens|Bert Maes; general_director=Rik Thys`, names as in their certificates",
    ),
    Setting("ADDRESSES_URL", "", "text", "base address of the geolocation service; empty: no address search"),
    Setting(
        "OPEN_DATA_LICENCE",
        "https://data.vlaanderen.be/id/licentie/modellicentie-gratis-hergebruik/v1.0",
        "text",
        "address of the licence of the open data",
    ),
    Setting("MAP_TILES_URL", "", "text", "WMTS or XYZ address with {z} {x} {y}"),
    Setting("MAP_ATTRIBUTION", "© Digitaal Vlaanderen", "text", "line under the map"),
    Setting("SMTP_HOST", "", "text", "mail relay; empty: no e-mail"),
    Setting("SMTP_PORT", "25", "number", "its port"),
    Setting("SMTP_STARTTLS", "0", "flag", "1: STARTTLS"),
    Setting("SMTP_USER", "", "text", "user name at the relay"),
    Setting("SMTP_PASSWORD", "", "secret", "password at the relay"),
    Setting("MAIL_FROM", "meldingen@example.be", "text", "sender of e-mail"),
    Setting("MAIL_FROM_NAME", "", "text", "name of the sender of e-mail"),
    Setting("SMS_URL", "", "text", "address of the SMS gateway; empty: no SMS"),
    Setting("SMS_KEY", "", "secret", "key for the gateway"),
    Setting("SMS_FROM", "Meldloket", "text", "sender, at most 11 letters and digits"),
    Setting("OPEN311_JURISDICTION", "", "text", "our jurisdiction_id in Open311, e.g. lindekerke.be"),
    Setting("SMS_LINKS", "1", "flag", "1: an SMS may hold one link to our own domain"),
    Setting(
        "DELIVERY_LEASE_SECONDS",
        "120",
        "number",
        "after so long another worker takes over a message whose worker died; more than the slowest channel takes",
    ),
    Setting("CLAMD_ADDRESS", "", "text", "host:port of clamd; empty: uploads are not scanned"),
    Setting("MELDLOKET_LOG_LEVEL", "INFO", "text", "level of the logs"),
)

_BY_NAME = {setting.name: setting for setting in TABLE}


def text(name: str, environ: Mapping[str, str] | None = None) -> str:
    """The value of a setting in TABLE (KeyError for another), its default when unset."""
    return (os.environ if environ is None else environ).get(name, _BY_NAME[name].default)


def flag(name: str) -> bool:
    return text(name).strip().lower() in {"1", "true", "yes", "on"}


def number(name: str) -> float:
    """A number. Raises SystemExit with a plain sentence when it is none."""
    try:
        return float(text(name))
    except ValueError:
        raise SystemExit(f"{name} must be a number, not {text(name)!r}.") from None


def items(name: str) -> list[str]:
    return [item.strip() for item in text(name).split(",") if item.strip()]
