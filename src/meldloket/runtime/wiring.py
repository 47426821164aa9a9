"""Which connector serves which port, from the settings; one place, so that a reader sees the whole edge at once.

Without an address in the settings a port stays empty and the product goes on without it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from meldloket.actions import ports as action_ports
from meldloket.decisions import ports as decision_ports
from meldloket.intake import ports as intake_ports
from meldloket.messages import ports as message_ports
from meldloket.people import ports as people_ports

from . import env


def plug() -> None:
    """Fills the ports. Raises SystemExit with a plain sentence when a setting can't be used."""
    try:
        _login()
        _register()
        _addresses()
        _scanner()
        _channels()
        _referral()
        _decisions()
    except (ValueError, OSError) as problem:
        raise SystemExit(f"A setting can't be used: {problem}") from problem


def _key(name: str) -> dict[str, Any] | None:
    """The private JSON Web Key in the file that a setting names."""
    path = env.text(name)
    return json.loads(Path(path).read_text()) if path else None


def _login() -> None:
    issuer = env.text("ACMIDM_ISSUER")
    people_ports.plugged.providers.clear()
    if not issuer:
        return
    from meldloket.connectors.acmidm import AcmIdm, AcmIdmSettings

    clients: tuple[tuple[people_ports.Audience, str, str], ...] = (("citizen", "CITIZEN", "BUR"), ("staff", "STAFF", "LB"))
    for audience, prefix, target in clients:
        settings = AcmIdmSettings(
            issuer=issuer,
            client_id=env.text(f"ACMIDM_{prefix}_CLIENT_ID"),
            client_secret=env.text(f"ACMIDM_{prefix}_SECRET") or None,
            private_key=_key("ACMIDM_KEY_FILE"),
            auth_method=env.text("ACMIDM_AUTH_METHOD"),
            scopes=tuple(env.text(f"ACMIDM_{prefix}_SCOPES").split()),
            assertion_audience=env.text("ACMIDM_ASSERTION_AUDIENCE"),
            role_claim=env.text("ACMIDM_ROLE_CLAIM"),
            acr_values=tuple(env.text("ACMIDM_ACR_VALUES").split()),
            target_group=target,
        )
        people_ports.plugged.providers[audience] = AcmIdm(audience, settings)


class NumberRegistrations:
    """Remembers per person until when they are registered in MAGDA's repertory (specs/identity 2.6)."""

    def get(self, insz: str) -> date | None:
        from meldloket.people import protect
        from meldloket.people.models import NationalNumber

        rows = NationalNumber.objects.filter(digest=protect.digest(insz))
        return rows.values_list("registered_until", flat=True).first()

    def set(self, insz: str, until: date) -> None:
        from meldloket.people import protect
        from meldloket.people.models import NationalNumber

        NationalNumber.objects.filter(digest=protect.digest(insz)).update(registered_until=until)


def _register() -> None:
    url = env.text("MAGDA_URL")
    intake_ports.plugged.register = None
    if not url:
        return
    from meldloket.connectors.magda import Magda, MagdaSettings

    settings = MagdaSettings(
        person_url=env.text("MAGDA_PERSON_URL") or url,
        registration_url=env.text("MAGDA_REGISTRATION_URL") or url,
        sender=env.text("MAGDA_SENDER"),
        capacity=env.text("MAGDA_CAPACITY"),
        certificate_file=env.text("MAGDA_CERTIFICATE_FILE"),
        key_file=env.text("MAGDA_KEY_FILE"),
        signature=env.text("MAGDA_SIGNATURE"),
        budget_seconds=env.number("MAGDA_BUDGET_SECONDS"),
    )
    intake_ports.plugged.register = Magda(settings, NumberRegistrations())


def _addresses() -> None:
    from meldloket.connectors.addresses.client import AddressClient, AddressSettings

    url = env.text("ADDRESSES_URL")
    intake_ports.plugged.addresses = AddressClient(AddressSettings(base_url=url)) if url else None


