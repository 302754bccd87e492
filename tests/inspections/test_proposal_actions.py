"""Proposals: computed in the background, judged, changed, taken with every rule asked again."""

import pytest
from django.utils import translation

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.documents.states import RunState
from tanzhao.engines.planner.teams.checking import broken_rules
from tanzhao.inspections.actions import add_member, assign_unit, remove_member
from tanzhao.inspections.actions.proposals import (
    discard_proposal,
    propose_teams,
    replace_in_proposal,
    stop_proposal,
    take_proposal,
)
from tanzhao.inspections.actions.proposals_computing import carry_out_proposing
from tanzhao.inspections.models import TeamMember, TeamProposal
from tanzhao.inspections.planning import proposed, seating
from tanzhao.inspections.planning.teams_instance import instance_of
from tanzhao.inspections.queries import staffing_of
from tanzhao.inspections.rules.proposals import may_stop_proposal
from tanzhao.inspections.states import ProposalState, RoundState, TeamRole
from tanzhao.inspectors.models import DeclaredRecusal, Inspector, PastRound
from tanzhao.kernel.verdict import Refused
from tanzhao.units.models import Visit
from tests.factories import NOON, InspectorFactory, TeamFactory, UnitFactory, UserFactory
from tests.inspections.proposal_makers import line_up, office, pool, round_to_staff, staffed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def have_proposed(django_capture_on_commit_callbacks):
    """Have teams proposed, the background work done at once, and give the proposal."""

    def _have_proposed(round_, *, keep=False, actor=None):
        with django_capture_on_commit_callbacks(execute=True):
            proposal = propose_teams(
                round_id=round_.pk, keep=keep, actor=actor or office(), at=NOON
            )
        proposal.refresh_from_db()
        return proposal

    return _have_proposed


def by(proposal):
    return {"proposal_id": proposal.pk, "actor": office(), "at": NOON}


