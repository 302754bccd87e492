"""Addresses of notices."""

from django.urls import path

from tanzhao.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.read_all, name="read_all"),
    path("<uuid:notice_id>/read/", views.read, name="read"),
]
