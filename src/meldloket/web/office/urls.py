"""Addresses of the office."""

from django.urls import path

from . import actions, bulk, case, deliveries, desk, keys, listing, manage, protected, views, work

urlpatterns = [
    path("", views.home, name="office-home"),
    path("zoeken/", listing.search, name="office-search"),
    path("meldingen/", listing.case_list, name="case-list"),
    path("meldingen/punten/", listing.points, name="case-points"),
    path("meldingen/filters/bewaren/", listing.save_view, name="view-save"),
    path("meldingen/filters/<int:view_id>/verwijderen/", listing.delete_view, name="view-delete"),
    path("meldingen/samen/", bulk.several, name="case-bulk"),
    path("meldingen/samen/voorbeeld/", bulk.preview, name="case-bulk-preview"),
    path("meldingen/samen/resultaat/", bulk.result, name="case-bulk-result"),
    path("meldingen/<str:reference>/", case.case_page, name="case"),
    path("meldingen/<str:reference>/bestand/<uuid:file_id>/", case.attachment, name="case-file"),
    path("meldingen/<str:reference>/rijksregisternummer/", protected.open_number, name="case-number"),
    path("meldingen/<str:reference>/voorwaarde/<int:answer_id>/<int:place>/", work.from_condition, name="case-condition"),
    path("meldingen/<str:reference>/<slug:slug>/", actions.action, name="case-action"),
    path("meldingen/<str:reference>/<slug:slug>/voorbeeld/", actions.preview, name="case-action-preview"),
    path("berichten/", deliveries.parked, name="deliveries"),
    path("berichten/<int:delivery_id>/opnieuw/", deliveries.resend, name="delivery-resend"),
    path("berichten/dienst/<int:notice_id>/opnieuw/", deliveries.resend_notice, name="notice-resend"),
    path("berichten/kanaal/<slug:channel>/herstarten/", deliveries.restart, name="channel-restart"),
    path("balie/", desk.start, name="desk-start"),
    path("balie/link/", desk.send_link, name="desk-link"),
    path("beheer/", manage.index, name="manage"),
    path("beheer/inzagelog/", protected.access_log, name="access-log"),
    path("beheer/berichten/<int:template_id>/voorbeeld/", manage.template_preview, name="template-preview"),
    path("beheer/routering/proef/", manage.try_routing, name="routing-try"),
    path("beheer/sleutels/", keys.keys, name="manage-keys"),
    path("beheer/sleutels/nieuw/", keys.new, name="key-new"),
    path("beheer/sleutels/<int:client_id>/", keys.switch, name="key-switch"),
    path("beheer/sleutels/<int:client_id>/geheim/", keys.rotate, name="key-rotate"),
    path("beheer/sleutels/<int:client_id>/beeindigen/", keys.end_tokens, name="key-end-tokens"),
    path("beheer/<slug:kind>/", manage.rows, name="manage-list"),
    path("beheer/<slug:kind>/nieuw/", manage.edit, name="manage-new"),
    path("beheer/<slug:kind>/<int:row_id>/", manage.edit, name="manage-edit"),
    path("beheer/<slug:kind>/<int:row_id>/verwijderen/", manage.delete, name="manage-delete"),
]
