"""What the steps of a round change, and what stands against them."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.inspections import actions
from tanzhao.inspections.models import Engagement, Team, Waiver
from tanzhao.inspections.queries import (
    next_authorisation_number,
    next_round_number,
    team_role_of,
)
from tanzhao.inspections.states import AuthorisationState, RoundState, TeamRole
from tanzhao.inspectors.models import DeclaredRecusal
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Visit
from tests.factories import (
    AuthorisationFactory,
    InspectorFactory,
    RoundFactory,
    TeamFactory,
    TeamMemberFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
    account_of,
    days,
    member_account,
)
from tests.inspections.makers import complete_team, fill

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


def _declared_it(someone, unit):
    DeclaredRecusal.objects.create(inspector=someone, unit_name=unit.name, unit=unit)


def test_a_round_and_its_authorisation_are_approved_by_somebody_else():
    maker, second = UserFactory(role=Role.DIRECTOR), UserFactory(role=Role.DIRECTOR)
    team = complete_team(RoundState.PROPOSED, proposed_by=maker)
    here = {"round_id": team.round_id, "at": NOON}

    with pytest.raises(Refused):
        actions.approve_round(actor=maker, **here)
    actions.approve_round(actor=second, **here)
    actions.mark_staffed(actor=maker, **here)
    actions.draft_authorisation(
        number="岚巡组〔2026〕6号", basis="条例", starts=days(0), ends=days(60), actor=maker, **here
    )
    with pytest.raises(Refused):
        actions.approve_authorisation(actor=maker, **here)
    letter = actions.approve_authorisation(actor=second, **here)

    team.round.refresh_from_db()
    assert team.round.state == RoundState.AUTHORISED
    assert (team.round.approved_by, letter.approved_by) == (second, second)


def test_whoever_changes_a_proposed_round_cannot_approve_it():
    team = complete_team(RoundState.PROPOSED)
    changer = UserFactory(role=Role.DIRECTOR)
    round_ = team.round
    actions.change_round(
        round_id=round_.pk, number=round_.number, kind=round_.kind, frame=round_.frame,
        starts=days(5), ends=days(50), focus="", actor=changer, at=NOON,
    )  # fmt: skip

    with pytest.raises(Refused):
        actions.approve_round(round_id=round_.pk, actor=changer, at=NOON)
    original = UserFactory(role=Role.DIRECTOR)

    assert actions.approve_round(round_id=round_.pk, actor=original, at=NOON).starts == days(5)


def test_the_database_itself_refuses_the_same_pair_of_eyes():
    team = complete_team(RoundState.AUTHORISED)
    letter, round_ = team.round.authorisation, team.round

    letter.approved_by = letter.drafted_by
    with (
        pytest.raises(IntegrityError, match="authorisation_approver_not_drafter"),
        transaction.atomic(),
    ):
        letter.save()
    round_.approved_by = round_.proposed_by
    with (
        pytest.raises(IntegrityError, match="round_approver_not_proposer"),
        transaction.atomic(),
    ):
        round_.save()


def _lose(team, role):
    team.members.filter(role=role).delete()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda team: _lose(team, TeamRole.LEADER),
        lambda team: _lose(team, TeamRole.DEPUTY),
        lambda team: _lose(team, TeamRole.LIAISON),
        lambda team: team.engagements.all().delete(),
        lambda team: TeamFactory(round=team.round, number=2),
        lambda team: team.delete(),
        lambda team: _declared_it(team.members.first().inspector, team.engagements.get().unit),
        lambda team: Waiver.objects.create(
            team=team, inspector=InspectorFactory(), unit=UnitFactory(), rule="declared_unit",
            fact="x", reason="x", requested_by=UserFactory(), requested_at=NOON,
        ),
    ],
    ids=[
        "no leader", "no deputy", "one further member", "no unit", "an empty team", "no team",
        "an open conflict", "an undecided waiver",
    ],
)  # fmt: skip
def test_teams_are_complete_only_with_nothing_missing_and_nothing_open(spoil):
    good, bad = complete_team(), complete_team()
    spoil(bad)
    actor = UserFactory()

    with pytest.raises(Refused):
        actions.mark_staffed(round_id=bad.round_id, actor=actor, at=NOON)
    actions.mark_staffed(round_id=good.round_id, actor=actor, at=NOON)

    bad.round.refresh_from_db()
    assert bad.round.state == RoundState.APPROVED


def test_a_team_has_one_leader():
    team = complete_team()
    member = team.members.get(role=TeamRole.MEMBER)
    lead = {"role": TeamRole.LEADER, "actor": UserFactory(), "at": NOON}

    with pytest.raises(Refused):
        add(team, InspectorFactory(), TeamRole.LEADER)
    with pytest.raises(Refused):
        actions.change_role(member_id=member.pk, **lead)
    actions.remove_member(
        member_id=team.members.get(role=TeamRole.LEADER).pk, actor=UserFactory(), at=NOON
    )
    actions.change_role(member_id=member.pk, **lead)

    assert [m.inspector for m in team.members.filter(role=TeamRole.LEADER)] == [member.inspector]


def test_a_unit_is_with_one_team_of_a_round():
    team = complete_team()
    other = TeamFactory(round=team.round, number=2)
    taken = team.engagements.get().unit

    with pytest.raises(Refused):
        assign(other, taken)
    assign(other, UnitFactory())

    assert other.engagements.count() == 1


def test_who_left_the_pool_and_what_was_closed_cannot_be_chosen():
    team = open_team()

    for refused, taken in (({"retired": True}, {}),):
        with pytest.raises(Refused):
            add(team, InspectorFactory(**refused))
        add(team, InspectorFactory(**taken))
        with pytest.raises(Refused):
            assign(team, UnitFactory(**refused))
        assign(team, UnitFactory(**taken))

    assert (team.members.count(), team.engagements.count()) == (1, 1)


def test_only_an_empty_team_is_disbanded():
    full, empty = complete_team(), open_team()

    with pytest.raises(Refused):
        actions.disband_team(team_id=full.pk, actor=UserFactory(), at=NOON)
    actions.disband_team(team_id=empty.pk, actor=UserFactory(), at=NOON)

    assert set(Team.objects.all()) == {full}


def test_facts_that_changed_since_stop_the_authorisation_until_they_are_waived():
    team, chief = complete_team(RoundState.STAFFED), UserFactory(role=Role.LEADING_GROUP)
    unit, someone = team.engagements.get().unit, team.members.first().inspector
    here = {"round_id": team.round_id, "actor": chief, "at": NOON}
    _declared_it(someone, unit)

    with pytest.raises(Refused, match=someone.name):
        actions.approve_authorisation(**here)
    waiver = actions.request_waiver(
        team_id=team.pk, inspector_id=someone.pk, unit_id=unit.pk, rule="declared_unit",
        reason="人手不足", actor=UserFactory(), at=NOON,
    )  # fmt: skip
    actions.decide_waiver(waiver_id=waiver.pk, is_granted=True, reason="同意", actor=chief, at=NOON)

    assert actions.approve_authorisation(**here).state == AuthorisationState.APPROVED


def test_a_returned_draft_is_put_right_before_it_is_approved():
    team, chief = complete_team(RoundState.STAFFED), UserFactory(role=Role.LEADING_GROUP)
    here = {"round_id": team.round_id, "at": NOON}
    actions.return_authorisation(reason="缺依据", actor=chief, **here)

    with pytest.raises(Refused):
        actions.approve_authorisation(actor=chief, **here)
    actions.draft_authorisation(
        number="岚巡组〔2026〕7号", basis="条例和规划", starts=days(0), ends=days(60),
        actor=UserFactory(), **here,
    )  # fmt: skip

    letter = actions.approve_authorisation(actor=chief, **here)
    assert (letter.number, letter.returned_reason) == ("岚巡组〔2026〕7号", "")


def test_a_revoked_authorisation_ends_access_and_reopens_the_staffing():
    team, chief = complete_team(RoundState.AUTHORISED), UserFactory(role=Role.LEADING_GROUP)
    leader = account_of(team.members.get(role=TeamRole.LEADER).inspector)
    number = team.round.authorisation.number
    before = team_role_of(leader, team.engagements.get())
    here = {"round_id": team.round_id, "at": NOON}

    actions.revoke_authorisation(reason="组长调离", actor=chief, **here)

    team.round.refresh_from_db()
    assert (before, team_role_of(leader, team.engagements.get())) == (TeamRole.LEADER, None)
    assert team.round.state == RoundState.APPROVED
    actions.mark_staffed(actor=UserFactory(), **here)
    words = {"basis": "条例", "starts": days(0), "ends": days(60), "actor": UserFactory(), **here}
    with pytest.raises(Refused):
        actions.draft_authorisation(number=number, **words)
    actions.draft_authorisation(number="岚巡组〔2030〕1号", **words)
    letter = actions.approve_authorisation(actor=chief, **here)
    assert (letter.former_numbers, letter.revoked_reason) == ([number], "")


def test_an_authorisation_revoked_in_the_field_is_replaced_without_moving_the_round():
    team, chief = complete_team(RoundState.IN_FIELD), UserFactory(role=Role.LEADING_GROUP)
    leader = account_of(team.members.get(role=TeamRole.LEADER).inspector)
    here = {"round_id": team.round_id, "at": NOON}
    actions.revoke_authorisation(reason="文号有误", actor=chief, **here)
    away = team_role_of(leader, team.engagements.get())

    actions.draft_authorisation(
        number="岚巡组〔2030〕2号", basis="条例", starts=days(0), ends=days(60),
        actor=UserFactory(), **here,
    )  # fmt: skip
    actions.approve_authorisation(actor=chief, **here)

    team.round.refresh_from_db()
    assert (away, team_role_of(leader, team.engagements.get())) == (None, TeamRole.LEADER)
    assert team.round.state == RoundState.IN_FIELD


def test_two_authorisations_never_bear_one_number():
    first, second = complete_team(RoundState.AUTHORISED), complete_team(RoundState.STAFFED)
    words = {"basis": "条例", "starts": days(0), "ends": days(60), "actor": UserFactory(),
             "at": NOON, "round_id": second.round_id}  # fmt: skip

    with pytest.raises(Refused):
        actions.draft_authorisation(number=first.round.authorisation.number, **words)

    assert actions.draft_authorisation(number="岚巡组〔2030〕3号", **words)


def test_entering_the_field_makes_the_units_visited():
    team = complete_team(RoundState.AUTHORISED)
    untouched = UnitFactory()

    actions.enter_field(round_id=team.round_id, actor=UserFactory(), at=NOON)

    assert [(v.unit, v.round_number, v.month, v.imported) for v in Visit.objects.all()] == [
        (team.engagements.get().unit, team.round.number, days(0).replace(day=1), False)
    ]
    assert not untouched.visits.exists()


def test_numbers_are_proposed_after_the_highest():
    term = TermFactory()
    Visit.objects.create(unit=UnitFactory(), round_number=5, month=dt.date(2024, 3, 1))
    imported = next_round_number(term)
    round_ = RoundFactory(term=term, number=8)
    after = next_round_number(term)
    first = next_authorisation_number(round_, 2026)
    AuthorisationFactory(number="岚巡组〔2026〕6号", former_numbers=["岚巡组〔2026〕9号"])
    AuthorisationFactory(number="岚巡组〔2025〕30号")

    assert (imported, after) == (6, 9)
    assert (first, next_authorisation_number(round_, 2026)) == (
        "岚巡组〔2026〕1号",
        "岚巡组〔2026〕10号",
    )


def test_a_number_is_used_once_in_a_term():
    round_ = RoundFactory(state=RoundState.APPROVED)
    plan = {"term": round_.term, "kind": round_.kind, "frame": round_.frame, "starts": days(1),
            "ends": days(2), "actor": UserFactory(), "at": NOON}  # fmt: skip

    with pytest.raises(Refused):
        actions.propose_round(number=round_.number, **plan)

    assert actions.propose_round(number=round_.number + 1, **plan).state == RoundState.PROPOSED


def test_a_refused_step_leaves_no_entry_and_a_taken_one_leaves_one():
    team = open_team()
    stranger = TeamMemberFactory(team=TeamFactory(round=team.round, number=2)).inspector

    with pytest.raises(Refused):
        add(team, stranger)
    assert not Entry.objects.exists()
    member = add(team, InspectorFactory())

    entry = Entry.objects.get()
    assert (entry.verb, entry.target_id) == ("member.added", member.pk)
    assert entry.details["role"] == "member"


def test_a_unit_is_withdrawn_and_can_be_given_to_another_team():
    team = fill(open_team())
    other = TeamFactory(round=team.round, number=2)
    engagement = team.engagements.get()

    actions.withdraw_unit(engagement_id=engagement.pk, actor=UserFactory(), at=NOON)
    assign(other, engagement.unit)

    assert [e.team for e in Engagement.objects.all()] == [other]


def test_the_role_on_a_team_is_that_of_today():
    team = complete_team(RoundState.IN_FIELD)
    engagement = team.engagements.get()
    deputy = account_of(team.members.get(role=TeamRole.DEPUTY).inspector)
    elsewhere = member_account(complete_team(RoundState.IN_FIELD), TeamRole.LIAISON)

    assert team_role_of(deputy, engagement) is TeamRole.DEPUTY
    assert team_role_of(elsewhere, engagement) is None
    assert team_role_of(UserFactory(role=Role.DIRECTOR), engagement) is None


def test_a_term_is_opened_once():
    names = {"committee": "中共岚水县委", "leading_group": "领导小组", "office": "巡察办"}
    days_of = {"starts": days(0), "ends": days(900), "document_prefix": "岚巡"}
    words = {**names, **days_of, "actor": UserFactory(), "at": NOON}
    TermFactory(number=15)

    with pytest.raises(Refused):
        actions.open_term(number=15, **words)

    assert actions.open_term(number=16, **words).number == 16
