"""Addresses of reports."""

from django.urls import path

from tanzhao.reports import views

app_name = "reports"
urlpatterns = [
    path("rounds/<uuid:round_id>/", views.round_board, name="round_board"),
    path("rectification/", views.rectification_board, name="rectification_board"),
]
