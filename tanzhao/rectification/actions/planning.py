"""The plan: handed in by the unit's contact, accepted or returned by the office."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.verdict import require
from tanzhao.rectification.actions.rounds import begin_rectifying
from tanzhao.rectification.actions.stepping import locked_item, note_in_trail, note_step
from tanzhao.rectification.actions.writings import hand_in
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import end_of_concentrated_period
from tanzhao.rectification.rules import may_fall_due, may_judge_plan, may_plan
from tanzhao.rectification.states import State, StepKind


@transaction.atomic
def plan_item(
    *,
    item_id: UUID,
    actor: User,
    at: datetime,
    measure: str,
    owner_name: str,
    due_date: date,
    late_reason: str = "",
) -> RectificationItem:
    """Hand in the plan of an item: what will be done, by whom, by when.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not plan it, or the due date is past, or late without a reason.
    """
    item = locked_item(item_id, actor)
    require(may_plan(actor, item))
    end = end_of_concentrated_period(item)
    today = timezone.localdate(at)
    require(may_fall_due(due_date, end=end, today=today, late_reason=late_reason))

    item.measure, item.owner_name = measure.strip(), owner_name.strip()
    item.due_date, item.planned_by, item.state = due_date, actor, State.PLANNED
    item.save(update_fields=["measure", "owner_name", "due_date", "planned_by", "state"])
    step = note_step(
        item, StepKind.PLANNED, by=actor, at=at, text=measure, due_date=due_date,
        owner_name=item.owner_name, late_reason=late_reason.strip(),
    )  # fmt: skip
    note_in_trail(
        Verb.ITEM_PLANNED, item, actor=actor, at=at, measure=item.measure,
        owner=item.owner_name, due=due_date.isoformat(), late_reason=late_reason.strip(),
    )  # fmt: skip
    hand_in(step)
    return item


@transaction.atomic
def accept_plan(*, item_id: UUID, actor: User, at: datetime) -> RectificationItem:
    """Accept the plan of an item. The first one accepted moves its round to rectifying.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not accept it, or no plan waits.
    """
    item = locked_item(item_id, actor)
    require(may_judge_plan(actor, item))

    item.state = State.IN_PROGRESS
    item.save(update_fields=["state"])
    note_step(item, StepKind.PLAN_ACCEPTED, by=actor, at=at)
    if item.finding.engagement is not None:
        begin_rectifying(round_id=item.finding.engagement.round_id, actor=actor, at=at)
    note_in_trail(Verb.ITEM_PLAN_ACCEPTED, item, actor=actor, at=at)
    return item


@transaction.atomic
def return_plan(*, item_id: UUID, actor: User, at: datetime, reason: str) -> RectificationItem:
    """Send the plan of an item back to the unit, with a reason.

    Raises:
        RectificationItem.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not return it, or no plan waits.
    """
    item = locked_item(item_id, actor)
    require(may_judge_plan(actor, item))

    item.state = State.OPEN
    item.save(update_fields=["state"])
    note_step(item, StepKind.PLAN_RETURNED, by=actor, at=at, text=reason)
    note_in_trail(Verb.ITEM_PLAN_RETURNED, item, actor=actor, at=at, reason=reason.strip())
    return item
