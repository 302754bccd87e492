"""Telling a unit what was found."""

import datetime as dt
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import store_file
from tanzhao.documents.states import FileKind
from tanzhao.findings.actions.documents import feedback_documents
from tanzhao.findings.models import Feedback, Finding
from tanzhao.findings.queries.deadlines import due_dates
from tanzhao.findings.rules import may_issue_feedback
from tanzhao.findings.states import FindingState
from tanzhao.inspections.actions import move_round
from tanzhao.inspections.models import Engagement, Round
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.calendar import OutsideCalendar
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require

DOCX = frozenset({FileKind.DOCX})


@transaction.atomic
def issue_feedback(
    *, engagement_id: UUID, number: str, issued_date: dt.date, actor: User, at: datetime
) -> Feedback:
    """Issue the feedback letter and the list, and say that the findings are fed back.

    The round is fed back when all its units are. The rectification items are opened by
    `rectification.actions`, which calls this.

    Raises:
        Engagement.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, the number is taken, or the date does not fit.
    """
    visible = Engagement.objects.visible_to(actor).select_related("round", "unit")
    engagement = locked(visible, engagement_id)
    # Locked before it is counted, or two last units fed back at once would each see the other's.
    round_ = locked(Round.objects.all(), engagement.round_id)
    require(may_issue_feedback(actor, engagement))
    plan_due, rectify_by = _due_dates(engagement, number, issued_date)
    feedback = Feedback(
        engagement=engagement,
        number=number,
        issued_date=issued_date,
        plan_due_date=plan_due,
        rectify_by_date=rectify_by,
        issued_by=actor,
        issued_at=at,
    )
    letter, listing = feedback_documents(feedback)
    feedback.file = store_file(
        file=letter.content, name=letter.name, actor=actor, at=at, kinds=DOCX
    )
    feedback.list_file = store_file(
        file=listing.content, name=listing.name, actor=actor, at=at, kinds=DOCX
    )
    feedback.save(force_insert=True)
    findings = Finding.objects.filter(engagement=engagement, state=FindingState.REPORTED)
    count = findings.update(state=FindingState.FED_BACK)
    if not Engagement.objects.filter(round=round_, feedback__isnull=True).exists():
        move_round(round_id=round_.pk, to=RoundState.FED_BACK, actor=actor, at=at)
    record(
        verb=Verb.FEEDBACK_ISSUED,
        actor=actor,
        target=feedback,
        at=at,
        scope=engagement.pk,
        findings=count,
        plan_due=plan_due.isoformat(),
        rectify_by=rectify_by.isoformat(),
    )
    return feedback


@transaction.atomic
def note_feedback_seen(*, feedback: Feedback, actor: User, at: datetime) -> None:
    """Put a look at a feedback into the trail."""
    record(
        verb=Verb.FEEDBACK_SEEN,
        actor=actor,
        target=feedback,
        at=at,
        scope=feedback.engagement_id,
    )


@transaction.atomic
def note_feedback_downloaded(
    *, feedback: Feedback, name: str, sha256: str, actor: User, at: datetime
) -> None:
    """Put into the trail which file of a feedback went out, and its SHA-256."""
    record(
        verb=Verb.FEEDBACK_DOWNLOADED,
        actor=actor,
        target=feedback,
        at=at,
        scope=feedback.engagement_id,
        name=name,
        sha256=sha256,
    )


def _due_dates(
    engagement: Engagement, number: str, issued_date: dt.date
) -> tuple[dt.date, dt.date]:
    if Feedback.objects.filter(number=number).exists():
        raise Refused(_("The number %(number)s has been given already.") % {"number": number})
    approved_at = engagement.report.approved_at
    if approved_at is not None and issued_date < timezone.localdate(approved_at):
        raise Refused(_("The day of feedback cannot be before the report was approved."))
    try:
        return due_dates(issued_date)
    except OutsideCalendar as outside:
        raise Refused(
            _(
                "The holidays are known from %(first)s to %(last)s only: choose another day, or"
                " install a newer calendar pack."
            )
            % {"first": outside.first_year, "last": outside.last_year}
        ) from outside
