"""Ways to hand a task to other software (actions.ports): Open311, signed webhook, e-mail with a reply link."""

from .email import EmailReferral
from .open311 import Open311Client
from .webhook import WebhookReferral

__all__ = ["EmailReferral", "Open311Client", "WebhookReferral"]
