"""First fit by risk: each unit, riskiest first, into the first round and slot that take it."""

from collections import Counter

from tanzhao.engines.planner.term.problem import FIRST, LOOK_BACK, Placed


def first_fit(problem):
    """Place what can be placed; every rule but coverage is kept. Gives Placed values, sorted."""
    return sorted(_FirstFit(problem).run())


def run(problem, teller):
    visits = first_fit(problem)
    teller.tell(plan=[[v.unit, v.visit, v.round, v.team] for v in visits])


class _FirstFit:
    def __init__(self, problem):
        self.problem = problem
        self.rounds = sorted(problem.rounds, key=lambda r: (r.month, r.id))
        self.load = {(r.id, t): 0 for r in self.rounds for t in range(r.teams)}
        self.count, self.skills = Counter(), Counter()
        self.placed = {}

    def run(self):
        problem = self.problem
        of_group = {unit: group for group in problem.groups for unit in group.units}
        fixed = [unit for unit in problem.units if unit.fixed]
        rest = sorted(
            (unit for unit in problem.units if not unit.fixed),
            key=lambda unit: (unit.deadline_month or 99, -unit.risk, unit.id),
        )
        groups = sorted(problem.groups, key=lambda group: -len(group.units))
        for units in [
            *([problem.unit[u] for u in group.units] for group in groups),
            *([unit] for unit in [*fixed, *rest] if unit.id not in of_group),
        ]:
            self._place_together(units)
        for unit in [*fixed, *rest]:
            self._place_look_back(unit)
        return self.placed.values()

    def _place_together(self, units):
        """Put first visits into one round, the first that takes all of them."""
        for round_ in self.rounds:
            if all(self._may(unit, FIRST, round_) for unit in units):
                before = (dict(self.load), self.count.copy(), self.skills.copy())
                if all(self._put(unit, FIRST, round_) for unit in units):
                    return
                self.load, self.count, self.skills = before
                for unit in units:
                    self.placed.pop((unit.id, FIRST), None)

    def _place_look_back(self, unit):
        first = self.placed.get((unit.id, FIRST))
        if unit.visits == 1 or first is None:
            return
        month = self.problem.round[first.round].month
        for round_ in self.rounds:
            gap = round_.month - month
            in_gap = self.problem.gap_min <= gap <= self.problem.gap_max
            if in_gap and self._may(unit, LOOK_BACK, round_) and self._put(unit, LOOK_BACK, round_):
                return

    def _may(self, unit, visit, round_):
        if round_.id in unit.forbidden or unit.fixed.get(visit, round_.id) != round_.id:
            return False
        if visit == LOOK_BACK:
            return True
        if unit.last_month is not None and round_.month < unit.last_month + self.problem.gap_last:
            return False
        if unit.deadline_month is not None and round_.month >= unit.deadline_month:
            return False
        # Not so late that its look-back finds no round.
        last = self.rounds[-1].month
        return unit.visits == 1 or round_.month + self.problem.gap_min <= last

    def _put(self, unit, visit, round_):
        effort = unit.effort_of(visit)
        if self.count[round_.id] >= round_.max_units:
            return False
        scarce = [skill for skill in unit.skills if skill in round_.skill_cap]
        if any(self.skills[round_.id, s] >= round_.skill_cap[s] for s in scarce):
            return False
        for team in range(round_.teams):
            if self.load[round_.id, team] + effort <= round_.team_cap:
                self.load[round_.id, team] += effort
                self.count[round_.id] += 1
                self.skills.update((round_.id, s) for s in scarce)
                self.placed[unit.id, visit] = Placed(unit.id, visit, round_.id, team)
                return True
        return False
