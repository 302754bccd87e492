"""Who is refused on a team for which fact, and how a second person lets it pass."""

import datetime as dt

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections import actions
from tanzhao.inspections.models import TeamMember, Waiver
from tanzhao.inspections.queries import (
    staffing_of,
)
from tanzhao.inspections.states import RoundState, TeamRole, WaiverState
from tanzhao.inspectors.models import DeclaredRecusal, PastRound, Service
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Visit
from tests.factories import (
    EngagementFactory,
    InspectorFactory,
    RoundFactory,
    TeamFactory,
    TeamMemberFactory,
    UnitFactory,
    UserFactory,
    days,
)

pytestmark = pytest.mark.django_db
NOON = dt.datetime.combine(days(0), dt.time(4), dt.UTC)


def add(team, inspector, role=TeamRole.MEMBER, actor=None):
    return actions.add_member(
        team_id=team.pk,
        inspector_id=inspector.pk,
        role=role,
        actor=actor or UserFactory(),
        at=NOON,
    )


def assign(team, unit):
    return actions.assign_unit(team_id=team.pk, unit_id=unit.pk, actor=UserFactory(), at=NOON)


def open_team(**values):
    """Make a team without anybody, whose round is still being staffed."""
    return TeamFactory(round=RoundFactory(state=RoundState.APPROVED, **values), number=1)


# What is done to make somebody unfit for a unit: a rule, and the fact that breaks it.


def _works_there(someone, unit):
    someone.workplace_unit, someone.workplace = unit, unit.name
    someone.save()


def _worked_there(someone, unit):
    Service.objects.create(inspector=someone, workplace=unit.name, unit=unit)


def _declared_it(someone, unit):
    DeclaredRecusal.objects.create(inspector=someone, unit_name=unit.name, unit=unit)


def _comes_from_there(someone, unit):
    someone.native_place = unit.name
    someone.save()


FACTS = [_works_there, _worked_there, _declared_it, _comes_from_there]


@pytest.mark.parametrize("make_unfit", FACTS)
@pytest.mark.parametrize("is_beneath", [False, True], ids=["the unit", "one beneath it"])
def test_a_person_is_refused_for_a_fact_and_somebody_else_is_taken(make_unfit, is_beneath):
    above = UnitFactory(name="马营镇", category="乡镇")
    unit = UnitFactory(name="东洼村", parent=above) if is_beneath else above
    team = open_team()
    assign(team, unit)
    unfit, fit = InspectorFactory(name="王芳"), InspectorFactory()
    make_unfit(unfit, above)
    make_unfit(fit, UnitFactory(name="双河镇", category="乡镇"))

    with pytest.raises(Refused) as refusal:
        add(team, unfit)
    add(team, fit)

    assert "王芳" in refusal.value.reason
    assert "马营镇" in refusal.value.reason
    assert [m.inspector for m in team.members.all()] == [fit]


@pytest.mark.parametrize("make_unfit", FACTS)
def test_a_unit_is_refused_for_a_member_and_another_unit_is_taken(make_unfit):
    team = open_team()
    member = TeamMemberFactory(team=team).inspector
    against, free = UnitFactory(name="马营镇"), UnitFactory(name="双河镇")
    make_unfit(member, against)

    with pytest.raises(Refused) as refusal:
        assign(team, against)
    assign(team, free)

    assert member.name in refusal.value.reason
    assert [e.unit for e in team.engagements.all()] == [free]


def test_a_former_workplace_counts_only_within_three_years():
    team = open_team(starts=dt.date(2026, 3, 1), ends=dt.date(2026, 5, 1))
    unit = EngagementFactory(team=team).unit
    late, early = InspectorFactory(), InspectorFactory()
    for someone, until in ((late, dt.date(2023, 3, 1)), (early, dt.date(2023, 2, 28))):
        Service.objects.create(inspector=someone, workplace="甲", unit=unit, until=until)

    with pytest.raises(Refused, match=r"2023-03-01"):
        add(team, late)
    add(team, early)

    assert [m.inspector for m in team.members.all()] == [early]


def test_one_unit_lends_one_person_to_a_team_but_its_own_staff_is_not_lent():
    team = open_team()
    bureau = {"workplace": "县审计局", "workplace_unit": UnitFactory(name="县审计局")}
    first = add(team, InspectorFactory(**bureau)).inspector
    own = InspectorFactory(full_time=True, **bureau)

    with pytest.raises(Refused, match=first.name):
        add(team, InspectorFactory(**bureau))
    add(team, own)

    assert {m.inspector for m in team.members.all()} == {first, own}


