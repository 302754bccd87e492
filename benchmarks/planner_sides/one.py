"""Run one side on one instance: `one.py SIDE FILE MOST MARK…`, told as in telling.py.

After MOST processor seconds the system ends it.
"""

import json
import resource
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]


def main():
    side, file, most, *marks = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (int(most), int(most) + 5))
    document = json.loads(Path(file).read_text("utf-8"))
    from planner_sides.telling import Teller

    problem = _problem(document)
    teller = Teller([float(mark) for mark in marks])
    _runner(side)(problem, teller)
    sys.stdout.write(json.dumps({"memory_mb": _peak_memory_mb()}) + "\n")


def _peak_memory_mb():
    # Not ru_maxrss: that begins with what the process had which started this one.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    peak = next(row for row in status.read_text("utf-8").splitlines() if row.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024


def _problem(document):
    if document["kind"] == "A":
        from tanzhao.engines.planner.term.exchange import term_problem_from

        return term_problem_from(document)
    from tanzhao.engines.planner.teams.exchange import teams_problem_from

    return teams_problem_from(document)


def _runner(side):
    # Each side loads only its own solver, so that its memory is its own.
    if side.startswith("ours"):
        from planner_sides import ours

        return ours.run_term if side == "ours-term" else ours.run_teams
    from importlib import import_module

    return import_module(f"planner_sides.{side.replace('-', '_')}").run


if __name__ == "__main__":
    main()
