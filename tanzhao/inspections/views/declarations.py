"""Declaring units to stay away from: one's own, or for somebody at the office."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.actions import (
    declare_recusal_and_recheck,
    withdraw_recusal_and_recheck,
)
from tanzhao.inspections.forms import RecusalForm, WithdrawalForm
from tanzhao.inspectors.models import DeclaredRecusal, Inspector
from tanzhao.inspectors.rules import may_declare_recusal, may_withdraw_recusal
from tanzhao.kernel.sheets.text import fold
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Unit

PAGE = "inspections/recusals.html"
NAMES_OFFERED = 8


@require_http_methods(["GET", "POST"])
@requires(Action.RECUSAL_DECLARE)
def own(request: SignedInRequest) -> HttpResponse:
    """Show what the reader has declared, and declare more."""
    key = request.user.inspector_id
    if key is None:
        return render(request, PAGE, {"inspector": None})
    visible = Inspector.objects.visible_to(request.user)
    return _declare(request, get_object_or_404(visible, pk=key))


@require_http_methods(["GET", "POST"])
@requires(Action.RECUSAL_DECLARE)
def of_person(request: SignedInRequest, inspector_id: UUID) -> HttpResponse:
    """Show what somebody has declared, and enter more for them."""
    visible = Inspector.objects.visible_to(request.user)
    return _declare(request, get_object_or_404(visible, pk=inspector_id))


@require_POST
@requires(Action.RECUSAL_DECLARE)
def withdraw(request: SignedInRequest, recusal_id: UUID) -> HttpResponse:
    """Strike a declaration out, with the reason."""
    visible = Inspector.objects.visible_to(request.user)
    known = DeclaredRecusal.objects.filter(inspector__in=visible).select_related("inspector")
    recusal = get_object_or_404(known, pk=recusal_id)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        sentence = _("A withdrawal needs a reason of at most 500 characters.")
        return _page(request, recusal.inspector, RecusalForm(), refusal=sentence)
    try:
        withdraw_recusal_and_recheck(
            recusal_id=recusal_id,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _page(request, recusal.inspector, RecusalForm(), refusal=refusal.reason)
    messages.success(request, _("The declaration on %(unit)s was withdrawn.") % {"unit": recusal})
    return _back(request, recusal.inspector)


@require_safe
@requires(Action.RECUSAL_DECLARE)
def unit_names(request: SignedInRequest) -> HttpResponse:
    """Offer names of units for what is being typed."""
    names = _names_like(request.user, request.GET.get("unit", ""))
    return render(request, f"{PAGE}#unit-names", {"names": names})


def _declare(request: SignedInRequest, inspector: Inspector) -> HttpResponse:
    form = RecusalForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, inspector, form)
    unit = form.cleaned_data["unit"]
    if "as_written" not in request.POST and not _is_unit(request.user, unit):
        return _page(request, inspector, form, unknown=unit)
    try:
        recusal = declare_recusal_and_recheck(
            inspector_id=inspector.pk, unit_name=unit, actor=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return _page(request, inspector, form, refusal=refusal.reason)
    # Says the same whatever follows: which units are to be inspected is not to be learnt here.
    messages.success(request, _("The declaration on %(unit)s was entered.") % {"unit": recusal})
    return _back(request, inspector)


def _page(
    request: SignedInRequest,
    inspector: Inspector,
    form: RecusalForm,
    *,
    refusal: str = "",
    unknown: str = "",
) -> HttpResponse:
    declared = inspector.declared_recusals.select_related("unit", "declared_by", "inspector")
    context: dict[str, Any] = {
        "inspector": inspector,
        "is_own": request.user.inspector_id == inspector.pk,
        "form": form,
        "refusal": refusal,
        "unknown": unknown,
        "alike": _names_like(request.user, unknown),
        "declaring": may_declare_recusal(request.user, inspector),
        "recusals": [(one, may_withdraw_recusal(request.user, one)) for one in declared],
    }
    wrong = refusal or unknown or form.errors
    return render(request, PAGE, context, status=422 if wrong else 200)


def _back(request: SignedInRequest, inspector: Inspector) -> HttpResponse:
    if request.user.inspector_id == inspector.pk:
        return redirect("inspections:own_recusals")
    return redirect("inspections:recusals_of", inspector.pk)


def _is_unit(user: User, name: str) -> bool:
    names = Unit.objects.visible_to(user).values_list("name", flat=True)
    return fold(name) in {fold(one) for one in names}


def _names_like(user: User, text: str) -> list[str]:
    """Give names of units that hold what was written, or whose every character it shares."""
    text = "".join(text.split()).replace("\x00", "")[:120]
    if not text:
        return []
    units = Unit.objects.visible_to(user).filter(retired=False)
    found = units.filter(name__icontains=text)
    if not found.exists():
        for character in set(text[:12]):
            units = units.filter(name__icontains=character)
        found = units
    return list(found.values_list("name", flat=True)[:NAMES_OFFERED])
