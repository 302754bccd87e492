"""Making teams better a few at a time: each step composes some of them anew as a small program."""

import random
from collections.abc import Iterable, Sequence

import numpy as np

from tanzhao.engines.planner.teams.checking import cost_of_team
from tanzhao.engines.planner.teams.facts import Facts
from tanzhao.engines.planner.teams.problem import Composed, Team
from tanzhao.engines.planner.teams.program import Values, solve_whole
from tanzhao.engines.planner.teams.seating import Pair, add_crowds, seating_of
from tanzhao.engines.planner.teams.watch import Watch, whole_bound

_FIRST_NEIGHBOURS, _MOST_NEIGHBOURS = 4, 12
_NODES = 60
_IDLE_STEPS = 80
_WHOLE_TRIES = 4


class Worths:
    """What choosing a person for a team adds to the cost at least, by a relaxed solution."""

    def __init__(self, facts: Facts, pairs: Sequence[Pair], worths: Values) -> None:
        self._row = {person.id: index for index, person in enumerate(facts.people)}
        self._column = {team.id: index for index, team in enumerate(facts.problem.teams)}
        self._table = np.full((len(self._row), len(self._column)), np.inf)
        if pairs:
            rows = [self._row[person] for person, _ in pairs]
            columns = [self._column[team] for _, team in pairs]
            self._table[rows, columns] = np.maximum(worths, 0.0)

    def of(self, pair: Pair) -> float:
        return float(self._table[self._row[pair[0]], self._column[pair[1]]])

    def open_to(self, members: Iterable[int], most: float) -> Values:
        """How many exchanges with each team, by index, add no more than `most`."""
        own = [self._row[person] for person in members]
        return np.asarray((self._table[own] <= most).sum(axis=0), dtype=np.float64)

    def within(self, most: float) -> set[Pair]:
        """The seats that may be in a plan costing at most `most` above the relaxed solution."""
        people, teams = list(self._row), list(self._column)
        rows, columns = np.nonzero(self._table <= most)
        return {(people[r], teams[c]) for r, c in zip(rows.tolist(), columns.tolist(), strict=True)}


