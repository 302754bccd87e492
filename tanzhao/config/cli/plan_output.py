"""What the commands of `tanzhao plan` share: how long to search, and plans handed over."""

import argparse
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, FAILED, say
from tanzhao.config.cli.plan_files import write_document
from tanzhao.config.cli.plan_watch import Watch, peak_memory_mb
from tanzhao.config.cli.plan_words import sentences, unit_name
from tanzhao.engines.planner.reasons import Reason
from tanzhao.engines.planner.teams.exchange import teams_plan_document
from tanzhao.engines.planner.teams.problem import TeamsPlan, TeamsProblem
from tanzhao.engines.planner.term.exchange import term_plan_document
from tanzhao.engines.planner.term.problem import TermPlan, TermProblem
from tanzhao.inspections.planning.words import visit_name

USUAL_SECONDS = 60.0


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add how long and how a search is made."""
    parser.add_argument(
        "--seconds",
        type=_seconds,
        metavar="N",
        help=_("seconds of processor time at most; 60 unless --steps is given"),
    )
    parser.add_argument(
        "--steps",
        type=_steps,
        metavar="N",
        help=_("steps of improvement at most; the same on every machine"),
    )
    parser.add_argument("--seed", type=_steps, default=0, metavar="N", help=_("0 if not given"))


def limits_of(options: argparse.Namespace) -> dict[str, Any]:
    """Give the limits asked for, or the usual one."""
    seconds = options.seconds
    if seconds is None and options.steps is None:
        seconds = USUAL_SECONDS
    return {"seconds": seconds, "steps": options.steps}


def term_document(problem: TermProblem, plan: TermPlan) -> dict[str, Any]:
    """Write a plan of a term with what is left over, in words, as planning-format.md says."""
    document = term_plan_document(plan)
    if plan.unplaced or plan.conflict:
        whys = sentences(problem, [one.why for one in plan.unplaced])
        document["unplaced"] = [
            {"unit": one.unit, "visit": one.visit, "why": why}
            for one, why in zip(plan.unplaced, whys, strict=True)
        ]
        document["conflict"] = sentences(problem, plan.conflict)
    return document


def teams_document(problem: TeamsProblem, plan: TeamsPlan) -> dict[str, Any]:
    """Write teams with what they break and which demands clash, in words."""
    document = teams_plan_document(plan)
    if plan.breaks or plan.conflict:
        document["breaks"] = sentences(problem, plan.breaks)
        document["conflict"] = sentences(problem, plan.conflict)
    return document


def told(document: dict[str, Any], watch: Watch) -> dict[str, Any]:
    """Add to a plan what is known of the search that made it."""
    memory = peak_memory_mb()
    more: dict[str, Any] = {"stopped": watch.was_stopped}
    if memory is not None:
        more["memory_mb"] = memory
    return document | more


def left_over(problem: TermProblem, plan: TermPlan) -> list[str]:
    """Say which visits have no place and why, and which demands clash."""
    if plan.is_complete:
        return []
    whys = sentences(problem, [one.why for one in plan.unplaced])
    lines = [_("Without a place: %(n)s") % {"n": len(plan.unplaced)}]
    lines += [
        f"  {unit_name(problem, one.unit)} ({visit_name(one.visit)}): {why}"
        for one, why in zip(plan.unplaced, whys, strict=True)
    ]
    return ["\n".join(lines), *_clash(problem, plan.conflict)]


def hand_over(
    document: dict[str, Any],
    lines: Sequence[str],
    options: argparse.Namespace,
    *,
    is_good: bool,
) -> int:
    """Write a plan to its file, print it as asked for, and give the exit code."""
    lines = list(lines)
    if document["stopped"]:
        lines.append(_("Stopped early: this is the best found by then."))
    if options.out:
        write_document(options.out, document)
        lines.append(_("Written to %(file)s.") % {"file": options.out})
    else:
        lines.append(_("Not kept. Add --out PLAN.json, or --json, to have the plan itself."))
    say(document, as_json=options.json, text="\n\n".join(lines))
    return DONE if is_good else FAILED


def nearest(problem: TeamsProblem, plan: TeamsPlan) -> list[str]:
    """Say what the nearest teams break, and which demands clash; nothing of good teams."""
    if not plan.breaks:
        return []
    lines = [_("No teams keep every rule. These come nearest; they break:")]
    lines += [f"  {sentence}" for sentence in sentences(problem, plan.breaks)]
    return ["\n".join(lines), *_clash(problem, plan.conflict)]


def _clash(problem: TermProblem | TeamsProblem, conflict: Sequence[Reason]) -> list[str]:
    if not conflict:
        return []
    lines = [_("These demands cannot hold together; without any one of them the others can:")]
    return ["\n".join([*lines, *(f"  {s}" for s in sentences(problem, conflict))])]


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < 10**7:
        raise ValueError(text)
    return number


def _steps(text: str) -> int:
    number = int(text)
    if not 0 <= number < 2**31:
        raise ValueError(text)
    return number


_seconds.__name__, _steps.__name__ = "float", "int"  # as argparse names them in what it says
