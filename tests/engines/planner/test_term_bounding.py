"""Bounds by the contents of rounds hold for every plan, and rise above the master of clusters."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from tanzhao.engines.planner.search import Limit
from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.bounding import Bounding
from tanzhao.engines.planner.term.checking import broken_rules, cost_of
from tanzhao.engines.planner.term.clusters import ClusterChoices
from tanzhao.engines.planner.term.contents import RoundContents, filled_efforts, lost_room
from tanzhao.engines.planner.term.contents_rows import shared_rows
from tanzhao.engines.planner.term.contents_seeking import packs
from tanzhao.engines.planner.term.exchange import term_plan_document, term_problem_from
from tanzhao.engines.planner.term.frame import frame_of
from tanzhao.engines.planner.term.hulls import ClusterHulls
from tanzhao.engines.planner.term.planning import plan
from tanzhao.engines.planner.term.relaxing import Relaxation
from tanzhao.engines.planner.term.slots import fit
from tests.engines.planner.generator import term_instance
from tests.engines.planner.judge import check_term
from tests.engines.planner.tiny_terms import every_plan, tiny_term

TINY = [tiny_term(seed) for seed in range(60)]
PLANNED = [seed for seed, term in enumerate(TINY) if any(True for _ in every_plan(term))]


def _go_on():
    return True


def _board(frame, visits):
    """The board of a plan of a problem; the slots do not matter here."""
    board, round_of = Board.empty(frame), {r.id: n for n, r in enumerate(frame.problem.rounds)}
    number = {visit: v for v, visit in enumerate(frame.visits)}
    for placed in visits:
        board.rounds[frame.items[number[placed.unit, placed.visit]]] = round_of[placed.round]
    return board


def _raised(problem, board, *, steps, enough=1e12):
    relaxed = Relaxation(frame_of(problem))
    relaxed.solve(_go_on)
    bounding = Bounding(relaxed, board)
    bounds = [bounding.bound]
    while not bounding.is_done and len(bounds) <= steps:
        bounding.advance(enough=enough, go_on=_go_on)
        bounds.append(bounding.bound)
    return bounding, bounds


@pytest.mark.parametrize("seed", PLANNED)
def test_no_plan_of_a_tiny_term_costs_less_than_the_bound(seed):
    problem = TINY[seed]
    costs = {cost_of(problem, visits).total: visits for visits in every_plan(problem)}
    frame = frame_of(problem)

    _bounding, bounds = _raised(problem, _board(frame, costs[max(costs)]), steps=60)

    assert bounds == sorted(bounds)
    assert -np.inf < bounds[-1] <= min(costs) + 1e-6


@pytest.mark.parametrize(
    ("seed", "w_cluster", "w_balance", "clusters"),
    [
        (15, 400, 0, "ab"),
        (19, 400, 0, "ab"),
        (305, 350, 1, "ab"),
        (330, 350, 1, "ab"),
        (32, 200, 0, ""),
    ],
)
def test_the_bound_holds_where_opening_a_cluster_costs_most(seed, w_cluster, w_balance, clusters):
    problem = tiny_term(seed)
    units = [
        replace(unit, cluster=clusters[unit.id % 2]) if clusters else unit for unit in problem.units
    ]
    problem = replace(problem, units=tuple(units), w_cluster=w_cluster, w_balance=w_balance)
    costs = {cost_of(problem, visits).total: visits for visits in every_plan(problem)}

    _bounding, bounds = _raised(problem, _board(frame_of(problem), costs[max(costs)]), steps=40)

    assert bounds[-1] <= min(costs) + 1e-6


def test_more_joint_groups_than_are_asked_for_make_a_round_too_large_at_once():
    contents = RoundContents(frame_of(TINY[PLANNED[0]]), 0)
    contents._fits = lambda taken: True

    assert len(contents._sets_of([0] * 60)) <= 32


@pytest.mark.parametrize("seed", PLANNED[:12])
def test_every_plan_of_a_tiny_term_keeps_the_shared_rows_and_those_of_clusters(seed):
    problem = TINY[seed]
    frame = frame_of(problem)
    dice = np.random.default_rng(seed)
    relaxed = Relaxation(frame)
    relaxed.solve(_go_on)
    contents = [RoundContents(frame, r) for r in range(frame.n_rounds)]
    hulls = ClusterHulls(frame, ClusterChoices(frame))
    rows = shared_rows(frame, relaxed.cuts, contents)
    rows += hulls.rows_at(
        dice.uniform(-9, 9, frame.allowed.shape),
        dice.uniform(0, 9, (frame.n_clusters, frame.n_rounds)),
    )
    even = frame.allowed / np.maximum(frame.allowed.sum(axis=1, keepdims=True), 1)
    opened = np.full((frame.n_clusters, frame.n_rounds), 1 / frame.n_rounds)
    rows += hulls.broken(even, opened, go_on=_go_on)

    for visits in every_plan(problem):
        board = _board(frame, visits)
        is_open = board.opened()
        for row in rows:
            total = sum(v for (j, r), v in row.items.items() if board.rounds[j] == r)
            total += sum(v for (c, r), v in row.opened.items() if is_open[c, r])
            assert row.low - 1e-6 <= total <= row.high + 1e-6


def _cheapest_by_trying(frame, contents, r, prices, opening):
    loads = contents.loads
    best = np.inf
    may = np.flatnonzero(frame.allowed[:, r]).tolist()
    for size in range(len(may) + 1):
        for items in map(list, combinations(may, size)):
            load = int(loads[items].sum())
            visits = np.flatnonzero(np.isin(frame.items, items))
            if fit(frame.efforts[visits].tolist(), frame.teams[r], frame.caps[r]).slots is None:
                continue
            if len(visits) > frame.max_units[r]:
                continue
            if (frame.skills[items].sum(axis=0) > frame.skill_caps[:, r]).any():
                continue
            out = max(frame.low[r] - load, 0)
            if loads is frame.loads:
                out += max(load - frame.high[r], 0)
            clusters = sorted({c for j in items for c in frame.item_clusters[j]})
            value = prices[items].sum() + opening[clusters].sum() + frame.w_balance * out
            best = min(best, value)
    return best


# Opening a cluster pays where a row of the tree asks for more openings.
@pytest.mark.parametrize(
    ("of_items", "of_openings"),
    [((-900, 300), (0, 500)), ((0, 900), (-900, 100)), ((-300, 300), (-300, 300))],
    ids=["openings-cost", "openings-pay", "either"],
)
@pytest.mark.parametrize("seed", range(20))
def test_the_cheapest_content_is_the_cheapest_of_all_sets_of_items(seed, of_items, of_openings):
    frame = frame_of(TINY[seed])
    dice = np.random.default_rng(seed)
    for r in range(frame.n_rounds):
        contents = RoundContents(frame, r)
        prices = dice.uniform(*of_items, frame.n_items)
        opening = dice.uniform(*of_openings, frame.n_clusters)

        rough = contents.cheapest(prices, opening, most=10**6)
        contents.demand_all()
        found = contents.cheapest(prices, opening, most=10**6)

        tried = _cheapest_by_trying(frame, contents, r, prices, opening)
        assert rough.value <= tried + 1e-6
        assert found.value == pytest.approx(tried)
        clusters = sorted({c for j in found.items for c in frame.item_clusters[j]})
        value = prices[list(found.items)].sum() + opening[clusters].sum()
        value += contents.cost_of_load(found.items)
        assert found.value == pytest.approx(value)


@pytest.mark.parametrize("most", [0, 1, 6])
@pytest.mark.parametrize("seed", range(12))
def test_a_search_given_up_proves_no_more_than_the_cheapest_content_is_worth(seed, most):
    frame = frame_of(TINY[seed])
    dice = np.random.default_rng(seed)
    for r in range(frame.n_rounds):
        prices = dice.uniform(-900, 300, frame.n_items)
        opening = dice.uniform(0, 500, frame.n_clusters)

        contents = RoundContents(frame, r)
        contents.demand_all()
        found = contents.cheapest(prices, opening, most=most)

        whole = contents.cheapest(prices, opening, most=10**6)
        assert found.value <= whole.value + 1e-9
        if found.items is not None:
            visits = np.flatnonzero(np.isin(frame.items, found.items))
            assert fit(frame.efforts[visits].tolist(), frame.teams[r], frame.caps[r]).slots


def test_contents_that_do_not_fit_the_slots_are_met_until_all_demands_are_to_be_kept():
    dice, unfit = np.random.default_rng(3), 0
    for seed in range(30):
        problem = tiny_term(seed)
        efforts = dice.choice([40, 70], len(problem.units)).tolist()
        units = [replace(u, effort=e) for u, e in zip(problem.units, efforts, strict=True)]
        frame = frame_of(replace(problem, units=tuple(units)))
        for r in range(frame.n_rounds):
            contents = RoundContents(frame, r)
            prices, opening = np.full(frame.n_items, -9e3), np.zeros(frame.n_clusters)

            rough = contents.cheapest(prices, opening, most=10**6)
            contents.demand_all()
            found = contents.cheapest(prices, opening, most=10**6)

            fits = _fits(frame, r, rough.items)
            assert contents.keeps(rough.items) == fits
            assert _fits(frame, r, found.items)
            assert (rough.value < found.value - 1e-6) <= (not fits)
            unfit += not fits
    assert unfit > 2


def _fits(frame, r, items):
    visits = np.flatnonzero(np.isin(frame.items, items))
    if len(visits) > frame.max_units[r]:
        return False
    if (frame.skills[list(items)].sum(axis=0) > frame.skill_caps[:, r]).any():
        return False
    return fit(frame.efforts[visits].tolist(), frame.teams[r], frame.caps[r]).slots is not None


@pytest.mark.parametrize("seed", range(60))
def test_visits_pack_where_the_exact_model_packs_them(seed):
    dice = np.random.default_rng(seed)
    slots, cap = int(dice.integers(2, 6)), 20
    sizes = np.sort(dice.integers(2, 16, int(dice.integers(2, 3 * slots))))
    room, place = np.empty(slots, dtype=np.int64), np.empty(len(sizes), dtype=np.int64)
    spare, lost = slots * cap - int(sizes.sum()), lost_room(sizes, cap)

    fits = fit(sizes.tolist(), slots, cap).slots is not None

    # Compiled and as it stands.
    for of in (packs, packs.py_func):
        assert of(sizes, len(sizes), room, place, lost * 0, cap * slots) == fits
        assert of(sizes, len(sizes), room, place, lost, max(spare, 0)) == fits
    assert lost.tolist() == [
        room_left - max(s for s in _sums(sizes.tolist()) if s <= room_left)
        for room_left in range(cap + 1)
    ]


def _sums(sizes):
    return {sum(chosen) for n in range(len(sizes) + 1) for chosen in combinations(sizes, n)}


@pytest.mark.parametrize("seed", range(30))
def test_what_fits_the_slots_of_a_round_is_counted_with_no_more_than_the_round_has(seed):
    dice = np.random.default_rng(seed)
    problem = tiny_term(seed)
    efforts = dice.choice(np.arange(5, 105, 5), len(problem.units)).tolist()
    units = [replace(u, effort=e) for u, e in zip(problem.units, efforts, strict=True)]
    # A wide band, so that every round may be filled to the brim.
    frame = frame_of(replace(problem, units=tuple(units), band=9.0))
    for r in range(frame.n_rounds):
        contents = RoundContents(frame, r)
        may = np.flatnonzero(frame.allowed[:, r]).tolist()
        for size in range(len(may) + 1):
            for items in combinations(may, size):
                visits = np.flatnonzero(np.isin(frame.items, items))
                teams, cap = int(frame.teams[r]), int(frame.caps[r])
                if fit(frame.efforts[visits].tolist(), teams, cap).slots is None:
                    continue
                load = int(frame.loads[list(items)].sum())
                out = max(load - frame.high[r], 0) + max(frame.low[r] - load, 0)
                assert load <= contents.loads[list(items)].sum() <= teams * cap
                assert contents.cost_of_load(items) <= frame.w_balance * out


def test_the_rest_of_a_slot_that_no_shorter_visit_fits_is_counted_with_the_long_one():
    problem = tiny_term(0)
    efforts = (80, 60, 45, 30, 75)
    units = tuple(
        replace(unit, effort=effort, visits=1, effort2=0, forbidden=frozenset(), skills=())
        for unit, effort in zip(problem.units, efforts, strict=True)
    )
    rounds = tuple(replace(round_, teams=2, max_units=5) for round_ in problem.rounds)
    problem = replace(problem, units=units, rounds=rounds, groups=(), coverage=(0, 0, 0, 0))

    filled = filled_efforts(frame_of(problem), 3)

    # Beside 80 lies nothing, beside 60 lies 30, beside 75 nothing: 45 and 30 are too long.
    assert filled.tolist() == [100, 70, 45, 30, 100]


@pytest.mark.parametrize(("seed", "utilisation"), [(31, 0.88), (32, 0.95)])
def test_the_bound_rises_above_that_of_clusters_and_stays_below_the_planted_plan(seed, utilisation):
    document, planted = term_instance(seed, units=34, utilisation=utilisation)
    problem = term_problem_from(document)
    cost = check_term(document, {"visits": planted})[1]["total"]
    relaxed = Relaxation(frame_of(problem))
    relaxed.solve(_go_on)
    start = plan(problem, limit=Limit(steps=4))

    bounding, bounds = _raised(problem, _board(frame_of(problem), start.visits), steps=16)

    assert bounds == sorted(bounds)
    assert relaxed.bound + 100 < bounds[-1] <= min(cost, start.cost)
    assert not bounding.is_due
    while not (bounding.is_due or bounding.is_done):
        bounding.grant(in_vain=0)
    assert bounding.is_due or bounding.is_done


def test_raising_the_bound_is_granted_more_while_improving_is_in_vain():
    document, _planted = term_instance(31, units=34, utilisation=0.88)
    problem = term_problem_from(document)
    board = _board(frame_of(problem), plan(problem, limit=Limit(steps=4)).visits)
    steps = []
    for in_vain in (0, 100):
        bounding, _bounds = _raised(problem, board, steps=8)
        steps.append(0)
        while not (bounding.is_due or bounding.is_done):
            bounding.grant(in_vain)
            steps[-1] += 1

    assert steps[0] > steps[1] >= 1


def test_a_plan_made_from_the_contents_is_packed_and_the_bound_goes_on_from_where_it_was():
    document, _planted = term_instance(34, units=32, utilisation=0.88)
    problem = term_problem_from(document)
    board = _board(frame_of(problem), plan(problem, limit=Limit(steps=2)).visits)
    boards, bounds = [], []
    for _ in range(2):
        bounding, _bounds = _raised(problem, board, steps=0)
        while not bounding.is_ripe:
            bounding.advance(enough=1e12, go_on=_go_on)
        before = bounding.master.value

        boards.append(bounding.dive(enough=1e12, go_on=_go_on))

        bounds.append(bounding.bound)
        assert not bounding.is_ripe
        assert bounding.master.value == pytest.approx(before, rel=1e-4)
        bounding.advance(enough=1e12, go_on=_go_on)
        assert bounding.bound >= bounds[-1]

    made = boards[0]
    assert len(made.placed()) >= 0.7 * len(problem.visits)
    assert (boards[1].rounds == made.rounds).all()
    assert (boards[1].slots == made.slots).all()


@pytest.mark.parametrize(
    ("seed", "units", "utilisation"), [(1, 30, 0.85), (2, 36, 0.9), (3, 40, 0.94), (5, 40, 0.85)]
)
def test_a_plan_made_from_the_contents_breaks_no_rule_but_lacks_visits(seed, units, utilisation):
    document, _planted = term_instance(seed, units=units, utilisation=utilisation, look_backs=0.2)
    problem = term_problem_from(document)
    board = _board(frame_of(problem), plan(problem, limit=Limit(steps=2)).visits)
    bounding, _bounds = _raised(problem, board, steps=0)
    while not bounding.is_ripe:
        bounding.advance(enough=1e12, go_on=_go_on)

    made = bounding.dive(enough=1e12, go_on=_go_on)

    broken = {rule.code for rule in broken_rules(problem, made.placed())}
    lacking = {"unplaced", "coverage_short"} if made.missing else set()
    assert broken <= lacking
    assert len(made.placed()) == len(problem.visits) - made.missing


def test_the_same_steps_give_the_same_plan_beyond_the_first_dive():
    document, _planted = term_instance(35, units=26, utilisation=0.85)
    problem = term_problem_from(document)

    plans = [plan(problem, limit=Limit(steps=16), seed=3) for _ in range(2)]

    assert plans[0].visits == plans[1].visits
    assert plans[0].bound == plans[1].bound
    assert check_term(document, term_plan_document(plans[0]))[0] == []


def test_a_plan_known_to_be_as_cheap_as_the_bound_ends_it():
    document, _planted = term_instance(33, units=28, utilisation=0.85)
    problem = term_problem_from(document)
    start = plan(problem, limit=Limit(steps=2))
    board = _board(frame_of(problem), start.visits)
    _bounding, bounds = _raised(problem, board, steps=20)

    ended, few = _raised(problem, board, steps=20, enough=bounds[-1] - 50)

    assert ended.is_done
    assert len(few) < len(bounds)
