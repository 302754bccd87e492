"""A team approved on Monday, and a declaration on Tuesday: what happens, and who is told."""

import pytest

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.audit.trail import verify_trail
from tanzhao.inspections import actions
from tanzhao.inspections.models import TeamAlert
from tanzhao.inspections.states import BEFORE_FIELD, WATCHED, RoundState
from tanzhao.kernel.verdict import Refused
from tanzhao.notices.models import Notice
from tanzhao.notices.wording import sentence_of
from tests.factories import (
    NOON,
    InspectorFactory,
    TeamFactory,
    UnitFactory,
    UserFactory,
    account_of,
    days,
)
from tests.inspections.alert_makers import declare, monday, told
from tests.inspections.makers import complete_team, fill

pytestmark = pytest.mark.django_db


def state_of(team):
    team.round.refresh_from_db()
    return team.round.state


@pytest.mark.parametrize("state", RoundState)
def test_a_declaration_raises_an_alert_as_long_as_the_team_has_work_to_do(state):
    day = monday(state)

    declare(day)

    expected = [day.team] if state in WATCHED else []
    assert [alert.team for alert in TeamAlert.objects.all()] == expected
    # Only a team that was complete and not yet authorised goes back to be put together.
    was_complete = state == RoundState.STAFFED
    assert state_of(day.team) == (RoundState.APPROVED if was_complete else state)


def test_the_alert_says_what_brought_it_up_and_the_trail_keeps_it():
    day = monday()

    declare(day)

    alert = TeamAlert.objects.get()
    assert (alert.cause, alert.about) == ("recusal.declared", day.member.full_name)
    assert [(one["person"], one["about"]) for one in alert.standings] == [
        (day.member.full_name, day.unit.name)
    ]
    entries = list(Entry.objects.order_by("position").values_list("verb", flat=True))
    assert entries[-3:] == ["recusal.declared", "team.alerted", "round.moved"]
    assert Entry.objects.get(verb="team.alerted").actor == day.member
    assert verify_trail()[1] == []


def test_a_declaration_about_another_unit_or_another_person_raises_nothing():
    day = monday()
    UnitFactory(name="县档案馆")
    elsewhere = account_of(InspectorFactory())

    actions.declare_recusal_and_recheck(
        inspector_id=day.member.inspector_id, unit_name="县档案馆", actor=day.member, at=NOON
    )
    declare(day, who=elsewhere)
    assert not TeamAlert.objects.exists()
    assert state_of(day.team) == RoundState.STAFFED

    declare(day)
    assert TeamAlert.objects.count() == 1


def test_only_the_team_concerned_is_named_though_the_whole_round_is_reopened():
    day = monday()
    other = fill(TeamFactory(round=day.team.round, number=2))

    declare(day)

    assert [alert.team for alert in TeamAlert.objects.all()] == [day.team]
    assert state_of(other) == RoundState.APPROVED


def test_before_the_first_day_the_office_is_told_and_nobody_of_the_team():
    day = monday()
    idle = UserFactory(role=Role.STAFF)
    chair, supervisor = UserFactory(role=Role.LEADING_GROUP), UserFactory(role=Role.SUPERVISOR)

    declare(day)

    assert told(day.director) == ["recusal.declared", "team.reopened"]
    assert told(day.staff) == ["recusal.declared", "team.reopened"]
    assert told(idle) == ["recusal.declared"]
    # They do not know from the program yet what the round inspects: a notice would say it.
    for silent in (day.leader, day.member, day.colleague, chair, supervisor):
        assert told(silent) == [], silent.role


