"""Addresses of whoever gives advice."""

from django.urls import path

from . import link, office

urlpatterns = [
    path("kantoor/advies/", office.advice_list, name="advice-list"),
    path("kantoor/advies/<uuid:request_id>/", office.advice_page, name="advice-request"),
    path("kantoor/advies/<uuid:request_id>/bestand/<uuid:file_id>/", office.advice_file, name="advice-file"),
    path("advies/<str:token>/", link.enter, name="advice-link"),
    path("advies/<str:token>/code/", link.code, name="advice-link-code"),
    path("advies/<str:token>/bestand/<uuid:file_id>/", link.file, name="advice-link-file"),
]
