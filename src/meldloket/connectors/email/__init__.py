"""E-mail through the municipality's own mail relay (SMTP): a Channel of the messages room.

What it does and how it is configured: docs/connectors/email.md."""

from meldloket.connectors.email.channel import EmailChannel
from meldloket.connectors.email.compose import compose
from meldloket.connectors.email.settings import EmailSettings

__all__ = ["EmailChannel", "EmailSettings", "compose"]
