"""Names of things in linked data, which are also their addresses."""

from django.urls import path

from . import views

urlpatterns = [
    path("id/meldingen/<str:reference>", views.report, name="id-report"),
    path("id/dossiers/<str:reference>", views.case, name="id-case"),
    path("id/besluiten/<uuid:public_id>", views.decision, name="id-decision"),
    path("id/besluiten/<uuid:public_id>.<slug:suffix>", views.decision, name="id-decision-form"),
]
