"""Which demands of a term cannot hold together: by counting first, then by exact models."""

from tanzhao.engines.planner.reasons import Reason
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.conflicts_core import missing, smallest_core
from tanzhao.engines.planner.term.conflicts_counting import Clash, counted_clashes
from tanzhao.engines.planner.term.linear import INFINITE
from tanzhao.engines.planner.term.problem import TermProblem


def find_conflict(problem: TermProblem, limit: Limit | None = None) -> tuple[Reason, ...]:
    """Find the smallest set of demands that is proven not to hold together.

    A clash that counting shows is given with its numbers: what is needed, what there is, what is
    missing. Else the demands of a core, shrunk until none can be left out (see smallest_core for
    how that is verified), and after them what is missing in which round, by an elastic model.

    Returns: empty if no conflict is proven; the problem may be possible, or the limit came first.
    """
    clashes = find_conflicts(problem, limit)
    return min(clashes, key=len) if clashes else ()


def find_conflicts(problem: TermProblem, limit: Limit | None = None) -> tuple[Clash, ...]:
    """Find every clash that counting proves; if it proves none, the one that the models prove.

    Each clash stands by itself: mending one leaves the others.
    """
    limit = limit or Limit()
    until = INFINITE if limit.seconds is None else limit.stopwatch() + limit.seconds
    if counted := tuple(dict.fromkeys(counted_clashes(problem))):
        return counted
    core = smallest_core(problem, limit, until)
    if core is None:
        return ()
    clash = (*core, *missing(problem, limit, until))
    return (clash,) if clash else ()
