"""`tanzhao plan replan`: a plan changed as little as possible, from a file of changes."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import Adder, command, fail
from tanzhao.config.cli.plan_files import (
    BadFile,
    read_changes,
    read_problem,
    read_teams_plan,
    read_term_plan,
    write_document,
)
from tanzhao.config.cli.plan_output import (
    add_limits,
    hand_over,
    left_over,
    limits_of,
    nearest,
    teams_document,
    term_document,
    told,
)
from tanzhao.config.cli.plan_summary import teams_summary, term_summary
from tanzhao.config.cli.plan_watch import watched
from tanzhao.config.cli.plan_words import sentences, unit_name
from tanzhao.engines.planner import replan_teams, replan_term
from tanzhao.engines.planner.teams.changes import UnknownHere
from tanzhao.engines.planner.teams.exchange import teams_problem_document
from tanzhao.engines.planner.teams.exchange_changes import teams_changes_from
from tanzhao.engines.planner.teams.problem import TeamsProblem
from tanzhao.engines.planner.term.exchange import term_problem_document
from tanzhao.engines.planner.term.problem import TermProblem
from tanzhao.engines.planner.term.replanning_changes import BadChange, term_changes_from
from tanzhao.inspections.planning.words import visit_name

if TYPE_CHECKING:
    from tanzhao.engines.planner.term.replanning import TermReplan


def add(inner: Adder) -> None:
    """Add the command that changes plans."""
    parser = command(
        inner,
        "replan",
        help_text=_("change a plan as little as possible: fewest changes first, cost second"),
        example="tanzhao plan replan INSTANCE.json PLAN.json CHANGES.json --out NEW.json",
        run=replan,
        needs_database=False,
    )
    parser.add_argument("instance", type=Path, metavar="INSTANCE", help=_("the instance"))
    parser.add_argument("plan", type=Path, metavar="PLAN", help=_("the plan"))
    parser.add_argument("changes", type=Path, metavar="CHANGES", help=_("what has changed"))
    add_limits(parser)
    parser.add_argument("--out", type=Path, metavar="PLAN", help=_("file for the plan"))
    parser.add_argument(
        "--instance-out",
        type=Path,
        metavar="INSTANCE",
        help=_("file for the instance as it is after the changes"),
    )


def replan(options: argparse.Namespace) -> int:
    """Change a plan. Exits 1 if no plan keeps every rule; the nearest one is written anyway."""
    try:
        problem = read_problem(options.instance)
        if isinstance(problem, TermProblem):
            return _replan_term(problem, options)
        return _replan_teams(problem, options)
    except BadFile as error:
        return fail(str(error), as_json=options.json)


def _replan_term(problem: TermProblem, options: argparse.Namespace) -> int:
    plan = read_term_plan(options.plan, problem)
    changes = read_changes(options.changes, term_changes_from)
    with watched(**limits_of(options)) as watch:
        try:
            replanned = replan_term(
                problem,
                plan,
                changes,
                limit=watch.limit,
                seed=options.seed,
                on_progress=watch.on_progress,
            )
        except BadChange as error:
            raise _refusal(options.changes, changes, error.change, error.wanted) from error
    after = replanned.problem
    if options.instance_out:
        write_document(options.instance_out, term_problem_document(after))
    whys = sentences(after, [move.why for move in replanned.moved])
    document = told(term_document(after, replanned.plan), watch) | {
        "moved": [
            {
                "unit": move.unit,
                "visit": move.visit,
                "from": move.from_round,
                "to": move.to_round,
                "why": why,
            }
            for move, why in zip(replanned.moved, whys, strict=True)
        ],
        "added": [asdict(placed) for placed in replanned.added],
        "dropped": [asdict(placed) for placed in replanned.dropped],
        "reseated": replanned.reseated,
        "fewest": replanned.fewest,
        "bound_of_fewest": replanned.bound,
    }
    lines = [_moves(after, replanned, whys), term_summary(after, replanned.plan)]
    lines += left_over(after, replanned.plan)
    return hand_over(document, lines, options, is_good=replanned.plan.is_complete)


def _replan_teams(problem: TeamsProblem, options: argparse.Namespace) -> int:
    plan = read_teams_plan(options.plan, problem)
    changes = read_changes(options.changes, teams_changes_from)
    with watched(**limits_of(options)) as watch:
        try:
            replanned = replan_teams(
                problem,
                plan,
                changes,
                limit=watch.limit,
                seed=options.seed,
                on_progress=watch.on_progress,
            )
        except UnknownHere as error:
            text = _("%(file)s: there is no person %(id)s in the instance.")
            if error.kind == "team":
                text = _("%(file)s: there is no team %(id)s in the instance.")
            place = {"file": options.changes.name, "id": error.id}
            raise BadFile(text % place) from error
    after = replanned.problem
    if options.instance_out:
        write_document(options.instance_out, teams_problem_document(after))
    changed = [
        {
            "team": seat.team,
            "out": seat.out,
            "in": seat.into,
            "why": sentences(after, seat.reasons),
        }
        for seat in replanned.changed
    ]
    document = told(teams_document(after, replanned.plan), watch) | {
        "changed": changed,
        "fewest": replanned.fewest,
        "bound_of_fewest": replanned.least_cost,
    }
    lines = [_seats(changed, replanned.fewest), teams_summary(after, replanned.plan)]
    lines += nearest(after, replanned.plan)
    return hand_over(document, lines, options, is_good=not replanned.plan.breaks)


def _seats(changed: Sequence[Mapping[str, Any]], fewest: int) -> str:
    lines = [
        _("Seats changed: %(n)s. No teams change fewer than %(fewest)s.")
        % {"n": len(changed), "fewest": fewest}
    ]
    for seat in changed:
        place = {"team": seat["team"], "out": seat["out"], "into": seat["in"]}
        if seat["in"] is None:
            text = _("team %(team)s: person %(out)s leaves.")
        elif seat["out"] is None:
            text = _("team %(team)s: person %(into)s comes.")
        else:
            text = _("team %(team)s: person %(into)s comes for person %(out)s.")
        lines.append("  " + " ".join([text % place, *seat["why"]]))
    return "\n".join(lines)


def _moves(problem: TermProblem, replanned: "TermReplan", whys: Sequence[str]) -> str:
    lines = [
        _("Visits in another round than before: %(n)s. No plan has fewer than %(fewest)s.")
        % {"n": len(replanned.moved), "fewest": replanned.fewest}
    ]
    for move, why in zip(replanned.moved, whys, strict=True):
        what = {
            "unit": unit_name(problem, move.unit),
            "visit": visit_name(move.visit),
            "before": move.from_round,
            "now": move.to_round,
            "why": why,
        }
        text = _("%(unit)s, %(visit)s: from round %(before)s to round %(now)s. %(why)s")
        lines.append(f"  {text % what}")
    for placed in replanned.added:
        what = {
            "unit": unit_name(problem, placed.unit),
            "visit": visit_name(placed.visit),
            "round": placed.round,
        }
        lines.append("  " + _("%(unit)s, %(visit)s: new, in round %(round)s.") % what)
    if replanned.dropped:
        lines.append("  " + _("Visits no longer needed: %(n)s.") % {"n": len(replanned.dropped)})
    if replanned.reseated:
        text = _("Visits of the same round with another team: %(n)s.")
        lines.append("  " + text % {"n": replanned.reseated})
    return "\n".join(lines)


def _refusal(file: Path, changes: Sequence[object], change: object, wanted: str) -> BadFile:
    text = _("%(file)s: change %(n)s should name: %(wanted)s.")
    place = {"file": file.name, "n": changes.index(change) + 1, "wanted": _(wanted)}
    return BadFile(text % place)
