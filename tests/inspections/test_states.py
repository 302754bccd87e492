"""Every step in every state, and every step by every role, written out a second time by hand."""

import datetime as dt
from itertools import product

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections import actions
from tanzhao.inspections.models import Waiver
from tanzhao.inspections.states import (
    AUTHORISATION_NEXT,
    ROUND_NEXT,
    WAIVER_NEXT,
    RoundState,
    TeamRole,
    WaiverState,
)
from tanzhao.inspectors.models import DeclaredRecusal
from tanzhao.kernel.verdict import Refused
from tests.factories import InspectorFactory, UnitFactory, UserFactory, account_of, days
from tests.inspections.makers import complete_team

pytestmark = pytest.mark.django_db

BY_STATE = """
                  proposed approved staffed authorised in_field reporting reported fed_back rectifying assessed archived
change_round      yes      -        -       -          -        -         -        -        -          -        -
approve_round     yes      -        -       -          -        -         -        -        -          -        -
form_team         yes      yes      -       -          -        -         -        -        -          -        -
add_member        yes      yes      -       -          -        -         -        -        -          -        -
change_role       yes      yes      -       -          -        -         -        -        -          -        -
remove_member     yes      yes      -       -          -        -         -        -        -          -        -
assign_unit       yes      yes      -       -          -        -         -        -        -          -        -
withdraw_unit     yes      yes      -       -          -        -         -        -        -          -        -
request_waiver    yes      yes      yes     -          -        -         -        -        -          -        -
decide_waiver     yes      yes      yes     yes        yes      yes       yes      yes      yes        yes      yes
mark_staffed      -        yes      -       -          -        -         -        -        -          -        -
reopen_staffing   -        -        yes     -          -        -         -        -        -          -        -
draft             -        -        yes     -          -        -         -        -        -          -        -
approve_letter    -        -        yes     -          -        -         -        -        -          -        -
return_letter     -        -        yes     -          -        -         -        -        -          -        -
revoke_letter     -        -        -       yes        yes      yes       yes      yes      yes        yes      yes
enter_field       -        -        -       yes        -        -         -        -        -          -        -
"""  # noqa: E501

BY_ROLE = """
                  director staff inspector contact supervisor leading_group system_admin audit_admin
open_term         yes      yes   -         -       -          -             -            -
propose_round     yes      yes   -         -       -          -             -            -
change_round      yes      yes   -         -       -          -             -            -
approve_round     yes      -     -         -       -          yes           -            -
form_team         yes      yes   -         -       -          -             -            -
add_member        yes      yes   -         -       -          -             -            -
change_role       yes      yes   -         -       -          -             -            -
remove_member     yes      yes   -         -       -          -             -            -
assign_unit       yes      yes   -         -       -          -             -            -
withdraw_unit     yes      yes   -         -       -          -             -            -
request_waiver    yes      yes   -         -       -          -             -            -
decide_waiver     yes      -     -         -       -          yes           -            -
mark_staffed      yes      yes   -         -       -          -             -            -
reopen_staffing   yes      yes   -         -       -          -             -            -
draft             yes      yes   -         -       -          -             -            -
approve_letter    yes      -     -         -       -          yes           -            -
return_letter     yes      -     -         -       -          yes           -            -
revoke_letter     yes      -     -         -       -          yes           -            -
enter_field       yes      yes   -         -       -          -             -            -
"""

# A state in which each step is possible.
IN_STATE = {
    "change_round": RoundState.PROPOSED,
    "approve_round": RoundState.PROPOSED,
    "reopen_staffing": RoundState.STAFFED,
    "draft": RoundState.STAFFED,
    "approve_letter": RoundState.STAFFED,
    "return_letter": RoundState.STAFFED,
    "revoke_letter": RoundState.AUTHORISED,
    "enter_field": RoundState.AUTHORISED,
}
APPROVERS_STEPS = {
    "approve_round", "decide_waiver", "approve_letter", "return_letter", "revoke_letter"
}  # fmt: skip


