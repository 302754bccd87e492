"""States of a lead, and which follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LeadState(TextChoices):
    NEW = "new", _("not assigned")
    ASSIGNED = "assigned", _("assigned")
    VERIFYING = "verifying", _("being verified")
    PROPOSED = "proposed", _("outcome to confirm")
    PAPER = "paper", _("a working paper is due")
    DROPPED = "dropped", _("dropped")


NEXT_STATES: dict[LeadState, frozenset[LeadState]] = {
    LeadState.NEW: frozenset({LeadState.ASSIGNED}),
    LeadState.ASSIGNED: frozenset({LeadState.ASSIGNED, LeadState.VERIFYING}),
    LeadState.VERIFYING: frozenset({LeadState.ASSIGNED, LeadState.VERIFYING, LeadState.PROPOSED}),
    # The second handler confirms, or sends it back to be verified further.
    LeadState.PROPOSED: frozenset(
        {LeadState.ASSIGNED, LeadState.VERIFYING, LeadState.PAPER, LeadState.DROPPED}
    ),
    LeadState.PAPER: frozenset({LeadState.ASSIGNED}),
    LeadState.DROPPED: frozenset({LeadState.ASSIGNED}),
}
ENDED = frozenset({LeadState.PAPER, LeadState.DROPPED})
IN_HAND = frozenset({LeadState.ASSIGNED, LeadState.VERIFYING, LeadState.PROPOSED})


class LeadSource(TextChoices):
    FIELDWORK = "fieldwork", _("fieldwork")
    DOCUMENT = "document", _("documents read")
    SCREENING = "screening", _("data comparison")
    COMPLAINT = "complaint", _("complaint")
    EARLIER = "earlier", _("earlier inspection or audit")
    OTHER = "other", _("other")


# Whoever writes a lead by hand says one of these; the others come with their source's row.
BY_HAND = (LeadSource.FIELDWORK, LeadSource.DOCUMENT, LeadSource.EARLIER, LeadSource.OTHER)


class Outcome(TextChoices):
    PAPER = "paper", _("write a working paper")
    DROP = "drop", _("drop, with the reason")
