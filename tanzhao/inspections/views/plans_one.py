"""The page of one plan: its picture, its next step, and how far its computing is."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.documents.states import ENDED, RunState
from tanzhao.inspections.actions import (
    approve_plan,
    cancel_computing,
    compute_plan,
    discard_plan,
    note_gone_pins,
    propose_plan,
    refresh_plan,
    rename_plan,
    return_plan,
    stop_computing,
)
from tanzhao.inspections.forms import ReasonForm
from tanzhao.inspections.forms_plans import GOOD, LENGTHS, ComputeForm, LeftOutForm, TitleForm
from tanzhao.inspections.models import PlannedVisit, TermPlan
from tanzhao.inspections.queries.plans import (
    PlanSummary,
    newcomers_of,
    plan_in_force,
    plan_makers,
    plan_summary,
)
from tanzhao.inspections.rules import (
    may_approve_plan,
    may_begin_plan,
    may_change_plan,
    may_discard_plan,
    may_open_planned_round,
    may_propose_plan,
    may_refresh_plan,
    may_stop_computing,
)
from tanzhao.inspections.states import PlanState, VisitKind
from tanzhao.inspections.views.plans_picture import Column, Picture, picture_of
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import YES, Refused, Verdict

PAGE = "inspections/plan.html"
AREA = f"{PAGE}#plan-area"


def found_plan(user: User, plan_id: UUID) -> TermPlan:
    """Give the plan if `user` may know of it, with its term and people at hand; else 404."""
    plans = TermPlan.objects.visible_to(user).select_related(
        "term", "run__started_by", "made_by", "proposed_by", "approved_by"
    )
    return get_object_or_404(plans, pk=plan_id)


def picture_of_plan(plan: TermPlan, *, without: Collection[UUID] = ()) -> Picture:
    """Read a plan and arrange it as a picture. `without`: planned units whose look-back belongs
    to the next term."""
    found = PlannedVisit.objects.filter(planned__plan=plan).select_related("planned__unit", "round")
    visits = found.exclude(kind=VisitKind.LOOK_BACK, round=None, planned__in=without)
    opened = {one.number: one for one in plan.term.rounds.select_related("term")}
    rounds = list(plan.rounds.all())
    return picture_of(plan, rounds, list(visits), opened=opened, on_day=today())


@require_safe
@requires(Action.PLAN_SEE)
def show(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Show a plan as a picture, with its next step."""
    return plan_page(request, plan_id)


