"""Addresses for machines: health, metrics, Open311 and the partners' API."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from . import advice, callbacks, decisions, errors, health, openapi, tokens
from .open311 import views as open311


class Anything(StringConverter):
    """Also line ends, which `path` leaves out."""

    regex = "(?s:.+)"


register_converter(Anything, "anything")
urlpatterns = [
    path("gezondheid/leeft/", health.alive, name="health-alive"),
    path("gezondheid/klaar/", health.ready, name="health-ready"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("meldloket.api.open311.urls")),
    path("", include("meldloket.api.oslo.urls")),
    path("", include("meldloket.api.opendata.urls")),
    path("api/v1/openapi.json", openapi.openapi, name="openapi"),
    path("api/v1/token", tokens.token, name="api-token"),
    path("api/v1/token/revoke", tokens.revoke, name="api-token-revoke"),
    path("api/v1/taken/<uuid:key>/stand", callbacks.task_status, name="referral-callback"),
    path("api/v1/besluiten/<uuid:proposal_id>", decisions.decision, name="api-decision"),
    path("api/v1/besluiten/context.jsonld", decisions.context, name="api-context"),
    path("api/v1/voorstellen/<uuid:proposal_id>/bijlagen/<uuid:file_id>", decisions.attachment, name="api-attachment"),
    path("api/v1/agendapunten/<uuid:proposal_id>/status", decisions.agenda, name="api-agenda-status"),
    path("api/v1/", include(advice.urls())),
    path("api/<anything:rest>", errors.nothing_here, name="api-nothing"),
    path("open311/<anything:rest>", open311.nothing_here, name="open311-nothing"),
]
