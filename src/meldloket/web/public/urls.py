"""Addresses that everyone may open."""

from django.urls import path

from meldloket.web.styleguide import styleguide

from . import decisions, figures, views

urlpatterns = [
    path("toegankelijkheid/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("stijlgids/", styleguide, name="styleguide"),
    path("besluiten/", decisions.index, name="decisions"),
    path("besluiten/feed.atom", decisions.feed, name="decisions-feed"),
    path("besluiten/<int:year>/<int:number>/", decisions.month, name="decisions-month"),
    path("id/besluiten/<uuid:public_id>.pdf", decisions.document, name="decision-public-document"),
    path("id/zittingen/<slug:name>", decisions.meeting, name="decision-meeting"),
    path("id/bestuursorganen/<slug:name>", decisions.meeting, name="decision-body"),
    path("cijfers/", figures.figures_page, name="public-figures"),
    path("cijfers/kaart.json", figures.figures_map, name="public-figures-map"),
    path("open-data/", figures.open_data, name="open-data"),
    path("favicon.ico", views.icon, name="favicon"),
    path("taal/", views.language, name="set-language"),
]
