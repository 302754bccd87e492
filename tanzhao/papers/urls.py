"""Addresses of papers."""

from django.urls import path

from tanzhao.papers import views

app_name = "papers"
urlpatterns = [
    path("", views.papers, name="papers"),
    path("export/", views.export, name="export"),
    path("begin/<uuid:engagement_id>/", views.begin, name="begin"),
    path("rounds/<uuid:round_id>/close-fieldwork/", views.close_fieldwork, name="close_fieldwork"),
    path("evidence/<uuid:evidence_id>/", views.evidence, name="evidence"),
    path("evidence/<uuid:evidence_id>/change/", views.change_evidence, name="change_evidence"),
    path("evidence/<uuid:evidence_id>/set-aside/", views.set_aside, name="set_aside"),
    path("<uuid:paper_id>/", views.paper, name="paper"),
    path("<uuid:paper_id>/edit/", views.edit, name="edit"),
    path("<uuid:paper_id>/editing/", views.editing, name="editing"),
    path("<uuid:paper_id>/download/", views.download, name="download"),
    path("<uuid:paper_id>/evidence/", views.add_evidence, name="add_evidence"),
    path("<uuid:paper_id>/sign/", views.sign, name="sign"),
    path("<uuid:paper_id>/review/", views.review, name="review"),
    path("<uuid:paper_id>/approve/", views.approve, name="approve"),
    path("<uuid:paper_id>/check/", views.check, name="check"),
    path("<uuid:paper_id>/return/", views.send_back, name="return"),
    path("<uuid:paper_id>/void/", views.void, name="void"),
]
