"""Makes the e-mail itself: headers that programs understand and that no text of a citizen can forge."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from meldloket.connectors.email.settings import EmailSettings
from meldloket.messages.ports import DeliveryProblem, Outgoing

#: Longer subjects are cut: mail programs show some 70 characters, and the reference stands in front.
SUBJECT_LENGTH = 200
_BREAKS = ("Cc", "Zl", "Zp", "Cs")
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def compose(message: Outgoing, settings: EmailSettings) -> EmailMessage:
    """The message as it goes over the line: text, with HTML as the alternative when there is any.

    Raises DeliveryProblem (not to be retried) when the recipient is not an e-mail address."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(settings.from_name), addr_spec=settings.from_address)
    mail["To"] = recipient_address(message.recipient)
    mail["Subject"] = one_line(message.subject)[:SUBJECT_LENGTH]
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = message_id(message, settings)
    if settings.reply_to:
        mail["Reply-To"] = settings.reply_to.replace("{reference}", message.reference)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers to a case
    mail.set_content(message.text, charset="utf-8", cte="quoted-printable")
    if message.html:
        mail.add_alternative(message.html, subtype="html", charset="utf-8", cte="quoted-printable")
    mail["Content-Language"] = message.language  # after the content, which clears what is said about it
    return mail


def message_id(message: Outgoing, settings: EmailSettings) -> str:
    """`<{delivery_id}@domain>`: a repeat is the same message to whoever compares, and a bounce finds its delivery."""
    return f"<{message.delivery_id}@{settings.message_id_domain}>"


def one_line(text: str) -> str:
    """The text without line ends and other control characters, which could end a header and begin another, and
    without marks that turn the reading direction, which could show another text than stands there."""
    spaced = (" " if unicodedata.category(char) in _BREAKS or char in _TURNS else char for char in text)
    # "=?" opens an encoded word: the standard library would decode it, line ends and all.
    return " ".join("".join(spaced).split()).replace("=?", "= ?")


def recipient_address(address: str) -> Address:
    """The address with its domain as the mail system writes it (`lotte@caféoord.be` → `…@xn--…`).

    Raises DeliveryProblem (not to be retried) when it is not one e-mail address."""
    local, _, domain = address.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
        # Accents before the @ are allowed (RFC 6531); the standard library's check does not know it.
        checked = f"{''.join(char if char.isascii() else 'x' for char in local)}@{domain}"
        if Address(addr_spec=checked).addr_spec == checked and one_line(address) == address.strip() and " " not in local:
            return Address(username=local, domain=domain)
    except (UnicodeError, ValueError, IndexError, MessageError) as error:
        raise DeliveryProblem("Dit is geen geldig e-mailadres.", retry=False) from error
    raise DeliveryProblem("Dit is geen geldig e-mailadres.", retry=False)