@pytest.mark.parametrize(
    ("state", "kind"),
    [(RoundState.AUTHORISED, "team.held"), (RoundState.IN_FIELD, "team.doubted")],
)
def test_while_the_authorisation_holds_the_leader_and_the_person_are_told_without_the_facts(
    state, kind
):
    day = monday(state)
    approver = day.team.round.authorisation.approved_by

    declare(day, actor=day.staff)

    for user, knows in ((day.director, True), (approver, True), (day.leader, False)):
        notice = Notice.objects.get(to=user, kind=kind)
        said = str(notice.values) + sentence_of(notice.kind, notice.values)
        assert [fact in said for fact in (day.member.full_name, day.unit.name)] == [knows] * 2
    notice = Notice.objects.get(to=day.leader)
    assert notice.values == {
        "term": 15, "round": day.team.round.number, "team": 1, "is_own": False, "ask": "钱进",
    }  # fmt: skip
    own = Notice.objects.get(to=day.member, kind=kind)
    assert own.values == {**notice.values, "is_own": True}
    assert told(day.colleague) == []


def test_after_the_last_day_nobody_of_the_team_is_told():
    day = monday(RoundState.IN_FIELD)
    authorisation = day.team.round.authorisation
    authorisation.starts, authorisation.ends = days(-30), days(-1)
    authorisation.save()

    declare(day, actor=day.staff)

    assert told(day.leader) == []
    assert told(day.director) == ["team.doubted"]


def test_an_inspector_learns_of_no_alert_by_declaring_one_unit_after_another(client):
    day, teamless = monday(), account_of(InspectorFactory())

    def answers(user):
        client.force_login(user)
        sent = client.post("/rounds/recusals/", {"unit": day.unit.name}, follow=True)
        page = sent.content.decode()
        return sent.status_code, page.replace(user.full_name, ""), told(user)

    status, page, notices = answers(day.member)
    assert (status, notices) == (200, [])
    assert page.count(day.unit.name) == answers(teamless)[1].count(day.unit.name)
    assert TeamAlert.objects.count() == 1


def test_declaring_twice_raises_and_tells_once():
    day = monday()

    declare(day)
    before = Notice.objects.count(), Entry.objects.count()
    declare(day)

    assert (Notice.objects.count(), Entry.objects.count()) == before
    assert TeamAlert.objects.count() == 1


def test_a_second_reason_joins_the_open_alert_and_is_told_again():
    day = monday(RoundState.IN_FIELD)

    declare(day)
    declare(day, who=day.leader)

    alert = TeamAlert.objects.get()
    assert {one["person"] for one in alert.standings} == {
        day.member.full_name,
        day.leader.full_name,
    }
    assert told(day.director).count("team.doubted") == 2
    assert Entry.objects.filter(verb="team.alerted").count() == 2


@pytest.mark.parametrize("state", sorted(BEFORE_FIELD))
def test_whatever_was_asked_when_somebody_joined_is_asked_again_at_every_step(state):
    """With an alert open, no step leads on."""
    day = monday(state)
    director, chair = day.director, UserFactory(role=Role.LEADING_GROUP)
    declare(day)
    on = {"round_id": day.team.round_id, "at": NOON}
    steps = {
        RoundState.PROPOSED: lambda: actions.mark_staffed(actor=director, **on),
        RoundState.APPROVED: lambda: actions.mark_staffed(actor=director, **on),
        RoundState.STAFFED: lambda: actions.approve_authorisation(actor=chair, **on),
        RoundState.AUTHORISED: lambda: actions.enter_field(actor=director, **on),
    }

    with pytest.raises(Refused):
        steps[state]()

    expected = RoundState.APPROVED if state == RoundState.STAFFED else state
    assert state_of(day.team) == expected


def test_an_authorised_team_enters_the_field_only_without_an_alert():
    day, free = monday(RoundState.AUTHORISED), complete_team(RoundState.AUTHORISED)
    for team in (day.team, free):
        team.round.authorisation.starts = NOON.date()
        team.round.authorisation.save()
    declare(day)

    with pytest.raises(Refused, match=day.member.full_name):
        actions.enter_field(round_id=day.team.round_id, actor=day.director, at=NOON)
    actions.enter_field(round_id=free.round_id, actor=day.director, at=NOON)

    assert (state_of(day.team), state_of(free)) == (RoundState.AUTHORISED, RoundState.IN_FIELD)
