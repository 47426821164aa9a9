"""The double of e-mail and SMS: a real SMTP server, an SMS gateway over HTTP, and one post box page that shows what
arrived, so that the demonstration and the tests can read what citizens would read (specs/identity-and-registers §5)."""

from meldloket.sandbox.postbox.app import create_app
from meldloket.sandbox.postbox.smtp import start_smtp

__all__ = ["create_app", "start_smtp"]
