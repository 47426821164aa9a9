"""Referral to other software (B4.4): three adapters for the port in actions/ports.py, and the signed events that partners
send and receive. How each is configured and what it promises: docs/connectors/referral.md."""

from meldloket.connectors.referral.email import EmailReferral
from meldloket.connectors.referral.events import EventProblem, NotAnUpdate, parse_update, send_event
from meldloket.connectors.referral.open311 import Open311Referral
from meldloket.connectors.referral.signing import WrongSignature, sign, verify
from meldloket.connectors.referral.webhook import WebhookReferral, incoming

__all__ = [
    "EmailReferral",
    "EventProblem",
    "NotAnUpdate",
    "Open311Referral",
    "WebhookReferral",
    "WrongSignature",
    "incoming",
    "parse_update",
    "send_event",
    "sign",
    "verify",
]
