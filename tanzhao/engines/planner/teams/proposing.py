"""Composing the teams of a round: a draft, a relaxed solution and a dive, then steps.

The relaxed solution proves how good the teams are, and says which people could be on which team of
a better plan at all. If no teams keep every rule, the search is for those that miss least.
"""

from tanzhao.engines.planner.reasons import Reason
from tanzhao.engines.planner.search import Limit, OnProgress
from tanzhao.engines.planner.teams.checking import broken_rules
from tanzhao.engines.planner.teams.conflicting import conflict_in
from tanzhao.engines.planner.teams.drafting import draft
from tanzhao.engines.planner.teams.facts import Facts
from tanzhao.engines.planner.teams.improving import Improver, Worths
from tanzhao.engines.planner.teams.problem import Composed, TeamsPlan, TeamsProblem
from tanzhao.engines.planner.teams.relaxing import Relaxation
from tanzhao.engines.planner.teams.reseating import filled
from tanzhao.engines.planner.teams.seating import seating_of
from tanzhao.engines.planner.teams.watch import Watch

_NOTHING = 1e-6
# Of the seconds left; the rest goes into the nearest plan.
_SHARE_FOR_CONFLICT = 0.5
_MENDING_STEPS = 12


def propose(
    problem: TeamsProblem,
    *,
    limit: Limit | None = None,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> TeamsPlan:
    """Compose the teams as cheaply as `limit` allows; see the door, `propose_teams`.

    Without a limit it ends when the best is proven, or when steps no longer better the plan.
    A plan with `breaks` and no `conflict` was not bettered in time: it is not known whether one
    without exists.
    """
    watch = Watch(limit, on_progress)
    facts = Facts(problem)
    search = Improver(facts, draft(facts), watch, seed)
    _tell(watch, search)
    conflict = _relax_and_dive(facts, search, watch, seed)
    _tell(watch, search)
    while search.may_step and not search.is_done:
        if search.step():
            _tell(watch, search)
    if search.missing and not conflict:
        conflict = conflict_in(facts, watch)
    breaks = tuple(broken_rules(problem, search.plan))
    return TeamsPlan(
        teams=search.plan,
        cost=search.cost,
        bound=0 if conflict else search.bound,
        conflict=conflict,
        breaks=breaks,
        seconds=watch.seconds,
        steps=watch.steps,
    )


def _relax_and_dive(facts: Facts, search: Improver, watch: Watch, seed: int) -> tuple[Reason, ...]:
    """Prove a bound and better the draft; or find the conflict that leaves no plan."""
    seating = seating_of(facts, facts.problem.teams, people=facts.problem.available)
    relaxation = Relaxation(seating, watch)
    relaxed = relaxation.solve()
    if relaxed is None:
        return ()
    conflict: tuple[Reason, ...] = ()
    if relaxed.missing > _NOTHING:
        # What is missing has its price in these costs, so they prove nothing of real plans.
        conflict = conflict_in(facts, watch.share_left(_SHARE_FOR_CONFLICT))
    else:
        search.learn(Worths(facts, seating.pairs, relaxed.worths), relaxed.cost)
        _tell(watch, search)
    dived = draft(facts, begun=relaxation.dive(relaxed))
    search.offer(_mended(search.beside(dived, watch.share_left(1.0))))
    if search.missing and not conflict and not watch.is_over():
        before = {team.id: team for team in search.plan}
        search.offer(filled(facts, before, watch=watch, seed=seed))
        if search.missing:
            conflict = conflict_in(facts, watch.share_left(_SHARE_FOR_CONFLICT))
    return conflict


def _mended(search: Improver) -> tuple[Composed, ...]:
    """What a dive left missing is mostly mended within a few steps, and then better than a draft
    long improved."""
    for _ in range(_MENDING_STEPS):
        if not search.missing or not search.may_step:
            break
        search.step()
    return search.plan


def _tell(watch: Watch, search: Improver) -> None:
    watch.tell(None if search.missing else search.cost, search.bound)
