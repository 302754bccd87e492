"""What the unit's contact does: report progress with evidence, and claim that it is done."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.verdict import require
from tanzhao.rectification.actions.stepping import (
    Evidence,
    attach,
    locked_item,
    note_in_trail,
    note_step,
)
from tanzhao.rectification.actions.writings import hand_in
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import pieces_of_this_turn
from tanzhao.rectification.rules import may_claim, may_report_progress, may_rest_on
from tanzhao.rectification.states import State, StepKind


@transaction.atomic
def report_progress(
    *, item_id: UUID, actor: User, at: datetime, text: str, evidence: Sequence[Evidence] = ()
) -> RectificationItem:
    """Say how far an item has come, with files that show it. The state stays.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not report on it now, or a file is not taken.
    """
    item = locked_item(item_id, actor)
    require(may_report_progress(actor, item))

    step = note_step(item, StepKind.PROGRESSED, by=actor, at=at, text=text)
    digests = attach(step, evidence, actor=actor, at=at)
    note_in_trail(Verb.ITEM_PROGRESSED, item, actor=actor, at=at, text=step.text, files=digests)
    hand_in(step)
    return item


@transaction.atomic
def claim_done(
    *, item_id: UUID, actor: User, at: datetime, text: str, evidence: Sequence[Evidence] = ()
) -> RectificationItem:
    """Claim that an item has been put right.

    The claim rests on its own files and on those reported since the item was last returned
    or reopened; there must be one.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not claim it now, there is no evidence, or a file is not taken.
    """
    item = locked_item(item_id, actor)
    require(may_claim(actor, item))
    require(may_rest_on(pieces_of_this_turn(item) + len(evidence)))

    item.state, item.claimed_by, item.claimed_at = State.CLAIMED, actor, at
    item.save(update_fields=["state", "claimed_by", "claimed_at"])
    step = note_step(item, StepKind.CLAIMED, by=actor, at=at, text=text)
    digests = attach(step, evidence, actor=actor, at=at)
    note_in_trail(Verb.ITEM_CLAIMED, item, actor=actor, at=at, text=step.text, files=digests)
    hand_in(step)
    return item
