"""The connectors for e-mail and SMS against the double: what they say of every way in which a hand-over can end."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from meldloket.connectors.email import EmailChannel, EmailSettings
from meldloket.connectors.sms import SmsChannel, SmsSettings
from meldloket.messages.email_html import email_html
from meldloket.messages.ports import Channel, DeliveryProblem, Outgoing
from support.postbox import RunningPostbox, running_postbox


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody else signed, and the server's side of it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "postbus.sandbox.invalid")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


@pytest.fixture(scope="module")
def _box(certificate: tuple[Path, ssl.SSLContext]) -> Iterator[RunningPostbox]:
    with running_postbox(tls=certificate[1]) as box:
        yield box


@pytest.fixture
def box(_box: RunningPostbox) -> RunningPostbox:
    _box.clear()
    return _box


def outgoing(channel: str, recipient: str, **changes: Any) -> Outgoing:
    text = "Dag Zoë,\n\nWij bekijken uw melding.\n.\n.een punt vooraan\n"
    facts = {"subject": "MLD-2026-000123: wij bekijken uw melding", "text": text, **changes}
    return Outgoing(delivery_id=uuid4(), channel=channel, reference="MLD-2026-000123", recipient=recipient, **facts)


def mailer(box: RunningPostbox, **changes: Any) -> EmailChannel:
    facts = {
        "host": "127.0.0.1",
        "port": box.smtp_port,
        "from_address": "meldingen@lindekerke.example",
        "from_name": "Gemeente Lindekerke",
        "reply_to": "meldingen+{reference}@lindekerke.example",
        "bounce_address": "bounce+{delivery_id}@lindekerke.example",
        "timeout": 5.0,
        **changes,
    }
    return EmailChannel(EmailSettings(**facts))


def texter(box: RunningPostbox, **changes: Any) -> SmsChannel:
    facts = {
        "url": f"{box.url}/sms/v1/messages",
        "api_key": "sandbox-sms-key",
        "sender": "Lindekerke",
        "timeout": 2.0,
        **changes,
    }
    return SmsChannel(SmsSettings(**facts))


def problem(deliver: Callable[[], object]) -> DeliveryProblem:
    with pytest.raises(DeliveryProblem) as caught:
        deliver()
    assert "lotte" not in caught.value.reason
    assert "+32470" not in caught.value.reason
    return caught.value


LOTTE = "lotte@voorbeeld.example"
NUMBER = "+32470123456"


def test_both_are_channels(box: RunningPostbox) -> None:
    email: Channel = mailer(box)
    sms: Channel = texter(box)
    assert (email.name, email.safe_to_repeat) == ("email", False)
    assert (sms.name, sms.safe_to_repeat) == ("sms", True)
    assert texter(box, safe_to_repeat=False).safe_to_repeat is False


def test_an_email_arrives_whole(box: RunningPostbox) -> None:
    html = email_html("Onderwerp", "Dag Zoë", language="nl", municipality="Gemeente Lindekerke")
    message = outgoing("email", LOTTE, html=html)
    receipt = mailer(box).deliver(message)
    [mail] = box.messages(to=LOTTE)
    assert receipt.provider_reference == mail["message_id"] == f"<{message.delivery_id}@lindekerke.example>"
    assert mail["subject"] == message.subject
    assert mail["text"].splitlines() == message.text.splitlines()
    assert mail["html"].splitlines() == html.splitlines()
    assert mail["from"] == "Gemeente Lindekerke <meldingen@lindekerke.example>"
    assert mail["envelope_from"] == f"bounce+{message.delivery_id}@lindekerke.example"
    headers = dict(mail["headers"])
    assert headers["Reply-To"] == "meldingen+MLD-2026-000123@lindekerke.example"
    assert headers["Auto-Submitted"] == "auto-generated"


def test_an_address_with_accents_arrives(box: RunningPostbox) -> None:
    mailer(box).deliver(outgoing("email", "zoë@voorbeeld.example"))
    [mail] = box.messages(to="zoë@voorbeeld.example")
    assert dict(mail["headers"])["To"] == "zoë@voorbeeld.example"


@pytest.mark.parametrize(
    ("special", "expected", "handed_over"),
    [
        ("smtp_451", {"retry": True, "uncertain": False, "stop_channel": False}, False),
        ("smtp_550", {"retry": False, "uncertain": False, "stop_channel": False}, False),
        ("smtp_451_data", {"retry": True, "uncertain": False, "stop_channel": False}, True),
        ("smtp_550_data", {"retry": False, "uncertain": False, "stop_channel": False}, True),
        ("smtp_drop_after_data", {"retry": False, "uncertain": True, "stop_channel": False}, True),
    ],
)
def test_how_a_failing_hand_over_ends(
    box: RunningPostbox, special: str, expected: dict[str, bool], handed_over: bool
) -> None:
    box.fault(mode="special", special=special, count=1)
    calls: list[str] = []
    told = problem(lambda: mailer(box).deliver(outgoing("email", LOTTE), lambda: calls.append("now")))
    assert {name: getattr(told, name) for name in expected} == expected
    assert calls == (["now"] if handed_over else [])
    assert len(box.messages()) == (1 if told.uncertain else 0)


def test_silence_after_the_message_is_uncertain(box: RunningPostbox) -> None:
    box.fault(mode="special", special="smtp_slow", seconds=2.0, count=1)
    told = problem(lambda: mailer(box, timeout=0.5).deliver(outgoing("email", LOTTE)))
    assert (told.uncertain, told.retry) == (True, False)


def test_the_hand_over_begins_only_when_the_worker_has_noted_it(box: RunningPostbox) -> None:
    """What `before_handover` raises is the worker's own: the message does not leave, nothing is translated."""

    def fails() -> None:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        mailer(box).deliver(outgoing("email", LOTTE), fails)
    with pytest.raises(RuntimeError):
        texter(box).deliver(outgoing("sms", NUMBER), fails)
    assert box.messages() == []


