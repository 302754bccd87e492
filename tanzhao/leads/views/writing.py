"""Writing a lead down, and saying who verifies it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action, Role
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.queries import team_role_of
from tanzhao.kernel.verdict import Refused
from tanzhao.leads import actions
from tanzhao.leads.forms import AssignForm, CaptureForm, Choices
from tanzhao.leads.queries import candidates_for, engagements_for, whole_leads
from tanzhao.leads.rules import may_assign
from tanzhao.leads.states import LeadSource


@require_http_methods(["GET", "POST"])
@requires(Action.LEAD_CAPTURE)
def capture(request: SignedInRequest) -> HttpResponse:
    """Write down a lead in a few words."""
    form = CaptureForm(
        request.POST or None,
        initial={"lead_id": uuid4(), "engagement": request.GET.get("engagement")},
        engagements=_choices(list(engagements_for(request.user, None)[:300])),
        must=request.user.role == Role.INSPECTOR,
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            lead = actions.capture_lead(
                lead_id=values["lead_id"],
                actor=request.user,
                at=timezone.now(),
                title=values["title"],
                facts=values["facts"],
                source=LeadSource(values["source"]),
                engagement_id=values["engagement"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Written down. Say now who verifies it."))
            return redirect("leads:lead", lead.pk)
    context = {"form": form}
    return render(request, "leads/capture.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Action.LEAD_ASSIGN)
def assign(request: SignedInRequest, lead_id: UUID) -> HttpResponse:
    """Give the lead to two people of a team, or of the office."""
    lead = get_object_or_404(whole_leads(request.user), pk=lead_id)
    engagements = list(engagements_for(request.user, lead.unit_id)[:300])
    asked = request.GET.get("engagement", str(lead.engagement_id or ""))
    chosen = next((one for one in engagements if str(one.pk) == asked), None)
    verdict = may_assign(request.user, lead, team_role_of(request.user, chosen) if chosen else None)
    people = candidates_for(chosen)
    form = AssignForm(
        request.POST or None,
        initial={"handler": lead.handler_id, "second": lead.second_id},
        candidates=[(str(user.pk), str(user)) for user in people],
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign_lead(
                lead_id=lead_id,
                actor=request.user,
                at=timezone.now(),
                engagement_id=chosen.pk if chosen else None,
                handlers=(form.cleaned_data["handler"], form.cleaned_data["second"]),
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Assigned."))
            return redirect("leads:lead", lead_id)
    context = {
        "lead": lead,
        "form": form,
        "assigning": verdict,
        "engagements": _choices(engagements),
        "chosen": str(chosen.pk) if chosen else "",
        "of_office": request.user.role != Role.INSPECTOR,
    }
    return render(request, "leads/assign.html", context, status=422 if form.errors else 200)


def _choices(engagements: list[Engagement]) -> Choices:
    return [
        (str(row.pk), f"{row.round.number}-{row.team.number} {row.unit}") for row in engagements
    ]
