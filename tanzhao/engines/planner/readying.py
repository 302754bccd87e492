"""Compile the kernels of planning terms once; what is compiled is kept for later.

`./run` calls it when the planner's source has changed, so that no plan waits for a compiler.
"""

from tanzhao.engines.planner import plan_term
from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.problem import Group, Round, TermProblem, Unit

# Steps after which the bound of a small term has been raised as well.
_STEPS = 10
_EFFORTS = (30, 35, 40, 45, 50)


def compile_kernels() -> None:
    """Plan a small full term, which asks for every kernel."""
    plan_term(_full_term(), limit=Limit(steps=_STEPS))


def _full_term() -> TermProblem:
    """Give 24 units that nearly fill six rounds of two teams; two are visited together, and some
    twice."""
    units = tuple(
        Unit(
            id=unit,
            kind="dept",
            cluster="abcdef"[unit % 6],
            effort=_EFFORTS[unit % len(_EFFORTS)],
            risk=1 + unit * 7 % 40,
            visits=1 + (unit % 8 == 0),
            effort2=20 if unit % 8 == 0 else 0,
            skills=("law",) if unit % 4 == 0 else (),
            joint=0 if unit in (1, 2) else None,
        )
        for unit in range(24)
    )
    rounds = tuple(
        Round(
            id=number,
            year=number // 2,
            month=6 * number,
            teams=2,
            team_cap=90,
            max_units=6,
            skill_cap={"law": 3},
        )
        for number in range(6)
    )
    return TermProblem(
        units=units,
        rounds=rounds,
        groups=(Group(0, (1, 2)),),
        gap_last=0,
        gap_min=6,
        gap_max=24,
        coverage=(6, 12, 24),
        w_cluster=50,
        w_balance=2,
        band=0.05,
    )


if __name__ == "__main__":
    compile_kernels()