def test_nobody_at_the_relay_is_retried() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    channel = EmailChannel(EmailSettings("127.0.0.1", "meldingen@lindekerke.example", port=port, timeout=2))
    told = problem(lambda: channel.deliver(outgoing("email", LOTTE)))
    assert (told.retry, told.uncertain, told.stop_channel) == (True, False, False)
    assert channel.check() == "E-mail: De mailserver is niet bereikbaar."


def test_a_relay_that_hangs_before_the_message_is_retried() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        settings = EmailSettings("127.0.0.1", "meldingen@lindekerke.example", port=listener.getsockname()[1], timeout=0.5)
        told = problem(lambda: EmailChannel(settings).deliver(outgoing("email", LOTTE)))
    assert (told.retry, told.uncertain) == (True, False)


def test_starttls_and_log_in(box: RunningPostbox, certificate: tuple[Path, ssl.SSLContext]) -> None:
    facts = {"starttls": True, "username": "meldloket", "ca_file": str(certificate[0])}
    channel = mailer(box, password="sandbox-smtp-password", **facts)
    assert channel.check() is None
    channel.deliver(outgoing("email", LOTTE))
    assert len(box.messages()) == 1
    wrong = mailer(box, password="fout", **facts)
    told = problem(lambda: wrong.deliver(outgoing("email", LOTTE)))
    assert told.stop_channel and told.retry and not told.uncertain
    assert "aanmelding" in (wrong.check() or "")


def test_a_certificate_that_nobody_vouches_for_stops_the_channel(box: RunningPostbox) -> None:
    told = problem(lambda: mailer(box, starttls=True).deliver(outgoing("email", LOTTE)))
    assert told.stop_channel
    assert "certificaat" in told.reason


