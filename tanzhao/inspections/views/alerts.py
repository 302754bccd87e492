"""What is done from the box of an alert on the page of a round."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.actions import remove_member, request_waiver
from tanzhao.inspections.forms import WaiverForm
from tanzhao.inspections.models import Round, Team, TeamMember
from tanzhao.inspections.views.one_round import round_page, take_step


@require_POST
@requires(Action.TEAM_COMPOSE)
def take_out(request: SignedInRequest, member_id: UUID) -> HttpResponse:
    """Take the member whom an alert is about out of their team."""
    rounds = Round.objects.visible_to(request.user)
    members = TeamMember.objects.filter(team__round__in=rounds).select_related("team")
    member = get_object_or_404(members, pk=member_id)
    step = partial(remove_member, member_id=member_id)
    return take_step(request, member.team.round_id, step)


@require_POST
@requires(Action.WAIVER_REQUEST)
def ask_waiver(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Ask that the fact behind an alert be overlooked."""
    rounds = Round.objects.visible_to(request.user)
    team = get_object_or_404(Team.objects.filter(round__in=rounds), pk=team_id)
    form = WaiverForm(request.POST)
    if not form.is_valid():
        sentence = _("A waiver needs a reason of at most 500 characters.")
        return round_page(request, team.round_id, status=422, refusal=sentence)
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
    answer = take_step(request, team.round_id, step)
    if answer.status_code != 422:
        done = _("The waiver is asked for. Somebody else decides it on the page of the round.")
        messages.success(request, done)
    return answer
