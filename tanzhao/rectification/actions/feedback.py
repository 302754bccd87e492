"""Feedback opens an item for each finding."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.verbs import Verb
from tanzhao.findings.actions import issue_feedback
from tanzhao.findings.models import Feedback, Finding
from tanzhao.rectification.actions.rounds import begin_rectifying
from tanzhao.rectification.actions.stepping import note_in_trail, note_step
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import StepKind


@transaction.atomic
def issue_feedback_and_open_items(
    *, engagement_id: UUID, actor: User, at: datetime, number: str, issued_date: date
) -> Feedback:
    """Hand the feedback to the unit, and open one rectification item for each finding.

    An item is due on the last day of the concentrated period until its plan names a day.

    Raises:
        Engagement.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the feedback may not be issued, or it has been.
    """
    feedback = issue_feedback(
        engagement_id=engagement_id, actor=actor, at=at, number=number, issued_date=issued_date
    )
    findings = Finding.objects.filter(engagement_id=engagement_id).order_by("serial")
    for finding in findings:
        item = RectificationItem.objects.create(
            finding=finding,
            unit_id=finding.unit_id,
            round_number=finding.round_number,
            due_date=feedback.rectify_by_date,
        )
        note_step(item, StepKind.OPENED, by=actor, at=at, due_date=item.due_date)
        note_in_trail(Verb.ITEM_OPENED, item, actor=actor, at=at, due=item.due_date.isoformat())
    begin_rectifying(round_id=feedback.engagement.round_id, actor=actor, at=at)
    return feedback
