"""Signing in and out, and one's own account."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as begin_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.accounts.actions import (
    change_language,
    note_failed_sign_in,
    note_sign_in,
    note_sign_out,
    set_password,
)
from tanzhao.accounts.forms import PasswordForm, ProfileForm
from tanzhao.accounts.queries import demo_accounts, failed_sign_ins
from tanzhao.accounts.rules import may_try_to_sign_in


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign somebody in and send them where they wanted to go."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST":
        username, now = request.POST.get("username", ""), timezone.now()
        since = now - timedelta(minutes=settings.SIGN_IN_PAUSE_MINUTES)
        trying = may_try_to_sign_in(failed_sign_ins(username, since=since))
        # The password is not looked at during the pause, so that guessing learns nothing.
        if not trying:
            return _show_door(request, AuthenticationForm(request), wanted, trying.reason)
        if form.is_valid():
            return _enter(request, form.get_user(), wanted)
        note_failed_sign_in(username=username, at=now)
    return _show_door(request, form, wanted)


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the sample county's people. There is no such page outside the demo."""
    if not settings.DEMO_SIGN_IN:
        raise Http404
    user = get_object_or_404(User, username=request.POST.get("username"), is_active=True)
    return _enter(request, user, request.POST.get("next", ""))


def _show_door(
    request: HttpRequest, form: AuthenticationForm, wanted: str, refusal: str = ""
) -> HttpResponse:
    context = {"form": form, "next": wanted, "refusal": refusal}
    if settings.DEMO_SIGN_IN:
        context["demo_accounts"] = demo_accounts()
    wrong = form.errors or refusal
    return render(request, "accounts/login.html", context, status=422 if wrong else 200)


def _enter(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    begin_session(request, user, backend="django.contrib.auth.backends.ModelBackend")
    note_sign_in(user=user, at=timezone.now())
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if safe else "web:workbench")


@require_POST
@requires(Action.WORKBENCH_SEE)
def logout(request: SignedInRequest) -> HttpResponse:
    """End the session."""
    note_sign_out(user=request.user, at=timezone.now())
    end_session(request)
    return redirect("accounts:login")


@require_http_methods(["GET", "POST"])
@requires(Action.PROFILE_CHANGE)
def profile(request: SignedInRequest) -> HttpResponse:
    """Show one's own account and let its language be changed."""
    form = ProfileForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        change_language(
            user=request.user, language=form.cleaned_data["language"], at=timezone.now()
        )
        return redirect("accounts:profile")
    context = {"form": form, "password_form": PasswordForm(user=request.user)}
    return render(request, "accounts/profile.html", context)


@require_POST
@requires(Action.PROFILE_CHANGE)
def change_own_password(request: SignedInRequest) -> HttpResponse:
    """Change one's own password and stay signed in here."""
    form = PasswordForm(request.POST, user=request.user)
    if form.is_valid():
        set_password(
            user_id=request.user.pk,
            actor=request.user,
            at=timezone.now(),
            password=form.cleaned_data["new"],
        )
        request.user.refresh_from_db()
        update_session_auth_hash(request, request.user)
        messages.success(request, _("The password was changed."))
        return redirect("accounts:profile")
    language = ProfileForm(initial={"language": request.user.language})
    context = {"form": language, "password_form": form}
    return render(request, "accounts/profile.html", context, status=422)
