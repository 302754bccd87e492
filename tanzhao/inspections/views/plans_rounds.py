"""The rounds of a plan: as numbers, changed in a draft, opened from the plan in force."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.actions import (
    add_planned_round,
    change_planned_round,
    open_planned_round,
    remove_planned_round,
)
from tanzhao.inspections.forms_plans import (
    OpenPlannedRoundForm,
    PlannedRoundForm,
    first_days_of,
)
from tanzhao.inspections.models import PlannedRound, TermPlan
from tanzhao.inspections.rules import may_change_plan, may_open_planned_round, may_remove_round
from tanzhao.inspections.states import PlanState
from tanzhao.inspections.views.plans_one import found_plan, picture_of_plan
from tanzhao.kernel.verdict import Refused, require

PAGE, FORM = "inspections/plan_rounds.html", "inspections/planned_round.html"


@require_safe
@requires(Action.PLAN_SEE)
def rounds(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Show the rounds of a plan as numbers."""
    return _list(request, found_plan(request.user, plan_id))


@require_POST
@requires(Action.PLAN_MAKE)
def add(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Add a round to a draft."""
    plan = found_plan(request.user, plan_id)
    form = PlannedRoundForm(request.POST, term=plan.term)
    if not form.is_valid():
        return _list(request, plan, form=form, status=422)
    last = plan.rounds.order_by("-number").first()
    try:
        add_planned_round(
            plan_id=plan_id,
            number=last.number + 1 if last else 1,
            **form.cleaned_data,
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _list(request, plan, form=form, refusal=refusal.reason, status=422)
    return redirect("inspections:plan_rounds", plan_id)


@require_http_methods(["GET", "POST"])
@requires(Action.PLAN_MAKE)
def change(request: SignedInRequest, plan_id: UUID, number: int) -> HttpResponse:
    """Change when a round of a draft begins and how much it can do."""
    plan = found_plan(request.user, plan_id)
    planned = get_object_or_404(plan.rounds, number=number)
    form = PlannedRoundForm(request.POST or None, term=plan.term, like=planned)
    context: dict[str, Any] = {"plan": plan, "planned": planned, "form": form}
    try:
        require(may_change_plan(request.user, plan))
        if request.method == "POST" and form.is_valid():
            change_planned_round(
                plan_id=plan_id,
                number=number,
                **form.cleaned_data,
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("inspections:plan_rounds", plan_id)
    except Refused as refusal:
        return render(request, FORM, {**context, "refusal": refusal.reason}, status=422)
    done = planned.visits.filter(done=True).count()
    context["removing"] = may_remove_round(request.user, plan, planned, done=done)
    visits = list(planned.visits.select_related("planned__unit"))
    context["visits"] = len(visits)
    context["pinned"] = [str(one) for one in visits if one.pinned]
    return render(request, FORM, context, status=422 if form.errors else 200)


@require_POST
@requires(Action.PLAN_MAKE)
def remove(request: SignedInRequest, plan_id: UUID, number: int) -> HttpResponse:
    """Take a round out of a draft."""
    plan = found_plan(request.user, plan_id)
    try:
        remove_planned_round(plan_id=plan_id, number=number, actor=request.user, at=timezone.now())
    except PlannedRound.DoesNotExist as missing:
        raise Http404 from missing
    except Refused as refusal:
        return _list(request, plan, refusal=refusal.reason, status=422)
    return redirect("inspections:plan_rounds", plan_id)


@require_http_methods(["GET", "POST"])
@requires(Action.ROUND_PLAN)
def open_round(request: SignedInRequest, plan_id: UUID, number: int) -> HttpResponse:
    """Open a round from the plan in force: its teams are formed and have their units."""
    plan = found_plan(request.user, plan_id)
    planned = get_object_or_404(plan.rounds, number=number)
    visits = list(
        planned.visits.filter(done=False)
        .select_related("planned__unit")
        .order_by("team", "planned__unit__position")
    )
    form = OpenPlannedRoundForm(request.POST or None, initial=first_days_of(planned))
    context: dict[str, Any] = {"plan": plan, "planned": planned, "form": form, "visits": visits}
    taken = plan.term.rounds.filter(number=number).exists()
    try:
        require(
            may_open_planned_round(request.user, plan, planned, units=len(visits), is_taken=taken)
        )
        if request.method == "POST" and form.is_valid():
            opened = open_planned_round(
                plan_id=plan_id,
                number=number,
                **form.cleaned_data,
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("inspections:round", opened.pk)
    except Refused as refusal:
        context = {**context, "form": None, "refusal": refusal.reason}
        return render(request, "inspections/open_planned_round.html", context, status=422)
    status = 422 if form.errors else 200
    return render(request, "inspections/open_planned_round.html", context, status=status)


def _list(
    request: SignedInRequest, plan: TermPlan, *, status: int = 200, **more: object
) -> HttpResponse:
    changing = may_change_plan(request.user, plan)
    last = plan.rounds.order_by("-number").first()
    context = {
        "plan": plan,
        "picture": picture_of_plan(plan),
        "changing": changing,
        "openable": plan.state == PlanState.IN_FORCE and request.user.holds(Action.ROUND_PLAN),
        "form": PlannedRoundForm(term=plan.term, like=last),
        **more,
    }
    return render(request, PAGE, context, status=status)
