"""Every address of the product, by room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("meldloket.web.account.urls")),
    path("", include("meldloket.web.citizen.urls")),
    path("", include("meldloket.web.advice.urls")),
    path("", include("meldloket.web.work.urls")),
    path("", include("meldloket.web.decisions.urls")),
    path("", include("meldloket.web.evaluation.urls")),
    path("kantoor/inzicht/", include("meldloket.web.insight.urls")),
    path("kantoor/", include("meldloket.web.office.urls")),
    path("", include("meldloket.web.public.urls")),
    path("", include("meldloket.api.urls")),
]
handler400 = "meldloket.web.errors.bad_request"
handler403 = "meldloket.web.errors.forbidden"
handler404 = "meldloket.web.errors.not_found"
handler500 = "meldloket.web.errors.server_error"
