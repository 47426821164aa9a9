"""Jobs of this room: handing over, asking for news, and telling of silence."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import referring


@app.task(name="hand_over", queue="messages")
def hand_over(referral_id: int) -> None:
    """One attempt to hand a task over."""
    referring.hand_over(referral_id)


@app.task(name="follow_referral", queue="messages")
def follow_referral(referral_id: int) -> None:
    """One referral now, because a handler asks."""
    referring.follow(referral_id)


@app.periodic(cron="* * * * *")
@app.task(name="follow_referrals", queue="messages", queueing_lock="follow_referrals")
def follow_referrals(timestamp: int = 0) -> None:
    """Hands over what still waits and asks after what the other side must be asked."""
    for referral in referring.due():
        referring.follow(referral.pk)


@app.periodic(cron="30 7 * * *")
@app.task(name="silent_referrals", queue="messages", queueing_lock="silent_referrals")
def silent_referrals(timestamp: int = 0) -> None:
    """Tells handlers of systems that keep silent."""
    referring.silent()
