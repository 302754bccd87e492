"""Making a lead of a hit of screening."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.verdict import Refused
from tanzhao.leads.actions import make_lead_from_hit
from tanzhao.screening.models import Hit
from tanzhao.screening.views.verifying import page


@require_POST
@requires(Action.LEAD_CAPTURE)
def from_hit(request: SignedInRequest, hit_id: UUID) -> HttpResponse:
    """Take up a hit that two people found true."""
    get_object_or_404(Hit.objects.visible_to(request.user), pk=hit_id)
    try:
        lead = make_lead_from_hit(hit_id=hit_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        return page(request, hit_id, refusal.reason)
    return redirect("leads:lead", lead.pk)
