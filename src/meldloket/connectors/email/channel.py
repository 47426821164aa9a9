"""Hands one e-mail to the relay and says what became of it, step by step: only what was never handed over is retried,
because a citizen who is told the same thing twice loses trust in both messages."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from email.policy import SMTP, SMTPUTF8

from meldloket.connectors.email.compose import compose, message_id
from meldloket.connectors.email.settings import EmailSettings
from meldloket.messages.ports import DeliveryProblem, Outgoing, Receipt

_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class EmailChannel:
    """The way out by e-mail. Not safe to repeat: SMTP does not recognise a message that it has already taken."""

    name = "email"
    safe_to_repeat = False

    def __init__(self, settings: EmailSettings) -> None:
        self.settings = settings

    def deliver(self, message: Outgoing, before_handover: Callable[[], None] = lambda: None) -> Receipt:
        """Sends the message. `before_handover` is called once, when everything is agreed with the relay and only the
        message itself is left (just before DATA): from there on a failure is uncertain, and what it raises stops the
        sending. Returns the Message-ID as `provider_reference`.

        Raises DeliveryProblem: `retry` for what passes by itself, `stop_channel` for a wrong configuration,
        `uncertain` when the relay fell silent after it had the message (specs/identity-and-registers §5)."""
        mail = compose(message, self.settings)
        recipient = mail["To"].addresses[0].addr_spec
        content = mail.as_bytes(policy=SMTP if recipient.isascii() else SMTPUTF8)
        with self._connection() as smtp:
            self._address(smtp, message, recipient)
            before_handover()
            answer = _hand_over(smtp, content)
        return Receipt(message_id(message, self.settings), f"Aanvaard door de mailserver ({_code(*answer)}).")

    def check(self) -> str | None:
        """Connects, encrypts and logs in as for a message, and sends none."""
        try:
            with self._connection() as smtp:
                code, text = smtp.noop()
        except DeliveryProblem as problem:
            return f"E-mail: {problem.reason}"
        except (smtplib.SMTPException, OSError):
            return "E-mail: de mailserver verbreekt de verbinding."
        return None if code == 250 else f"E-mail: de mailserver is niet klaar ({_code(code, text)})."

    @contextlib.contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        """A greeted, encrypted and logged-in connection; always closed, politely when that is still possible."""
        smtp = None
        try:
            with _before_handover_problems():
                smtp = self._connect()
            yield smtp
            # The message is the relay's by now: a failing goodbye changes nothing.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()
        finally:
            if smtp is not None:
                smtp.close()

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        smtp = smtplib.SMTP(settings.host, settings.port, settings.message_id_domain, timeout=settings.timeout)
        try:
            _expect(*smtp.ehlo(), 2)
            if settings.starttls:
                smtp.starttls(context=ssl.create_default_context(cafile=settings.ca_file or None))
                _expect(*smtp.ehlo(), 2)
            if settings.username:
                smtp.login(settings.username, settings.password)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _address(self, smtp: smtplib.SMTP, message: Outgoing, recipient: str) -> None:
        """Envelope: sender and recipient. Nothing of the message has left yet."""
        sender = self.settings.bounce_address.replace("{delivery_id}", str(message.delivery_id))
        options: list[str] = []
        if not recipient.isascii():
            if not smtp.has_extn("smtputf8"):
                raise DeliveryProblem("De mailserver kan dit adres niet aan: het bevat accenten.", retry=False)
            options = ["SMTPUTF8"]
        with _before_handover_problems():
            _expect(*smtp.mail(sender or self.settings.from_address, options), 2, about="sender")
            _expect(*smtp.rcpt(recipient), 2, about="recipient")


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    """DATA, the message, and the relay's word on it. Raises DeliveryProblem."""
    with _before_handover_problems():
        _expect(*smtp.docmd("DATA"), 3, about="content")
    body = content.replace(b"\r\n.", b"\r\n..")
    body = b"." + body if body.startswith(b".") else body
    body = body if body.endswith(b"\r\n") else body + b"\r\n"
    try:
        smtp.send(body + b".\r\n")
        code, text = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryProblem(
            "De mailserver zweeg nadat hij het bericht kreeg: het is misschien toch vertrokken.",
            retry=False,
            uncertain=True,
        ) from error
    _expect(code, text, 2, about="content")
    return code, text


_REFUSED = {
    "": "De mailserver weigert de verbinding",
    "sender": "De mailserver weigert ons afzenderadres",
    "recipient": "De mailserver weigert dit adres",
    "content": "De mailserver weigert dit bericht",
}


def _expect(code: int, text: bytes | str, wanted: int, *, about: str = "") -> None:
    """Passes when the relay's answer is of the class that is wanted (2 or 3); else raises the DeliveryProblem."""
    if code // 100 == wanted:
        return
    shown = _code(code, text)
    if code // 100 == 5:
        ours = about in ("", "sender") or code == 530  # nothing that another recipient would change
        raise DeliveryProblem(f"{_REFUSED[about]} ({shown}).", retry=ours, stop_channel=ours)
    raise DeliveryProblem(f"De mailserver kan nu niet ({shown}).", retry=True)


def _code(code: int, text: bytes | str) -> str:
    """The answer's codes. Never its words: they often repeat the citizen's address."""
    found = _ENHANCED.search(text.decode("ascii", "replace") if isinstance(text, bytes) else text)
    return f"{code} {found[0]}" if found else str(code)


@contextlib.contextmanager
def _before_handover_problems() -> Iterator[None]:
    """Turns what goes wrong while the message is still ours into a DeliveryProblem that says what helps."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        passing = 400 <= error.smtp_code <= 499
        reason = f"De mailserver aanvaardt onze aanmelding niet ({_code(error.smtp_code, error.smtp_error)})."
        raise DeliveryProblem(reason, retry=True, stop_channel=not passing) from error
    except smtplib.SMTPNotSupportedError as error:
        reason = "De mailserver biedt geen versleuteling (STARTTLS) of geen aanmelding aan."
        raise DeliveryProblem(reason, retry=True, stop_channel=True) from error
    except ssl.SSLCertVerificationError as error:
        reason = "Het certificaat van de mailserver klopt niet."
        raise DeliveryProblem(reason, retry=True, stop_channel=True) from error
    except smtplib.SMTPResponseException as error:
        _expect(error.smtp_code, error.smtp_error, 0)
    except smtplib.SMTPException as error:
        raise DeliveryProblem("De mailserver verbrak de verbinding.", retry=True) from error
    except OSError as error:
        raise DeliveryProblem("De mailserver is niet bereikbaar.", retry=True) from error