def _parse(table):
    heading, *lines = table.strip().splitlines()
    return {
        (step, column): cell == "yes"
        for step, *cells in map(str.split, lines)
        for column, cell in zip(heading.split(), cells, strict=True)
    }


def _a_waivable_person(team):
    someone = InspectorFactory()
    unit = team.engagements.get().unit
    DeclaredRecusal.objects.create(inspector=someone, unit=unit, unit_name=unit.name)
    return {"team_id": team.pk, "inspector_id": someone.pk, "rule": "declared_unit",
            "unit_id": unit.pk, "reason": "人手不足"}  # fmt: skip


def _a_requested_waiver(team):
    values = _a_waivable_person(team)
    return Waiver.objects.create(
        requested_by=UserFactory(), requested_at=timezone.now(), fact="声明回避", **values
    )


def _plan(round_):
    return {
        "number": round_.number + 50,
        "kind": round_.kind,
        "frame": round_.frame,
        "starts": days(1),
        "ends": days(40),
        "focus": "乡村振兴",
    }


def _take(step, team, actor):
    """Take one step with everything it needs at hand."""
    round_, who = team.round, {"actor": actor, "at": timezone.now()}
    member, engagement = team.members.get(role="member"), team.engagements.get()
    here = {"round_id": round_.pk, **who}
    fresh = InspectorFactory().pk
    steps = {
        "open_term": lambda: actions.open_term(
            number=16, starts=days(1), ends=days(9), committee="中共岚水县委", leading_group="组",
            office="办", document_prefix="岚巡", **who,
        ),
        "propose_round": lambda: actions.propose_round(term=round_.term, **_plan(round_), **who),
        "change_round": lambda: actions.change_round(**_plan(round_), **here),
        "approve_round": lambda: actions.approve_round(**here),
        "form_team": lambda: actions.form_team(**here),
        "add_member": lambda: actions.add_member(
            team_id=team.pk, inspector_id=fresh, role=TeamRole.MEMBER, **who
        ),
        "change_role": lambda: actions.change_role(
            member_id=member.pk, role=TeamRole.LIAISON, **who
        ),
        "remove_member": lambda: actions.remove_member(member_id=member.pk, **who),
        "assign_unit": lambda: actions.assign_unit(
            team_id=team.pk, unit_id=UnitFactory().pk, **who
        ),
        "withdraw_unit": lambda: actions.withdraw_unit(engagement_id=engagement.pk, **who),
        "request_waiver": lambda: actions.request_waiver(**_a_waivable_person(team), **who),
        "decide_waiver": lambda: actions.decide_waiver(
            waiver_id=_a_requested_waiver(team).pk, is_granted=True, reason="同意", **who
        ),
        "mark_staffed": lambda: actions.mark_staffed(**here),
        "reopen_staffing": lambda: actions.reopen_staffing(**here),
        "draft": lambda: actions.draft_authorisation(
            number="岚巡组〔2026〕99号", basis="条例", starts=days(0), ends=days(9), **here
        ),
        "approve_letter": lambda: actions.approve_authorisation(**here),
        "return_letter": lambda: actions.return_authorisation(reason="请改", **here),
        "revoke_letter": lambda: actions.revoke_authorisation(reason="换组长", **here),
        "enter_field": lambda: actions.enter_field(**here),
    }  # fmt: skip
    steps[step]()


def _is_possible(step, team, actor):
    before = Entry.objects.count()
    try:
        _take(step, team, actor)
    except (Refused, ObjectDoesNotExist) as refusal:
        # A refusal says something, and leaves nothing in the trail.
        assert str(refusal)
        assert Entry.objects.count() == before
        return False
    assert Entry.objects.count() > before
    return True


def test_the_tables_are_complete():
    assert {state for _step, state in _parse(BY_STATE)} == set(RoundState)
    assert {role for _step, role in _parse(BY_ROLE)} == set(Role)
    assert len(_parse(BY_STATE)) == 17 * 11
    assert len(_parse(BY_ROLE)) == 19 * 8


