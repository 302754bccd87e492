"""Which demands on the teams of a round cannot hold together: a smallest set, each necessary.

The relaxed program that counts only what is missing tells nearly every conflict at once, since
these are conflicts of counting; the rows that carry its price contain one. They are taken away one
by one as long as the rest still cannot hold, and each answer is a solve of its own. Only where
people could be divided but do not suffice whole, whole numbers decide.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from tanzhao.engines.planner.highs import interrupt_by
from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.engines.planner.teams.checking import conflict_of
from tanzhao.engines.planner.teams.codes import Code
from tanzhao.engines.planner.teams.facts import Demand, Facts, rank_of
from tanzhao.engines.planner.teams.program import (
    INFINITE,
    Program,
    solve_whole,
)
from tanzhao.engines.planner.teams.watch import Watch

_NOTHING = 1e-6
# Kinds of demands, seats as such first: what is left out first is named last.
_SEATS_FIRST = (
    Code.MEMBERS_WANTED,
    Code.EXPERIENCED_WANTED,
    Code.MEN_WANTED,
    Code.WOMEN_WANTED,
    Code.FULL_TIME_WANTED,
    Code.SKILL_WANTED,
    Code.DEPUTIES_WANTED,
    Code.LEADERS_WANTED,
)
_NODES = 400
# What is missing is a whole number: a bound above this proves that a person is missing.
_CERTAIN = 0.01


@dataclass(frozen=True)
class Lent:
    """A unit lends no more people than its limit."""

    home: int


@dataclass(frozen=True)
class Seats:
    """A team has no more members than its size."""

    team: int


type Rule = Demand | Lent | Seats


class Undecided(Exception):
    """The watch ended before it was known whether demands can hold together."""


def conflict_in(facts: Facts, watch: Watch) -> tuple[Reason, ...]:
    """Find a smallest set of demands that cannot hold together, each of them necessary.

    Returns: the demands, those of the same kind as one reason; none if all can hold together, or
        if the watch ended before that was known.
    """
    rules = all_rules(facts)
    try:
        counting = _Counting(facts, rules, watch)
        found = counting.core_of(rules)
        if found:
            core = _smallest(found, _Counting(facts, found, watch))
        elif _cannot_whole(facts, rules, watch):
            core = shrunk(
                rules,
                lambda kept: kept if _cannot_whole(facts, kept, watch) else (),
                at_once=len(rules) // 2,
            )
        else:
            return ()
    except Undecided:
        return ()
    return tuple(_told(facts, core))


def all_rules(facts: Facts) -> list[Rule]:
    """Every demand and limit that a conflict may name, in a fixed order."""
    rules: list[Rule] = [Lent(home) for home in sorted(facts.lenders) if _binds(facts, home)]
    for team in facts.problem.teams:
        rules += [Seats(team.id), *facts.demands[team.id]]
    return rules


def shrunk(
    rules: Sequence[Rule], core_of: Callable[[Sequence[Rule]], Sequence[Rule]], *, at_once: int
) -> list[Rule]:
    """Take away whatever a conflict does not need, until each rule left is necessary, or the
    watch ends.

    Args:
        rules: cannot hold together.
        core_of: gives those of some rules that cannot hold together, in the same order; none if
            they all can.
        at_once: how many to take away at first; 1 if `core_of` may leave some out by itself.
    """
    kept = list(rules)
    part = max(1, at_once)
    while True:
        at = 0
        while at < len(kept):
            without = kept[:at] + kept[at + part :]
            try:
                core = core_of(without) if without else ()
            except Undecided:
                return kept
            if core:
                kept = list(core)
            else:
                at += part
        if part == 1:
            return kept
        part //= 2


def _smallest(rules: Sequence[Rule], counting: "_Counting") -> list[Rule]:
    """The conflict of particular demands, or of seats as such, whichever is the smaller."""
    particular = shrunk(
        _of_few_kinds(rules, counting.core_of, _SEATS_FIRST), counting.core_of, at_once=1
    )
    if _size(particular) < (2,) and all(isinstance(rule, Demand) for rule in particular):
        return particular
    plain = shrunk(
        _of_few_kinds(rules, counting.core_of, _SEATS_FIRST[::-1]), counting.core_of, at_once=1
    )
    return min(particular, plain, key=_size)


def _of_few_kinds(
    rules: Sequence[Rule],
    core_of: Callable[[Sequence[Rule]], Sequence[Rule]],
    left_out_first: Sequence[Code],
) -> Sequence[Rule]:
    """Leave out whole kinds of demands where the rest still cannot hold together: a conflict of
    one kind is read at a glance, and shrunk faster."""
    kept = rules
    for kind in left_out_first:
        without = [rule for rule in kept if not (isinstance(rule, Demand) and rule.wanted is kind)]
        try:
            core = core_of(without) if 0 < len(without) < len(kept) else ()
        except Undecided:
            return kept
        kept = core or kept
    return kept


def _size(core: Sequence[Rule]) -> tuple[int, int, int]:
    """Kinds of demands, then demands, then people wanted."""
    demands = [rule for rule in core if isinstance(rule, Demand)]
    kinds = {(rule.wanted, rule.skill) for rule in demands}
    return len(kinds), len(core), sum(rule.need for rule in demands)


@dataclass
class _Missing:
    """What is missing of the demands among some rules, at a cost of 1 for each person.

    Attributes:
        rows, columns: of each rule; a rule that no eligible person touches has none. The column
            counts what is missing of a demand.
    """

    program: Program
    rows: dict[Rule, int]
    columns: dict[Rule, int]


def _missing_of(facts: Facts, rules: Collection[Rule]) -> _Missing:
    made = _Missing(Program(), {}, {})
    program = made.program
    demands: dict[int, list[Demand]] = defaultdict(list)
    for rule in rules:
        if isinstance(rule, Demand):
            demands[rule.team].append(rule)
    of_person: dict[int, list[int]] = defaultdict(list)
    of_limit: dict[Rule, list[int]] = defaultdict(list)
    for team, asked in sorted(demands.items()):
        meeting: dict[Demand, list[int]] = {demand: [] for demand in asked}
        for one in facts.eligible[team]:
            person = facts.problem.person[one]
            met = [demand for demand in asked if demand.met_by(person)]
            if not met:
                continue
            column = program.column(0.0, 1.0, whole=True)
            of_person[one].append(column)
            of_limit[Seats(team)].append(column)
            if person.home is not None:
                of_limit[Lent(person.home)].append(column)
            for demand in met:
                meeting[demand].append(column)
        for demand, columns in meeting.items():
            short = made.columns[demand] = program.column(1.0, float(demand.need))
            need = float(demand.need)
            made.rows[demand] = program.row(need, INFINITE, [*columns, short])
    for columns in of_person.values():
        program.row(-INFINITE, 1.0, columns)
    for rule in rules:
        if rule in of_limit:
            made.rows[rule] = program.row(-INFINITE, _most(facts, rule), of_limit[rule])
    return made


def _most(facts: Facts, rule: Rule) -> float:
    """The limit that a rule sets, where it is one."""
    if isinstance(rule, Lent):
        return float(facts.lends_at_most(rule.home))
    return float(facts.problem.team[rule.team].size)


class _Counting:
    """The relaxed program of some rules, kept warm while rules are taken away and put back."""

    def __init__(self, facts: Facts, rules: Sequence[Rule], watch: Watch) -> None:
        self._facts, self._rules = facts, tuple(rules)
        self._missing = _missing_of(facts, rules)
        self._solver = self._missing.program.solver(whole=False)
        interrupt_by(self._solver, watch.is_over)
        self._kept = set(self._rules)

    def core_of(self, kept: Collection[Rule]) -> list[Rule]:
        """The rules among `kept` that carry the price of what is missing, if anything is.

        They cannot hold together by themselves, since that price is proved by them alone.
        Raises: Undecided.
        """
        wanted = set(kept)
        for rule in self._rules:
            if (rule in wanted) != (rule in self._kept):
                self._put(rule, is_kept=rule in wanted)
        self._kept = wanted
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Undecided
        if self._solver.getInfo().objective_function_value < _NOTHING:
            return []
        prices = np.array(self._solver.getSolution().row_dual)
        return [
            rule
            for rule in self._rules
            if rule in wanted
            and rule in self._missing.rows
            and abs(prices[self._missing.rows[rule]]) > _NOTHING
        ]

    def _put(self, rule: Rule, *, is_kept: bool) -> None:
        """Take a rule away, or put it back: nothing is paid, or nothing limited, without it."""
        if isinstance(rule, Demand):
            self._solver.changeColCost(self._missing.columns[rule], 1.0 if is_kept else 0.0)
        elif rule in self._missing.rows:
            most = _most(self._facts, rule) if is_kept else INFINITE
            self._solver.changeRowBounds(self._missing.rows[rule], -INFINITE, most)


def _cannot_whole(facts: Facts, rules: Collection[Rule], watch: Watch) -> bool:
    missing = _missing_of(facts, rules)
    answer = solve_whole(missing.program, watch=watch, nodes=_NODES)
    if answer.bound > _CERTAIN:
        return True
    if answer.values is not None and all(
        answer.values[column] < _NOTHING for column in missing.columns.values()
    ):
        return False
    raise Undecided


def _binds(facts: Facts, home: int) -> bool:
    return len(facts.lenders[home]) > facts.lends_at_most(home)


def _told(facts: Facts, core: Sequence[Rule]) -> Iterator[Reason]:
    """Put the demands of a conflict as reasons, those of one kind together, with their numbers."""
    demands = [rule for rule in core if isinstance(rule, Demand)]
    limits = {rule.home: facts.lends_at_most(rule.home) for rule in core if isinstance(rule, Lent)}
    alike: dict[tuple[str, str], list[Demand]] = defaultdict(list)
    for demand in demands:
        if demand.code is not Code.PIN_MISSED:
            alike[demand.wanted, demand.skill].append(demand)
    for (wanted, skill), asked in alike.items():
        yield _counted(facts, wanted, skill, asked, limits)
    teams = [rule.team for rule in core if isinstance(rule, Seats)]
    if teams:
        sizes = sum(facts.problem.team[team].size for team in teams)
        yield reason(Code.SEATS_AT_MOST, teams=_listed(teams), have=sizes)
    if limits:
        able = [
            one
            for home in limits
            for one in facts.lenders[home]
            if any(_could(facts, one, demand) for demand in demands)
        ]
        units, most = _listed(limits), sum(limits.values())
        yield reason(Code.LENDS_AT_MOST, units=units, have=most, need=len(able))
    for demand in demands:
        if demand.code is Code.PIN_MISSED:
            yield from _pinned(facts, demand)
    yield from _decided_against(facts, demands)


def _counted(
    facts: Facts,
    wanted: str,
    skill: str,
    demands: Sequence[Demand],
    limits: Mapping[int, int],
) -> Reason:
    able: Counter[int | None] = Counter()
    recused = 0
    for person in facts.people:
        if any(_could(facts, person.id, demand) for demand in demands):
            able[person.home] += 1
        elif any(demand.met_by(person) for demand in demands):
            recused += 1
    have = sum(
        many if home is None else min(many, limits.get(home, many)) for home, many in able.items()
    )
    teams = _listed(demand.team for demand in demands)
    need = sum(demand.need for demand in demands)
    named = {"skill": skill} if skill else {}
    return reason(wanted, **named, teams=teams, need=need, have=have, recused=recused)


def _pinned(facts: Facts, demand: Demand) -> Iterator[Reason]:
    """A pin of a conflict, and the fact against it where there is one."""
    problem, pair = facts.problem, (demand.team, demand.person)
    yield reason(
        Code.PINNED_TO_TEAM, team=demand.team, person=demand.person, role=demand.role.value
    )
    against = conflict_of(problem, problem.person[demand.person], problem.team[demand.team])
    if against:
        yield against
    if pair in problem.barred:
        yield reason(Code.BARRED_FROM_TEAM, team=demand.team, person=demand.person)
    rank, needed = problem.person[demand.person].rank, rank_of(demand.role)
    if rank < needed:
        yield reason(
            Code.RANK_MISSING, person=demand.person, team=demand.team, need=needed, have=rank
        )
    if demand.person not in problem.available:
        yield reason(Code.NOT_AVAILABLE, person=demand.person)


def _decided_against(facts: Facts, demands: Sequence[Demand]) -> Iterator[Reason]:
    """Decisions that keep somebody off a team of a conflict who would meet what it demands."""
    problem = facts.problem
    for team, one in sorted(problem.barred):
        person = problem.person[one]
        meets = any(d.team == team and d.person < 0 and d.met_by(person) for d in demands)
        if (
            meets
            and one in problem.available
            and not conflict_of(problem, person, problem.team[team])
        ):
            yield reason(Code.BARRED_FROM_TEAM, team=team, person=one)


def _could(facts: Facts, one: int, demand: Demand) -> bool:
    return one in facts.eligible[demand.team] and demand.met_by(facts.problem.person[one])


def _listed(ids: Iterable[int]) -> str:
    return ",".join(str(one) for one in sorted(set(ids)))
