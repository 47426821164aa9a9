"""Reads an e-mail as a mail program would, so that tests and the post box page see what the citizen sees."""

from __future__ import annotations

import base64
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from typing import Any


def read_mail(raw: bytes, sender: str, recipients: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The message as a document for the post box, and its attachments (base64) by position.

    `sender` and `recipients` are the envelope's; the headers may say otherwise and are kept as they came."""
    mail = message_from_bytes(raw, policy=policy.default)
    attachments, parts = [], {}
    for position, part in enumerate(mail.iter_attachments()):
        content = _bytes(part)
        attachments.append(
            {"name": part.get_filename() or "zonder naam", "type": part.get_content_type(), "size": len(content)}
        )
        parts[str(position)] = base64.b64encode(content).decode()
    document = {
        "channel": "email",
        "message_id": str(mail["Message-ID"] or ""),
        "from": str(mail["From"] or ""),
        "to": ", ".join(recipients),
        "recipients": recipients,
        "envelope_from": sender,
        "subject": str(mail["Subject"] or ""),
        "text": _body(mail, "plain"),
        "html": _body(mail, "html"),
        "headers": [[name, str(value)] for name, value in mail.items()],
        "attachments": attachments,
        "size": len(raw),
    }
    return document, parts


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    if part is None:
        return ""
    try:
        body = str(part.get_content())
    except (LookupError, ValueError):  # a character set that Python does not know
        body = _bytes(part).decode("utf-8", "replace")
    return body.replace("\r\n", "\n")


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""  # a whole message as an attachment has no bytes of its own