@pytest.mark.parametrize(("pair", "expected"), _parse(BY_STATE).items(), ids=str)
def test_a_step_is_possible_in_exactly_these_states(pair, expected):
    step, state = pair
    team = complete_team(RoundState(state))
    role = Role.LEADING_GROUP if step in APPROVERS_STEPS else Role.STAFF

    assert _is_possible(step, team, UserFactory(role=role)) is expected


@pytest.mark.parametrize(("pair", "expected"), _parse(BY_ROLE).items(), ids=str)
def test_a_step_is_taken_by_exactly_these_roles(pair, expected):
    step, role = pair
    team = complete_team(IN_STATE.get(step, RoundState.APPROVED))
    member = team.members.get(role="leader").inspector
    if role == Role.INSPECTOR:
        actor = account_of(member)  # of all inspectors the one who sees most
    else:
        actor = UserFactory(role=role, unit_id=team.engagements.get().unit_id)

    assert _is_possible(step, team, actor) is expected


MOVES = {
    ("in_field", "reporting"),
    ("reporting", "reported"),
    ("reported", "fed_back"),
    ("fed_back", "rectifying"),
    ("rectifying", "assessed"),
    ("assessed", "archived"),
}


@pytest.mark.parametrize(("state", "to"), list(product(RoundState, RoundState)), ids=str)
def test_a_higher_feature_moves_a_round_only_to_the_next_state(state, to):
    team = complete_team(state)
    try:
        actions.move_round(round_id=team.round_id, to=to, actor=UserFactory(), at=timezone.now())
        moved = True
    except Refused:
        moved = False

    team.round.refresh_from_db()
    assert moved is ((state, to) in MOVES)
    assert team.round.state == (to if moved else state)


def test_the_tables_of_states_are_what_is_written_here():
    assert {(a.value, b.value) for a, nexts in ROUND_NEXT.items() for b in nexts} == {
        ("proposed", "approved"),
        ("approved", "staffed"),
        ("staffed", "authorised"),
        ("staffed", "approved"),
        ("authorised", "in_field"),
        ("authorised", "approved"),
        *MOVES,
    }
    assert {(a.value, b.value) for a, nexts in AUTHORISATION_NEXT.items() for b in nexts} == {
        ("drafted", "approved"),
        ("approved", "revoked"),
        ("revoked", "drafted"),
    }
    assert {(a.value, b.value) for a, nexts in WAIVER_NEXT.items() for b in nexts} == {
        ("requested", "granted"),
        ("requested", "denied"),
    }


@pytest.mark.parametrize("state", [WaiverState.GRANTED, WaiverState.DENIED])
def test_a_decided_waiver_is_not_decided_again(state):
    waiver = _a_requested_waiver(complete_team())
    decide = {"waiver_id": waiver.pk, "reason": "同意", "at": timezone.now()}
    actor = UserFactory(role=Role.LEADING_GROUP)
    actions.decide_waiver(is_granted=state == WaiverState.GRANTED, actor=actor, **decide)

    with pytest.raises(Refused):
        actions.decide_waiver(is_granted=True, actor=actor, **decide)

    waiver.refresh_from_db()
    assert waiver.state == state


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [(1, 9, False), (0, 9, True), (-9, 0, True), (-9, -1, False)],
    ids=["before the first day", "first day", "last day", "after the last day"],
)
def test_the_field_is_entered_only_while_the_authorisation_is_in_force(starts, ends, expected):
    team = complete_team(RoundState.AUTHORISED)
    letter = team.round.authorisation
    letter.starts, letter.ends = days(starts), days(ends)
    letter.save()
    at = dt.datetime.combine(days(0), dt.time(4), dt.UTC)

    try:
        actions.enter_field(round_id=team.round_id, actor=UserFactory(), at=at)
        entered = True
    except Refused:
        entered = False

    assert entered is expected
