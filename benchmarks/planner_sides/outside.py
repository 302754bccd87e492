"""Public instances with published optima, solved by the layers under the planner."""

import time
from pathlib import Path

from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.linear import Linear
from tanzhao.engines.planner.term.slots import fit

FILES = Path(__file__).parents[1] / "outside"
ASSIGNMENTS = (("gap-c05100", 1931), ("gap-d05100", 6353), ("gap-e05100", 12681))
SECONDS = 60


def report():
    """Print what is found and proven within 60 processor seconds beside what is published."""
    print("\npublic instances: generalised assignment by term/linear.py, packing by term/slots.py")
    print(f"{'instance':<16}{'published':>10}{'found':>10}{'bound':>10}{'seconds':>9}")
    for name, optimum in ASSIGNMENTS:
        began = time.process_time()
        limit = Limit(stopwatch=time.process_time)
        solved = _assignment(name).solve(limit=limit, until=began + SECONDS)
        spent = time.process_time() - began
        found, bound = f"{solved.objective:.0f}", f"{solved.bound:.0f}"
        print(f"{name:<16}{optimum:>10}{found:>10}{bound:>10}{spent:>9.1f}")
    began = time.process_time()
    _items, capacity, optimum, *efforts = _numbers("binpack-t60_00")
    found = optimum if fit(efforts, optimum, capacity).slots else "-"
    bound = optimum if fit(efforts, optimum - 1, capacity).is_refused else "-"
    spent = time.process_time() - began
    print(f"{'binpack-t60_00':<16}{optimum:>10}{found:>10}{bound:>10}{spent:>9.1f}")


def _numbers(name):
    return list(map(int, (FILES / f"{name}.txt").read_text("utf-8").split()))


def _assignment(name):
    agents, jobs, *rest = _numbers(name)
    rows = [rest[jobs * i : jobs * (i + 1)] for i in range(2 * agents)]
    model = Linear()
    chosen = [[model.column(cost, whole=True) for cost in row] for row in rows[:agents]]
    for job in range(jobs):
        model.row([(of_agent[job], 1) for of_agent in chosen], low=1, high=1)
    for agent, capacity in enumerate(rest[-agents:]):
        model.row(zip(chosen[agent], rows[agents + agent], strict=True), high=capacity)
    return model
