"""Addresses of the citizens' pages."""

from django.urls import path

from . import files, help_views, intake, mine

urlpatterns = [
    path("", intake.home, name="home"),
    path("melden/", intake.start, name="report-start"),
    path("melden/link/", intake.by_link, name="report-link"),
    path("melden/voorstel/", help_views.suggest, name="report-suggest"),
    path("melden/plaats/", help_views.look_up_place, name="place-lookup"),
    path("melden/adressen/", help_views.search_address, name="place-search"),
    path("melden/grens/", help_views.boundary, name="place-boundary"),
    path("melden/<uuid:draft_id>/bewaren/", intake.autosave, name="report-autosave"),
    path("melden/<uuid:draft_id>/bestanden/", files.upload, name="report-upload"),
    path("melden/<uuid:draft_id>/bestanden/<uuid:file_id>/verwijderen/", files.remove, name="report-file-remove"),
    path("melden/<uuid:draft_id>/bestanden/<uuid:file_id>/", files.draft_file, name="report-file"),
    path("melden/<uuid:draft_id>/plaats-van-foto/<uuid:file_id>/", files.use_position, name="report-photo-place"),
    path("melden/<uuid:draft_id>/register/", intake.refresh_register, name="report-register"),
    path("melden/<uuid:draft_id>/versturen/", intake.send, name="report-send"),
    path("melden/<uuid:draft_id>/ontvangst/", intake.receipt, name="report-receipt"),
    path("melden/<uuid:draft_id>/<slug:slug>/", intake.step, name="report-step"),
    path("mijn/", mine.my_reports, name="my-reports"),
    path("mijn/gegevens/", mine.my_data, name="my-data"),
    path("mijn/<str:reference>/", mine.my_report, name="my-report"),
    path("mijn/<str:reference>/antwoord/<uuid:question_id>/", mine.answer, name="my-answer"),
    path("mijn/<str:reference>/meer-tijd/<uuid:question_id>/", mine.more_time, name="my-more-time"),
    path("mijn/<str:reference>/aanvullen/", mine.add, name="my-add"),
    path("mijn/<str:reference>/bereikbaar/", mine.contact, name="my-contact"),
    path("mijn/<str:reference>/reageren/", mine.react, name="my-react"),
    path("mijn/<str:reference>/resultaat/<uuid:file_id>/", mine.result_photo, name="my-result"),
    path("mijn/<str:reference>/intrekken/", mine.withdraw, name="my-withdraw"),
    path("mijn/<str:reference>/bestand/<uuid:file_id>/", mine.attachment, name="my-file"),
]
