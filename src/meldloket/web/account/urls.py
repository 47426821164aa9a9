"""Addresses of logging in and out."""

from django.urls import path

from . import views

urlpatterns = [
    path("aanmelden/", views.choose, name="login"),
    path("aanmelden/burger/", views.begin, {"audience": "citizen"}, name="login-citizen"),
    path("aanmelden/medewerker/", views.begin, {"audience": "staff"}, name="login-staff"),
    path("aanmelden/terug/burger/", views.come_back, {"audience": "citizen"}, name="callback-citizen"),
    path("aanmelden/terug/medewerker/", views.come_back, {"audience": "staff"}, name="callback-staff"),
    path("aanmelden/eenmalig/", views.one_time, name="login-once"),
    path("aanmelden/wissel/", views.switch, name="login-switch"),
    path("afmelden/", views.log_out, name="logout"),
    path("afgemeld/", views.logged_out, name="logged-out"),
    path("sessie/", views.session, name="session"),
]
