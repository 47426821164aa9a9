"""The post box double: what its SMS gateway accepts, what its page and its JSON show, how it fails when told to."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from meldloket.messages.sms_text import sms_parts
from meldloket.sandbox.postbox.gateway import measure
from support.postbox import RunningPostbox, running_postbox

SMS = {"to": "+32470123456", "from": "Lindekerke", "text": "Dag", "reference": "een"}


@pytest.fixture(scope="module")
def _box() -> Iterator[RunningPostbox]:
    with running_postbox() as box:
        yield box


@pytest.fixture
def box(_box: RunningPostbox) -> RunningPostbox:
    _box.clear()
    return _box


def send_mail(box: RunningPostbox, **given: Any) -> None:
    mail = EmailMessage()
    mail["From"] = "Gemeente Lindekerke <meldingen@lindekerke.example>"
    mail["To"] = given.get("to", "lotte@voorbeeld.example")
    mail["Subject"] = given.get("subject", "Hallo Zoë")
    mail["Message-ID"] = "<een@lindekerke.example>"
    mail.set_content(given.get("text", "Zie https://meldingen.lindekerke.example/m/1."))
    if "html" in given:
        mail.add_alternative(given["html"], subtype="html")
    if "attachment" in given:
        mail.add_attachment(given["attachment"], maintype="application", subtype="pdf", filename="bevéstiging.pdf")
    with smtplib.SMTP("127.0.0.1", box.smtp_port, timeout=10) as smtp:
        smtp.send_message(mail)


def send_sms(box: RunningPostbox, key: str = "sandbox-sms-key", **changes: Any) -> httpx.Response:
    body = {name: value for name, value in {**SMS, **changes}.items() if value is not None}
    return httpx.post(f"{box.url}/sms/v1/messages", json=body, headers={"Authorization": f"Bearer {key}"})


def test_a_mail_is_shown_parsed(box: RunningPostbox) -> None:
    send_mail(box, html="<p>Dag <b>Zoë</b></p>", attachment=b"%PDF-1.7 proef")
    [mail] = box.messages(channel="email")
    assert mail["subject"] == "Hallo Zoë"
    assert mail["to"] == "lotte@voorbeeld.example"
    assert mail["from"] == "Gemeente Lindekerke <meldingen@lindekerke.example>"
    assert mail["message_id"] == "<een@lindekerke.example>"
    assert mail["text"].strip() == "Zie https://meldingen.lindekerke.example/m/1."
    assert mail["html"].strip() == "<p>Dag <b>Zoë</b></p>"
    assert mail["attachments"] == [{"name": "bevéstiging.pdf", "type": "application/pdf", "size": 14}]
    assert ["Subject", "Hallo Zoë"] in mail["headers"]
    got = httpx.get(f"{box.url}/berichten/{mail['id']}/bijlagen/0")
    assert got.content == b"%PDF-1.7 proef"
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''bev%C3%A9stiging.pdf"


def test_order_and_filters(box: RunningPostbox) -> None:
    send_mail(box, subject="eerste")
    send_sms(box)
    send_mail(box, subject="tweede", to="karim@voorbeeld.example")
    assert [message["number"] for message in box.messages()] == [1, 2, 3]
    assert [message["subject"] for message in box.messages(to="KARIM@voorbeeld.example")] == ["tweede"]
    assert [message["channel"] for message in box.messages(to="+32470123456")] == ["sms"]
    assert httpx.get(f"{box.url}/_double/messages", params={"channel": "fax"}).status_code == 400
    page = httpx.get(box.url).text
    assert page.index("tweede") < page.index("Dag") < page.index("eerste")
    found = httpx.get(box.url, params={"naar": "karim@voorbeeld.example"}).text
    assert "tweede" in found and "eerste" not in found
    assert "1 van 3 berichten" in httpx.get(box.url, params={"zoek": "TWEEDE"}).text
    assert httpx.get(f"{box.url}/nieuw", params={"na": 2}).json() == {"count": 1}


def test_the_page_is_empty_in_words_and_can_be_emptied(box: RunningPostbox) -> None:
    assert "Er is nog geen post" in httpx.get(box.url).text
    send_mail(box)
    assert "Geen enkel bericht past" in httpx.get(box.url, params={"zoek": "bestaatniet"}).text
    assert httpx.post(f"{box.url}/leegmaken").status_code == 303
    assert box.messages() == []


def test_older_post_is_a_page_away(box: RunningPostbox) -> None:
    for number in range(30):
        send_sms(box, reference=str(number), text=f"bericht nummer {number:02}")
    first = httpx.get(box.url, params={"kanaal": "sms"}).text
    assert "nummer 05" in first and "nummer 04" not in first
    older = httpx.get(box.url, params={"kanaal": "sms", "voor": "6"}).text
    assert "voor=6" in first
    assert "nummer 04" in older and "nummer 05" not in older


def test_a_hostile_mail_stays_in_its_frame(box: RunningPostbox) -> None:
    send_mail(box, subject="<script>alert(1)</script>", html="<head></head><script>alert(1)</script><a href='/x'>x</a>")
    page = httpx.get(box.url)
    assert "<script>alert(1)" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    [mail] = box.messages()
    framed = httpx.get(f"{box.url}/berichten/{mail['id']}/html")
    policy = framed.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups") and "default-src 'none'" in policy and "script" not in policy
    assert '<head><base target="_blank"></head>' in framed.text
    assert 'href="https://meldingen.lindekerke.example/m/1"' in page.text


def test_a_mail_that_is_no_mail_is_kept_too(box: RunningPostbox) -> None:
    with smtplib.SMTP("127.0.0.1", box.smtp_port, timeout=10) as smtp:
        smtp.sendmail("a@b.example", ["c@d.example"], b"\xff\xfe geen kopregels\r\n\r\nContent-Type: text/x; charset=zzz")
        smtp.sendmail("a@b.example", ["c@d.example"], b"Content-Type: text/plain; charset=zzz\r\n\r\ncaf\xc3\xa9")
    first, second = box.messages()
    assert first["to"] == second["to"] == "c@d.example"
    assert second["text"].strip() == "café"
    assert httpx.get(box.url).status_code == 200


def test_an_sms_is_accepted_once_for_a_reference(box: RunningPostbox) -> None:
    answer = send_sms(box)
    assert answer.status_code == 202
    again = send_sms(box, text="iets anders")
    assert (again.status_code, again.json()) == (202, answer.json())
    [sms] = box.messages(channel="sms")
    assert answer.json() == {"id": sms["id"], "reference": "een", "status": "accepted", "parts": 1}
    assert sms["text"] == "Dag"
    assert sms["parts"] == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "0470123456"}, "to"),
        ({"to": "+3247012345"}, "to"),
        ({"to": "+0123456789"}, "to"),
        ({"to": None}, "to"),
        ({"from": "GemeenteLindekerke"}, "from"),
        ({"from": "Linde-kerke"}, "from"),
        ({"text": ""}, "text"),
        ({"text": "a" * 1531}, "text"),
        ({"reference": None}, "reference"),
        ({"reference": 12}, "reference"),
    ],
)
def test_a_wrong_sms_is_refused_by_field(box: RunningPostbox, changes: dict[str, Any], field: str) -> None:
    answer = send_sms(box, **changes)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field
    assert box.messages() == []


def test_an_sms_needs_the_key_and_json(box: RunningPostbox) -> None:
    assert send_sms(box, key="fout").status_code == 401
    address, headers = f"{box.url}/sms/v1/messages", {"Authorization": "Bearer sandbox-sms-key"}
    assert httpx.post(address, content=b"{", headers=headers).status_code == 400
    assert httpx.post(address, json=["x"], headers=headers).status_code == 422


@pytest.mark.parametrize(
    "text", ["", "a" * 160, "a" * 161, "€" * 81, "ë" * 71, "😀" * 67, "a" * 152 + "€" + "a" * 152, "ë" + "😀" * 100]
)
def test_double_and_product_count_parts_alike(text: str) -> None:
    """Two counts written apart: the double may not import the product."""
    assert measure(text)[2] == sms_parts(text)


def test_general_faults_hit_the_gateway(box: RunningPostbox) -> None:
    box.fault(mode="error", path="/sms/", count=1)
    assert send_sms(box).status_code == 500
    assert httpx.get(box.url).status_code == 200
    box.fault(mode="malformed", path="/sms/", count=1)
    with pytest.raises(ValueError):
        send_sms(box).json()
    assert box.messages() == []
    assert send_sms(box).status_code == 202


def test_lost_answer_of_an_sms(box: RunningPostbox) -> None:
    box.fault(mode="special", special="sms_lost_answer", count=1)
    assert send_sms(box).status_code == 500
    assert len(box.messages()) == 1
    assert send_sms(box).status_code == 202
    assert len(box.messages()) == 1


@pytest.mark.parametrize(
    ("special", "error", "code", "kept"),
    [
        ("smtp_451", smtplib.SMTPRecipientsRefused, 451, 0),
        ("smtp_550", smtplib.SMTPRecipientsRefused, 550, 0),
        ("smtp_451_data", smtplib.SMTPDataError, 451, 0),
        ("smtp_550_data", smtplib.SMTPDataError, 550, 0),
        ("smtp_drop_after_data", smtplib.SMTPServerDisconnected, None, 1),
    ],
)
def test_smtp_faults(
    box: RunningPostbox, special: str, error: type[smtplib.SMTPException], code: int | None, kept: int
) -> None:
    box.fault(mode="special", special=special, count=1)
    with pytest.raises(error) as caught:
        send_mail(box)
    if isinstance(caught.value, smtplib.SMTPRecipientsRefused):
        assert caught.value.recipients["lotte@voorbeeld.example"][0] == code
    elif isinstance(caught.value, smtplib.SMTPDataError):
        assert caught.value.smtp_code == code
    assert len(box.messages()) == kept
    send_mail(box)
    assert len(box.messages()) == kept + 1
