"""The feedback given to a unit: read and downloaded. It is issued by rectification."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.views import file_response
from tanzhao.findings.actions import note_feedback_downloaded, note_feedback_seen
from tanzhao.findings.forms import FeedbackForm
from tanzhao.findings.models import Feedback
from tanzhao.findings.queries.feedback import next_number
from tanzhao.findings.rules import may_issue_feedback
from tanzhao.inspections.models import Engagement
from tanzhao.kernel.clock import today

PAGE = "findings/feedback.html"


@require_safe
@requires(Action.FEEDBACK_SEE)
def feedback(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Show the feedback to its readers, or to the office the form that issues it."""
    found = _feedback(request, engagement_id)
    if found is None:
        return render(request, PAGE, feedback_context(request, engagement_id))
    note_feedback_seen(feedback=found, actor=request.user, at=timezone.now())
    findings = found.engagement.findings.order_by("serial")
    context = {
        "feedback": found,
        "engagement": found.engagement,
        "findings": findings,
        "knows_findings": request.user.holds(Action.FINDING_SEE),
    }
    return render(request, PAGE, context)


@require_safe
@requires(Action.FEEDBACK_SEE)
def download(request: SignedInRequest, engagement_id: UUID, which: str) -> FileResponse:
    """Give the letter or the list as it was issued."""
    found = _feedback(request, engagement_id)
    stored = found and {"letter": found.file, "list": found.list_file}.get(which)
    if not found or not stored:
        raise Http404
    note_feedback_downloaded(
        feedback=found,
        name=stored.name,
        sha256=stored.sha256,
        actor=request.user,
        at=timezone.now(),
    )
    return file_response(stored)


def feedback_context(
    request: SignedInRequest, engagement_id: UUID, form: FeedbackForm | None = None
) -> dict[str, Any]:
    """Give what the page wants while there is no feedback yet; rectification's view shows it too,
    with the errors of `form`. 404 to whoever does not issue feedback."""
    if not request.user.holds(Action.FEEDBACK_ISSUE):
        raise Http404
    engagements = Engagement.objects.visible_to(request.user).select_related(
        "unit", "team", "round__term", "report"
    )
    engagement = get_object_or_404(engagements, pk=engagement_id)
    first = {"number": next_number(engagement, today().year), "issued_date": today()}
    return {
        "engagement": engagement,
        "issuing": may_issue_feedback(request.user, engagement),
        "form": form or FeedbackForm(initial=first),
        "count": engagement.findings.count(),
    }


def _feedback(request: SignedInRequest, engagement_id: UUID) -> Feedback | None:
    letters = Feedback.objects.visible_to(request.user).select_related(
        "engagement__unit", "engagement__round__term", "issued_by", "file", "list_file"
    )
    return letters.filter(engagement=engagement_id).first()
