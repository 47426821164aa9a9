"""A real SMTP server on the demonstration's own port: the product's connector talks to it as to a municipality's relay.

Fault switches of mode `special`: `smtp_451`, `smtp_550` (answer on RCPT TO), `smtp_451_data`, `smtp_550_data` (answer
after the message), `smtp_drop_after_data` (the message is kept, the connection ends without an answer), `smtp_slow`
(waits `seconds` before it keeps and answers)."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from meldloket.sandbox.config import SandboxConfig
from meldloket.sandbox.faults import FaultSwitches
from meldloket.sandbox.postbox.mail import read_mail
from meldloket.sandbox.postbox.post import Post
from meldloket.sandbox.store import Store

#: The one log-in that the double knows; a message is taken without a log-in too, as many internal relays do.
USERNAME, PASSWORD = "meldloket", "sandbox-smtp-password"  # noqa: S105 - the sandbox's own, known to everybody

# aiosmtpd writes a warning for every server and a line for every command; the runner's output stays empty.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class PostHandler:
    """Takes what arrives and files it, or fails as the switches say."""

    def __init__(self, post: Post, faults: FaultSwitches) -> None:
        self.post = post
        self.faults = faults

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.faults.take_special("smtp_451"):
            return "451 4.7.1 Nagebouwde storing, probeer later opnieuw"
        if self.faults.take_special("smtp_550"):
            return "550 5.1.1 Nagebouwde weigering, adres onbekend"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.faults.take_special("smtp_451_data"):
            return "451 4.3.0 Nagebouwde storing, probeer later opnieuw"
        if self.faults.take_special("smtp_550_data"):
            return "550 5.7.1 Nagebouwde weigering van de inhoud"
        if slow := self.faults.take_special("smtp_slow"):
            await asyncio.sleep(slow.seconds)
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else bytes(content or b"")
        document, parts = read_mail(raw, envelope.mail_from or "", [str(one) for one in envelope.rcpt_tos])
        filed = self.post.add(document, parts)
        if self.faults.take_special("smtp_drop_after_data") and server.transport is not None:
            server.transport.close()
            await asyncio.sleep(1)  # the loss of the connection cancels this task: no answer is ever written
        return f"250 2.0.0 OK {filed['id']}"


def _log_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USERNAME.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


async def start_smtp(
    config: SandboxConfig,
    store: Store,
    faults: FaultSwitches,
    *,
    sock: socket.socket | None = None,
    tls: ssl.SSLContext | None = None,
) -> asyncio.Server:
    """Starts the SMTP server in the running loop, on `sock` or on `config.port("smtp")`; with `tls` it offers STARTTLS
    and a log-in. The caller closes it. Raises OSError when the port is in use."""
    loop = asyncio.get_running_loop()
    handler = PostHandler(Post(store), faults)

    def protocol() -> SMTP:
        return SMTP(
            handler,
            hostname="postbus.sandbox.invalid",
            ident="nagebouwde mailserver",
            enable_SMTPUTF8=True,
            tls_context=tls,
            authenticator=_log_in if tls else None,
            loop=loop,
        )

    if sock is not None:
        return await loop.create_server(protocol, sock=sock)
    return await loop.create_server(protocol, config.host, config.port("smtp"))