def test_nobody_is_in_two_teams_of_one_round_but_may_be_in_two_rounds():
    team = open_team()
    other, elsewhere = TeamFactory(round=team.round, number=2), open_team()
    busy = TeamMemberFactory(team=other).inspector

    with pytest.raises(Refused, match=busy.name):
        add(team, busy)
    add(elsewhere, busy)

    assert TeamMember.objects.filter(inspector=busy).count() == 2


def test_nobody_asks_to_waive_being_in_two_teams():
    team = open_team()
    busy = TeamMemberFactory(team=TeamFactory(round=team.round, number=2)).inspector

    with pytest.raises(Refused):
        actions.request_waiver(
            team_id=team.pk,
            inspector_id=busy.pk,
            rule="one_inspector_two_teams",
            reason="人手不足",
            actor=UserFactory(),
            at=NOON,
        )

    assert not Waiver.objects.exists()


def test_inspecting_the_same_unit_again_is_a_warning_and_stands_in_nobodys_way():
    team = open_team()
    unit = EngagementFactory(team=team).unit
    imported, ours, nobody = InspectorFactory(), InspectorFactory(), InspectorFactory()
    Visit.objects.create(unit=unit, round_number=3)
    PastRound.objects.create(inspector=imported, round_number=3)

    add(team, imported)
    add(team, nobody)
    (weak,) = staffing_of(team.round).teams[0].standings

    # A round of ours says exactly who was there, and the imported doubt falls away.
    earlier = TeamFactory(
        round=RoundFactory(starts=days(-300), ends=days(-200), term=team.round.term)
    )
    EngagementFactory(team=earlier, unit=unit)
    TeamMemberFactory(team=earlier, inspector=ours)
    add(team, ours)
    (strong,) = staffing_of(team.round).teams[0].standings

    assert (weak.conflict.person.id, weak.is_open) == (imported.pk, False)
    assert (strong.conflict.person.id, strong.is_open) == (ours.pk, False)


def test_a_refused_person_joins_once_a_second_person_has_waived_the_fact():
    team, asker = open_team(), UserFactory()
    unit, someone = EngagementFactory(team=team).unit, InspectorFactory()
    _declared_it(someone, unit)
    ask = {
        "team_id": team.pk,
        "inspector_id": someone.pk,
        "unit_id": unit.pk,
        "rule": "declared_unit",
        "reason": "只有他懂工程造价",
        "at": NOON,
    }
    with pytest.raises(Refused):
        add(team, someone)

    waiver = actions.request_waiver(actor=asker, **ask)
    with pytest.raises(Refused):
        add(team, someone)
    with pytest.raises(Refused):
        actions.request_waiver(actor=asker, **ask)
    chief = UserFactory(role=Role.LEADING_GROUP)
    actions.decide_waiver(
        waiver_id=waiver.pk, is_granted=True, reason="亲属已离职", actor=chief, at=NOON
    )
    add(team, someone)

    waiver.refresh_from_db()
    assert (waiver.state, waiver.decided_by) == (WaiverState.GRANTED, chief)
    assert someone.name in waiver.fact
    assert [entry.verb for entry in Entry.objects.all()] == [
        "waiver.requested",
        "waiver.granted",
        "member.added",
    ]
    assert Entry.objects.get(verb="waiver.granted").details["reason"] == "亲属已离职"


def test_a_denied_waiver_keeps_the_person_out_and_may_be_asked_for_again():
    team, chief = open_team(), UserFactory(role=Role.LEADING_GROUP)
    unit, someone = EngagementFactory(team=team).unit, InspectorFactory()
    _declared_it(someone, unit)
    ask = {"team_id": team.pk, "inspector_id": someone.pk, "unit_id": unit.pk,
           "rule": "declared_unit", "reason": "人手不足", "at": NOON}  # fmt: skip
    first = actions.request_waiver(actor=UserFactory(), **ask)

    actions.decide_waiver(
        waiver_id=first.pk, is_granted=False, reason="亲属任局长", actor=chief, at=NOON
    )
    with pytest.raises(Refused):
        add(team, someone)
    second = actions.request_waiver(actor=UserFactory(), **ask)

    assert {w.pk: w.state for w in Waiver.objects.all()} == {
        first.pk: WaiverState.DENIED,
        second.pk: WaiverState.REQUESTED,
    }


