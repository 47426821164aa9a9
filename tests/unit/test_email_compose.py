"""The e-mail that leaves: its headers, and that no text can add one."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP, default
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meldloket.connectors.email import EmailSettings, compose
from meldloket.messages.ports import DeliveryProblem, Outgoing

DELIVERY = UUID("018f0000-0000-7000-8000-000000000001")
SETTINGS = EmailSettings(
    host="mail.lindekerke.example",
    from_address="meldingen@lindekerke.example",
    from_name="Gemeente Lindekerke",
    reply_to="meldingen+{reference}@lindekerke.example",
)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted", "Content-Language",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip


def outgoing(**changes: str) -> Outgoing:
    given = {
        "recipient": "lotte.peeters@voorbeeld.example",
        "subject": "MLD-2026-000123: wij bekijken uw melding",
        "text": "Dag,\n\nWij bekijken uw melding. Zoë\n",
        "html": "<p>Wij bekijken uw melding. Zoë</p>",
        **changes,
    }
    return Outgoing(delivery_id=DELIVERY, channel="email", reference="MLD-2026-000123", **given)


def test_headers_that_programs_understand() -> None:
    mail = message_from_bytes(compose(outgoing(), SETTINGS).as_bytes(policy=SMTP), policy=default)
    assert mail["Message-ID"] == f"<{DELIVERY}@lindekerke.example>"
    assert mail["Reply-To"] == "meldingen+MLD-2026-000123@lindekerke.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "nl"
    assert mail["From"] == "Gemeente Lindekerke <meldingen@lindekerke.example>"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail.get_body(("plain",)).get_content().splitlines() == ["Dag,", "", "Wij bekijken uw melding. Zoë"]
    assert "Zoë" in mail.get_body(("html",)).get_content()


def test_without_html_it_is_plain_text() -> None:
    assert compose(outgoing(html=""), SETTINGS).get_content_type() == "text/plain"


@pytest.mark.parametrize(
    "subject",
    [
        "Goed\r\nBcc: iemand@elders.example",
        "Goed\nBcc: iemand@elders.example\n\nAnder bericht",
        "Goed\u2028Bcc: iemand@elders.example",
        "=?utf-8?q?Goed=0D=0ABcc:_iemand@elders.example?=",
        "x" * 5000,
        "é" * 5000,
    ],
)
def test_a_subject_stays_one_header(subject: str) -> None:
    _assert_sound(compose(outgoing(subject=subject), SETTINGS).as_bytes(policy=SMTP))


@given(st.text(max_size=300))
def test_no_subject_makes_another_header(subject: str) -> None:
    _assert_sound(compose(outgoing(subject=subject), SETTINGS).as_bytes(policy=SMTP))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    content = compose(outgoing(text=text, html=""), SETTINGS).as_bytes(policy=SMTP)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    arrived = message_from_bytes(content, policy=default).get_content().replace("\r\n", "\n")
    assert arrived.rstrip("\n") == text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def _assert_sound(content: bytes) -> None:
    mail = message_from_bytes(content, policy=default)
    assert set(mail.keys()) <= HEADERS
    assert mail["To"] == "lotte.peeters@voorbeeld.example"
    assert len(mail.get_all("Subject")) == 1
    assert len(list(mail.iter_parts())) == 2
    assert max(map(len, content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "address",
    [
        "",
        "geen adres",
        "a@",
        "@b.example",
        "a@b@c",
        "a b@c.example",
        "a@b.example, c@d.example",
        "Naam <a@b.example>",
        "a@b.example\r\nBcc: c@d.example",
        "=?utf-8?q?a=0D=0ABcc:_c@d.example?=@b.example",
    ],
)
def test_what_is_no_address_is_not_tried(address: str) -> None:
    with pytest.raises(DeliveryProblem) as caught:
        compose(outgoing(recipient=address), SETTINGS)
    assert not caught.value.retry
    assert not address or address not in caught.value.reason


def test_a_domain_with_accents_is_written_as_the_mail_system_does() -> None:
    assert compose(outgoing(recipient="lotte@caféoord.example"), SETTINGS)["To"] == "lotte@xn--cafoord-dya.example"


@pytest.mark.parametrize("field", ["from_address", "reply_to", "bounce_address"])
def test_a_wrong_address_in_the_settings_is_told_at_once(field: str) -> None:
    given = {"host": "h", "from_address": "a@b.example", field: "geen adres"}
    with pytest.raises(ValueError, match=field):
        EmailSettings(**given)
