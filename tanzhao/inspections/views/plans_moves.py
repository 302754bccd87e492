"""Asking what would have to move for a visit to be in another round, and how far that is."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.actions import ask_what_moves
from tanzhao.inspections.forms_plans import KindForm
from tanzhao.inspections.models import PlannedVisit
from tanzhao.inspections.planning.term_instance import instance_of
from tanzhao.inspections.queries.plan_moves import answers_about
from tanzhao.inspections.views.plans_one import found_plan
from tanzhao.inspections.views.plans_units import planned_of, unit_page
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused


@require_POST
@requires(Action.PLAN_SEE)
def ask(request: SignedInRequest, plan_id: UUID, unit_id: UUID) -> HttpResponse:
    """Have it found out what would have to move for a visit to be in each other round."""
    plan = found_plan(request.user, plan_id)
    planned = planned_of(plan, unit_id)
    form = KindForm(request.POST)
    if not form.is_valid():
        refusal = _("Choose the visit once more.")
        return unit_page(request, plan, planned, status=422, refusal=refusal)
    which = {"plan_id": plan_id, "unit_id": unit_id, "kind": form.cleaned_data["kind"]}
    try:
        ask_what_moves(**which, actor=request.user, at=timezone.now())
    except PlannedVisit.DoesNotExist as missing:
        raise Http404 from missing
    except Refused as refused:
        return unit_page(request, plan, planned, status=422, refusal=refused.reason)
    return redirect("inspections:planned_unit", plan_id, unit_id)


@require_safe
@requires(Action.PLAN_SEE)
def progress(request: SignedInRequest, plan_id: UUID, unit_id: UUID) -> HttpResponse:
    """Say how far it is; when it has ended, have the page of the unit loaded anew."""
    plan = found_plan(request.user, plan_id)
    planned = planned_of(plan, unit_id)
    if not request.htmx:
        return redirect("inspections:planned_unit", plan_id, unit_id)
    found = answers_about(planned.visits.all(), instance_of(plan, day=today()))
    answer = next((one for one in found.values() if one.is_open), None)
    if answer is None:
        return HttpResponseClientRefresh()
    context = {"plan": plan, "planned": planned, "answer": answer}
    return render(request, "inspections/visit_moves.html", context)
