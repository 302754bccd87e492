"""Plans of a term and teams of a round: ours against what a user would pick instead.

Term: greedy first fit by risk; one CP-SAT model (every slot in it up to 150,000 pairs of visit and
slot; above, totals of the rounds, then packed); HiGHS on the totals, then packed; ours.
Teams: greedy; one CP-SAT model; ours. All get the same processor seconds (not seconds by the
clock), each in a process of its own, on the same instances: the samples in packs/samples/planner
and, from the seeded generator of the tests, a province of 6,000 units and a round of 80 teams.
Costs and broken rules are counted here from the plans, by our judge. Packing is not charged to the
plain models. "bound" is what that side proves itself; "over best" compares the cost with the best
bound that any side proved. Read the ratios, not the seconds.

Run: ./run bench planner [--full] [--seconds=10,60,180] [--only=county,mid] [--outside]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "packs/samples/planner"
sys.path.insert(0, str(ROOT))

TERMS = {
    "county": SAMPLES / "term-county-1.json",
    "county-97": {"seed": 7, "units": 110, "utilisation": 0.97},
    "mid": SAMPLES / "term-mid-1.json",
    "prefecture-1": SAMPLES / "term-prefecture-1.json",
    "prefecture-2": SAMPLES / "term-prefecture-2.json",
    "province": {"seed": 1, "units": 6000, "utilisation": 0.9},
}
TEAMS = {
    "teams-county": SAMPLES / "teams-county-1.json",
    "teams-prefecture": SAMPLES / "teams-prefecture-1.json",
    "teams-80": {"seed": 1, "teams": 80},
}
TERM_SIDES = ("term-greedy", "term-cp-sat", "term-highs", "ours-term")
TEAMS_SIDES = ("teams-greedy", "teams-cp-sat", "ours-teams")
SHORT = ("county", "mid", "prefecture-2", "teams-county", "teams-prefecture")
# Beyond its processor seconds a side may pack, and load what it needs; then the system ends it.
GRACE_SECONDS = 240


@dataclass
class Result:
    """What one side told: plans as (seconds, cost, rules broken), bounds as (seconds, bound)."""

    plans: list = field(default_factory=list)
    bounds: list = field(default_factory=list)
    memory_mb: int = 0
    why_not: str = ""

    def at(self, mark):
        """Give (cost, rules broken, bound) by that many seconds; None for what was not there.

        Of plans that break no rule the cheapest counts, else the one that breaks fewest.
        """
        there = [(broken, cost) for at, cost, broken in self.plans if at <= mark + 1]
        broken, cost = min(there) if there else (None, None)
        bounds = [bound for at, bound in self.bounds if at <= mark + 1]
        return cost, broken, max(bounds, default=None)


def main():
    options = _options()
    marks = [float(mark) for mark in options.seconds.split(",")]
    names = options.only.split(",") if options.only else [*TERMS, *TEAMS]
    if not (options.full or options.only):
        names = list(SHORT)
    if options.outside:
        _outside()
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            _compare(name, marks, Path(folder))
    if options.full:
        _outside()


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="all instances, 10, 60 and 180 seconds")
    parser.add_argument("--seconds", help="processor seconds at which the sides are compared")
    parser.add_argument("--only", help=f"of {', '.join([*TERMS, *TEAMS])}")
    parser.add_argument("--outside", action="store_true", help="only the public instances")
    options = parser.parse_args()
    options.seconds = options.seconds or ("10,60,180" if options.full else "10,30")
    return options


def _compare(name, marks, folder):
    sides = TERM_SIDES if name in TERMS else TEAMS_SIDES
    file, document = _instance(name, folder)
    print(f"\n{name}: {_what(document)}")
    results = {side: _run(side, file, document, marks) for side in sides}
    best = max((bound for r in results.values() for _at, bound in r.bounds), default=0)
    print(
        f"{'side':<14}{'seconds':>8}{'cost':>12}{'not kept':>9}{'bound':>12}{'gap':>9}"
        f"{'over best':>11}{'to ours':>9}{'MB':>7}"
    )
    for mark in marks:
        ours = results[sides[-1]].at(mark)
        for side in sides:
            print(_line(side, mark, results[side], ours, best))


def _line(side, mark, result, ours, best):
    cost, broken, bound = result.at(mark)
    if cost is None and bound is None:
        return f"{side:<14}{mark:>8.0f}  nothing {result.why_not}"
    is_good = broken == 0
    gap = f"{100 * (cost - bound) / bound:.2f}%" if is_good and bound else "-"
    over = f"{100 * (cost - best) / best:.2f}%" if is_good and best else "-"
    ratio = f"{cost / ours[0]:.3f}" if is_good and ours[0] and ours[1] == 0 else "-"
    return (
        f"{side:<14}{mark:>8.0f}{_number(cost):>12}{_number(broken):>9}{_number(bound):>12}"
        f"{gap:>9}{over:>11}{ratio:>9}{result.memory_mb:>7}"
    )


def _number(value):
    return "-" if value is None else f"{value:,}"


def _run(side, file, document, marks):
    """Run one side in a process of its own, with its processor seconds limited by the system."""
    result = Result()
    judge = _judge(document)
    words = [sys.executable, str(ROOT / "benchmarks/planner_sides/one.py"), side, str(file)]
    most = int(marks[-1] + GRACE_SECONDS)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen([*words, str(most), *map(str, marks)], stdout=out, stderr=errors)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        result.memory_mb = usage.ru_maxrss // 1024
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            result.why_not = f"(ended with {process.returncode}: {errors.read()[-200:].strip()})"
        for text in out:
            _note(result, json.loads(text), judge)
    return result


def _note(result, line, judge):
    result.memory_mb = line.get("memory_mb", result.memory_mb)
    if "bound" in line:
        result.bounds.append((line["at"], line["bound"]))
    if "plan" in line:
        result.plans.append((line["at"], *judge(line["plan"])))
    elif "cost" in line:
        # Only ours tells costs on the way, of plans that break no rule; its last plan is judged.
        result.plans.append((line["at"], line["cost"], 0))


def _judge(document):
    if document["kind"] == "A":
        from tanzhao.engines.planner.term import checking
        from tanzhao.engines.planner.term.exchange import term_problem_from
        from tanzhao.engines.planner.term.problem import Placed

        problem = term_problem_from(document)
        return lambda plan: (
            checking.cost_of(problem, visits := [Placed(*row) for row in plan]).total,
            len(checking.broken_rules(problem, visits)),
        )
    from tanzhao.engines.planner.teams import checking
    from tanzhao.engines.planner.teams.exchange import teams_problem_from
    from tanzhao.engines.planner.teams.problem import Composed

    problem = teams_problem_from(document)
    return lambda plan: (
        checking.cost_of(problem, teams := [Composed(a, b, c, tuple(d)) for a, b, c, d in plan]),
        len(checking.broken_rules(problem, teams)),
    )


def _instance(name, folder):
    source = TERMS.get(name) or TEAMS[name]
    if isinstance(source, Path):
        return source, json.loads(source.read_text("utf-8"))
    if name in TERMS:
        from tests.engines.planner.generator import term_instance as make
    else:
        from tests.engines.planner.teams_generator import teams_instance as make
    document, _planted = make(**source)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(document), "utf-8")
    return file, document


def _what(document):
    if document["kind"] == "A":
        effort = sum(u["effort"] + u.get("effort2", 0) for u in document["units"])
        slots = sum(r["teams"] for r in document["rounds"])
        room = sum(r["teams"] * r["team_cap"] for r in document["rounds"])
        visits = sum(u["visits"] for u in document["units"])
        return (
            f"{len(document['units'])} units, {visits} visits, {len(document['rounds'])} rounds, "
            f"{slots} team slots, {100 * effort / room:.0f} % full"
        )
    seats = sum(team["size"] for team in document["teams"])
    return f"{len(document['teams'])} teams, {seats} seats, {len(document['available'])} available"


def _outside():
    """The layers under the planner on public instances; benchmarks/outside/README.md."""
    from benchmarks.planner_sides.outside import report

    report()


if __name__ == "__main__":
    main()
