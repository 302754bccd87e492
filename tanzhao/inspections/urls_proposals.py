"""Addresses of proposed teams, and of replacing a member."""

from django.urls import path

from tanzhao.inspections.views import proposals, replacing

urlpatterns = [
    path("<uuid:round_id>/propose/", proposals.propose, name="propose_teams"),
    path("proposals/<uuid:proposal_id>/", proposals.show, name="proposal"),
    path("proposals/<uuid:proposal_id>/stop/", proposals.stop, name="stop_proposal"),
    path("proposals/<uuid:proposal_id>/take/", proposals.take, name="take_proposal"),
    path("proposals/<uuid:proposal_id>/discard/", proposals.discard, name="discard_proposal"),
    path("proposals/<uuid:proposal_id>/export/", proposals.export, name="export_proposal"),
    path(
        "proposals/<uuid:proposal_id>/places/<uuid:inspector_id>/",
        proposals.replace,
        name="proposal_place",
    ),
    path("members/<uuid:member_id>/replace/", replacing.replace, name="replace_member"),
    path(
        "members/<uuid:member_id>/smallest-change/",
        replacing.smallest_change,
        name="propose_smallest_change",
    ),
]
