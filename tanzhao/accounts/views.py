"""Signing in and out, one's own profile, the accounts, and the trail."""

from django.contrib.auth import login as begin_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.accounts.actions import (
    change_language,
    note_failed_sign_in,
    note_sign_in,
    note_sign_out,
)
from tanzhao.accounts.forms import ProfileForm


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign somebody in and send them where they wanted to go."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            user = form.get_user()
            begin_session(request, user)
            note_sign_in(user=user, at=timezone.now())
            safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
            return redirect(wanted if safe else "web:workbench")
        note_failed_sign_in(username=request.POST.get("username", ""), at=timezone.now())
    context = {"form": form, "next": wanted}
    return render(request, "accounts/login.html", context, status=422 if form.errors else 200)


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
    return render(request, "accounts/profile.html", {"form": form})
