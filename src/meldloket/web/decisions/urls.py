"""Addresses of proposals and decisions."""

from django.urls import path

from . import by_hand, meetings, paper, publishing, views

urlpatterns = [
    path("kantoor/besluiten/", views.secretariat, name="secretariat"),
    path("kantoor/besluiten/<int:decision_id>/controleren/", views.check_again, name="decision-check"),
    path("kantoor/besluiten/<int:decision_id>/document/", views.document, name="decision-document"),
    path("kantoor/publicatie/<uuid:public_id>/", publishing.publication, name="publication"),
    path("kantoor/publicatie/<uuid:public_id>/intrekken/", publishing.withdraw, name="publication-withdraw"),
    path("kantoor/voorstel/<uuid:proposal_id>/", views.proposal, name="proposal"),
    path("kantoor/voorstel/<uuid:proposal_id>/voorbeeld/", views.preview, name="proposal-preview"),
    path("kantoor/besluiten/zittingen/", meetings.meetings, name="decision-meetings"),
    path("kantoor/voorstel/<uuid:proposal_id>/pdf/", paper.pdf, name="proposal-pdf"),
    path("kantoor/voorstel/<uuid:proposal_id>/pakket/<int:number>/", paper.packet, name="proposal-packet"),
    path("kantoor/voorstel/<uuid:proposal_id>/terug/", by_hand.bring_back, name="proposal-by-hand"),
    path("kantoor/voorstel/<uuid:proposal_id>/nagekeken/", views.settle, name="proposal-settle"),
    path("kantoor/voorstel/<uuid:proposal_id>/overmaken/", views.hand_over, name="proposal-hand-over"),
    path("kantoor/voorstel/<uuid:proposal_id>/intrekken/", views.withdraw, name="proposal-withdraw"),
    path("kantoor/voorstel/<uuid:proposal_id>/deels/", views.mark, name="proposal-mark"),
]
