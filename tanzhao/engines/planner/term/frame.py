"""A term problem as arrays: the items that move together, where they may go, what they take."""

from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from math import gcd

import numpy as np
import numpy.typing as npt

from tanzhao.engines.planner.term.checking import load_bands
from tanzhao.engines.planner.term.problem import FIRST, LOOK_BACK, TermProblem, Unit

type Ints = npt.NDArray[np.int64]
type Floats = npt.NDArray[np.float64]
type Bools = npt.NDArray[np.bool_]

_MANY_ITEMS = 3000


@dataclass(frozen=True)
class Frame:
    """A term problem as arrays over R rounds, V visits, J items, C clusters and S sizes.

    An item is what is placed as a whole: one visit, or the first visits of a joint group.

    Attributes:
        months, teams, caps, max_units, years: [R].
        low, high: [R], least and most person-days of a round that cost nothing.
        skill_caps: [K, R], over the skills that some round limits; a very high number for none.
        gap_fits: [R, R], whether a look-back in the second round may follow a first in the first.
        visits: (unit id, visit) of each visit, in the order of the problem.
        efforts, clusters, items: [V], clusters as numbers and the item of each visit.
        members: visits of each item. firsts, counts: [J], first visits and visits of an item.
        allowed: [J, R], by every rule that looks at the item alone.
        costs: [J, R], Σ weight × month. loads: [J]. skills: [J, K].
        item_clusters: sorted clusters of each item.
        follows: [J], the item of the first visit for a look-back, else -1.
        sizes: [S], the different efforts, ascending. of_size: [J, S], visits of an item by effort.
        step: greatest common divisor of efforts and slot capacities.
    """

    problem: TermProblem
    months: Ints
    teams: Ints
    caps: Ints
    max_units: Ints
    years: Ints
    low: Ints
    high: Ints
    skill_names: tuple[str, ...]
    skill_caps: Ints
    gap_fits: Bools
    visits: tuple[tuple[int, int], ...]
    efforts: Ints
    clusters: Ints
    items: Ints
    members: tuple[tuple[int, ...], ...]
    firsts: Ints
    counts: Ints
    allowed: Bools
    costs: Ints
    loads: Ints
    skills: Ints
    item_clusters: tuple[tuple[int, ...], ...]
    follows: Ints
    sizes: Ints
    of_size: Ints
    size_of: Ints
    step: int
    n_clusters: int

    @property
    def n_rounds(self) -> int:
        return len(self.months)

    @property
    def n_items(self) -> int:
        return len(self.members)

    @property
    def is_large(self) -> bool:
        """Whether so many items are placed that pricing takes long, and hardly any in pieces."""
        return self.n_items > _MANY_ITEMS

    @property
    def w_cluster(self) -> int:
        return self.problem.w_cluster

    @property
    def w_balance(self) -> int:
        return self.problem.w_balance


def frame_of(problem: TermProblem) -> Frame:
    """Make the arrays of `problem`. A member of a joint group that shares no round with the
    others becomes an item without a round, so that the others can be placed."""
    rounds = problem.rounds
    months = np.array([r.month for r in rounds], dtype=np.int64)
    names = tuple(sorted({skill for r in rounds for skill in r.skill_cap}))
    bands = load_bands(problem)
    visits = problem.visits
    units = [problem.unit[unit] for unit, _ in visits]
    efforts = np.array([u.effort_of(k) for u, (_, k) in zip(units, visits, strict=True)], np.int64)
    gap = months[None, :] - months[:, None]
    gap_fits = (gap >= problem.gap_min) & (gap <= problem.gap_max)
    alone = _allowed_alone(problem, months)
    members, allowed = _items(problem, alone)
    items = np.empty(len(visits), dtype=np.int64)
    for item, group in enumerate(members):
        items[list(group)] = item
    number = {visit: v for v, visit in enumerate(visits)}
    follows = np.full(len(members), -1, dtype=np.int64)
    for v, (unit, visit) in enumerate(visits):
        if visit == LOOK_BACK:
            follows[items[v]] = items[number[unit, FIRST]]
    cluster_numbers = {name: n for n, name in enumerate(sorted({u.cluster for u in problem.units}))}
    clusters = np.array([cluster_numbers[u.cluster] for u in units], dtype=np.int64)
    weights = np.array([u.weight_of(k) for u, (_, k) in zip(units, visits, strict=True)], np.int64)
    sizes, size_of = np.unique(efforts, return_inverse=True)
    n = len(members)
    of_size = np.zeros((n, len(sizes)), dtype=np.int64)
    np.add.at(of_size, (items, size_of), 1)
    needs = np.array([[s in u.skills for s in names] for u in units], dtype=np.int64)
    skills = np.zeros((n, len(names)), dtype=np.int64)
    np.add.at(skills, items, needs.reshape(len(visits), len(names)))
    loads = np.bincount(items, weights=efforts, minlength=n).astype(np.int64)
    weight = np.bincount(items, weights=weights, minlength=n).astype(np.int64)
    is_first = np.array([k == FIRST for _, k in visits], dtype=np.int64)
    frame = Frame(
        problem=problem,
        months=months,
        teams=np.array([r.teams for r in rounds], dtype=np.int64),
        caps=np.array([r.team_cap for r in rounds], dtype=np.int64),
        max_units=np.array([r.max_units for r in rounds], dtype=np.int64),
        years=np.array([r.year for r in rounds], dtype=np.int64),
        low=np.array([bands[r.id][0] for r in rounds], dtype=np.int64),
        high=np.array([bands[r.id][1] for r in rounds], dtype=np.int64),
        skill_names=names,
        skill_caps=np.array(
            [[r.skill_cap.get(name, 10**6) for r in rounds] for name in names], dtype=np.int64
        ).reshape(len(names), len(rounds)),
        gap_fits=gap_fits,
        visits=visits,
        efforts=efforts,
        clusters=clusters,
        items=items,
        members=members,
        firsts=np.bincount(items, weights=is_first, minlength=n).astype(np.int64),
        counts=np.bincount(items, minlength=n).astype(np.int64),
        allowed=allowed,
        costs=weight[:, None] * months[None, :],
        loads=loads,
        skills=skills,
        item_clusters=tuple(tuple(sorted({int(clusters[v]) for v in group})) for group in members),
        follows=follows,
        sizes=sizes,
        of_size=of_size,
        size_of=size_of,
        step=reduce(gcd, [*efforts.tolist(), *(r.team_cap for r in rounds)], 0) or 1,
        n_clusters=len(cluster_numbers),
    )
    _tighten(frame)
    return frame


