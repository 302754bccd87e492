"""The teams problem of a round: who is kept off what, who stays, what each one has behind them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tanzhao.engines.planner.teams.problem import Pin
from tanzhao.engines.planner.teams.problem import Role as PlannerRole
from tanzhao.inspections.models import Waiver
from tanzhao.inspections.planning.teams_instance import instance_of, keeping
from tanzhao.inspections.planning.teams_setting import teams_setting
from tanzhao.inspections.states import RoundState, TeamRole, WaiverState
from tanzhao.inspectors.models import DeclaredRecusal, PastRound
from tanzhao.units.models import Visit
from tests.factories import (
    NOON,
    EngagementFactory,
    InspectorFactory,
    RoundFactory,
    TeamFactory,
    TeamMemberFactory,
    UserFactory,
    days,
)
from tests.inspections.proposal_makers import pool, round_to_staff

pytestmark = pytest.mark.django_db


def declare(inspector, unit):
    return DeclaredRecusal.objects.create(inspector=inspector, unit_name=unit.name, unit=unit)


def waive(team, inspector, unit, state):
    decided = {} if state == WaiverState.REQUESTED else {"decided_by": UserFactory()}
    return Waiver.objects.create(
        team=team, inspector=inspector, unit=unit, rule="declared_unit", fact="x", reason="y",
        state=state, requested_by=UserFactory(), requested_at=NOON, **decided,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "is_barred"),
    [(None, True), (WaiverState.REQUESTED, True), (WaiverState.DENIED, True),
     (WaiverState.GRANTED, False)],
)  # fmt: skip
def test_a_refusal_keeps_one_off_the_team_of_that_unit_unless_it_is_waived(state, is_barred):
    round_ = round_to_staff(teams=2)
    someone = InspectorFactory()
    first = round_.teams.get(number=1)
    unit = first.engagements.get().unit
    declare(someone, unit)
    if state:
        waive(first, someone, unit, state)

    instance = instance_of(round_)

    person = instance.number_of[someone.pk]
    assert instance.problem.barred == ({(1, person)} if is_barred else set())


def test_having_inspected_a_unit_last_keeps_one_off_it_though_it_is_only_a_warning():
    round_ = round_to_staff(teams=1)
    unit = round_.teams.get().engagements.get().unit
    before = TeamFactory(round=RoundFactory(starts=days(-200), ends=days(-150)))
    EngagementFactory(team=before, unit=unit)
    someone = TeamMemberFactory(team=before).inspector
    other = InspectorFactory()

    instance = instance_of(round_)

    assert instance.problem.barred == {(1, instance.number_of[someone.pk])}
    assert instance.number_of[other.pk] in instance.problem.available


def test_a_mere_warning_keeps_off_only_where_warnings_are_heeded():
    round_ = round_to_staff(teams=1)
    unit = round_.teams.get().engagements.get().unit
    Visit.objects.create(unit=unit, round_number=3)
    warned = InspectorFactory()
    PastRound.objects.create(inspector=warned, round_number=3)

    instance = instance_of(round_)

    person = instance.number_of[warned.pk]
    assert instance.warned == {(person, 1)}
    assert instance.problem.barred == keeping(instance, {}).barred == frozenset()
    assert keeping(instance, {}, heeds_warnings=True).barred == {(1, person)}
    kept = {person: (1, TeamRole.MEMBER)}
    assert keeping(instance, kept, heeds_warnings=True).barred == frozenset()


def test_who_serves_elsewhere_on_the_same_days_or_has_left_cannot_be_had():
    round_ = round_to_staff(teams=1)
    overlapping = RoundFactory(starts=days(60), ends=days(90))
    busy = TeamMemberFactory(team=TeamFactory(round=overlapping)).inspector
    over = TeamMemberFactory(team=TeamFactory(round=RoundFactory(ends=days(29)))).inspector
    ill, free = InspectorFactory(), InspectorFactory()
    InspectorFactory(retired=True)

    instance = instance_of(round_, without=[ill.pk])

    people = {instance.people[number].pk for number in instance.problem.available}
    assert people == {over.pk, free.pk}
    assert set(instance.number_of) == {busy.pk, over.pk, ill.pk, free.pk}


def test_two_from_one_workplace_have_one_home_by_unit_or_by_name_and_the_office_lends_nobody():
    unit = round_to_staff(teams=1).teams.get().engagements.get().unit
    by_unit = InspectorFactory(name="甲", workplace=unit.name, workplace_unit=unit)
    by_name = InspectorFactory(name="乙", workplace=f"岚水县{unit.name}")
    same = InspectorFactory(name="丙", workplace=unit.name)
    elsewhere = InspectorFactory(name="戊", workplace="县档案馆")
    own = InspectorFactory(name="丁", workplace="县委巡察办", full_time=True)
    round_ = round_to_staff(teams=1)

    instance = instance_of(round_)

    home = {one.name: instance.problem.person[n].home for n, one in instance.people.items()}
    assert home["甲"] == home["乙"] == home["丙"] is not None
    assert home["戊"] not in {home["甲"], None}
    assert home["丁"] is None
    assert set(instance.problem.lend.values()) == {teams_setting().most_from_one_workplace}
    assert {by_unit.pk, by_name.pk, same.pk, elsewhere.pk, own.pk} == set(instance.number_of)


def test_what_somebody_has_behind_them_comes_from_old_lists_and_from_our_rounds():
    round_ = round_to_staff(teams=1)
    last = RoundFactory(number=6, starts=days(-40), ends=days(-11))
    long_ago = RoundFactory(number=3, starts=days(-900), ends=days(-860))
    coming = RoundFactory(number=5, starts=days(-9), ends=days(-1), state=RoundState.STAFFED)
    leader = InspectorFactory(name="甲", grade="正科级", sex="女", skills=["财务"])
    PastRound.objects.create(inspector=leader, round_number=3)
    PastRound.objects.create(inspector=leader, round_number=2)
    for one in (last, long_ago, coming):
        team = TeamFactory(round=one)
        TeamMemberFactory(team=team, inspector=leader, role=TeamRole.LEADER)
        EngagementFactory(team=team, unit__category="乡镇")
    InspectorFactory(name="乙", grade="科员级")

    problem = instance_of(round_).problem

    new, led = problem.people
    assert (led.exp, led.days_year, led.rounds_year) == (3, 30, 1)
    assert (led.prev_kind, led.rank, led.female, led.skills) == ("乡镇", 4, True, {"财务"})
    assert led.prev_team is not None
    assert (new.exp, new.days_year, new.prev_team, new.prev_kind, new.rank) == (0, 0, None, None, 1)


def test_a_team_needs_what_the_pack_says_for_the_kinds_of_its_units():
    round_ = round_to_staff(teams=1)
    EngagementFactory(team=round_.teams.get(), unit__category="乡镇")

    (team,) = instance_of(round_).problem.teams

    setting = teams_setting()
    assert team.need == {"财务": 1, "纪检监察": 1, "文字综合": 1, "审计": 1, "农业农村": 1,
                         "工程项目": 1}  # fmt: skip
    assert (team.size, team.min_full, team.min_exp) == (
        setting.size, setting.min_full, setting.min_experienced,
    )  # fmt: skip


def test_who_is_kept_is_pinned_in_their_role_whatever_their_grade():
    round_ = round_to_staff(teams=1)
    team = round_.teams.get()
    clerk = TeamMemberFactory(team=team, role=TeamRole.LEADER, inspector__grade="科员级").inspector
    barred = TeamMemberFactory(team=team, role=TeamRole.DEPUTY).inspector
    declare(barred, team.engagements.get().unit)
    second = TeamMemberFactory(team=team, role=TeamRole.LIAISON).inspector

    instance = instance_of(round_)
    problem = keeping(instance, instance.keepable)

    number = instance.number_of
    assert set(problem.pinned) == {
        Pin(1, number[clerk.pk], PlannerRole.LEADER),
        Pin(1, number[second.pk], PlannerRole.MEMBER),
    }
    assert problem.person[number[clerk.pk]].rank == 4
    assert instance.problem.person[number[clerk.pk]].rank == 1
    assert instance.seats == {
        1: {number[clerk.pk]: "leader", number[barred.pk]: "deputy", number[second.pk]: "liaison"}
    }


def test_the_number_of_queries_grows_neither_with_people_nor_with_teams():
    small, large = round_to_staff(teams=1), round_to_staff(teams=3)
    pool(4)
    with CaptureQueriesContext(connection) as few:
        instance_of(small)
    pool(20)
    with CaptureQueriesContext(connection) as many:
        instance_of(large)

    assert len(many) == len(few)
