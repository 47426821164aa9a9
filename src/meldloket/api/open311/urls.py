"""Addresses of GeoReport v2."""

from django.urls import path

from . import views

urlpatterns = [
    path("open311/discovery.<str:fmt>", views.discovery, name="open311-discovery"),
    path("open311/v2/services.<str:fmt>", views.services, name="open311-services"),
    path("open311/v2/services/<slug:code>.<str:fmt>", views.service, name="open311-service"),
    path("open311/v2/requests.<str:fmt>", views.requests, name="open311-requests"),
    path("open311/v2/requests/<str:reference>.<str:fmt>", views.one_request, name="open311-request"),
    path("open311/v2/tokens/<str:token>.<str:fmt>", views.token, name="open311-token"),
    path("open311/v2/servicerequestupdates.<str:fmt>", views.updates, name="open311-updates"),
]
