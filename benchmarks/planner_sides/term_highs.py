"""HiGHS on the totals of the rounds; its plan is packed afterwards."""

import highspy
import numpy as np
from planner_sides.term_totals import packed, rounds_allowed

from tanzhao.engines.planner.term.checking import load_bands


class _Rows:
    """Columns and rows as they come, and one call that hands them to HiGHS."""

    def __init__(self):
        self.cost, self.high, self.whole = [], [], []
        self.starts, self.index, self.value, self.low, self.up = [0], [], [], [], []

    def column(self, cost=0.0, high=1.0, *, whole=True):
        self.cost.append(cost)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms, low=-np.inf, up=np.inf):
        for index, value in terms:
            self.index.append(index)
            self.value.append(value)
        self.starts.append(len(self.index))
        self.low.append(low)
        self.up.append(up)

    def highs(self):
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.low)
        model.col_cost_, model.col_upper_ = np.array(self.cost), np.array(self.high)
        model.col_lower_ = np.zeros(len(self.cost))
        model.row_lower_, model.row_upper_ = np.array(self.low), np.array(self.up)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(self.index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(self.value)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in self.whole]
        solver = highspy.Highs()
        solver.silent()
        solver.passModel(model)
        return solver


def build(problem):
    """Build the model. Gives it with the column of each (unit, visit, round)."""
    rows = _Rows()
    allowed, fits = rounds_allowed(problem)
    joint = {unit: group.id for group in problem.groups for unit in group.units}
    at, of_group = {}, {}
    for (unit, visit), rounds in allowed.items():
        for r in rounds:
            cost = problem.unit[unit].weight_of(visit) * problem.round[r].month
            at[unit, visit, r] = rows.column(cost)
        rows.row([(at[unit, visit, r], 1) for r in rounds], 1, 1)
    for unit, group in joint.items():
        for r in problem.round:
            if (group, r) not in of_group:
                of_group[group, r] = rows.column()
            mine = [(at[unit, 0, r], 1)] if (unit, 0, r) in at else []
            rows.row([*mine, (of_group[group, r], -1)], 0, 0)
    _link_look_backs(problem, rows, allowed, fits, at)
    _limit_rounds(problem, rows, at)
    return rows, at


def _link_look_backs(problem, rows, allowed, fits, at):
    for unit in problem.units:
        if unit.visits < 2:
            continue
        firsts, seconds = allowed[unit.id, 0], allowed[unit.id, 1]
        for a in firsts:
            later = [(at[unit.id, 1, b], 1) for b in seconds if (a, b) in fits]
            rows.row([*later, (at[unit.id, 0, a], -1)], 0)
        for b in seconds:
            earlier = [(at[unit.id, 0, a], 1) for a in firsts if (a, b) in fits]
            rows.row([*earlier, (at[unit.id, 1, b], -1)], 0)


def _limit_rounds(problem, rows, at):
    in_round = {r: [] for r in problem.round}
    for (unit, visit, r), column in at.items():
        in_round[r].append((problem.unit[unit], visit, column))
    opened = {}
    bands = load_bands(problem)
    for r, inside in in_round.items():
        round_ = problem.round[r]
        efforts = [(column, unit.effort_of(visit)) for unit, visit, column in inside]
        rows.row(efforts, up=round_.capacity)
        rows.row([(column, 1) for column, _ in efforts], up=round_.max_units)
        # Two visits of more than half a slot never share one.
        large = [(column, 1) for column, effort in efforts if 2 * effort > round_.team_cap]
        rows.row(large, up=round_.teams)
        for skill, most in round_.skill_cap.items():
            rows.row([(c, 1) for unit, _v, c in inside if skill in unit.skills], up=most)
        low, high = bands[r]
        off = rows.column(problem.w_balance, np.inf, whole=False)
        rows.row([*efforts, (off, -1)], up=high)
        rows.row([*efforts, (off, 1)], low=low)
        for unit, _visit, column in inside:
            key = (unit.cluster, r)
            if key not in opened:
                opened[key] = rows.column(problem.w_cluster)
            rows.row([(column, 1), (opened[key], -1)], up=0)
    for year, need in enumerate(problem.coverage):
        early = {r.id for r in problem.rounds if r.year <= year}
        rows.row([(c, 1) for (_u, v, r), c in at.items() if v == 0 and r in early], low=need)


def run(problem, teller):
    rows, at = build(problem)
    solver = rows.highs()
    solver.setOptionValue("mip_rel_gap", 0.0)
    best = []

    def improved(event):
        best.append((teller.seconds, np.array(event.data_out.mip_solution)))
        tell_bound(event)

    def tell_bound(event):
        bound = event.data_out.mip_dual_bound
        if abs(bound) < 1e30:
            teller.tell(bound=int(np.ceil(bound - 1e-6)))

    def ask(event):
        tell_bound(event)
        if teller.is_over:
            event.interrupt()

    solver.cbMipImprovingSolution += improved
    solver.cbMipInterrupt += ask
    solver.cbSimplexInterrupt += lambda event: event.interrupt() if teller.is_over else None
    solver.solve()

    def as_plan(values):
        return packed(
            problem, {(u, v): r for (u, v, r), column in at.items() if values[column] > 0.5}
        )

    # Packing is not charged to this side: a user may do it at leisure.
    teller.tell_best_of(best, as_plan)