def test_no_plain_text_where_encryption_was_asked(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with running_postbox() as plain:
        channel = mailer(plain, starttls=True, ca_file=str(certificate[0]))
        told = problem(lambda: channel.deliver(outgoing("email", LOTTE)))
        assert told.stop_channel and "versleuteling" in told.reason
        assert plain.messages() == []


def test_an_sms_arrives_once(box: RunningPostbox) -> None:
    message, calls = outgoing("sms", NUMBER), []
    receipt = texter(box).deliver(message, lambda: calls.append("now"))
    again = texter(box).deliver(message)
    [sms] = box.messages(channel="sms")
    assert receipt.provider_reference == again.provider_reference == sms["id"]
    assert (sms["reference"], sms["from"], sms["to"]) == (str(message.delivery_id), "Lindekerke", NUMBER)
    assert sms["text"] == message.text
    assert calls == ["now"]


def test_a_lost_answer_is_repeated_when_the_gateway_knows_our_reference(box: RunningPostbox) -> None:
    box.fault(mode="special", special="sms_lost_answer", count=1)
    message, channel = outgoing("sms", NUMBER), texter(box)
    told = problem(lambda: channel.deliver(message))
    assert (told.retry, told.uncertain) == (True, False)
    channel.deliver(message)
    assert len(box.messages()) == 1


def test_a_lost_answer_is_uncertain_at_another_gateway(box: RunningPostbox) -> None:
    box.fault(mode="special", special="sms_lost_answer", count=1)
    told = problem(lambda: texter(box, safe_to_repeat=False).deliver(outgoing("sms", NUMBER)))
    assert (told.retry, told.uncertain) == (False, True)


@pytest.mark.parametrize(
    ("fault", "repeat", "expected"),
    [
        ({"mode": "error"}, True, (True, False, False)),
        ({"mode": "error", "status": 503}, False, (False, True, False)),
        ({"mode": "error", "status": 429}, False, (True, False, False)),
        ({"mode": "error", "status": 408}, True, (True, False, False)),
        ({"mode": "error", "status": 409}, True, (False, False, False)),
        ({"mode": "error", "status": 307}, True, (True, False, True)),
        ({"mode": "error", "status": 404}, True, (True, False, True)),
        ({"mode": "refuse"}, True, (True, False, True)),
        ({"mode": "malformed"}, True, (True, False, False)),
        ({"mode": "malformed"}, False, (False, True, False)),
        ({"mode": "slow", "seconds": 1.0}, True, (True, False, False)),
        ({"mode": "slow", "seconds": 1.0}, False, (False, True, False)),
    ],
)
def test_what_the_gateway_can_answer(
    box: RunningPostbox, fault: dict[str, Any], repeat: bool, expected: tuple[bool, bool, bool]
) -> None:
    box.fault(path="/sms/", count=1, **fault)
    channel = texter(box, safe_to_repeat=repeat, timeout=0.4)
    told = problem(lambda: channel.deliver(outgoing("sms", NUMBER)))
    assert (told.retry, told.uncertain, told.stop_channel) == expected


def test_a_number_or_text_that_cannot_be_is_final(box: RunningPostbox) -> None:
    told = problem(lambda: texter(box).deliver(outgoing("sms", "0470123456")))
    assert (told.retry, told.stop_channel) == (False, False)
    told = problem(lambda: texter(box).deliver(outgoing("sms", "+3247012345")))
    assert (told.retry, told.details[0]["field"]) == (False, "to")
    told = problem(lambda: texter(box, api_key="fout").deliver(outgoing("sms", NUMBER)))
    assert told.stop_channel


def test_nobody_at_the_gateway_is_retried(box: RunningPostbox) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    channel = texter(box, url=f"http://127.0.0.1:{port}/sms", safe_to_repeat=False)
    told = problem(lambda: channel.deliver(outgoing("sms", NUMBER)))
    assert (told.retry, told.uncertain) == (True, False)
    assert channel.check() == "Sms: de sms-dienst is niet bereikbaar."
    assert texter(box).check() is None
    told = problem(lambda: texter(box, url="geen adres").deliver(outgoing("sms", NUMBER)))
    assert told.stop_channel


def test_secrets_are_not_shown(box: RunningPostbox) -> None:
    assert "sandbox-sms-key" not in repr(texter(box).settings)
    assert "geheim" not in repr(mailer(box, password="geheim").settings)
