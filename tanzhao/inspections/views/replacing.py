"""Putting somebody else into a member's place: who could, and what changes at once."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.actions.proposals import propose_smallest_change
from tanzhao.inspections.actions.replacing import replace_member
from tanzhao.inspections.forms_proposals import PlaceForm
from tanzhao.inspections.models import Round, TeamMember
from tanzhao.inspections.planning.teams_instance import instance_of
from tanzhao.inspections.queries.alerts import is_alerted, is_concerned
from tanzhao.inspections.rules.proposals import may_replace_member
from tanzhao.inspections.rules.teams import may_staff
from tanzhao.inspections.states import STAFFING
from tanzhao.inspections.views.places import PAGE, place_context
from tanzhao.kernel.verdict import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.TEAM_COMPOSE)
def replace(request: SignedInRequest, member_id: UUID) -> HttpResponse:
    """Show who could take a member's place, and put the one chosen there."""
    member = _member(request, member_id)
    if request.method != "POST":
        return _page(request, member)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, member, refusal=_not_read())
    try:
        replace_member(
            member_id=member_id,
            inspector_id=form.cleaned_data["into"],
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _page(request, member, refusal=refusal.reason)
    except ObjectDoesNotExist:  # of the person, or the member went meanwhile
        return _page(request, member, refusal=_not_read())
    if member.team.round.state in STAFFING:
        return redirect("inspections:team", member.team_id)
    return redirect("inspections:round", member.team.round_id)


@require_POST
@requires(Action.TEAM_COMPOSE)
def smallest_change(request: SignedInRequest, member_id: UUID) -> HttpResponse:
    """Have the smallest change of all teams looked for, if this member leaves."""
    member = _member(request, member_id)
    try:
        proposal = propose_smallest_change(
            member_id=member_id, actor=request.user, at=timezone.now()
        )
    except Refused as refusal:
        return _page(request, member, refusal=refusal.reason)
    except ObjectDoesNotExist:  # the member went meanwhile
        return _page(request, member, refusal=_not_read())
    return redirect("inspections:proposal", proposal.pk)


def _member(request: SignedInRequest, member_id: UUID) -> TeamMember:
    members = TeamMember.objects.filter(team__round__in=Round.objects.visible_to(request.user))
    return get_object_or_404(members.select_related("team__round__term"), pk=member_id)


def _page(request: SignedInRequest, member: TeamMember, *, refusal: str = "") -> HttpResponse:
    team = member.team
    instance = instance_of(team.round)
    seats = instance.seats
    out = instance.number_of[member.inspector_id]
    context = {
        **place_context(request, instance, seats, number=team.number, out=out),
        "asking": "members",
        "member": member,
        "searching": may_staff(request.user, team.round),
        "changing": may_replace_member(
            request.user, team, is_alerted=is_alerted(team), is_concerned=is_concerned(member)
        ),
        "refusal": refusal,
    }
    return render(request, PAGE, context, status=422 if refusal else 200)


def _not_read() -> str:
    return _("That could not be read. Choose from the list on this page.")
