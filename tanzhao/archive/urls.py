"""Addresses of archive."""

from django.urls import path

from tanzhao.archive import views

app_name = "archive"
urlpatterns = [
    path("", views.volumes, name="volumes"),
    path("engagements/<uuid:engagement_id>/", views.volume, name="volume"),
    path("engagements/<uuid:engagement_id>/seal/", views.seal, name="seal"),
    path("engagements/<uuid:engagement_id>/download/", views.download, name="download"),
    path("rounds/<uuid:round_id>/archive/", views.archive_round, name="archive_round"),
]
