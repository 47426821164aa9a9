"""Addresses of the evaluation."""

from django.urls import path

from . import builder, citizen, office, results

urlpatterns = [
    path("e/<str:code>/", citizen.fill, name="evaluation-fill"),
    path("e/<str:code>/bewaren/", citizen.keep, name="evaluation-keep"),
    path("kantoor/evaluaties/", office.to_process, name="evaluations"),
    path("kantoor/evaluaties/resultaten/", results.results, name="evaluation-results"),
    path("kantoor/evaluaties/formulieren/", builder.overview, name="evaluation-forms"),
    path("kantoor/evaluaties/formulieren/nieuw/", builder.new, name="evaluation-form-new"),
    path("kantoor/evaluaties/formulieren/<int:form_id>/", builder.form_page, name="evaluation-form"),
    path("kantoor/evaluaties/formulieren/<int:form_id>/voorbeeld/", builder.preview, name="evaluation-form-preview"),
    path("kantoor/evaluaties/formulieren/<int:form_id>/publiceren/", builder.publish, name="evaluation-form-publish"),
    path("kantoor/evaluaties/formulieren/<int:form_id>/vraag/", builder.question, name="evaluation-question-new"),
    path(
        "kantoor/evaluaties/formulieren/<int:form_id>/vraag/<slug:question_code>/",
        builder.question,
        name="evaluation-question",
    ),
    path(
        "kantoor/evaluaties/formulieren/<int:form_id>/vraag/<slug:question_code>/verplaatsen/",
        builder.move,
        name="evaluation-question-move",
    ),
    path("kantoor/evaluaties/<int:evaluation_id>/", office.evaluation, name="evaluation"),
    path("kantoor/evaluaties/<int:evaluation_id>/voorbeeld/", office.preview, name="evaluation-preview"),
    path("kantoor/evaluaties/<int:evaluation_id>/telefoon/", office.by_phone, name="evaluation-phone"),
]
