"""Steps of an engagement or a round that rectification takes: feedback, and the assessment."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.findings.forms import FeedbackForm
from tanzhao.findings.views.feedback import PAGE as FEEDBACK_PAGE
from tanzhao.findings.views.feedback import feedback_context
from tanzhao.inspections.models import Round
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification.actions import assess_round, issue_feedback_and_open_items
from tanzhao.rectification.forms import AssessForm
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import assessment_facts, figures
from tanzhao.rectification.rules import may_assess


@require_POST
@requires(Action.FEEDBACK_ISSUE)
def feed_back(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Hand the feedback to a unit and open its items; the form stands on findings' page."""
    form = FeedbackForm(request.POST)
    context = feedback_context(request, engagement_id, form)
    if form.is_valid():
        try:
            issue_feedback_and_open_items(
                engagement_id=engagement_id,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("findings:feedback", engagement_id)
    return _answer(request, FEEDBACK_PAGE, context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.ROUND_ADVANCE)
def assess(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Write the assessment of a round: the form with the figures, and the step itself."""
    round_ = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    form = AssessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            assess_round(
                round_id=round_id, actor=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("inspections:round", round_id)
    items = RectificationItem.objects.filter(finding__engagement__round=round_)
    context = {
        "round": round_,
        "verdict": may_assess(request.user, round_, **assessment_facts(round_)),
        "form": form,
        "figures": figures(items, today()),
    }
    return _answer(request, "rectification/assess.html", context, form)


def _answer(
    request: SignedInRequest, page: str, context: dict[str, Any], form: forms.Form
) -> HttpResponse:
    return render(request, page, context, status=422 if form.errors else 200)