def test_a_waiver_holds_for_one_fact_only():
    team, chief = open_team(), UserFactory(role=Role.LEADING_GROUP)
    units = [EngagementFactory(team=team).unit for _ in range(2)]
    someone = InspectorFactory()
    for unit in units:
        _declared_it(someone, unit)
    for unit in units:
        with pytest.raises(Refused):
            add(team, someone)
        waiver = actions.request_waiver(
            team_id=team.pk, inspector_id=someone.pk, unit_id=unit.pk, rule="declared_unit",
            reason="人手不足", actor=UserFactory(), at=NOON,
        )  # fmt: skip
        actions.decide_waiver(
            waiver_id=waiver.pk, is_granted=True, reason="同意", actor=chief, at=NOON
        )

    assert add(team, someone)


def test_a_waiver_for_a_pair_covers_it_from_both_ends():
    team, chief = open_team(), UserFactory(role=Role.LEADING_GROUP)
    here = {"workplace": "县审计局"}
    first, second, third = (InspectorFactory(**here) for _ in range(3))
    add(team, first)
    waiver = actions.request_waiver(
        team_id=team.pk, inspector_id=second.pk, other_id=first.pk, rule="two_from_one_unit",
        reason="审计力量不足", actor=UserFactory(), at=NOON,
    )  # fmt: skip
    actions.decide_waiver(waiver_id=waiver.pk, is_granted=True, reason="同意", actor=chief, at=NOON)

    add(team, second)
    with pytest.raises(Refused):
        add(team, third)

    assert [s.is_open for s in staffing_of(team.round).teams[0].standings] == [False]


def test_a_waiver_can_be_asked_for_a_unit_that_the_team_does_not_have_yet():
    team, chief = open_team(), UserFactory(role=Role.LEADING_GROUP)
    member, unit = TeamMemberFactory(team=team).inspector, UnitFactory()
    _works_there(member, unit)
    with pytest.raises(Refused):
        assign(team, unit)

    waiver = actions.request_waiver(
        team_id=team.pk, inspector_id=member.pk, unit_id=unit.pk, rule="own_workplace",
        reason="借调", actor=UserFactory(), at=NOON,
    )  # fmt: skip
    actions.decide_waiver(waiver_id=waiver.pk, is_granted=True, reason="同意", actor=chief, at=NOON)

    assert assign(team, unit).unit == unit


@pytest.mark.parametrize("rule", ["own_workplace", "same_unit_last_round"])
def test_nothing_is_waived_that_is_not_so_or_only_a_warning(rule):
    team = open_team()
    unit, someone = EngagementFactory(team=team).unit, InspectorFactory()
    Visit.objects.create(unit=unit, round_number=3)
    PastRound.objects.create(inspector=someone, round_number=3)

    with pytest.raises(Refused):
        actions.request_waiver(
            team_id=team.pk, inspector_id=someone.pk, unit_id=unit.pk, rule=rule,
            reason="人手不足", actor=UserFactory(), at=NOON,
        )  # fmt: skip

    assert not Waiver.objects.exists()


def test_a_waiver_is_decided_neither_by_who_asked_nor_by_whom_it_is_about():
    team = open_team()
    unit, someone = EngagementFactory(team=team).unit, InspectorFactory()
    _declared_it(someone, unit)
    asker, other = UserFactory(role=Role.DIRECTOR), UserFactory(role=Role.DIRECTOR)
    concerned = UserFactory(role=Role.DIRECTOR, inspector_id=someone.pk)
    waiver = actions.request_waiver(
        team_id=team.pk, inspector_id=someone.pk, unit_id=unit.pk, rule="declared_unit",
        reason="人手不足", actor=asker, at=NOON,
    )  # fmt: skip

    decide = {"waiver_id": waiver.pk, "is_granted": True, "reason": "同意", "at": NOON}
    for actor in (asker, concerned):
        with pytest.raises(Refused):
            actions.decide_waiver(actor=actor, **decide)
    actions.decide_waiver(actor=other, **decide)

    waiver.refresh_from_db()
    assert waiver.decided_by == other
