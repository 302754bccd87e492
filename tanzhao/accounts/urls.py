"""Addresses of accounts."""

from django.urls import path

from tanzhao.accounts.views import administration, entry, trail

app_name = "accounts"
urlpatterns = [
    path("sign-in/", entry.login, name="login"),
    path("sign-in/demo/", entry.demo_login, name="demo_login"),
    path("sign-out/", entry.logout, name="logout"),
    path("profile/", entry.profile, name="profile"),
    path("profile/password/", entry.change_own_password, name="change_own_password"),
    path("", administration.accounts, name="accounts"),
    path("open/", administration.open_new, name="open"),
    path("<uuid:user_id>/", administration.change, name="change"),
    path("<uuid:user_id>/password/", administration.reset_password, name="reset_password"),
    path("trail/", trail.trail, name="trail"),
    path("trail/verify/", trail.verify, name="verify_trail"),
]
