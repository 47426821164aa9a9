"""Addresses of tasks."""

from django.urls import path

from . import board, elsewhere, task

urlpatterns = [
    path("kantoor/taken/", board.task_list, name="task-list"),
    path("kantoor/taken/<uuid:task_id>/", task.task_page, name="task"),
    path("kantoor/taken/<uuid:task_id>/werk/", task.do, name="task-do"),
    path("kantoor/taken/<uuid:task_id>/bestand/<uuid:file_id>/", task.task_file, name="task-file"),
    path("kantoor/taken/<uuid:task_id>/<slug:slug>/", task.arrange, name="task-arrange"),
    path("antwoord/<str:token>/", elsewhere.reply, name="referral-reply"),
    path("antwoord/foto/<str:token>/", elsewhere.photo, name="referral-photo"),
]
