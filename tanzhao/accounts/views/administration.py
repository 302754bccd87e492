"""The system administrator's list of accounts."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.accounts.actions import change_account, open_account, set_password
from tanzhao.accounts.forms import ChangeAccountForm, NewPasswordForm, OpenAccountForm
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.verdict import Refused


@require_safe
@requires(Action.ACCOUNT_SEE)
def accounts(request: SignedInRequest) -> HttpResponse:
    """List the accounts."""
    found = User.objects.all()
    role = request.GET.get("role", "")
    if role in Role.values:
        found = found.filter(role=role)
    context = {
        "page": page_of(found, order=("username",), after=request.GET.get("after", "")),
        "total": found.count(),
        "roles": Role.choices,
        "role": role,
    }
    return render(request, "accounts/accounts.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.ACCOUNT_CHANGE)
def open_new(request: SignedInRequest) -> HttpResponse:
    """Open an account."""
    form = OpenAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        unit, inspector = values.pop("unit"), values.pop("inspector")
        try:
            user = open_account(
                actor=request.user,
                at=timezone.now(),
                unit_id=unit.pk if unit else None,
                inspector_id=inspector.pk if inspector else None,
                **values,
            )
        except ValidationError as error:
            form.add_error("password" if not hasattr(error, "error_dict") else None, error)
        else:
            messages.success(request, _("The account of %(user)s was opened.") % {"user": user})
            return redirect("accounts:accounts")
    return render(request, "accounts/open.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.ACCOUNT_CHANGE)
def change(request: SignedInRequest, user_id: UUID) -> HttpResponse:
    """Change one account."""
    user = get_object_or_404(User, pk=user_id)
    initial = {"full_name": user.full_name, "is_active": user.is_active}
    form = ChangeAccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_account(
                user_id=user_id, actor=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("accounts:accounts")
    context = {"account": user, "form": form, "password_form": NewPasswordForm()}
    return render(request, "accounts/change.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Action.ACCOUNT_CHANGE)
def reset_password(request: SignedInRequest, user_id: UUID) -> HttpResponse:
    """Give an account a new password."""
    user = get_object_or_404(User, pk=user_id)
    form = NewPasswordForm(request.POST)
    if form.is_valid():
        try:
            set_password(
                user_id=user_id,
                actor=request.user,
                at=timezone.now(),
                password=form.cleaned_data["password"],
            )
        except ValidationError as error:
            form.add_error("password", error)
        else:
            messages.success(request, _("The password of %(user)s was changed.") % {"user": user})
            return redirect("accounts:accounts")
    initial = {"full_name": user.full_name, "is_active": user.is_active}
    context = {"account": user, "form": ChangeAccountForm(initial=initial), "password_form": form}
    return render(request, "accounts/change.html", context, status=422)
