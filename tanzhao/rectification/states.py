"""States of a rectification item, and which follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    OPEN = "open", _("fed back")
    PLANNED = "planned", _("plan submitted")
    IN_PROGRESS = "in_progress", _("being rectified")
    CLAIMED = "claimed", _("claimed done")
    VERIFIED = "verified", _("verified")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")


NEXT_STATES: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.PLANNED}),
    State.PLANNED: frozenset({State.IN_PROGRESS, State.OPEN}),
    State.IN_PROGRESS: frozenset({State.CLAIMED}),
    State.CLAIMED: frozenset({State.VERIFIED, State.IN_PROGRESS}),
    State.VERIFIED: frozenset({State.CLOSED, State.IN_PROGRESS}),
    State.CLOSED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.CLAIMED}),
}
# Not put right yet as far as anybody has accepted: the three colours apply.
RUNNING = frozenset(set(State) - {State.CLOSED})
# The unit's contact has the next word.
AT_UNIT = frozenset({State.OPEN, State.IN_PROGRESS, State.REOPENED})
# Handed up, and somebody outside the unit has the next word.
HANDED_UP = frozenset({State.CLAIMED, State.VERIFIED})


class StepKind(TextChoices):
    OPENED = "opened", _("fed back")
    PLANNED = "planned", _("plan")
    PLAN_ACCEPTED = "plan_accepted", _("plan accepted")
    PLAN_RETURNED = "plan_returned", _("plan returned")
    PROGRESSED = "progressed", _("progress")
    CLAIMED = "claimed", _("claim of completion")
    VERIFIED = "verified", _("verification")
    RETURNED = "returned", _("returned")
    CLOSED = "closed", _("closing")
    REOPENED = "reopened", _("reopening")


class Answer(TextChoices):
    """What a verifier found."""

    ADEQUATE = "adequate", _("adequate")
    PARTLY = "partly", _("partly adequate")
    NOT = "not", _("not adequate")


class ImportedState(TextChoices):
    """What an old ledger said, in its own words."""

    DONE = "已完成", _("done")
    MOSTLY = "基本完成", _("basically done")
    NOT = "未完成", _("not done")


class WritingKind(TextChoices):
    """What a text is that is compared with others."""

    PLAN = "plan", _("measure of a plan")
    PROGRESS = "progress", _("report of progress")
    CLAIM = "claim", _("claim of completion")
    FILE = "file", _("file of evidence")
    TEMPLATE = "template", _("template")


# What a step's own words are compared as.
WRITTEN_IN = {
    StepKind.PLANNED: WritingKind.PLAN,
    StepKind.PROGRESSED: WritingKind.PROGRESS,
    StepKind.CLAIMED: WritingKind.CLAIM,
}


class WritingState(TextChoices):
    WAITING = "waiting", _("to be compared")
    COMPARED = "compared", _("compared")
    SHORT = "short", _("too short to be compared")
    UNREADABLE = "unreadable", _("could not be read for comparison")


class Relation(TextChoices):
    """Where the other document comes from, as seen from the one that was handed in later."""

    OTHER_UNIT = "other", _("another unit's")
    OWN = "own", _("the unit's own, earlier")
    TEMPLATE = "template", _("a template")


class LikenessOutcome(TextChoices):
    """What a person found when they read both."""

    COPIED = "copied", _("copied")
    COMMON = "common", _("common wording")
    QUOTATION = "quotation", _("quotation")


class WordingKind(TextChoices):
    TEMPLATE = "template", _("template: what comes from it is said to")
    ALLOWED = "allowed", _("allowed wording: left out of every comparison")
