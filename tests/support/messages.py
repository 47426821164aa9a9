"""The messages room with its real connectors and real doubles around it, and a worker that a test runs step by step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from meldloket.cases import clock as product_clock
from meldloket.connectors.email import EmailChannel, EmailSettings
from meldloket.connectors.sms import SmsChannel, SmsSettings
from meldloket.messages import delivering, ports
from meldloket.messages.models import Delivery
from meldloket.people.models import Account
from support import factories as make
from support.dosis import RunningDosis, running_dosis
from support.postbox import RunningPostbox, running_postbox

SMS_KEY = "sandbox-sms-key"


@dataclass
class Outside:
    """The running doubles, and what a test asks of them."""

    dosis: RunningDosis
    postbox: RunningPostbox

    def reset(self) -> None:
        self.dosis.reset()
        self.dosis.notifies(True)
        self.postbox.clear()

    def plug(self, *, timeout: float = 5.0, safe_sms: bool = True, sms_timeout: float = 5.0) -> None:
        """Plugs the product's own connectors, as runtime.wiring does."""
        mail = EmailSettings(
            host="127.0.0.1", port=self.postbox.smtp_port, from_address="meldingen@lindekerke.example", timeout=timeout
        )
        sms = SmsSettings(
            url=f"{self.postbox.url}/sms/v1/messages",
            api_key=SMS_KEY,
            sender="Lindekerke",
            safe_to_repeat=safe_sms,
            timeout=sms_timeout,
        )
        ports.plugged.update(
            dosis=self.dosis.channel(timeout), mbp=self.dosis.mbp(timeout), email=EmailChannel(mail), sms=SmsChannel(sms)
        )

    def told(self, report: Any) -> list[str]:
        """Codes that DOSIS holds of a report, in the order in which it got them."""
        return [one["code"] for one in self.dosis.uploads() if one["DossierNummer"] == report.reference]

    def mails(self, report: Any) -> list[dict[str, Any]]:
        return [one for one in self.postbox.messages(channel="email") if report.reference in one["subject"]]

    def texts(self) -> list[dict[str, Any]]:
        return self.postbox.messages(channel="sms")


@contextmanager
def running_outside() -> Iterator[Outside]:
    with running_dosis() as dosis, running_postbox() as postbox:
        yield Outside(dosis, postbox)


def work() -> int:
    """What a worker does after a sweep: everything that is due. Gives how many deliveries came to an end."""
    return sum(delivering.drain(*pair) for pair in sorted(delivering.due()))


def pass_time(outside: Outside, clock: Any, **delta: float) -> None:
    """Time goes by for the product and for DOSIS alike."""
    clock.advance(**delta)
    outside.dosis.clock.advance(**delta)


def states(report: Any, channel: str) -> list[str]:
    return list(Delivery.objects.filter(report=report, channel=channel).order_by("pk").values_list("state", flat=True))


def reachable(account: Account | None, language: str = "nl", **fields: Any) -> Any:
    """An unsaved reporter who chose e-mail and SMS."""
    serial = account.pk if account else 0
    chosen = {
        "email": f"melder{serial}@example.org",
        "mobile": f"+3246600{serial:04d}",
        "wants_email": True,
        "wants_sms": True,
    }
    return make.make_reporter(account, language=language, **{**chosen, **fields})


def now() -> Any:
    return product_clock.now()
