"""What others than the unit do with a claim: verify, close or return it, and reopen."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.verdict import require
from tanzhao.rectification.actions.stepping import locked_item, note_in_trail, note_step
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.rules import may_close, may_fall_due, may_reopen, may_verify
from tanzhao.rectification.states import Answer, State, StepKind

_CLAIM = ["state", "claimed_by", "claimed_at", "verified_by", "verified_at", "times_returned"]


@transaction.atomic
def verify_item(
    *, item_id: UUID, actor: User, at: datetime, answer: Answer, reason: str
) -> RectificationItem:
    """Say what was found at an item claimed done. Anything but adequate returns it to the unit.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not verify it, or nothing is claimed.
    """
    item = locked_item(item_id, actor)
    require(may_verify(actor, item))

    if answer == Answer.ADEQUATE:
        item.state, item.verified_by, item.verified_at = State.VERIFIED, actor, at
        item.save(update_fields=["state", "verified_by", "verified_at"])
        verb = Verb.ITEM_VERIFIED
    else:
        _send_back(item)
        verb = Verb.ITEM_RETURNED
    note_step(item, StepKind.VERIFIED, by=actor, at=at, text=reason, answer=answer)
    note_in_trail(
        verb, item, actor=actor, at=at, answer=Answer(answer).value, reason=reason.strip()
    )
    return item


@transaction.atomic
def close_item(*, item_id: UUID, actor: User, at: datetime, note: str = "") -> RectificationItem:
    """Close 销号 an item that was verified as adequate by somebody else.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not close it, or it is not verified.
    """
    item = locked_item(item_id, actor)
    require(may_close(actor, item))

    item.state, item.closed_by, item.closed_at = State.CLOSED, actor, at
    item.save(update_fields=["state", "closed_by", "closed_at"])
    note_step(item, StepKind.CLOSED, by=actor, at=at, text=note)
    note_in_trail(Verb.ITEM_CLOSED, item, actor=actor, at=at, note=note.strip())
    return item


@transaction.atomic
def return_item(*, item_id: UUID, actor: User, at: datetime, reason: str) -> RectificationItem:
    """Send a verified item back to the unit instead of closing it, with a reason.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not close it either.
    """
    item = locked_item(item_id, actor)
    require(may_close(actor, item))

    _send_back(item)
    note_step(item, StepKind.RETURNED, by=actor, at=at, text=reason)
    note_in_trail(Verb.ITEM_RETURNED, item, actor=actor, at=at, reason=reason.strip())
    return item


@transaction.atomic
def reopen_item(
    *, item_id: UUID, actor: User, at: datetime, reason: str, due_date: date
) -> RectificationItem:
    """Open a closed item again because the fault has come back, with a new due date.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not reopen it, it is not closed, or the due date has passed.
    """
    item = locked_item(item_id, actor)
    require(may_reopen(actor, item))
    today = timezone.localdate(at)
    require(may_fall_due(due_date, end=due_date, today=today, late_reason=reason))

    item.state, item.due_date = State.REOPENED, due_date
    item.claimed_by = item.verified_by = item.closed_by = None
    item.claimed_at = item.verified_at = item.closed_at = None
    item.times_reopened += 1
    item.save()
    note_step(item, StepKind.REOPENED, by=actor, at=at, text=reason, due_date=due_date)
    note_in_trail(
        Verb.ITEM_REOPENED, item, actor=actor, at=at,
        reason=reason.strip(), due=due_date.isoformat(), times=item.times_reopened,
    )  # fmt: skip
    return item


def _send_back(item: RectificationItem) -> None:
    item.state = State.IN_PROGRESS
    item.claimed_by = item.verified_by = None
    item.claimed_at = item.verified_at = None
    item.times_returned += 1
    item.save(update_fields=_CLAIM)
