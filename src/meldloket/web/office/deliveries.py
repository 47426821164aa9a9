"""Messages that did not arrive: why, and what staff can do (wishes.md: seeing which messages failed, and resending)."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from meldloket.messages import delivering, notices
from meldloket.messages.models import ChannelStop, Delivery, Notice
from meldloket.web.pages import actor_of, page

from .listing import visible

PAGE = 50


def _seen(request: HttpRequest) -> QuerySet[Delivery]:
    """Deliveries of cases that this person may see."""
    return Delivery.objects.filter(report__case__in=visible(request))


@page("delivery.view", methods=("GET",))
def parked(request: HttpRequest) -> HttpResponse:
    """Parked deliveries, newest first, and channels that stand still."""
    rows = _seen(request).filter(state=Delivery.State.PARKED).select_related("report__case", "event")
    before = request.GET.get("na", "")
    if before.isdigit() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.defer("payload", "text").order_by("-pk")[: PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "notices": list(Notice.objects.filter(state=Notice.State.PARKED).order_by("-pk")[:PAGE]),
        "stops": list(ChannelStop.objects.all()),
    }
    return render(request, "office/deliveries.html", context)


@page("delivery.resend", methods=("POST",))
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Sends a parked message again."""
    delivery = get_object_or_404(_seen(request), pk=delivery_id, state=Delivery.State.PARKED)
    if delivering.resend(delivery, by=actor_of(request)):
        messages.success(request, "Het bericht wordt opnieuw verstuurd.")
    else:
        messages.warning(request, "Het bericht is niet verstuurd: een collega was u voor, of er is nog iets niet ingevuld.")
    back = request.POST.get("terug", "")
    return redirect(back if back.startswith("/kantoor/") else reverse("deliveries"))


@page("delivery.resend", methods=("POST",))
def resend_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Sends a parked message to an adviser, a partner or a colleague again."""
    if notices.resend(get_object_or_404(Notice, pk=notice_id)):
        messages.success(request, "Het bericht wordt opnieuw verstuurd.")
    else:
        messages.warning(request, "Een collega was u voor: het bericht is al opnieuw vertrokken.")
    return redirect("deliveries")


@page("delivery.resend", methods=("POST",))
def restart(request: HttpRequest, channel: str) -> HttpResponse:
    """Starts a channel that was stopped because its configuration was refused."""
    get_object_or_404(ChannelStop, channel=channel)
    delivering.restart_channel(channel)
    messages.success(request, "Het kanaal is herstart; wat wachtte, vertrekt nu.")
    return redirect("deliveries")
