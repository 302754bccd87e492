"""Addresses of reports."""

from django.urls import path

from tanzhao.reports import views

app_name = "reports"
urlpatterns = [
    path("rounds/<uuid:round_id>/", views.round_board, name="round_board"),
    path("units/<uuid:unit_id>/", views.dossier, name="dossier"),
    path("rectification/", views.rectification_board, name="rectification_board"),
]
