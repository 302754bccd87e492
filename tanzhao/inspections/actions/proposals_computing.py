"""Computing proposed teams, outside the transaction that keeps them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import Outcome, carry_out_reading, note_progress
from tanzhao.documents.models import Run
from tanzhao.engines.planner import propose_teams as propose
from tanzhao.engines.planner import replan_teams as replan
from tanzhao.engines.planner.search import Limit, Progress
from tanzhao.engines.planner.teams.changes import PersonGone
from tanzhao.engines.planner.teams.problem import TeamsPlan
from tanzhao.inspections.models import TeamProposal
from tanzhao.inspections.planning import proposed, seating
from tanzhao.inspections.planning.smallest_change import as_staffed
from tanzhao.inspections.planning.teams_instance import Instance, keeping
from tanzhao.inspections.states import ProposalState, TeamRole
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused

SECONDS_BETWEEN_NOTES = 1.0


def carry_out_proposing(
    *, run_id: UUID, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> None:
    """Compute the proposal that a run asks for. Doing it twice does it once.

    Args:
        stopwatch: seconds of computing. clock: the time; called when the work ends.
    """
    key = Run.objects.get(pk=run_id).subject_id
    carry_out_reading(
        run_id=run_id,
        read=partial(_compute, stopwatch=stopwatch, clock=clock),
        clock=clock,
        go_back=reverse("inspections:proposal", args=[key]),
    )


def _compute(
    run: Run, *, stopwatch: Callable[[], float], clock: Callable[[], datetime]
) -> Callable[[], Outcome]:
    """Do what takes long: read the records, search, say why. Changes nothing."""
    proposal = TeamProposal.objects.select_related("round__term").get(run=run)
    instance = proposed.instance_for(proposal)
    watch = _Watch(run.pk)
    limit = Limit(seconds=instance.setting.seconds, stopwatch=stopwatch, stop=watch.is_stopped)
    answer = _changed if proposal.basis.get("out") else _composed
    values = answer(instance, proposal.basis, limit, watch)
    return partial(_make_ready, proposal.pk, values, run.started_by, clock)


def _composed(
    instance: Instance, asked: Mapping[str, Any], limit: Limit, watch: "_Watch"
) -> dict[str, Any]:
    """Compose the teams anew, with those who stay where they are. Nobody is proposed against a
    warning where teams can do without."""
    keep = bool(asked.get("keep"))
    kept = instance.keepable if keep else {}
    heeds_warnings = bool(instance.warned)
    plan = propose(
        keeping(instance, kept, heeds_warnings=heeds_warnings),
        limit=limit,
        on_progress=watch.note,
    )
    if heeds_warnings and (plan.breaks or plan.conflict):
        heeds_warnings = False
        plan = propose(keeping(instance, kept), limit=limit, on_progress=watch.note)
    basis = proposed.basis_of(instance, keep=keep) | {"heeds_warnings": heeds_warnings}
    return _values(instance, plan, kept, basis)


def _changed(
    instance: Instance, asked: Mapping[str, Any], limit: Limit, watch: "_Watch"
) -> dict[str, Any]:
    """Change as few seats as somebody's leaving forces."""
    leaving = instance.number_of.get(UUID(asked["out"]))
    if leaving is None:
        raise Refused(_("The person is no longer in the talent pool."))
    problem, plan = as_staffed(instance)
    found = replan(problem, plan, [PersonGone(leaving)], limit=limit, on_progress=watch.note)
    after = {team.id: set(team.members) for team in found.plan.teams}
    kept = {
        person: (team, role)
        for person, (team, role) in instance.members.items()
        if person in after.get(team, ())
    }
    basis = proposed.basis_of(instance, keep=True, out=asked["out"], fewest=found.fewest)
    return _values(instance, found.plan, kept, basis) | {"bound": None}


def _values(
    instance: Instance,
    plan: TeamsPlan,
    kept: Mapping[int, tuple[int, TeamRole]],
    basis: Mapping[str, Any],
) -> dict[str, Any]:
    """Give what a proposal keeps of a plan."""
    seats = seating.with_roles(
        instance.problem,
        plan.teams,
        kept=kept,
        liaison_skills=instance.setting.liaison_skills,
    )
    return {
        **proposed.stored_proposal(instance, seats, kept),
        "conflict": proposed.stored_conflict(plan.conflict),
        "basis": {**basis, "names": proposed.names_in(instance, plan.conflict)},
        "bound": plan.bound,
    }


class _Watch:
    """Notes how far a search is, at most once a second of computing, and hears when to stop."""

    def __init__(self, run_id: UUID) -> None:
        self._run_id, self._noted, self._stopped = run_id, -SECONDS_BETWEEN_NOTES, False

    def is_stopped(self) -> bool:
        return self._stopped

    def note(self, progress: Progress) -> None:
        if progress.seconds < self._noted + SECONDS_BETWEEN_NOTES:
            return
        self._noted = progress.seconds
        values = {
            "seconds": round(progress.seconds),
            "cost": progress.cost,
            "bound": progress.bound,
        }
        self._stopped = note_progress(run_id=self._run_id, progress=values)


def _make_ready(
    proposal_id: UUID, values: Mapping[str, Any], actor: User, clock: Callable[[], datetime]
) -> Outcome:
    proposal = locked(TeamProposal.objects.select_related("round__term"), proposal_id)
    if proposal.state == ProposalState.COMPUTING:  # else somebody discarded it meanwhile
        for name, value in values.items():
            setattr(proposal, name, value)
        proposal.state = ProposalState.READY
        proposal.save()
        record(
            verb=Verb.TEAMS_PROPOSED,
            actor=actor,
            target=proposal,
            at=clock(),
            round=str(proposal.round_id),
            cost=proposal.cost,
            bound=proposal.bound,
            pack=proposal.basis["pack"],
        )
    return Outcome(result={"next": reverse("inspections:proposal", args=[proposal_id])})