class Improver:
    """The best teams so far, and the steps that better them."""

    def __init__(self, facts: Facts, plan: Iterable[Composed], watch: Watch, seed: int) -> None:
        self._facts, self._watch = facts, watch
        self._dice = random.Random(f"teams {seed}")  # noqa: S311 — a seeded search, no secret
        self._seed = seed
        self._best = {team.id: team for team in plan}
        self._worths: Worths | None = None
        self._relaxed_cost = 0.0
        self._neighbours = _FIRST_NEIGHBOURS
        self._most_neighbours = min(_MOST_NEIGHBOURS, len(self._best))
        self._whole_tries = 0
        self.bound = 0
        self.idle = 0

    @property
    def plan(self) -> tuple[Composed, ...]:
        return tuple(self._best[team] for team in sorted(self._best))

    @property
    def missing(self) -> int:
        return sum(missing_in(self._facts, team) for team in self.plan)

    @property
    def cost(self) -> int:
        return sum(self._cost(team) for team in self.plan)

    @property
    def is_done(self) -> bool:
        """Whether the plan is proven to be the best, or steps no longer better it."""
        if not self.missing and self.cost <= self.bound:
            return True
        return self.idle >= _IDLE_STEPS or self._whole_tries >= _WHOLE_TRIES

    def learn(self, worths: Worths, relaxed_cost: float) -> None:
        """Use what a relaxed solution says of the seats; no plan costs less than it."""
        self._worths, self._relaxed_cost = worths, relaxed_cost
        self.bound = max(self.bound, whole_bound(relaxed_cost))

    @property
    def may_step(self) -> bool:
        return self._watch.may_step()

    def beside(self, plan: Iterable[Composed], watch: Watch) -> "Improver":
        """A search from another plan, that knows what this one knows."""
        other = Improver(self._facts, plan, watch, self._seed)
        if self._worths is not None:
            other.learn(self._worths, self._relaxed_cost)
        return other

    def offer(self, plan: Iterable[Composed]) -> None:
        """Take another plan, if it is better."""
        teams = list(plan)
        if len(teams) == len(self._best) and sum(map(self._weight, teams)) < sum(
            map(self._weight, self.plan)
        ):
            self._best = {team.id: team for team in teams}

    def step(self) -> bool:
        """Compose some teams anew; whether that made the plan better."""
        self._watch.steps += 1
        chosen = self._neighbourhood()
        better = self._compose_anew(chosen)
        self.idle = 0 if better else self.idle + 1
        if better:
            self._neighbours = max(_FIRST_NEIGHBOURS, self._neighbours - 1)
        elif self.idle % 6 == 0:
            self._neighbours = min(self._most_neighbours, self._neighbours + 1)
        return better

    def _compose_anew(self, chosen: Sequence[Team]) -> bool:
        scope = {team.id for team in chosen}
        others = [team for key, team in self._best.items() if key not in scope]
        seated = {person for team in others for person in team.members}
        people = {p.id for p in self._facts.people} - seated
        seating = seating_of(
            self._facts, chosen, people=people, seated=others, pairs=self._pairs(scope)
        )
        add_crowds(seating, seating.crowds)
        is_whole = not others
        nodes = _NODES
        if is_whole:
            nodes *= 8 * 4**self._whole_tries
            self._whole_tries += 1
        answer = solve_whole(
            seating.program,
            watch=self._watch,
            nodes=nodes,
            seed=self._dice.randrange(1 << 30),
        )
        if is_whole:
            # A plan that uses other seats than those left in would cost more than this one.
            self.bound = max(self.bound, min(self.cost, whole_bound(answer.bound)))
        if answer.values is None:
            return False
        made = seating.composed(answer.values)
        before = sum(self._weight(self._best[key]) for key in scope)
        after = sum(map(self._weight, made))
        if after <= before:
            self._best |= {team.id: team for team in made}
        return after < before

    def _pairs(self, scope: set[int]) -> set[Pair] | None:
        """The seats that a better plan may have, those of the present plan among them."""
        if self._worths is None or self.missing:
            return None
        own = {(person, key) for key in scope for person in self._best[key].members}
        return own | self._worths.within(self.cost - self._relaxed_cost)

    def _neighbourhood(self) -> list[Team]:
        """Teams to compose anew: one that costs more than it need, and those it deals with."""
        teams = self._facts.problem.teams
        if self._neighbours >= len(teams):
            return list(teams)
        excess = [1.0 + self._excess(self._best[team.id]) for team in teams]
        first = self._dice.choices(range(len(teams)), excess)[0]
        deals = np.ones(len(teams))
        if self._worths is not None:
            most = max(1.0, self.cost - self._relaxed_cost)
            deals += self._worths.open_to(self._best[teams[first].id].members, most)
        deals *= np.sqrt(excess)
        chosen = [first]
        while len(chosen) < self._neighbours:
            deals[chosen] = 0.0
            chosen += self._dice.choices(range(len(teams)), deals.tolist())
        return [teams[index] for index in sorted(chosen)]

    def _excess(self, team: Composed) -> float:
        """What the team costs above its share of the relaxed solution, missing people counted."""
        seats = self._facts.eligible[team.id]
        soft = self._cost(team) - sum(seats.get(person, 0) for person in team.members)
        worth = 0.0
        if self._worths is not None:
            worth = sum(
                min(self._worths.of((p, team.id)), self._facts.missing_price) for p in team.members
            )
        return soft + worth + self._facts.missing_price * missing_in(self._facts, team)

    def _weight(self, team: Composed) -> float:
        return self._cost(team) + self._facts.missing_price * missing_in(self._facts, team)

    def _cost(self, team: Composed) -> int:
        return cost_of_team(self._facts.problem, self._facts.problem.team[team.id], team)


def missing_in(facts: Facts, team: Composed) -> int:
    """People missing of all that the team demands, a person counted for each demand."""
    people = [facts.problem.person[person] for person in team.members]
    return sum(
        max(0, demand.need - sum(map(demand.met_by, people))) for demand in facts.demands[team.id]
    )
