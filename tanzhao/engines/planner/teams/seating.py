"""The seats of some teams as a program: a column for each person and team that may go together.

Leaders and deputies need no columns of their own: a team can be led if a member may lead and two
have the rank of a deputy, and it costs `kind` only if every member who may lead led the same kind
last time. Each demand has a column for what is missing of it, so there is always a solution;
recusal, availability and "nobody twice" are never traded.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tanzhao.engines.planner.teams.codes import Code
from tanzhao.engines.planner.teams.facts import Demand, Facts, composed_of
from tanzhao.engines.planner.teams.problem import Composed, Team
from tanzhao.engines.planner.teams.program import INFINITE, Program, Values

type Pair = tuple[int, int]  # (person, team)


@dataclass(frozen=True)
class Crowd:
    """People of whom a team had better have one only: of one former team, or one lender."""

    columns: tuple[int, ...]
    cost: int


@dataclass
class Seating:
    """The program of some teams.

    Attributes:
        columns: (person, team) to its column; `pairs` the other way round. They come first.
        missing: column to the demand of which it counts what is missing.
        crowds: those that are not yet rows of the program.
        loners: team to the column that pays for a leader who led the same kind last time.
    """

    facts: Facts
    teams: Sequence[Team]
    program: Program = field(default_factory=Program)
    columns: dict[Pair, int] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    missing: dict[int, Demand] = field(default_factory=dict)
    crowds: list[Crowd] = field(default_factory=list)
    loners: dict[int, int] = field(default_factory=dict)

    def composed(
        self, values: Values, before: Mapping[int, Composed] | None = None
    ) -> list[Composed]:
        """Read the teams from the values of a solution."""
        chosen = np.flatnonzero(values[: len(self.pairs)] > 0.5)
        members: dict[int, list[int]] = defaultdict(list)
        for column in chosen.tolist():
            person, team = self.pairs[column]
            members[team].append(person)
        earlier = before or {}
        return [
            composed_of(self.facts, team, members[team.id], earlier.get(team.id))
            for team in self.teams
        ]


def seating_of(
    facts: Facts,
    teams: Sequence[Team],
    *,
    people: Container[int],
    seated: Iterable[Composed] = (),
    pairs: Container[Pair] | None = None,
    missing_cost: float | None = None,
    with_costs: bool = True,
) -> Seating:
    """Build the program of `teams` to be filled from `people`.

    Args:
        seated: the other teams; they count where a unit lends so many people at most.
        pairs: the (person, team) that may be chosen at all; every eligible one if None.
        missing_cost: of one person missing of a demand; enough not to be traded, if None.
        with_costs: False if only what is missing counts.
    """
    made = Seating(facts, teams)
    program = made.program
    price = facts.missing_price if missing_cost is None else missing_cost
    for team in teams:
        for person, cost in facts.eligible[team.id].items():
            pair = (person, team.id)
            if person in people and (pairs is None or pair in pairs):
                made.columns[pair] = program.column(cost if with_costs else 0.0, 1.0, whole=True)
                made.pairs.append(pair)
    _seat_nobody_twice(made)
    _keep_lending_limits(made, seated)
    for team in teams:
        _meet_demands(made, team, price)
        if with_costs:
            _count_costs(made, team)
    return made


def add_crowds(made: Seating, crowds: Iterable[Crowd]) -> None:
    """Make rows of crowds: whoever is one too many costs."""
    for crowd in crowds:
        extra = made.program.column(crowd.cost, INFINITE)
        values = [1.0] * len(crowd.columns) + [-1.0]
        made.program.row(-INFINITE, 1.0, [*crowd.columns, extra], values)


def _seat_nobody_twice(made: Seating) -> None:
    of_person: dict[int, list[int]] = defaultdict(list)
    for (person, _), column in made.columns.items():
        of_person[person].append(column)
    for _, columns in sorted(of_person.items()):
        if len(columns) > 1:
            made.program.row(-INFINITE, 1.0, columns)


def _keep_lending_limits(made: Seating, seated: Iterable[Composed]) -> None:
    facts, person_of = made.facts, made.facts.problem.person
    lent = Counter(
        person_of[person].home for team in seated for person in team.members if person in person_of
    )
    of_home: dict[int, list[int]] = defaultdict(list)
    for (person, _), column in made.columns.items():
        home = person_of[person].home
        if home is not None:
            of_home[home].append(column)
    for home, columns in sorted(of_home.items()):
        left = facts.lends_at_most(home) - lent[home]
        if len({made.pairs[column][0] for column in columns}) > left:
            made.program.row(-INFINITE, float(max(0, left)), columns)


def _meet_demands(made: Seating, team: Team, missing_cost: float) -> None:
    program, facts = made.program, made.facts
    here = _here(made, team)
    for demand in facts.demands[team.id]:
        columns = [c for person, c in here if demand.met_by(facts.problem.person[person])]
        missing = program.column(missing_cost, float(demand.need))
        most = float(team.size) if demand.code is Code.WRONG_SIZE else INFINITE
        program.row(float(demand.need), most, [*columns, missing])
        made.missing[missing] = demand


def _count_costs(made: Seating, team: Team) -> None:
    program, facts = made.program, made.facts
    person_of, weights = facts.problem.person, facts.problem.weights
    here = _here(made, team)
    leads, kinds = facts.may_lead(team), facts.kinds[team.id]
    fresh = [c for p, c in here if leads(person_of[p]) and person_of[p].prev_kind not in kinds]
    made.loners[team.id] = program.column(weights.kind, 1.0)
    program.row(1.0, INFINITE, [*fresh, made.loners[team.id]])
    women = [c for p, c in here if person_of[p].female]
    program.row(3.0, INFINITE, [*women, program.column(weights.women, 3.0)])
    served = [(c, float(person_of[p].exp)) for p, c in here if person_of[p].exp]
    columns, values = [c for c, _ in served], [v for _, v in served]
    short, beyond = program.column(weights.exp, INFINITE), program.column(weights.exp, INFINITE)
    program.row(facts.target - 2.0, INFINITE, [*columns, short], [*values, 1.0])
    program.row(-INFINITE, facts.target + 2.0, [*columns, beyond], [*values, -1.0])
    for groups, cost in (
        (facts.former_teams, weights.overlap),
        (facts.lenders, weights.samehome),
    ):
        for people in groups.values():
            crowd = [
                made.columns[person, team.id]
                for person in people
                if (person, team.id) in made.columns
            ]
            if len(crowd) > 1 and cost > 0:
                made.crowds.append(Crowd(tuple(crowd), cost))


def _here(made: Seating, team: Team) -> list[tuple[int, int]]:
    """(person, column) of those who may sit on `team`."""
    return [
        (person, made.columns[person, team.id])
        for person in made.facts.eligible[team.id]
        if (person, team.id) in made.columns
    ]
