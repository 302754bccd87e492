"""An alert ends by what takes its reason away, in the same step, and those who knew are told."""

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections import actions
from tanzhao.inspections.models import TeamAlert, TeamMember, Waiver
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.inspectors.models import DeclaredRecusal
from tanzhao.kernel.verdict import Refused
from tests.factories import InspectorFactory, UserFactory
from tests.inspections.alert_makers import TUESDAY, declare, membership, monday, told

pytestmark = pytest.mark.django_db


def ask_waiver(day, actor=None):
    return actions.request_waiver(
        team_id=day.team.pk,
        inspector_id=day.member.inspector_id,
        unit_id=day.unit.pk,
        rule="declared_unit",
        reason="只有他懂工程造价",
        actor=actor or day.staff,
        at=TUESDAY,
    )


def decide(waiver, actor, *, is_granted):
    return actions.decide_waiver(
        waiver_id=waiver.pk, is_granted=is_granted, reason="已核实", actor=actor, at=TUESDAY
    )


def is_open():
    return TeamAlert.objects.get().settled_at is None


def test_the_person_taken_out_settles_it_and_the_next_can_be_staffed_and_authorised_again():
    day = monday()
    declare(day)
    round_id = day.team.round_id
    with pytest.raises(Refused):
        actions.mark_staffed(round_id=round_id, actor=day.staff, at=TUESDAY)

    actions.remove_member(member_id=membership(day).pk, actor=day.staff, at=TUESDAY)
    assert not is_open()
    assert TeamAlert.objects.get().settled_by == day.staff
    actions.add_member(
        team_id=day.team.pk,
        inspector_id=InspectorFactory().pk,
        role=TeamRole.MEMBER,
        actor=day.staff,
        at=TUESDAY,
    )
    actions.mark_staffed(round_id=round_id, actor=day.staff, at=TUESDAY)
    actions.approve_authorisation(
        round_id=round_id, actor=UserFactory(role=Role.LEADING_GROUP), at=TUESDAY
    )

    day.team.round.refresh_from_db()
    assert day.team.round.state == RoundState.AUTHORISED


@pytest.mark.parametrize(
    "state", [RoundState.APPROVED, RoundState.STAFFED, RoundState.AUTHORISED, RoundState.IN_FIELD]
)
def test_a_waiver_granted_by_a_second_person_settles_it_and_one_denied_does_not(state):
    day = monday(state)
    declare(day)

    denied = ask_waiver(day)
    decide(denied, day.director, is_granted=False)
    assert is_open()
    granted = ask_waiver(day)
    with pytest.raises(Refused):
        decide(granted, day.staff, is_granted=True)
    assert is_open()
    decide(granted, day.director, is_granted=True)

    assert not is_open()
    assert [e.actor for e in Entry.objects.filter(verb="team.settled")] == [day.director]


def test_without_an_alert_no_waiver_is_asked_for_once_the_teams_are_authorised():
    day = monday(RoundState.AUTHORISED)
    DeclaredRecusal.objects.create(
        inspector_id=day.member.inspector_id, unit_name=day.unit.name, unit=day.unit
    )

    with pytest.raises(Refused):
        ask_waiver(day)
    actions.follow_changes(at=TUESDAY)
    ask_waiver(day)

    assert Waiver.objects.count() == 1


def test_the_unit_taken_back_settles_it():
    day = monday()
    declare(day)

    actions.withdraw_unit(engagement_id=day.team.engagements.get().pk, actor=day.staff, at=TUESDAY)

    assert not is_open()


def test_the_declaration_withdrawn_settles_it_with_the_reason_in_the_trail():
    day = monday()
    recusal = declare(day)

    actions.withdraw_recusal_and_recheck(
        recusal_id=recusal.pk, reason="写错了单位", actor=day.staff, at=TUESDAY
    )

    assert not is_open()
    assert Entry.objects.get(verb="recusal.withdrawn").details["reason"] == "写错了单位"
    assert told(day.member) == ["recusal.withdrawn"]


def test_one_of_two_reasons_gone_leaves_it_open_with_the_other():
    day = monday()
    declare(day)
    declare(day, who=day.leader)

    actions.remove_member(member_id=membership(day).pk, actor=day.staff, at=TUESDAY)

    assert is_open()
    (left,) = TeamAlert.objects.get().standings
    assert left["person"] == day.leader.full_name


def test_whoever_was_told_of_it_is_told_of_its_end_and_nobody_else():
    day = monday(RoundState.IN_FIELD)
    declare(day, actor=day.staff)
    late = UserFactory(role=Role.DIRECTOR)

    decide(ask_waiver(day), day.director, is_granted=True)

    for user in (day.director, day.leader, day.member):
        assert told(user).count("team.settled") == 1, user.role
    assert "team.settled" not in told(late) + told(day.colleague)


def test_taking_out_somebody_else_settles_nothing():
    day = monday()
    declare(day)
    other = TeamMember.objects.get(team=day.team, inspector=day.colleague.inspector_id)

    actions.remove_member(member_id=other.pk, actor=day.staff, at=TUESDAY)

    assert is_open()


def test_the_same_reason_come_back_raises_a_new_alert():
    day = monday()
    recusal = declare(day)
    actions.withdraw_recusal_and_recheck(
        recusal_id=recusal.pk, reason="写错了单位", actor=day.staff, at=TUESDAY
    )

    declare(day)

    assert TeamAlert.objects.filter(settled_at=None).count() == 1
    assert TeamAlert.objects.count() == 2
    assert told(day.director).count("team.reopened") == 1
    assert told(day.director).count("team.objected") == 1
