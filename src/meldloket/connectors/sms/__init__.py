"""SMS through a gateway over HTTP: a Channel of the messages room.

What it does and how it is configured: docs/connectors/sms.md."""

from meldloket.connectors.sms.channel import SmsChannel, SmsSettings

__all__ = ["SmsChannel", "SmsSettings"]
