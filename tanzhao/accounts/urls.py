"""Addresses of accounts."""

from django.urls import path

from tanzhao.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.login, name="login"),
    path("sign-out/", views.logout, name="logout"),
    path("profile/", views.profile, name="profile"),
]