def test_proposed_teams_break_no_rule_of_the_format_or_of_recusal_and_are_the_rounds_when_taken(
    have_proposed,
):
    round_ = round_to_staff(teams=3)
    people = pool(36)
    units = [team.engagements.get().unit for team in round_.teams.order_by("number")]
    for number, one in enumerate(people):
        unit = units[number // 4 % 3]
        DeclaredRecusal.objects.create(inspector=one, unit_name=unit.name, unit=unit)

    proposal = have_proposed(round_)
    instance = instance_of(round_)
    seats = proposed.seats_from(instance, proposal.teams)
    taken = take_proposal(**by(proposal))

    composed = [seating.composed_of(team, own) for team, own in seats.items()]
    assert broken_rules(instance.problem, composed) == []
    assert [len(own) for own in seats.values()] == [7, 7, 7]
    assert taken.state == ProposalState.TAKEN
    assert staffed(round_) == line_up(proposal)
    assert staffing_of(round_).problems == []
    roles = list(line_up(proposal).values())
    assert {role: roles.count(role) for role in set(roles)} == {
        "leader": 3, "deputy": 3, "liaison": 3, "member": 12,
    }  # fmt: skip


def test_everybody_is_named_once_on_a_team_or_excluded_with_a_reason(have_proposed):
    round_ = round_to_staff()
    people = pool(30)
    unit = round_.teams.get(number=1).engagements.get().unit
    other = round_.teams.get(number=2).engagements.get().unit
    for one in (unit, other):
        DeclaredRecusal.objects.create(inspector=people[0], unit_name=one.name, unit=one)

    proposal = have_proposed(round_)

    seated = [m["inspector"] for team in proposal.teams for m in team["members"]]
    excluded = {one["inspector"]: one for one in proposal.excluded}
    assert sorted([*seated, *excluded]) == sorted(str(one.pk) for one in people)
    assert all(m["reasons"] for team in proposal.teams for m in team["members"])
    assert excluded[str(people[0].pk)]["barred"] == [1, 2]
    assert excluded[str(people[0].pk)]["place"] is None
    free = [one for one in excluded.values() if not one["barred"]]
    assert free
    assert all(one["place"]["out"] in seated for one in free)


def test_who_is_on_a_team_stays_in_their_role_if_the_office_wishes(have_proposed):
    round_ = round_to_staff()
    people = pool(30)
    first = round_.teams.get(number=1)
    # A clerk the office has made leader, and nobody else would.
    for one, role in ((people[4], TeamRole.LEADER), (people[9], TeamRole.LIAISON)):
        add_member(team_id=first.pk, inspector_id=one.pk, role=role, actor=office(), at=NOON)

    kept = have_proposed(round_, keep=True)
    discard_proposal(**by(kept))
    anew = have_proposed(round_, keep=False)
    take_proposal(**by(anew))

    teams = line_up(kept)
    assert teams[1, "干部04"] == TeamRole.LEADER
    assert teams[1, "干部09"] == TeamRole.LIAISON
    assert line_up(anew).get((1, "干部04")) != TeamRole.LEADER
    assert staffed(round_) == line_up(anew)


def test_a_double_click_computes_once_and_an_open_proposal_refuses_another(have_proposed):
    round_ = round_to_staff()
    pool()
    ready = have_proposed(round_)

    with pytest.raises(Refused, match="already"):
        propose_teams(round_id=round_.pk, keep=False, actor=office(), at=NOON)
    discard_proposal(**by(ready))
    again = propose_teams(round_id=round_.pk, keep=False, actor=office(), at=NOON)
    with pytest.raises(Refused, match="already"):
        propose_teams(round_id=round_.pk, keep=False, actor=office(), at=NOON)

    assert again.state == ProposalState.COMPUTING
    assert TeamProposal.objects.count() == 2


def test_a_run_done_twice_proposes_once_and_one_that_failed_makes_way(
    have_proposed, django_capture_on_commit_callbacks
):
    round_ = round_to_staff()
    pool()
    proposal = have_proposed(round_)
    before = TeamProposal.objects.values_list("teams", "excluded").get(pk=proposal.pk)

    carry_out_proposing(run_id=proposal.run_id, stopwatch=lambda: 0.0, clock=lambda: NOON)
    TeamProposal.objects.filter(pk=proposal.pk).update(state=ProposalState.COMPUTING)
    proposal.run.state = RunState.FAILED
    proposal.run.save()
    after = have_proposed(round_)

    assert TeamProposal.objects.values_list("teams", "excluded").get(pk=proposal.pk) == before
    assert TeamProposal.objects.get(pk=proposal.pk).state == ProposalState.DISCARDED
    assert after.state == ProposalState.READY


def test_whoever_may_have_teams_proposed_may_stop_the_search_and_nobody_else():
    round_ = round_to_staff()
    pool()
    proposal = propose_teams(round_id=round_.pk, keep=False, actor=office(), at=NOON)
    chair = UserFactory(role=Role.LEADING_GROUP)

    with pytest.raises(TeamProposal.DoesNotExist):
        stop_proposal(proposal_id=proposal.pk, actor=chair, at=NOON)
    assert not may_stop_proposal(chair, proposal)
    colleague = UserFactory(role=Role.STAFF)
    stop_proposal(proposal_id=proposal.pk, actor=colleague, at=NOON)

    proposal.run.refresh_from_db()
    assert proposal.run.stop_asked_at == NOON
    assert Entry.objects.get(verb="run.stopped").actor == colleague


def test_a_proposal_discarded_while_it_is_computed_stays_discarded():
    round_ = round_to_staff()
    pool()
    proposal = propose_teams(round_id=round_.pk, keep=False, actor=office(), at=NOON)

    discard_proposal(**by(proposal))
    carry_out_proposing(run_id=proposal.run_id, stopwatch=lambda: 0.0, clock=lambda: NOON)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.teams) == (ProposalState.DISCARDED, [])
    assert not Entry.objects.filter(verb="teams.proposed").exists()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda r: TeamFactory(round=r, number=9), "Inspection team 9 has no unit yet"),
        (lambda r: r.teams.all().delete(), "The round has no team yet"),
        (lambda r: Inspector.objects.update(retired=True), "The talent pool is empty"),
        (lambda r: setattr(r, "state", RoundState.STAFFED) or r.save(), "cannot be changed"),
    ],
)
def test_what_must_be_there_first_is_said(spoil, sentence):
    round_ = round_to_staff()
    pool(8)

    spoil(round_)

    with pytest.raises(Refused, match=sentence):
        propose_teams(round_id=round_.pk, keep=False, actor=office(), at=NOON)
    assert not TeamProposal.objects.exists()


def test_a_recusal_that_arrives_before_the_taking_refuses_all_of_it_until_somebody_is_replaced(
    have_proposed,
):
    round_ = round_to_staff()
    pool()
    proposal = have_proposed(round_)
    key = proposal.teams[0]["members"][-1]["inspector"]
    someone = Inspector.objects.get(pk=key)
    unit = round_.teams.get(number=1).engagements.get().unit
    DeclaredRecusal.objects.create(inspector=someone, unit_name=unit.name, unit=unit)

    with pytest.raises(Refused, match=f"{someone.name} has declared to stay away"):
        take_proposal(**by(proposal))
    assert not TeamMember.objects.exists()
    into = next(one["inspector"] for one in proposal.excluded if not one["barred"])
    replace_in_proposal(out=someone.pk, into=Inspector.objects.get(pk=into).pk, **by(proposal))
    take_proposal(**by(proposal))

    assert staffed(round_)[1, Inspector.objects.get(pk=into).name] == "member"
    assert (1, someone.name) not in staffed(round_)


