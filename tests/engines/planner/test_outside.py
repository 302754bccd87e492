"""The layers under the planner on public instances with published optima; benchmarks/outside."""

from pathlib import Path

import pytest

from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.linear import Linear, Status
from tanzhao.engines.planner.term.slots import fit

FILES = Path(__file__).parents[3] / "benchmarks/outside"


def numbers_of(name):
    return list(map(int, (FILES / name).read_text("utf-8").split()))


def generalised_assignment(name):
    """Build the usual model; give it with its columns, [agent][job]."""
    agents, jobs, *rest = numbers_of(name)
    assert len(rest) == 2 * agents * jobs + agents
    rows = [rest[jobs * i : jobs * (i + 1)] for i in range(2 * agents)]
    model = Linear()
    chosen = [[model.column(cost, whole=True) for cost in row] for row in rows[:agents]]
    for job in range(jobs):
        model.row([(of_agent[job], 1) for of_agent in chosen], low=1, high=1)
    for agent, capacity in enumerate(rest[-agents:]):
        model.row(zip(chosen[agent], rows[agents + agent], strict=True), high=capacity)
    return model


@pytest.mark.parametrize(
    ("name", "optimum", "with_heuristics"),
    [("gap-c05100.txt", 1931, True), ("gap-e05100.txt", 12681, False)],
)
def test_the_model_layer_proves_the_published_optimum(name, optimum, with_heuristics):
    model = generalised_assignment(name)

    solved = model.solve(limit=Limit(), with_heuristics=with_heuristics)

    assert solved.status is Status.OPTIMAL
    assert round(solved.objective) == round(solved.bound) == optimum


def test_the_model_layer_never_claims_more_than_the_published_optimum():
    solved = generalised_assignment("gap-d05100.txt").solve(limit=Limit(), nodes=100)

    assert solved.bound <= 6353 <= solved.objective
    assert solved.bound + 1 >= 6350  # the published bound of the linear model


def test_visits_are_fitted_into_as_few_slots_as_published_and_refused_in_one_less():
    _items, capacity, optimum, *efforts = numbers_of("binpack-t60_00.txt")

    found = fit(efforts, optimum, capacity)
    refused = fit(efforts, optimum - 1, capacity)

    load = dict.fromkeys(range(optimum), 0)
    for slot, effort in zip(found.slots, efforts, strict=True):
        load[slot] += effort
    assert set(load.values()) == {capacity}
    assert refused.is_refused
