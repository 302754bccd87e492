"""Whatever is changed by whatever way, the teams are looked at again: the trail tells of it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections.actions import follow_changes
from tanzhao.inspections.models import TeamAlert, TeamsLookedAt
from tanzhao.inspections.queries import facts
from tanzhao.inspections.queries.alerts import WATCHED_VERBS
from tanzhao.inspections.states import RoundState
from tanzhao.inspectors.actions import (
    InspectorRow,
    InspectorValues,
    change_inspector,
    declare_recusal,
    take_inspector_rows,
)
from tanzhao.inspectors.models import Inspector
from tanzhao.notices.models import Notice
from tanzhao.units.actions import UnitValues, change_unit, merge_units
from tests.factories import StoredFileFactory, TeamFactory, UnitFactory, UserFactory
from tests.inspections.alert_makers import TUESDAY, monday, told
from tests.inspections.makers import complete_team, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def day():
    """A team that was complete on Monday, and looked at."""
    made = monday()
    follow_changes(at=TUESDAY)
    assert not TeamAlert.objects.exists()
    return made


def person(day):
    return Inspector.objects.get(pk=day.member.inspector_id)


# What the office does on Tuesday, none of which knows of teams.


def _moves_to_the_unit(day):
    values = InspectorValues(name=day.member.full_name, workplace=day.unit.name)
    change_inspector(
        inspector_id=day.member.inspector_id, values=values, actor=day.staff, at=TUESDAY
    )


def _once_worked_there(day):
    values = InspectorValues(name=day.member.full_name, past_workplaces=[day.unit.name])
    change_inspector(
        inspector_id=day.member.inspector_id, values=values, actor=day.staff, at=TUESDAY
    )


def _leaves_the_pool(day):
    values = InspectorValues(name=day.member.full_name, retired=True)
    change_inspector(
        inspector_id=day.member.inspector_id, values=values, actor=day.staff, at=TUESDAY
    )


def _is_imported(day):
    take_inspector_rows(
        rows=[InspectorRow(name=day.member.full_name, recusal_units=(day.unit.name,))],
        actor=None,
        operator="console",
        at=TUESDAY,
        source=StoredFileFactory(name="人才库.xlsx"),
    )


def _unit_is_closed(day):
    values = UnitValues(name=day.unit.name, category="县直部门", retired=True)
    change_unit(unit_id=day.unit.pk, values=values, actor=day.staff, at=TUESDAY)


def _unit_is_merged(day):
    into = UnitFactory(name="县综合执法局")
    merge_units(into_id=into.pk, gone_ids=[day.unit.pk], actor=day.staff, at=TUESDAY)


def _own_workplace_merges_into_the_unit(day):
    gone = UnitFactory(name="县盐业局")
    Inspector.objects.filter(pk=day.member.inspector_id).update(
        workplace=gone.name, workplace_unit=gone
    )
    merge_units(into_id=day.unit.pk, gone_ids=[gone.pk], actor=day.staff, at=TUESDAY)


def _declares_past_us(day):
    declare_recusal(
        inspector_id=day.member.inspector_id, unit_name=day.unit.name, actor=day.staff, at=TUESDAY
    )


def _moves_to_another_office(day):
    # No unit is called so: a unit of the factories would bring up a recusal of its own.
    values = InspectorValues(name=day.member.full_name, workplace=f"外地{Entry.objects.count()}处")
    change_inspector(
        inspector_id=day.member.inspector_id, values=values, actor=day.staff, at=TUESDAY
    )


CHANGES = {
    _moves_to_the_unit: "inspector.changed",
    _once_worked_there: "inspector.changed",
    _leaves_the_pool: "inspector.changed",
    _is_imported: "inspectors.imported",
    _unit_is_closed: "unit.changed",
    _unit_is_merged: "units.merged",
    _own_workplace_merges_into_the_unit: "units.merged",
    _declares_past_us: "recusal.declared",
}


@pytest.mark.parametrize(
    ("change", "cause"), CHANGES.items(), ids=lambda x: getattr(x, "__name__", x)
)
def test_every_change_by_every_way_reopens_the_team_and_tells_the_office_once(day, change, cause):
    change(day)
    assert follow_changes(at=TUESDAY) == 1
    assert follow_changes(at=TUESDAY) == 0

    alert = TeamAlert.objects.get()
    day.team.round.refresh_from_db()
    assert (alert.cause, day.team.round.state) == (cause, RoundState.APPROVED)
    assert told(day.director) == told(day.staff) == ["team.reopened"]


def test_a_change_that_touches_nobody_on_a_team_raises_nothing(day):
    other = UserFactory(role=Role.STAFF)
    take_inspector_rows(
        rows=[InspectorRow(name="新来的", recusal_units=(day.unit.name,))],
        actor=other,
        at=TUESDAY,
        source=StoredFileFactory(),
    )

    assert follow_changes(at=TUESDAY) == 0
    assert not TeamAlert.objects.exists()
    assert not Notice.objects.exists()


def test_the_cause_named_is_the_one_about_the_person_even_if_more_was_done_since(day):
    bystander = monday()
    _moves_to_the_unit(day)
    change_inspector(
        inspector_id=bystander.member.inspector_id,
        values=InspectorValues(name=bystander.member.full_name, grade="正科级"),
        actor=bystander.staff,
        at=TUESDAY,
    )

    follow_changes(at=TUESDAY)

    alert = TeamAlert.objects.get()
    assert (alert.about, Entry.objects.get(verb="team.alerted").actor) == (
        day.member.full_name,
        day.staff,
    )


def test_a_fact_put_right_settles_what_it_brought_up(day):
    _moves_to_the_unit(day)
    follow_changes(at=TUESDAY)
    values = InspectorValues(name=day.member.full_name, workplace="县审计局")
    change_inspector(
        inspector_id=day.member.inspector_id, values=values, actor=day.staff, at=TUESDAY
    )

    elsewhere = monday()
    take_inspector_rows(
        rows=[InspectorRow(name="新来的")],
        actor=elsewhere.director,
        at=TUESDAY,
        source=StoredFileFactory(),
    )

    follow_changes(at=TUESDAY + dt.timedelta(hours=1))

    alert = TeamAlert.objects.get()
    assert (alert.settled_at is not None, alert.settled_by) == (True, day.staff)
    assert sorted(told(day.director)) == ["team.reopened", "team.settled"]


def test_stricter_rules_reopen_a_team_and_the_same_rules_do_not(day, monkeypatch):
    someone = person(day)
    someone.services.create(workplace=day.unit.name, unit=day.unit, until=dt.date(2020, 1, 31))
    assert follow_changes(at=TUESDAY) == 0

    pack = facts.recusal_pack()
    stricter = type(pack)(**{**pack.__dict__, "body": {**pack.body, "look_back_years": 30}})
    monkeypatch.setattr("tanzhao.inspections.queries.facts.recusal_pack", lambda: stricter)
    monkeypatch.setattr("tanzhao.inspections.queries.alerts.recusal_pack", lambda: stricter)

    assert follow_changes(at=TUESDAY) == 1
    assert TeamAlert.objects.get().cause == "pack.installed"


def test_a_team_approved_before_the_program_looked_again_is_looked_at_once():
    day = monday(RoundState.AUTHORISED)
    person(day).declared_recusals.create(unit_name=day.unit.name, unit=day.unit)
    Entry.objects.all().delete()

    assert follow_changes(at=TUESDAY) == 1
    assert told(day.director) == ["team.held"]


def test_nothing_new_costs_two_queries(day, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert follow_changes(at=TUESDAY) == 0


def test_looking_at_a_round_costs_the_same_for_one_team_and_for_three(day):
    def cost():
        _moves_to_another_office(day)
        with CaptureQueriesContext(connection) as queries:
            follow_changes(at=TUESDAY)
        return len(queries)

    first = cost()
    for number in (2, 3):
        fill(TeamFactory(round=day.team.round, number=number))

    assert cost() == first


def test_how_far_the_trail_was_followed_never_goes_back(day):
    _moves_to_the_unit(day)
    follow_changes(at=TUESDAY)
    far = TeamsLookedAt.objects.get().position
    assert far == Entry.objects.filter(verb__in=WATCHED_VERBS).order_by("-position")[0].position

    TeamsLookedAt.objects.update(position=far + 1000)
    complete_team()
    assert follow_changes(at=TUESDAY) == 0
    assert TeamsLookedAt.objects.get().position == far + 1000
