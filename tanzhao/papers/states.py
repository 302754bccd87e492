"""States of a working paper, and which follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaperState(TextChoices):
    DRAFT = "draft", _("draft")
    RETURNED = "returned", _("returned")
    SIGNED = "signed", _("handlers signed")
    DEPUTY_REVIEWED = "deputy_reviewed", _("deputy reviewed")
    LEADER_APPROVED = "leader_approved", _("leader approved")
    CHECKED = "checked", _("office checked")
    USED = "used", _("used")
    VOID = "void", _("void")


NEXT_STATES: dict[PaperState, frozenset[PaperState]] = {
    PaperState.DRAFT: frozenset({PaperState.SIGNED, PaperState.VOID}),
    PaperState.RETURNED: frozenset({PaperState.SIGNED, PaperState.VOID}),
    PaperState.SIGNED: frozenset({PaperState.DEPUTY_REVIEWED, PaperState.RETURNED}),
    PaperState.DEPUTY_REVIEWED: frozenset({PaperState.LEADER_APPROVED, PaperState.RETURNED}),
    # The office returns to the leader (deputy reviewed again) or to the handlers.
    PaperState.LEADER_APPROVED: frozenset(
        {PaperState.CHECKED, PaperState.DEPUTY_REVIEWED, PaperState.RETURNED}
    ),
    PaperState.CHECKED: frozenset({PaperState.USED}),
    PaperState.USED: frozenset(),
    PaperState.VOID: frozenset(),
}
EDITABLE = frozenset({PaperState.DRAFT, PaperState.RETURNED})
IN_REVIEW = frozenset({PaperState.SIGNED, PaperState.DEPUTY_REVIEWED, PaperState.LEADER_APPROVED})
USABLE = frozenset({PaperState.CHECKED, PaperState.USED})
UNFINISHED = EDITABLE | IN_REVIEW


class ReviewStep(TextChoices):
    HANDLER = "handler", _("handler")
    DEPUTY = "deputy", _("deputy leader")
    LEADER = "leader", _("team leader")
    OFFICE = "office", _("inspection office")


class ReviewAnswer(TextChoices):
    PASSED = "passed", _("passed")
    RETURNED = "returned", _("returned")
    VOIDED = "voided", _("voided")


class DistinctionAnswer(TextChoices):
    """The answer to one of the Three Distinctions: an error that is borne with, or not."""

    YES = "yes", _("Yes, the former")
    NO = "no", _("No, not the former")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
