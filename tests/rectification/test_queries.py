import pytest

from tanzhao.access.table import Role
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.queries import items_waiting_for
from tanzhao.rectification.rules import next_steps
from tanzhao.rectification.states import State
from tests.factories import (
    EngagementFactory,
    FeedbackFactory,
    ItemFactory,
    UserFactory,
    contact_of,
    days,
    member_account,
)
from tests.rectification.makers import item_in

pytestmark = pytest.mark.django_db


def _readers(items):
    claimed, verified = items[State.CLAIMED], items[State.VERIFIED]
    yield from (UserFactory(role=role) for role in Role if role != Role.CONTACT)
    yield from (contact_of(item.unit) for item in items.values())
    yield UserFactory(role=Role.SUPERVISOR, unit_id=claimed.unit_id)
    yield UserFactory(role=Role.SUPERVISOR, full_name="")
    yield UserFactory(role=Role.STAFF, full_name=verified.owner_name)
    yield verified.verified_by
    yield member_account(claimed.finding.engagement.team)
    claimant = UserFactory(role=Role.STAFF)
    RectificationItem.objects.filter(pk=claimed.pk).update(claimed_by=claimant)
    yield claimant


def test_what_waits_for_a_reader_is_what_their_next_step_is_allowed_with():
    items = {state: item_in(state, owner_name=f"责任人{state}") for state in State}

    for reader in _readers(items):
        expected = {
            item
            for item in RectificationItem.objects.visible_to(reader)
            if item.state != State.CLOSED and next_steps(reader, item)[0][1]
        }
        assert set(items_waiting_for(reader)) == expected


def test_what_is_due_first_waits_first():
    late, early = (item_in(State.CLAIMED, due_date=days(n)) for n in (9, 1))

    assert list(items_waiting_for(UserFactory())) == [early, late]


def test_the_page_of_an_item_links_to_the_feedback_only_for_who_may_see_it(sign_in):
    item = ItemFactory()
    feedback = FeedbackFactory(engagement=item.finding.engagement)
    colleague = member_account(EngagementFactory(unit=item.unit).team)

    for reader, linked in (
        (UserFactory(), True),
        (contact_of(item.unit), True),
        (colleague, False),
    ):
        page = sign_in(reader).get(f"/rectification/items/{item.pk}/")
        assert page.status_code == 200
        assert (feedback.number in page.content.decode()) is linked