def _scanner() -> None:
    from meldloket.connectors.scanner import Clamd

    address = env.text("CLAMD_ADDRESS")
    if address and not address.rpartition(":")[2].isdigit():
        raise ValueError("CLAMD_ADDRESS must be host:port")
    intake_ports.plugged.scan = Clamd(address) if address else None


def _channels() -> None:
    plugged = message_ports.plugged
    plugged.clear()
    if env.text("DOSIS_URL"):
        plugged["dosis"] = _dosis()
        plugged["mbp"] = _mbp()
    if env.text("SMTP_HOST"):
        plugged["email"] = _email()
    if env.text("SMS_URL"):
        from meldloket.connectors.sms.channel import SmsChannel, SmsSettings

        plugged["sms"] = SmsChannel(
            SmsSettings(url=env.text("SMS_URL"), api_key=env.text("SMS_KEY"), sender=env.text("SMS_FROM"))
        )


def _api(base_url: str) -> Any:
    from meldloket.connectors.dosis.calls import ApiSettings
    from meldloket.connectors.dosis.token import TokenSettings

    key = _key("DOSIS_KEY_FILE")
    if key is None:
        raise ValueError("DOSIS_KEY_FILE is missing: DOSIS knows us by a key")
    token = TokenSettings(
        url=env.text("DOSIS_TOKEN_URL"),
        client_id=env.text("DOSIS_CLIENT_ID"),
        key=key,
        scope=env.text("DOSIS_SCOPE"),
        audience=env.text("DOSIS_ASSERTION_AUDIENCE"),
    )
    return ApiSettings(base_url=base_url, token=token)


def _dosis() -> Any:
    from meldloket.connectors.dosis.client import DosisChannel, DosisSettings

    return DosisChannel(
        DosisSettings(
            api=_api(env.text("DOSIS_URL")),
            source=env.text("DOSIS_SOURCE"),
            upload_path=env.text("DOSIS_UPLOAD_PATH"),
        )
    )


def _mbp() -> Any:
    from meldloket.connectors.mbp.client import MbpChannel, MbpSettings

    return MbpChannel(MbpSettings(api=_api(env.text("MBP_URL") or env.text("DOSIS_URL"))))


def _referral() -> None:
    """Systems and their addresses are rows of the catalogue; only the e-mail adapter needs a setting: the mail server."""
    from meldloket.connectors.referral import EmailReferral, Open311Client, PartnerEvents, WebhookReferral

    plugged = action_ports.plugged
    plugged.clear()
    plugged["open311"] = Open311Client()
    plugged["webhook"] = WebhookReferral()
    message_ports.senders["webhook"] = PartnerEvents()
    if "email" in message_ports.plugged:
        plugged["email"] = EmailReferral(message_ports.plugged["email"], env.text("MAIL_FROM_NAME") or "De gemeente")


def _decisions() -> None:
    from meldloket.connectors.minutes import DownloadPackage, MinutesClient, MinutesSettings, PadesChecker, Signatories

    plugged, url = decision_ports.plugged, env.text("MINUTES_URL")
    settings = MinutesSettings(url, env.text("MINUTES_KEY"), env.text("MINUTES_CLIENT"))
    plugged.minutes = MinutesClient(settings) if url else None
    if not url and env.flag("MINUTES_BY_HAND"):
        plugged.minutes = DownloadPackage(settings.name)
    anchors = env.text("DECISION_ANCHORS")
    names = Signatories.read(env.text("DECISION_SIGNATORIES"))
    plugged.signatures = PadesChecker(Path(anchors), names) if anchors else None


def _email() -> Any:
    from meldloket.connectors.email import EmailChannel, EmailSettings

    return EmailChannel(
        EmailSettings(
            host=env.text("SMTP_HOST"),
            port=int(env.number("SMTP_PORT")),
            from_address=env.text("MAIL_FROM"),
            from_name=env.text("MAIL_FROM_NAME"),
            username=env.text("SMTP_USER"),
            password=env.text("SMTP_PASSWORD"),
            starttls=env.flag("SMTP_STARTTLS"),
        )
    )