def test_what_a_person_changed_by_hand_meanwhile_is_never_undone_silently(have_proposed):
    round_ = round_to_staff()
    people = pool()
    first = round_.teams.get(number=1)
    cases = [
        (lambda: add_member(team_id=first.pk, inspector_id=people[0].pk, role=TeamRole.MEMBER,
                            actor=office(), at=NOON), "members of Inspection team 1"),
        (lambda: remove_member(member_id=first.members.get().pk, actor=office(), at=NOON),
         "members of Inspection team 1"),
        (lambda: assign_unit(team_id=first.pk, unit_id=UnitFactory().pk, actor=office(), at=NOON),
         "units of Inspection team 1"),
    ]  # fmt: skip

    for change, sentence in cases:
        proposal = have_proposed(round_)
        change()
        with pytest.raises(Refused, match=sentence):
            take_proposal(**by(proposal))
        discard_proposal(**by(proposal))

    take_proposal(**by(have_proposed(round_)))
    assert len(staffed(round_)) == 14


def test_only_somebody_free_and_not_kept_off_takes_a_place_and_the_reasons_follow(have_proposed):
    round_ = round_to_staff()
    people = pool()
    unit = round_.teams.get(number=1).engagements.get().unit
    barred = people[7]
    DeclaredRecusal.objects.create(inspector=barred, unit_name=unit.name, unit=unit)
    proposal = have_proposed(round_)
    out = Inspector.objects.get(pk=proposal.teams[0]["members"][0]["inspector"])
    seated = Inspector.objects.get(pk=proposal.teams[1]["members"][3]["inspector"])
    clerk = Inspector.objects.get(
        pk=next(
            one["inspector"]
            for one in proposal.excluded
            if not one["barred"]
            and Inspector.objects.get(pk=one["inspector"]).grade not in {"正科级", "副科级"}
        )
    )

    for wrong in (barred, seated, InspectorFactory(retired=True)):
        with pytest.raises(Refused):
            replace_in_proposal(out=out.pk, into=wrong.pk, **by(proposal))
    after = replace_in_proposal(out=out.pk, into=clerk.pk, **by(proposal))

    assert line_up(after)[1, clerk.name] == "leader"
    assert "unmet_leader" in {one["code"] for one in after.teams[0]["unmet"]}
    assert str(out.pk) in {one["inspector"] for one in after.excluded}
    assert Entry.objects.filter(verb="teams.proposal_changed").count() == 1


def test_nobody_is_proposed_against_a_warning_unless_nothing_else_is_left(have_proposed):
    round_ = round_to_staff(teams=1)
    pool(16)
    unit = round_.teams.get().engagements.get().unit
    Visit.objects.create(unit=unit, round_number=5)
    for one in Inspector.objects.filter(name__lt="干部06"):
        PastRound.objects.create(inspector=one, round_number=5)

    without = have_proposed(round_)
    discard_proposal(**by(without))
    PastRound.objects.bulk_create(
        PastRound(inspector=one, round_number=5)
        for one in Inspector.objects.filter(name__gte="干部06")
    )
    anyhow = have_proposed(round_)

    assert without.basis["heeds_warnings"]
    assert {name for _team, name in line_up(without)} & {f"干部0{n}" for n in range(6)} == set()
    assert not anyhow.basis["heeds_warnings"]
    assert len(line_up(anyhow)) == 7
    assert anyhow.teams[0]["unmet"] == anyhow.conflict == []
    take_proposal(**by(anyhow))


def test_demands_that_cannot_hold_together_are_named_and_the_nearest_teams_shown(have_proposed):
    round_ = round_to_staff()
    pool(30)
    Inspector.objects.filter(grade="正科级").exclude(name="干部00").update(grade="股级")

    proposal = have_proposed(round_)

    clash = {one["code"]: one["values"] for one in proposal.conflict}
    assert (clash["leaders_wanted"]["need"], clash["leaders_wanted"]["have"]) == (2, 1)
    lacking = [one["code"] for team in proposal.teams for one in team["unmet"]]
    assert lacking == ["unmet_leader"]
    assert [len(team["members"]) for team in proposal.teams] == [7, 7]


def test_a_taken_or_discarded_proposal_is_neither_taken_nor_changed_again(have_proposed):
    round_ = round_to_staff()
    pool()
    proposal = have_proposed(round_)
    member = proposal.teams[0]["members"][0]["inspector"]
    take_proposal(**by(proposal))
    before = staffed(round_)

    for step in (
        lambda: take_proposal(**by(proposal)),
        lambda: discard_proposal(**by(proposal)),
        lambda: replace_in_proposal(out=Inspector.objects.get(pk=member).pk,
                                    into=Inspector.objects.last().pk, **by(proposal)),
    ):  # fmt: skip
        with pytest.raises(Refused):
            step()

    assert staffed(round_) == before
    ended = Entry.objects.filter(verb="teams.proposal_ended")
    assert [entry.details["after"] for entry in ended] == ["taken"]
