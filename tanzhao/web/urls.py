"""Addresses of web."""

from django.urls import path

from tanzhao.web import views

app_name = "web"
urlpatterns = [path("", views.workbench, name="workbench")]