def _allowed_alone(problem: TermProblem, months: Ints) -> Bools:
    """Where each visit may go by the rules that look at it alone: [V, R]."""
    allowed = np.zeros((len(problem.visits), len(months)), dtype=np.bool_)
    for v, (unit_id, visit) in enumerate(problem.visits):
        unit = problem.unit[unit_id]
        for r, round_ in enumerate(problem.rounds):
            allowed[v, r] = (
                round_.id not in unit.forbidden
                and unit.fixed.get(visit, round_.id) == round_.id
                and unit.effort_of(visit) <= round_.team_cap
                and round_.teams > 0
                and round_.max_units > 0
                and all(round_.skill_cap.get(skill, 1) > 0 for skill in unit.skills)
                and (visit != FIRST or _in_time(problem, unit, round_.month))
            )
    return allowed


def _in_time(problem: TermProblem, unit: Unit, month: int) -> bool:
    if unit.last_month is not None and month < unit.last_month + problem.gap_last:
        return False
    return unit.deadline_month is None or month < unit.deadline_month


def _items(problem: TermProblem, alone: Bools) -> tuple[tuple[tuple[int, ...], ...], Bools]:
    """Bind the first visits of joint groups; groups that share a unit are one."""
    number = {visit: v for v, visit in enumerate(problem.visits)}
    leader = list(range(len(number)))

    def find(v: int) -> int:
        while leader[v] != v:
            v = leader[v]
        return v

    for group in problem.groups:
        firsts = [find(number[unit, FIRST]) for unit in group.units]
        for v in firsts[1:]:
            leader[find(v)] = find(firsts[0])
    bound: defaultdict[int, list[int]] = defaultdict(list)
    for v in range(len(number)):
        bound[find(v)].append(v)
    members: list[tuple[int, ...]] = []
    rows: list[Bools] = []
    for group_visits in sorted(bound.values()):
        together = alone[group_visits].all(axis=0)
        if len(group_visits) > 1 and not together.any():
            best = int(alone[group_visits].sum(axis=0).argmax())
            left = [v for v in group_visits if not alone[v, best]]
            for v in left:
                members.append((v,))
                rows.append(np.zeros_like(together))
            group_visits = [v for v in group_visits if alone[v, best]]
            if not group_visits:
                continue
            together = alone[group_visits].all(axis=0)
        members.append(tuple(group_visits))
        rows.append(together)
    allowed = np.array(rows, dtype=np.bool_).reshape(len(rows), alone.shape[1])
    return tuple(members), allowed


def _tighten(frame: Frame) -> None:
    """Take away rounds in which an item by itself, or its look-back, finds no room."""
    allowed = frame.allowed
    allowed &= frame.loads[:, None] <= (frame.teams * frame.caps)[None, :]
    allowed &= frame.counts[:, None] <= frame.max_units[None, :]
    for k in range(len(frame.skill_names)):
        allowed &= frame.skills[:, k, None] <= frame.skill_caps[k][None, :]
    for later in np.flatnonzero(frame.follows >= 0):
        first = frame.follows[later]
        if not allowed[later].any() or not allowed[first].any():
            continue  # the other of the two can still be placed
        fits = frame.gap_fits & allowed[first][:, None] & allowed[later][None, :]
        if fits.any():
            allowed[first] = fits.any(axis=1)
            allowed[later] = fits.any(axis=0)
        else:
            allowed[later] = False
