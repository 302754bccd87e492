"""One unit: its plain facts, and changing them by hand."""

from uuid import UUID

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import Refused
from tanzhao.units.actions import add_unit, change_unit, merge_units
from tanzhao.units.forms import MergeForm, UnitForm
from tanzhao.units.models import Unit
from tanzhao.units.queries import branch, coverage, visits_today

CHILDREN_SHOWN = 100


@require_safe
@requires(Action.UNIT_SEE)
def unit(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    """Show one unit."""
    visible = Unit.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("parent", "merged_into"), pk=unit_id)
    below, visits = visible.filter(parent=found), visits_today()
    context = {
        "unit": found,
        "visits": found.visits.all(),
        "taken_up": visible.filter(merged_into=found).order_by("name"),
        "children": branch(below, visits)[:CHILDREN_SHOWN],
        "share": coverage(below, visits)[0],
        "may_change": request.user.holds(Action.UNIT_IMPORT),
    }
    return render(request, "units/unit.html", context)


@require_http_methods(["GET", "POST"])
@requires(Action.UNIT_IMPORT)
def add(request: SignedInRequest) -> HttpResponse:
    """Add a unit."""
    form = UnitForm(request.POST or None, visible=Unit.objects.visible_to(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            found = add_unit(values=form.values(), actor=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("name", refusal.reason)
        else:
            messages.success(request, _("%(unit)s was added.") % {"unit": found})
            return redirect("units:unit", found.pk)
    context = {"form": form, "unit": None}
    return render(request, "units/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.UNIT_IMPORT)
def change(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    """Change a unit."""
    visible = Unit.objects.visible_to(request.user)
    found = get_object_or_404(visible, pk=unit_id)
    form = UnitForm(request.POST or None, visible=visible, initial=model_to_dict(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_unit(
                unit_id=unit_id, values=form.values(), actor=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("units:unit", unit_id)
    context = {"form": form, "unit": found}
    return render(request, "units/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.UNIT_IMPORT)
def merge(request: SignedInRequest, unit_id: UUID) -> HttpResponse:
    """Merge a unit into another one."""
    visible = Unit.objects.visible_to(request.user)
    found = get_object_or_404(visible, pk=unit_id)
    others = visible.filter(retired=False).exclude(pk=unit_id)
    form = MergeForm(request.POST or None, others=others)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            merge_units(into_id=into.pk, gone_ids=[unit_id], actor=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            names = {"unit": found, "into": into}
            messages.success(request, _("%(unit)s was merged into %(into)s.") % names)
            return redirect("units:unit", into.pk)
    context = {"form": form, "unit": found}
    return render(request, "units/merge.html", context, status=422 if form.errors else 200)
