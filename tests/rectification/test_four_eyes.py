"""Who may not do it although the role could: the difference is only who asks."""

import pytest
from django.db import IntegrityError, transaction

from tanzhao.access.table import Role
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification.actions import close_item, return_item, verify_item
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import Answer, State
from tests.factories import NOON, UnitFactory, UserFactory
from tests.rectification.makers import LATER, item_in

pytestmark = pytest.mark.django_db


def _verify(item, actor):
    return verify_item(
        item_id=item.pk, actor=actor, at=LATER, answer=Answer.ADEQUATE, reason="属实"
    )


def _close(item, actor):
    return close_item(item_id=item.pk, actor=actor, at=LATER)


def _return(item, actor):
    return return_item(item_id=item.pk, actor=actor, at=LATER, reason="不符")


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STAFF, Role.DIRECTOR])
@pytest.mark.parametrize(
    ("step", "state"),
    [(_verify, State.CLAIMED), (_close, State.VERIFIED), (_return, State.VERIFIED)],
)
def test_nobody_of_the_unit_and_no_namesake_of_the_owner_judges_an_item(step, state, role):
    item = item_in(state)
    of_the_unit = UserFactory(role=role, unit_id=item.unit_id)
    the_owner = UserFactory(role=role, full_name=item.owner_name)
    of_another_unit = UserFactory(role=role, unit_id=UnitFactory().pk)

    for actor in (of_the_unit, the_owner):
        with pytest.raises(Refused):
            step(item, actor)
    item.refresh_from_db()
    assert item.state == state

    step(item, of_another_unit)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STAFF, Role.DIRECTOR])
def test_whoever_claimed_an_item_neither_verifies_nor_closes_it(role):
    claimant, colleague = UserFactory(role=role), UserFactory(role=role)
    claimed = item_in(State.CLAIMED)
    verified = item_in(State.VERIFIED)
    RectificationItem.objects.update(claimed_by=claimant)

    for step, item in ((_verify, claimed), (_close, verified), (_return, verified)):
        with pytest.raises(Refused):
            step(item, claimant)

    _verify(claimed, colleague)
    _close(verified, colleague)


@pytest.mark.parametrize("step", [_close, _return])
def test_whoever_verified_an_item_neither_closes_nor_returns_it(step):
    item = item_in(State.VERIFIED)
    colleague = UserFactory(role=Role.SUPERVISOR)

    with pytest.raises(Refused):
        step(item, item.verified_by)

    step(item, colleague)


@pytest.mark.parametrize(
    "values",
    [
        {"verified_by": "claimant", "verified_at": NOON},
        {"verified_by": "other", "closed_by": "claimant", "closed_at": NOON, "state": "closed"},
        {"verified_by": "other", "closed_by": "other", "closed_at": NOON, "state": "closed"},
        {"verified_by": "other", "state": "closed"},
    ],
)
def test_the_database_itself_refuses_what_the_rules_refuse(values):
    people = {"claimant": UserFactory(), "other": UserFactory(), "third": UserFactory()}
    item = item_in(State.CLAIMED)
    RectificationItem.objects.filter(pk=item.pk).update(claimed_by=people["claimant"])
    stored = {name: people.get(value, value) for name, value in values.items()}
    rows = RectificationItem.objects.filter(pk=item.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**stored)

    rows.update(
        state="closed",
        verified_by=people["other"],
        closed_by=people["third"],
        closed_at=NOON,
    )
