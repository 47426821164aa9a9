"""Ways to hand a task to other software (actions.ports): Open311, signed webhook, e-mail with a reply link; and
events to the systems of advice partners."""

from .email import EmailReferral
from .open311 import Open311Client
from .partner_events import PartnerEvents
from .webhook import WebhookReferral

__all__ = ["EmailReferral", "Open311Client", "PartnerEvents", "WebhookReferral"]
