"""The teams of a round as one CP-SAT model."""

import threading
from collections import defaultdict

from ortools.sat.python import cp_model
from planner_sides.teams_greedy import compose

from tanzhao.engines.planner.teams.checking import conflict_of, distance, experience_target


def run(problem, teller):
    model = _Model(problem)
    model.hint(compose(problem))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 8
    found = []

    class Watch(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self):
            found.append((teller.seconds, [self.boolean_value(x) for x in model.told]))

    solver.best_bound_callback = lambda bound: teller.tell(bound=round(bound))
    ended = threading.Event()
    threading.Thread(target=_stop_in_time, args=(solver, teller, ended), daemon=True).start()
    solver.solve(model.model, Watch())
    ended.set()
    teller.tell(bound=round(solver.best_objective_bound))
    teller.tell_best_of(found, model.as_plan)


def _stop_in_time(solver, teller, ended):
    while not ended.wait(0.1):
        if teller.is_over:
            solver.stop_search()


class _Model:
    def __init__(self, problem):
        self.problem, self.model = problem, cp_model.CpModel()
        self.seat, self.lead, self.second = {}, {}, {}
        for team in problem.teams:
            for number in sorted(problem.available):
                person = problem.person[number]
                if conflict_of(problem, person, team) is not None:
                    continue
                self._offer(person, team)
        self.terms = []
        for team in problem.teams:
            self._compose(team)
        self._once_each()
        self.model.minimize(sum(self.terms))
        self.keys = [
            (kind, *key)
            for kind, seats in (("m", self.seat), ("l", self.lead), ("d", self.second))
            for key in seats
        ]
        self.told = [*self.seat.values(), *self.lead.values(), *self.second.values()]

    def _offer(self, person, team):
        key = (person.id, team.id)
        seat = self.seat[key] = self.model.new_bool_var("")
        if person.rank >= 4:
            lead = self.lead[key] = self.model.new_bool_var("")
            self.model.add_implication(lead, seat)
        if person.rank >= 3:
            second = self.second[key] = self.model.new_bool_var("")
            self.model.add_implication(second, seat)
        if person.rank >= 4:
            self.model.add_bool_or([lead.negated(), second.negated()])

    def _compose(self, team):
        problem, model, weights = self.problem, self.model, self.problem.weights
        seats = [(problem.person[p], x) for (p, t), x in self.seat.items() if t == team.id]
        model.add(sum(x for _p, x in seats) == team.size)
        model.add_exactly_one(x for (_p, t), x in self.lead.items() if t == team.id)
        model.add_exactly_one(x for (_p, t), x in self.second.items() if t == team.id)
        for skill, need in team.need.items():
            model.add(sum(x for p, x in seats if skill in p.skills) >= need)
        women = sum(x for p, x in seats if p.female)
        model.add(sum(x for p, x in seats if p.full) >= team.min_full)
        model.add(women >= team.min_women)
        model.add(sum(x for p, x in seats if not p.female) >= team.min_men)
        model.add(sum(x for p, x in seats if p.exp >= 2) >= team.min_exp)
        self.terms += [
            (weights.days * p.days_year + weights.dist * distance(problem, p, team)) * x
            for p, x in seats
        ]
        kinds = {problem.places[unit].kind for unit in team.units}
        self.terms += [
            weights.kind * x
            for (p, t), x in self.lead.items()
            if t == team.id and problem.person[p].prev_kind in kinds
        ]
        self._beyond(seats, lambda p: p.prev_team, weights.overlap)
        self._beyond(seats, lambda p: p.home, weights.samehome)
        few = model.new_int_var(0, 3, "")
        model.add(few >= 3 - women)
        off = model.new_int_var(0, 1000, "")
        experience, target = sum(p.exp * x for p, x in seats), experience_target(problem)
        model.add(off >= experience - target - 2)
        model.add(off >= target - experience - 2)
        self.terms += [weights.women * few, weights.exp * off]

    def _beyond(self, seats, key, weight):
        """Each member beyond the first with the same key costs `weight`."""
        alike = defaultdict(list)
        for person, x in seats:
            if key(person) is not None:
                alike[key(person)].append(x)
        for xs in alike.values():
            if len(xs) > 1:
                extra = self.model.new_int_var(0, len(xs) - 1, "")
                self.model.add(extra >= sum(xs) - 1)
                self.terms.append(weight * extra)

    def _once_each(self):
        of_person, of_home = defaultdict(list), defaultdict(list)
        for (person, _team), x in self.seat.items():
            of_person[person].append(x)
            of_home[self.problem.person[person].home].append(x)
        for xs in of_person.values():
            self.model.add_at_most_one(xs)
        for home, most in self.problem.lend.items():
            self.model.add(sum(of_home[home]) <= most)

    def hint(self, made):
        chosen = {("m", person, team) for team, _l, _d, members in made for person in members}
        chosen |= {("l", leader, team) for team, leader, _d, _m in made}
        chosen |= {("d", deputy, team) for team, _l, deputy, _m in made}
        for key, x in zip(self.keys, self.told, strict=True):
            self.model.add_hint(x, key in chosen)

    def as_plan(self, values):
        chosen = [key for key, value in zip(self.keys, values, strict=True) if value]
        leader = {team: person for kind, person, team in chosen if kind == "l"}
        deputy = {team: person for kind, person, team in chosen if kind == "d"}
        members = {team.id: [] for team in self.problem.teams}
        for kind, person, team in chosen:
            if kind == "m":
                members[team].append(person)
        return [[t, leader[t], deputy[t], sorted(members[t])] for t in sorted(members)]
