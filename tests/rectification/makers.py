"""Items in each state, as their steps would leave them."""

import datetime as dt

from tanzhao.access.table import Role
from tanzhao.rectification.models import RectificationItem, Step
from tanzhao.rectification.states import State, StepKind
from tests.factories import NOON, ItemFactory, StoredFileFactory, UserFactory, contact_of

LATER = NOON + dt.timedelta(hours=1)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def item_in(state: State, **values: object) -> RectificationItem:
    """Make an item in `state` with everybody the state must name."""
    item = ItemFactory(measure="逐笔核实并追缴", **values)
    item.state = state
    if state in {State.CLAIMED, State.VERIFIED, State.CLOSED}:
        item.claimed_by, item.claimed_at = contact_of(item.unit), NOON
        Step.objects.create(item=item, kind=StepKind.CLAIMED, by=item.claimed_by, at=NOON)
    if state in {State.VERIFIED, State.CLOSED}:
        item.verified_by, item.verified_at = UserFactory(role=Role.SUPERVISOR), NOON
    if state == State.CLOSED:
        item.closed_by, item.closed_at = UserFactory(role=Role.STAFF), NOON
    item.save()
    return item


def evidence_of(item: RectificationItem, **values: object):
    """Hand a file in with a report of progress."""
    step = Step.objects.create(
        item=item, kind=StepKind.PROGRESSED, by=values.pop("by", None), at=NOON
    )
    return step.files.create(file=StoredFileFactory(**values), name="整改佐证.pdf")
