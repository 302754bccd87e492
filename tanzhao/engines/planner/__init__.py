"""The planner's door: five functions. Solvers are loaded when one of them is first called.

The values they take and give are in term/problem.py and teams/problem.py.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanzhao.engines.planner.explaining import Explanation, Question
    from tanzhao.engines.planner.search import Limit, OnProgress
    from tanzhao.engines.planner.teams.problem import TeamsPlan, TeamsProblem
    from tanzhao.engines.planner.teams.replanning import TeamsChange, TeamsReplan
    from tanzhao.engines.planner.term.problem import TermPlan, TermProblem
    from tanzhao.engines.planner.term.replanning import TermChange, TermReplan


def plan_term(
    problem: "TermProblem",
    *,
    limit: "Limit | None" = None,
    seed: int = 0,
    on_progress: "OnProgress | None" = None,
) -> "TermPlan":
    """Place every visit of a term in a round and a team slot, as cheaply as `limit` allows.

    Returns: the best plan found, with a proven bound. If not everything can be placed, what is
        left out and the smallest set of demands that cannot hold together.
    """
    from tanzhao.engines.planner.term.planning import plan

    return plan(problem, limit=limit, seed=seed, on_progress=on_progress)


def replan_term(
    problem: "TermProblem",
    plan: "TermPlan",
    changes: "Sequence[TermChange]",
    *,
    limit: "Limit | None" = None,
    seed: int = 0,
    on_progress: "OnProgress | None" = None,
) -> "TermReplan":
    """Change a plan as little as `changes` force: fewest visits moved first, cost second."""
    from tanzhao.engines.planner.term.replanning import replan

    return replan(problem, plan, changes, limit=limit, seed=seed, on_progress=on_progress)


def propose_teams(
    problem: "TeamsProblem",
    *,
    limit: "Limit | None" = None,
    seed: int = 0,
    on_progress: "OnProgress | None" = None,
) -> "TeamsPlan":
    """Compose the teams of a round under recusal and skills, as cheaply as `limit` allows.

    Returns: the best teams found, with a proven bound. If no teams keep every rule, the nearest
        ones, what they break, and the smallest set of demands that cannot hold together.
    """
    from tanzhao.engines.planner.teams.proposing import propose

    return propose(problem, limit=limit, seed=seed, on_progress=on_progress)


def replan_teams(
    problem: "TeamsProblem",
    plan: "TeamsPlan",
    changes: "Sequence[TeamsChange]",
    *,
    limit: "Limit | None" = None,
    seed: int = 0,
    on_progress: "OnProgress | None" = None,
) -> "TeamsReplan":
    """Change teams as little as `changes` force: fewest seats changed first, cost second."""
    from tanzhao.engines.planner.teams.replanning import replan

    return replan(problem, plan, changes, limit=limit, seed=seed, on_progress=on_progress)


def explain(
    problem: "TermProblem | TeamsProblem",
    plan: "TermPlan | TeamsPlan | None",
    question: "Question",
    *,
    limit: "Limit | None" = None,
) -> "Explanation":
    """Answer why a plan is as it is, or which demands of a problem cannot hold together."""
    from tanzhao.engines.planner.explaining import answer

    return answer(problem, plan, question, limit=limit)