@require_POST
@requires(Action.PLAN_MAKE)
def compute(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Have the planner look for the best places, in the background."""
    form = ComputeForm(request.POST)
    asked = form.cleaned_data if form.is_valid() else {"seconds": GOOD, "mend": False}
    return _step(request, plan_id, partial(compute_plan, **asked))


@require_POST
@requires(Action.PLAN_MAKE)
def stop(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Ask the planner to end with the best it has."""
    return _step(request, plan_id, stop_computing)


@require_POST
@requires(Action.PLAN_MAKE)
def cancel(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """End the computing and leave the places of the plan as they are."""
    return _step(request, plan_id, cancel_computing)


@require_safe
@requires(Action.PLAN_SEE)
def progress(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Say how far the computing is; when it has ended, have the page loaded anew."""
    plan = found_plan(request.user, plan_id)
    how_far = _progress(request.user, plan)
    if not request.htmx:
        return redirect("inspections:plan", plan_id)
    if how_far is None:
        return HttpResponseClientRefresh()
    context = {"plan": plan, "progress": how_far}
    return render(request, "inspections/plan_progress.html", context)


@require_POST
@requires(Action.PLAN_MAKE)
def rename(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Say what a draft tries out."""
    form = TitleForm(request.POST)
    if not form.is_valid():
        return plan_page(request, plan_id, status=422, title_form=form)
    return _step(request, plan_id, partial(rename_plan, title=form.cleaned_data["title"]))


@require_POST
@requires(Action.PLAN_MAKE)
def refresh(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Take in units that are new, and let go those that are closed or merged."""
    return _step(request, plan_id, refresh_plan)


@require_POST
@requires(Action.PLAN_MAKE)
def propose(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Put a plan forward for approval."""
    form = LeftOutForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _step(request, plan_id, partial(propose_plan, reason=reason))


@require_POST
@requires(Action.PLAN_APPROVE)
def approve(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Put a plan into force."""
    return _step(request, plan_id, approve_plan)


@require_POST
@requires(Action.PLAN_APPROVE)
def give_back(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Return a plan with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return plan_page(request, plan_id, status=422, return_form=form)
    return _step(request, plan_id, partial(return_plan, reason=form.cleaned_data["reason"]))


@require_POST
@requires(Action.PLAN_MAKE)
def note_pins(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Take note of pins that went with closed or merged units."""
    return _step(request, plan_id, note_gone_pins)


@require_POST
@requires(Action.PLAN_MAKE)
def discard(request: SignedInRequest, plan_id: UUID) -> HttpResponse:
    """Set a draft aside."""
    return _step(request, plan_id, discard_plan)


def _step(request: SignedInRequest, plan_id: UUID, step: Callable[..., object]) -> HttpResponse:
    """Take one step, and show the plan again, with the reason if it was refused."""
    found_plan(request.user, plan_id)
    try:
        step(plan_id=plan_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return plan_page(request, plan_id, status=422, refusal=refusal.reason)
    return redirect("inspections:plan", plan_id)


def plan_page(
    request: SignedInRequest, plan_id: UUID, *, status: int = 200, **more: object
) -> HttpResponse:
    """Show a plan: the whole page, or the part under its head if only that was asked for."""
    user, plan = request.user, found_plan(request.user, plan_id)
    summary = plan_summary(plan, today=today())
    picture = picture_of_plan(plan, without=[one.planned.pk for one in summary.deferred])
    how_far = _progress(user, plan)
    clashing = [] if plan.changed_since else summary.conflict
    context = {
        "plan": plan,
        "picture": picture,
        "summary": summary,
        "quality": quality_of(summary),
        "progress": how_far,
        "not_computed": _not_computed(plan),
        "mended": _mended(plan),
        "conflict": clashing,
        "ready": plan.computed_at
        and not (plan.changed_since or summary.unplaced or clashing or summary.broken),
        "mending": plan.computed_at and plan.changed_since,
        "moving": may_change_plan(user, plan),
        "may": _verdicts(user, plan, summary),
        "limits": [{"seconds": n, "label": text, "is_usual": n == GOOD} for n, text in LENGTHS],
        "in_force": _in_force_beside(plan),
        "next_round": _next_round(picture),
        "return_form": ReasonForm(),
        "left_out_form": LeftOutForm(),
        "title_form": TitleForm(initial={"title": plan.title}),
        **_changes(plan),
        **more,
    }
    return render(request, AREA if request.htmx else PAGE, context, status=status)


def _verdicts(user: User, plan: TermPlan, summary: PlanSummary) -> dict[str, Verdict]:
    left_out, broken = summary.visits - summary.placed, summary.broken
    proposed = plan.state == PlanState.PROPOSED
    has_made = plan_makers(plan, user) if proposed else False
    return {
        "compute": may_change_plan(user, plan),
        "refresh": may_refresh_plan(user, plan),
        "propose": may_propose_plan(user, plan, left_out=left_out, reason="", broken=broken),
        "propose_incomplete": may_propose_plan(
            user, plan, left_out=left_out, reason=_("given in the form"), broken=broken
        ),
        "approve": may_approve_plan(
            user, plan, has_made=has_made, left_out=left_out, broken=broken
        ),
        "discard": may_discard_plan(user, plan),
        "begin": may_begin_plan(user),
        "open": may_open_planned_round(
            user, plan, summary.rounds[0].planned, units=1, is_taken=False
        )
        if summary.rounds
        else YES,
    }


def _in_force_beside(plan: TermPlan) -> TermPlan | None:
    if plan.state == PlanState.IN_FORCE:
        return None
    return plan_in_force(plan.term_id)


def _next_round(picture: Picture) -> Column | None:
    """The first round that is still to be opened and has units."""
    ahead = (c for c in picture.columns if c.opened is None and not c.has_history and c.units)
    return next(ahead, None)


def _changes(plan: TermPlan) -> dict[str, Any]:
    """What has happened since: of interest as long as the plan is made or carried out."""
    if plan.state not in {PlanState.DRAFT, PlanState.IN_FORCE}:
        return {}
    found = newcomers_of(plan)
    return {"newcomers": found.new, "gone": found.gone, "took_place": found.took_place}


def quality_of(summary: PlanSummary) -> dict[str, str]:
    """Say how good a plan is: at most so much dearer than the best there can be."""
    gap = summary.gap
    if gap is not None and summary.plan.changed_since:
        return {"short": "—", "meaning": _("not computed since the change"), "sentence": ""}
    if gap is not None and summary.unplaced:
        return {"short": "—", "meaning": _("not told while visits have no place"), "sentence": ""}
    if gap is None and summary.plan.computed_at is not None:
        meaning = _("not told: it was to move as few as possible")
        return {"short": "—", "meaning": meaning, "sentence": ""}
    if gap is None:
        return {"short": "—", "meaning": _("not computed yet"), "sentence": ""}
    if gap < 0.05:
        return {
            "short": _("best"),
            "meaning": _("proved: there is no better plan"),
            "sentence": _("It is proved that there is no better plan."),
        }
    return {
        "short": f"≤ {gap:.1f}%",
        "meaning": _("at most this far from the best there can be"),
        "sentence": _(
            "It is at most %(gap)s%% from the best plan there can be: important units early, units"
            " of one area together, all rounds equally busy."
        )
        % {"gap": f"{gap:.1f}"},
    }


def _not_computed(plan: TermPlan) -> str:
    """What the last computing says if it failed or was cancelled, as long as none came after it."""
    ends = {RunState.FAILED, RunState.CANCELLED}
    return plan.run.problem if plan.run is not None and plan.run.state in ends else ""


def _mended(plan: TermPlan) -> str:
    """Say how many visits the last computing moved, if it was to move as few as possible."""
    moved = plan.run.result.get("moved") if plan.run else None
    if moved is None or plan.changed_since:
        return ""
    sentence = ngettext(
        "To make room for the change, %(n)s visit was moved.",
        "To make room for the change, %(n)s visits were moved.",
        moved,
    ) % {"n": moved}
    if plan.run and plan.run.result.get("is_fewest"):
        return " ".join([sentence, _("It is proved that fewer are not enough.")])
    return sentence


def _progress(user: User, plan: TermPlan) -> Mapping[str, Any] | None:
    """Say how far the computing of a plan is; None if none is under way."""
    run = plan.run
    if run is None or RunState(run.state) in ENDED:
        return None
    said = run.progress
    limit = said.get("limit") or GOOD
    seconds = min(round(said.get("seconds") or 0), limit)
    cost, bound = said.get("cost"), said.get("bound")
    gap = 100 * (cost - bound) / bound if cost is not None and bound else None
    return {
        "run": run,
        "waits": run.state == RunState.WAITING,
        "stopping": run.stop_asked_at is not None,
        "can_stop": run.stop_asked_at is None and bool(may_stop_computing(user, plan)),
        "can_cancel": bool(may_stop_computing(user, plan)),
        "has_plan": gap is not None,
        "quality": gap is not None
        and _("Best so far: at most %(gap)s%% from the best there can be.") % {"gap": f"{gap:.1f}"},
        "seconds": seconds,
        "limit": limit,
        "percent": round(100 * seconds / limit),
    }
