"""The page of one round, and each step it can take there."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.actions import (
    approve_round,
    decide_waiver,
    disband_team,
    enter_field,
    form_team,
    mark_staffed,
    reopen_staffing,
)
from tanzhao.inspections.forms import DecisionForm
from tanzhao.inspections.forms_proposals import ProposeForm
from tanzhao.inspections.models import Authorisation, Round, Team, Waiver
from tanzhao.inspections.queries import (
    Staffing,
    has_made,
    rule_titles,
    staffing_of,
    teams_visible_to,
)
from tanzhao.inspections.queries.alert_boxes import alert_boxes
from tanzhao.inspections.queries.plans import plan_in_force
from tanzhao.inspections.queries.proposals import open_proposal_of
from tanzhao.inspections.rules import (
    may_approve_authorisation,
    may_approve_round,
    may_change_round,
    may_decide_waiver,
    may_draft_authorisation,
    may_enter_field,
    may_mark_staffed,
    may_reopen_staffing,
    may_staff,
)
from tanzhao.inspections.rules.alerts import sees_recusal
from tanzhao.inspections.rules.proposals import may_propose_teams, missing_for_proposal
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused

PAGE = "inspections/round.html"


@require_safe
@requires(Action.ROUND_SEE)
def show(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Show one round."""
    return round_page(request, round_id)


@require_POST
@requires(Action.ROUND_APPROVE)
def approve(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Approve a proposed round."""
    return take_step(request, round_id, partial(approve_round, round_id=round_id))


@require_POST
@requires(Action.TEAM_COMPOSE)
def staffed(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Declare the teams complete."""
    return take_step(request, round_id, partial(mark_staffed, round_id=round_id))


@require_POST
@requires(Action.TEAM_COMPOSE)
def reopen(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Let the teams be changed again."""
    return take_step(request, round_id, partial(reopen_staffing, round_id=round_id))


@require_POST
@requires(Action.ROUND_ADVANCE)
def enter(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Send the teams into the field."""
    return take_step(request, round_id, partial(enter_field, round_id=round_id))


@require_POST
@requires(Action.TEAM_COMPOSE)
def add_team(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Form another team."""
    return take_step(request, round_id, partial(form_team, round_id=round_id))


@require_POST
@requires(Action.TEAM_COMPOSE)
def disband(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Take an empty team out of its round."""
    teams = Team.objects.filter(round__in=Round.objects.visible_to(request.user))
    team = get_object_or_404(teams, pk=team_id)
    return take_step(request, team.round_id, partial(disband_team, team_id=team_id))


@require_POST
@requires(Action.WAIVER_DECIDE)
def decide(request: SignedInRequest, waiver_id: UUID) -> HttpResponse:
    """Grant or deny a waiver."""
    waivers = Waiver.objects.filter(team__round__in=Round.objects.visible_to(request.user))
    waiver = get_object_or_404(waivers.select_related("team"), pk=waiver_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        wrong = {"wrong_form": form, "wrong_waiver": waiver_id}
        return round_page(request, waiver.team.round_id, status=422, **wrong)
    step = partial(
        decide_waiver,
        waiver_id=waiver_id,
        is_granted=form.cleaned_data["decision"] == "grant",
        reason=form.cleaned_data["reason"],
    )
    return take_step(request, waiver.team.round_id, step)


def take_step(
    request: SignedInRequest, round_id: UUID, step: Callable[..., object]
) -> HttpResponse:
    """Take one step, and show the round again, with the reason if it was refused."""
    get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    try:
        step(actor=request.user, at=timezone.now())
    except Refused as refusal:
        return round_page(request, round_id, status=422, refusal=refusal.reason)
    return redirect("inspections:round", round_id)


def round_page(
    request: SignedInRequest, round_id: UUID, *, status: int = 200, **more: object
) -> HttpResponse:
    rounds = Round.objects.visible_to(request.user).select_related(
        "term", "kind", "frame", "proposed_by", "approved_by"
    )
    round_ = get_object_or_404(rounds, pk=round_id)
    authorisation = (
        Authorisation.objects.filter(round=round_)
        .select_related("drafted_by", "approved_by")
        .first()
    )
    teams = teams_visible_to(request.user).filter(round=round_).order_by("number")
    staffing = staffing_of(round_, list(teams))
    waivers = _waivers(request.user, staffing)
    context = {
        "round": round_,
        "steps": _steps(round_),
        "plan": plan_in_force(round_.term_id) if request.user.holds(Action.PLAN_SEE) else None,
        "staffing": staffing,
        "authorisation": authorisation,
        "sees_recusal": sees_recusal(request.user),
        "alerts": alert_boxes(request.user, staffing),
        "sees_people": request.user.holds(Action.INSPECTOR_SEE),
        "asks_waivers": request.user.holds(Action.WAIVER_REQUEST),
        "composes": request.user.holds(Action.TEAM_COMPOSE),
        "waivers": waivers,
        "waits_for_reader": any(entry["deciding"] for entry in waivers),
        **_verdicts(request.user, round_, authorisation, staffing),
        **_proposing(request.user, round_, staffing),
        **more,
    }
    return render(request, PAGE, context, status=status)


def _steps(round_: Round) -> list[dict[str, Any]]:
    order = list(RoundState)
    here = order.index(RoundState(round_.state))
    return [
        {"label": state.label, "is_done": rank < here, "is_here": rank == here}
        for rank, state in enumerate(order)
    ]


def _waivers(user: User, staffing: Staffing) -> list[dict[str, Any]]:
    if not sees_recusal(user):
        return []
    titles = rule_titles(staffing.round)
    return [
        {
            "waiver": waiver,
            "title": titles.get(waiver.rule, waiver.rule),
            "deciding": may_decide_waiver(user, waiver),
        }
        for waiver in staffing.waivers
    ]


def _proposing(user: User, round_: Round, staffing: Staffing) -> dict[str, Any]:
    """For those who put teams together: the proposal that is open, or whether one can be made."""
    if not user.holds(Action.TEAM_COMPOSE):
        return {}
    proposal = open_proposal_of(round_)
    teams = [(str(own.team), len(own.engagements)) for own in staffing.teams]
    # An empty talent pool is told when one asks for teams.
    missing = missing_for_proposal(teams, people=1)
    return {
        "proposal": proposal,
        "proposing": may_propose_teams(user, round_, missing=missing, is_open=bool(proposal)),
        "propose_form": ProposeForm(),
        "has_members": any(own.members for own in staffing.teams),
    }


def _verdicts(
    user: User, round_: Round, authorisation: Authorisation | None, staffing: Staffing
) -> dict[str, Any]:
    problems = staffing.problems
    return {
        "changing": may_change_round(user, round_),
        "approving": may_approve_round(user, round_, has_made=has_made(user, round_)),
        "composing": may_staff(user, round_),
        "completing": may_mark_staffed(user, round_, problems),
        "reopening": may_reopen_staffing(user, round_),
        "drafting": may_draft_authorisation(user, round_, authorisation),
        "authorising": may_approve_authorisation(
            user, round_, authorisation, problems, has_made=has_made(user, authorisation)
        ),
        "entering": may_enter_field(user, round_, authorisation, on_day=today(), problems=problems),
        "problems": problems,
    }
