"""Addresses of documents."""

from django.urls import path

from tanzhao.documents import views

app_name = "documents"
urlpatterns = [path("runs/<uuid:run_id>/", views.run, name="run")]
