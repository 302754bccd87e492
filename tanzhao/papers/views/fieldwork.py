"""The end of a round's fieldwork."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.inspections.models import Round
from tanzhao.kernel.verdict import Refused
from tanzhao.papers import actions
from tanzhao.papers.queries import unfinished_papers
from tanzhao.papers.rules import may_close_fieldwork


@require_http_methods(["GET", "POST"])
@requires(Action.ROUND_ADVANCE)
def close_fieldwork(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Show what still keeps a round in the field, and end its fieldwork."""
    round_ = get_object_or_404(
        Round.objects.visible_to(request.user).select_related("term"), pk=round_id
    )
    refusal = ""
    if request.method == "POST":
        try:
            actions.close_fieldwork(round_id=round_id, actor=request.user, at=timezone.now())
        except Refused as refused:
            refusal = refused.reason
        else:
            messages.success(request, _("The fieldwork is closed. Findings and reports follow."))
            return redirect("inspections:round", round_id)
    unfinished = list(unfinished_papers(round_id))
    context = {
        "round": round_,
        "unfinished": unfinished,
        "closing": may_close_fieldwork(request.user, round_, unfinished),
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return render(request, "papers/close_fieldwork.html", context, status=status)
