"""One person of the talent pool."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspectors.actions import add_inspector, change_inspector, unmask_id_number
from tanzhao.inspectors.forms import InspectorForm, initial_of
from tanzhao.inspectors.models import Inspector
from tanzhao.inspectors.rules import may_unmask
from tanzhao.kernel.verdict import Refused

PAGE = "inspectors/inspector.html"


@require_safe
@requires(Action.INSPECTOR_SEE)
def inspector(request: SignedInRequest, inspector_id: UUID) -> HttpResponse:
    """Show one person, the ID number masked."""
    return _show(request, inspector_id)


@require_POST
@requires(Action.INSPECTOR_UNMASK)
def unmask(request: SignedInRequest, inspector_id: UUID) -> HttpResponse:
    """Show one person with the full ID number, this once. The look is recorded."""
    get_object_or_404(Inspector.objects.visible_to(request.user), pk=inspector_id)
    number = unmask_id_number(inspector_id=inspector_id, actor=request.user, at=timezone.now())
    response = _show(request, inspector_id, number)
    response.headers["Cache-Control"] = "no-store"
    return response


def _show(request: SignedInRequest, inspector_id: UUID, number: str = "") -> HttpResponse:
    visible = Inspector.objects.visible_to(request.user).select_related("workplace_unit")
    found = get_object_or_404(visible, pk=inspector_id)
    context = {
        "inspector": found,
        "number": number,
        "services": found.services.select_related("unit"),
        "recusals": found.declared_recusals.select_related("unit"),
        "past_rounds": found.past_rounds.all(),
        "memberships": found.memberships.select_related("team__round__term").order_by(
            "-team__round__term__number", "-team__round__number"
        ),
        "unmasking": may_unmask(request.user),
        "may_change": request.user.holds(Action.INSPECTOR_IMPORT),
    }
    return render(request, f"{PAGE}#id-number" if request.htmx else PAGE, context)


@require_http_methods(["GET", "POST"])
@requires(Action.INSPECTOR_IMPORT)
def add(request: SignedInRequest) -> HttpResponse:
    """Add a person."""
    form = InspectorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = add_inspector(values=form.values(), actor=request.user, at=timezone.now())
        except Refused as refusal:
            form.add_error("id_number", refusal.reason)
        else:
            messages.success(request, _("%(person)s was added.") % {"person": found})
            return redirect("inspectors:inspector", found.pk)
    context = {"form": form, "inspector": None}
    return render(request, "inspectors/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.INSPECTOR_IMPORT)
def change(request: SignedInRequest, inspector_id: UUID) -> HttpResponse:
    """Change a person."""
    found = get_object_or_404(Inspector.objects.visible_to(request.user), pk=inspector_id)
    form = InspectorForm(request.POST or None, initial=initial_of(found), inspector=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_inspector(
                inspector_id=inspector_id,
                values=form.values(),
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("id_number", refusal.reason)
        else:
            return redirect("inspectors:inspector", inspector_id)
    context = {"form": form, "inspector": found}
    return render(request, "inspectors/edit.html", context, status=422 if form.errors else 200)
