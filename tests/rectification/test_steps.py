"""Every step with every state and every role, the table written out by hand."""

from itertools import product

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.kernel.verdict import Refused
from tanzhao.rectification import actions
from tanzhao.rectification.actions.stepping import Evidence
from tanzhao.rectification.models import RectificationItem, Step
from tanzhao.rectification.rules import next_steps
from tanzhao.rectification.states import NEXT_STATES, Answer, State
from tests.factories import UserFactory, contact_of, days
from tests.rectification.makers import LATER, PDF, item_in

pytestmark = pytest.mark.django_db

STEPS = {
    "plan": (actions.plan_item, {"measure": "m", "owner_name": "王强", "due_date": days(30)}),
    "accept_plan": (actions.accept_plan, {}),
    "return_plan": (actions.return_plan, {"reason": "措施不具体"}),
    "progress": (actions.report_progress, {"text": "已追缴"}),
    "claim": (actions.claim_done, {"text": "完成", "evidence": [Evidence(PDF, "a.pdf")]}),
    "verify": (actions.verify_item, {"answer": Answer.ADEQUATE, "reason": "属实"}),
    "refuse": (actions.verify_item, {"answer": Answer.PARTLY, "reason": "差一笔"}),
    "close": (actions.close_item, {"note": ""}),
    "return": (actions.return_item, {"reason": "票据不符"}),
    "reopen": (actions.reopen_item, {"reason": "又发生", "due_date": days(60)}),
}
# Where a step leads from a state; a blank is a refusal.
LEADS = """
             open      planned      in_progress  claimed      verified     closed    reopened
plan         planned   -            -            -            -            -         -
accept_plan  -         in_progress  -            -            -            -         -
return_plan  -         open         -            -            -            -         -
progress     -         -            in_progress  -            -            -         reopened
claim        -         -            claimed      -            -            -         claimed
verify       -         -            -            verified     -            -         -
refuse       -         -            -            in_progress  -            -         -
close        -         -            -            -            closed       -         -
return       -         -            -            -            in_progress  -         -
reopen       -         -            -            -            -            reopened  -
"""
TAKERS = """
             director staff inspector contact supervisor leading_group system_admin audit_admin
plan         -         -      -          yes      -           -              -             -
accept_plan  yes       yes    -          -        -           -              -             -
return_plan  yes       yes    -          -        -           -              -             -
progress     -         -      -          yes      -           -              -             -
claim        -         -      -          yes      -           -              -             -
verify       yes       yes    -          -        yes         -              -             -
refuse       yes       yes    -          -        yes         -              -             -
close        yes       yes    -          -        yes         -              -             -
return       yes       yes    -          -        yes         -              -             -
reopen       yes       yes    -          -        yes         -              -             -
"""
FROM = {"plan": "open", "accept_plan": "planned", "return_plan": "planned", "close": "verified",
        "progress": "in_progress", "claim": "in_progress", "verify": "claimed",
        "refuse": "claimed", "return": "verified", "reopen": "closed"}  # fmt: skip


def _read(table):
    heading, *lines = table.strip().splitlines()
    columns = heading.split()
    return {
        (name, column): cell
        for name, *cells in map(str.split, lines)
        for column, cell in zip(columns, cells, strict=True)
    }


def _taker(name, item):
    if name in {"plan", "progress", "claim"}:
        return contact_of(item.unit)
    return UserFactory(role=Role.STAFF)


def _take(name, item, actor):
    step, values = STEPS[name]
    return step(item_id=item.pk, actor=actor, at=LATER, **values)


def test_the_tables_name_every_step_state_and_role():
    assert _read(LEADS).keys() == set(product(STEPS, State))
    assert _read(TAKERS).keys() == set(product(STEPS, Role))


@pytest.mark.parametrize(("name", "state", "leads"), [(*k, v) for k, v in _read(LEADS).items()])
def test_a_step_leads_where_the_table_says_or_is_refused_and_changes_nothing(name, state, leads):
    item = item_in(State(state))
    before = RectificationItem.objects.filter(pk=item.pk).values().get()
    steps = Step.objects.count()

    if leads == "-":
        with pytest.raises(Refused):
            _take(name, item, _taker(name, item))
        assert RectificationItem.objects.filter(pk=item.pk).values().get() == before
        assert Step.objects.count() == steps
        assert not Entry.objects.exists()
    else:
        _take(name, item, _taker(name, item))
        item.refresh_from_db()
        assert item.state == leads
        assert leads == state or State(leads) in NEXT_STATES[State(state)]
        assert Step.objects.count() == steps + 1
        entry = Entry.objects.get()
        assert (entry.target_id, entry.scope_id) == (item.pk, item.finding.engagement_id)


@pytest.mark.parametrize(("name", "role", "cell"), [(*k, v) for k, v in _read(TAKERS).items()])
def test_a_role_takes_the_steps_of_the_table_and_no_other(name, role, cell):
    item = item_in(State(FROM[name]))
    actor = contact_of(item.unit) if role == "contact" else UserFactory(role=role)

    if cell == "yes":
        _take(name, item, actor)
        assert Entry.objects.count() == 1
    else:
        with pytest.raises((Refused, RectificationItem.DoesNotExist)):
            _take(name, item, actor)
        assert not Entry.objects.exists()


@pytest.mark.parametrize("name", ["plan", "progress", "claim"])
def test_a_contact_of_another_unit_takes_no_step(name):
    item = item_in(State(FROM[name]))
    own, other = contact_of(item.unit), contact_of(item_in(State.OPEN).unit)

    with pytest.raises(RectificationItem.DoesNotExist):
        _take(name, item, other)

    _take(name, item, own)


def test_every_transition_of_the_table_of_states_is_made_by_some_step():
    made = {(state, leads) for (_n, state), leads in _read(LEADS).items() if leads != "-"}

    wanted = {(s.value, t.value) for s, targets in NEXT_STATES.items() for t in targets}
    assert {pair for pair in made if pair[0] != pair[1]} == wanted


@pytest.mark.parametrize(("state", "role"), list(product(State, Role)))
def test_the_step_offered_first_is_always_there_and_gives_a_reason_if_refused(state, role):
    item = item_in(State(state))
    user = contact_of(item.unit) if role == Role.CONTACT else UserFactory(role=role)

    steps = next_steps(user, item)

    assert steps
    assert all(bool(verdict) or verdict.reason for _name, verdict in steps)
