"""Having teams proposed, changing what is proposed, taking and discarding it."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import start_run, stop_run
from tanzhao.documents.states import ENDED, RunKind, RunState
from tanzhao.inspections import tasks
from tanzhao.inspections.actions.rounds import locked_round
from tanzhao.inspections.actions.teams import (
    add_member,
    change_role,
    locked_member,
    remove_member,
)
from tanzhao.inspections.models import Round, TeamMember, TeamProposal
from tanzhao.inspections.planning import proposed
from tanzhao.inspections.planning.swaps import Swaps
from tanzhao.inspections.queries.proposals import (
    lines_of,
    missing_for,
    missing_for_change,
    open_proposal_of,
)
from tanzhao.inspections.rules.proposals import (
    may_change_proposal,
    may_discard_proposal,
    may_propose_teams,
    may_stop_proposal,
    may_take_proposal,
)
from tanzhao.inspections.states import ProposalState, TeamRole
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require


@transaction.atomic
def propose_teams(*, round_id: UUID, keep: bool, actor: User, at: datetime) -> TeamProposal:
    """Have the planner compose the teams of a round, in the background.

    Args:
        keep: who is on a team now stays there, where nothing stands against it.
    Raises: Round.DoesNotExist, Refused.
    """
    return _begin(round_id, {"keep": keep}, actor, at)


@transaction.atomic
def propose_smallest_change(*, member_id: UUID, actor: User, at: datetime) -> TeamProposal:
    """Have the planner find how the teams change least if a member leaves, in the background.

    Raises: TeamMember.DoesNotExist, Refused.
    """
    member, team = locked_member(member_id, actor)
    return _begin(team.round_id, {"keep": True, "out": str(member.inspector_id)}, actor, at)


def _begin(round_id: UUID, asked: Mapping[str, Any], actor: User, at: datetime) -> TeamProposal:
    round_ = locked_round(round_id, actor)
    present = open_proposal_of(round_)
    if present is not None and _has_failed(present):
        _end(present, ProposalState.DISCARDED, actor, at)
        present = None
    missing = missing_for_change(round_) if asked.get("out") else missing_for(round_)
    require(may_propose_teams(actor, round_, missing=missing, is_open=present is not None))
    proposal = TeamProposal.objects.create(
        round=round_, made_by=actor, made_at=at, basis=dict(asked)
    )
    run = start_run(
        kind=RunKind.TEAMS_PROPOSE,
        actor=actor,
        at=at,
        subject_id=proposal.pk,
        subject_name=str(round_),
    )
    proposal.run = run
    proposal.save(update_fields=["run"])
    transaction.on_commit(partial(tasks.compute_proposal.enqueue, str(run.pk)))
    return proposal


@transaction.atomic
def replace_in_proposal(
    *, proposal_id: UUID, out: UUID, into: UUID, actor: User, at: datetime
) -> TeamProposal:
    """Put somebody else into a place of a proposal. It stays a proposal, and says anew why each
    person is on it and who is excluded by what.

    Raises: TeamProposal.DoesNotExist, Refused.
    """
    proposal = _locked(proposal_id, actor)
    require(may_change_proposal(actor, proposal))
    instance = proposed.instance_for(proposal)
    seats = proposed.seats_from(instance, proposal.teams)
    leaving, coming = instance.number_of.get(out), instance.number_of.get(into)
    team = next((number for number, people in seats.items() if leaving in people), None)
    if team is None or leaving is None or coming is None:
        raise Refused(_("That could not be read. Choose from the list on this page."))
    swaps = Swaps(instance.problem, seats)
    free = {one.into for one in swaps.candidates(team=team, out=leaving)}
    if coming not in free:
        raise Refused(
            _("%(person)s cannot take this place: not free, or kept off this team by recusal.")
            % {"person": instance.people[coming].name}
        )
    seats[team] = {coming if p == leaving else p: role for p, role in seats[team].items()}
    kept = set(proposed.kept_in(instance, proposal.teams)) - {leaving}
    for name, value in proposed.stored_proposal(instance, seats, kept).items():
        setattr(proposal, name, value)
    proposal.save(update_fields=["teams", "excluded", "cost"])
    record(
        verb=Verb.PROPOSAL_CHANGED,
        actor=actor,
        target=proposal,
        at=at,
        round=str(proposal.round_id),
        team=team,
        out=str(out),
        into=str(into),
    )
    return proposal


@transaction.atomic
def take_proposal(*, proposal_id: UUID, actor: User, at: datetime) -> TeamProposal:
    """Make the proposed teams those of the round, every rule asked again, all or nobody.

    Raises: TeamProposal.DoesNotExist, Refused with each sentence if something stands against it.
    """
    proposal = _locked(proposal_id, actor)
    lines = lines_of(proposal)
    require(may_take_proposal(actor, proposal, lines.problems))
    wanted = {
        (team["number"], UUID(member["inspector"])): TeamRole(member["role"])
        for team in proposal.teams
        for member in team["members"]
    }
    _write(proposal.round, wanted, actor, at)
    return _end(proposal, ProposalState.TAKEN, actor, at)


def _write(
    round_: Round, wanted: Mapping[tuple[int, UUID], TeamRole], actor: User, at: datetime
) -> None:
    """Bring the teams of `round_` to what is wanted: first out, then other roles, then in."""
    teams = {team.number: team.pk for team in round_.teams.all()}
    staying = []
    for member in TeamMember.objects.filter(team__round=round_).select_related("team"):
        role = wanted.get((member.team.number, member.inspector_id))
        if role is None:
            remove_member(member_id=member.pk, actor=actor, at=at)
        else:
            staying.append((member, role))
    # A team has one leader at a time: the old one steps down before the new one is named.
    for member, role in sorted(staying, key=lambda pair: pair[0].role != TeamRole.LEADER):
        if member.role != role:
            change_role(member_id=member.pk, role=role, actor=actor, at=at)
    present = {(member.team.number, member.inspector_id) for member, _role in staying}
    for (number, inspector), role in wanted.items():
        if (number, inspector) not in present:
            add_member(team_id=teams[number], inspector_id=inspector, role=role, actor=actor, at=at)


@transaction.atomic
def discard_proposal(*, proposal_id: UUID, actor: User, at: datetime) -> TeamProposal:
    """Discard a proposal; one that is still computed is stopped.

    Raises: TeamProposal.DoesNotExist, Refused.
    """
    proposal = _locked(proposal_id, actor)
    require(may_discard_proposal(actor, proposal))
    run = proposal.run
    if run is not None and may_stop_proposal(actor, proposal):
        stop_run(run_id=run.pk, actor=actor, at=at)
    return _end(proposal, ProposalState.DISCARDED, actor, at)


@transaction.atomic
def stop_proposal(*, proposal_id: UUID, actor: User, at: datetime) -> TeamProposal:
    """Let the search for a proposal end with the best it has.

    Raises: TeamProposal.DoesNotExist, Refused.
    """
    proposal = TeamProposal.objects.visible_to(actor).select_related("run").get(pk=proposal_id)
    require(may_stop_proposal(actor, proposal))
    assert proposal.run is not None  # noqa: S101  it is being computed
    stop_run(run_id=proposal.run.pk, actor=actor, at=at)
    return proposal


@transaction.atomic
def note_proposal_exported(*, proposal: TeamProposal, actor: User, at: datetime, rows: int) -> None:
    """Put an export of proposed teams into the trail."""
    record(verb=Verb.LIST_EXPORTED, actor=actor, target=proposal, at=at, list="proposal", rows=rows)


def _locked(proposal_id: UUID, actor: User) -> TeamProposal:
    """Take a proposal that `actor` may know of, with its round locked, as it stands now."""
    visible = TeamProposal.objects.visible_to(actor).select_related("run")
    round_ = locked_round(visible.get(pk=proposal_id).round_id, actor)
    proposal = locked(visible, proposal_id)
    proposal.round = round_
    return proposal


def _has_failed(proposal: TeamProposal) -> bool:
    run = proposal.run
    ended = run is None or RunState(run.state) in ENDED
    return proposal.state == ProposalState.COMPUTING and ended


def _end(proposal: TeamProposal, state: ProposalState, actor: User, at: datetime) -> TeamProposal:
    proposal.state, proposal.ended_by, proposal.ended_at = state, actor, at
    proposal.save(update_fields=["state", "ended_by", "ended_at"])
    record(
        verb=Verb.PROPOSAL_ENDED,
        actor=actor,
        target=proposal,
        at=at,
        round=str(proposal.round_id),
        after=state.value,
    )
    return proposal
