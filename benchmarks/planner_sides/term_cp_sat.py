"""One CP-SAT model: with every team slot in it up to a size, on the totals of the rounds above."""

import threading

from ortools.sat.python import cp_model
from planner_sides.term_greedy import first_fit
from planner_sides.term_totals import packed, rounds_allowed

from tanzhao.engines.planner.term.checking import load_bands

# With more (visit, slot) pairs than this the model with slots finds no plan in minutes.
MOST_PAIRS = 150_000
WORKERS = 8  # on two processors better than two


def run(problem, teller):
    sizes = sum(round_.teams for round_ in problem.rounds) * len(problem.visits)
    model = _Model(problem, with_slots=sizes <= MOST_PAIRS)
    model.hint(first_fit(problem))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.catch_sigint_signal = False
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
    # Its own limit is by the wall clock.
    while not ended.wait(0.1):
        if teller.is_over:
            solver.stop_search()


class _Model:
    def __init__(self, problem, *, with_slots):
        self.problem, self.model, self.with_slots = problem, cp_model.CpModel(), with_slots
        allowed, self.fits = rounds_allowed(problem)
        self.at, self.slot = {}, {}
        new = self.model.new_bool_var
        for (unit, visit), rounds in allowed.items():
            for r in rounds:
                self.at[unit, visit, r] = new("")
                if with_slots:
                    slots = [new("") for _ in range(problem.round[r].teams)]
                    self.slot.update(((unit, visit, r, team), x) for team, x in enumerate(slots))
                    self.model.add(sum(slots) == self.at[unit, visit, r])
            self.model.add_exactly_one(self.at[unit, visit, r] for r in rounds)
        self._link(allowed)
        self.model.minimize(self._limit_rounds())
        self.keys = list(self.slot if with_slots else self.at)
        self.told = list((self.slot if with_slots else self.at).values())

    def hint(self, visits):
        """Begin from the greedy plan, as a user would."""
        here = {(v.unit, v.visit, v.round) for v in visits}
        for key, x in self.at.items():
            self.model.add_hint(x, key in here)
        slots = {(v.unit, v.visit, v.round, v.team) for v in visits}
        for key, x in self.slot.items():
            self.model.add_hint(x, key in slots)

    def as_plan(self, values):
        chosen = [key for key, value in zip(self.keys, values, strict=True) if value]
        if self.with_slots:
            return [list(key) for key in chosen]
        return packed(self.problem, {(u, v): r for u, v, r in chosen})

    def _link(self, allowed):
        problem, at = self.problem, self.at
        for group in problem.groups:
            first, *others = group.units
            for r in problem.round:
                for other in others:
                    self.model.add(at.get((first, 0, r), 0) == at.get((other, 0, r), 0))
        for unit in problem.units:
            if unit.visits < 2:
                continue
            for a in allowed[unit.id, 0]:
                later = [at[unit.id, 1, b] for b in allowed[unit.id, 1] if (a, b) in self.fits]
                self.model.add_bool_or([*later, at[unit.id, 0, a].negated()])

    def _limit_rounds(self):
        """Hold each round to what it can do, and give what the plan costs."""
        problem, model = self.problem, self.model
        in_round = {r: [] for r in problem.round}
        for (unit, visit, r), x in self.at.items():
            in_round[r].append((problem.unit[unit], visit, x))
        bands, terms = load_bands(problem), []
        for r, inside in in_round.items():
            round_ = problem.round[r]
            load = sum(unit.effort_of(visit) * x for unit, visit, x in inside)
            model.add(sum(x for _u, _v, x in inside) <= round_.max_units)
            model.add(load <= round_.capacity)
            for skill, most in round_.skill_cap.items():
                model.add(sum(x for unit, _v, x in inside if skill in unit.skills) <= most)
            off = model.new_int_var(0, round_.capacity, "")
            model.add(load - off <= bands[r][1])
            model.add(load + off >= bands[r][0])
            terms.append(problem.w_balance * off)
            terms += [unit.weight_of(v) * round_.month * x for unit, v, x in inside]
            by_cluster = {}
            for unit, _visit, x in inside:
                by_cluster.setdefault(unit.cluster, []).append(x)
            for xs in by_cluster.values():
                opened = model.new_bool_var("")
                model.add_max_equality(opened, xs)
                terms.append(problem.w_cluster * opened)
        self._limit_slots()
        for year, need in enumerate(problem.coverage):
            early = {r.id for r in problem.rounds if r.year <= year}
            model.add(sum(x for (_u, v, r), x in self.at.items() if v == 0 and r in early) >= need)
        return sum(terms)

    def _limit_slots(self):
        of_slot = {}
        for (unit, visit, r, team), x in self.slot.items():
            effort = self.problem.unit[unit].effort_of(visit)
            of_slot.setdefault((r, team), []).append(effort * x)
        for (r, _team), efforts in of_slot.items():
            self.model.add(sum(efforts) <= self.problem.round[r].team_cap)
