"""Putting a team together: its members, its units, and waivers of recusal."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.actions import (
    add_member,
    assign_unit,
    change_role,
    remove_member,
    request_waiver,
    withdraw_unit,
)
from tanzhao.inspections.forms import (
    MemberForm,
    PeopleFilter,
    RoleForm,
    UnitFilter,
    UnitForm,
    WaiverForm,
)
from tanzhao.inspections.models import Engagement, Round, Team, TeamMember
from tanzhao.inspections.queries import (
    UNIT_ORDER,
    inspectors_for,
    people_as_candidates,
    pool_of,
    staffing_of,
    unit_words,
    units_as_candidates,
    units_for,
)
from tanzhao.inspections.rules import may_staff
from tanzhao.inspections.states import TeamRole
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.verdict import Refused

Show = Callable[..., HttpResponse]


@require_safe
@requires(Action.TEAM_COMPOSE)
def members(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Show a team and the people who could be put on it."""
    return _members_page(request, team_id)


@require_safe
@requires(Action.TEAM_COMPOSE)
def units(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Show a team and the units it could be given."""
    return _units_page(request, team_id)


@require_POST
@requires(Action.TEAM_COMPOSE)
def add(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Put somebody on the team."""
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _members_page(request, team_id, refusal=_not_read())
    step = partial(
        add_member,
        team_id=team_id,
        inspector_id=form.cleaned_data["inspector"],
        role=TeamRole(form.cleaned_data["role"]),
    )
    return _step(request, team_id, step, _members_page)


@require_POST
@requires(Action.TEAM_COMPOSE)
def role(request: SignedInRequest, member_id: UUID) -> HttpResponse:
    """Give a member another role."""
    member = _member(request, member_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _members_page(request, member.team_id, refusal=_not_read())
    step = partial(change_role, member_id=member_id, role=TeamRole(form.cleaned_data["role"]))
    return _step(request, member.team_id, step, _members_page)


@require_POST
@requires(Action.TEAM_COMPOSE)
def remove(request: SignedInRequest, member_id: UUID) -> HttpResponse:
    """Take a member out of the team."""
    member = _member(request, member_id)
    step = partial(remove_member, member_id=member_id)
    return _step(request, member.team_id, step, _members_page)


@require_POST
@requires(Action.TEAM_COMPOSE)
def assign(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Give the team a unit."""
    form = UnitForm(request.POST)
    if not form.is_valid():
        return _units_page(request, team_id, refusal=_not_read())
    step = partial(assign_unit, team_id=team_id, unit_id=form.cleaned_data["unit"])
    return _step(request, team_id, step, _units_page)


@require_POST
@requires(Action.TEAM_COMPOSE)
def withdraw(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Take a unit from its team."""
    engagement = get_object_or_404(Engagement.objects.visible_to(request.user), pk=engagement_id)
    step = partial(withdraw_unit, engagement_id=engagement_id)
    return _step(request, engagement.team_id, step, _units_page)


@require_POST
@requires(Action.WAIVER_REQUEST)
def ask_waiver(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Ask that one fact be overlooked, from the page of members or the page of units."""
    page = _units_page if request.POST.get("page") == "units" else _members_page
    form = WaiverForm(request.POST)
    if not form.is_valid():
        _team(request, team_id)
        return page(
            request, team_id, refusal=_("A waiver needs a reason of at most 500 characters.")
        )
    values = form.cleaned_data
    step = partial(
        request_waiver,
        team_id=team_id,
        inspector_id=values["inspector"],
        rule=values["rule"],
        unit_id=values["unit"],
        other_id=values["other"],
        reason=values["reason"],
    )
    done = _("The waiver is asked for. Somebody else decides it on the page of the round.")
    return _step(request, team_id, step, page, done=done)


def _step(
    request: SignedInRequest,
    team_id: UUID,
    step: Callable[..., object],
    page: Show,
    *,
    done: str = "",
) -> HttpResponse:
    """Take one step and go back to the page, its filter kept; or show it with the reason."""
    try:
        step(actor=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, team_id, refusal=refusal.reason)
    except ObjectDoesNotExist:  # of the team, the person or the unit, or gone meanwhile
        return page(request, team_id, refusal=_not_read())
    if done:
        messages.success(request, done)
    name = "inspections:team_units" if page is _units_page else "inspections:team"
    query = request.GET.urlencode()
    return redirect(reverse(name, args=[team_id]) + (f"?{query}" if query else ""))


def _members_page(request: SignedInRequest, team_id: UUID, *, refusal: str = "") -> HttpResponse:
    team = _team(request, team_id)
    pool = pool_of(request.user)
    form = PeopleFilter(request.GET, skills=pool.skills, workplaces=pool.workplaces)
    form.is_valid()
    words = form.cleaned_data
    found = inspectors_for(
        team,
        request.user,
        pool,
        words=words.get("q", ""),
        skill=words.get("skill", ""),
        full_time=words.get("full_time", ""),
        workplace=words.get("workplace", ""),
    )
    page = page_of(found, order=("name", "pk"), after=request.GET.get("after", ""))
    context = {
        **_about(request, team, refusal),
        "form": form,
        "page": page,
        "total": found.count(),
        "all": len(pool.skills_of),
        "candidates": people_as_candidates(team, page.rows),
    }
    return render(request, "inspections/team.html", context, status=422 if refusal else 200)


def _units_page(request: SignedInRequest, team_id: UUID, *, refusal: str = "") -> HttpResponse:
    team = _team(request, team_id)
    kinds, priorities, everything = unit_words(request.user)
    form = UnitFilter(request.GET, kinds=kinds, priorities=priorities)
    form.is_valid()
    words = form.cleaned_data
    found = units_for(
        team,
        request.user,
        words=words.get("q", ""),
        category=words.get("category", ""),
        priority=words.get("priority", ""),
    )
    page = page_of(found, order=UNIT_ORDER, after=request.GET.get("after", ""), size=40)
    context = {
        **_about(request, team, refusal),
        "form": form,
        "page": page,
        "total": found.count(),
        "all": everything,
        "candidates": units_as_candidates(team, page.rows),
    }
    return render(request, "inspections/team_units.html", context, status=422 if refusal else 200)


def _about(request: SignedInRequest, team: Team, refusal: str) -> dict[str, object]:
    return {
        "team": team,
        "round": team.round,
        "own": staffing_of(team.round, [team]).teams[0],
        "roles": TeamRole.choices,
        "composing": may_staff(request.user, team.round),
        "refusal": refusal,
    }


def _team(request: SignedInRequest, team_id: UUID) -> Team:
    teams = Team.objects.filter(round__in=Round.objects.visible_to(request.user))
    return get_object_or_404(teams.select_related("round__term"), pk=team_id)


def _member(request: SignedInRequest, member_id: UUID) -> TeamMember:
    rounds = Round.objects.visible_to(request.user)
    return get_object_or_404(TeamMember.objects.filter(team__round__in=rounds), pk=member_id)


def _not_read() -> str:
    return _("That could not be read. Choose from the list on this page.")
