"""`tanzhao plan`: terms and teams planned, changed, explained and checked, from files."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.config.cli import plan_asking, plan_changing
from tanzhao.config.cli.parsing import DONE, FAILED, Adder, command, fail, say
from tanzhao.config.cli.plan_files import (
    BadFile,
    read_problem,
    read_teams,
    read_teams_plan,
    read_term,
    read_term_plan,
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
from tanzhao.config.cli.plan_words import sentences
from tanzhao.engines.planner import plan_term, propose_teams
from tanzhao.engines.planner.reasons import Reason
from tanzhao.engines.planner.teams import checking as teams_checking
from tanzhao.engines.planner.teams.problem import TeamsProblem
from tanzhao.engines.planner.term import checking as term_checking
from tanzhao.engines.planner.term.problem import TermProblem


def add(adder: Adder) -> None:
    """Add the commands of the planner."""
    group = command(
        adder,
        "plan",
        help_text=_("plan a term or the teams of a round, from files; needs no database"),
        example="tanzhao plan term INSTANCE.json --out PLAN.json",
    )
    inner = group.add_subparsers(required=True, metavar=_("COMMAND"))
    _add_search(
        inner,
        "term",
        help_text=_("place every unit of a term in a round and a team"),
        example="tanzhao plan term INSTANCE.json --seconds 30 --out PLAN.json",
        run=plan_a_term,
    )
    _add_search(
        inner,
        "teams",
        help_text=_("compose the teams of a round"),
        example="tanzhao plan teams INSTANCE.json --out PLAN.json",
        run=compose_teams,
    )
    plan_changing.add(inner)
    plan_asking.add(inner)
    parser = command(
        inner,
        "check",
        help_text=_("say which rules a plan breaks and what it costs; exit 1 if any is broken"),
        example="tanzhao plan check INSTANCE.json PLAN.json",
        run=check,
        needs_database=False,
    )
    parser.add_argument("instance", type=Path, metavar="INSTANCE", help=_("the instance"))
    parser.add_argument("plan", type=Path, metavar="PLAN", help=_("the plan"))


def plan_a_term(options: argparse.Namespace) -> int:
    """Plan a term. Exits 1 if not everything could be placed; what was found is written anyway."""
    try:
        problem = read_term(options.instance)
        with watched(**limits_of(options)) as watch:
            plan = plan_term(
                problem, limit=watch.limit, seed=options.seed, on_progress=watch.on_progress
            )
        document = told(term_document(problem, plan), watch)
        lines = [term_summary(problem, plan), *left_over(problem, plan)]
        return hand_over(document, lines, options, is_good=plan.is_complete)
    except BadFile as error:
        return fail(str(error), as_json=options.json)


def compose_teams(options: argparse.Namespace) -> int:
    """Compose teams. Exits 1 if no teams keep every rule; the nearest ones are written anyway."""
    try:
        problem = read_teams(options.instance)
        with watched(**limits_of(options)) as watch:
            plan = propose_teams(
                problem, limit=watch.limit, seed=options.seed, on_progress=watch.on_progress
            )
        document = told(teams_document(problem, plan), watch)
        lines = [teams_summary(problem, plan), *nearest(problem, plan)]
        return hand_over(document, lines, options, is_good=not plan.breaks)
    except BadFile as error:
        return fail(str(error), as_json=options.json)


def check(options: argparse.Namespace) -> int:
    """Judge a plan. The JSON has the keys of the outside judge: violations, first, cost."""
    try:
        problem = read_problem(options.instance)
        broken, cost = (
            _judged_term(problem, options.plan)
            if isinstance(problem, TermProblem)
            else _judged_teams(problem, options.plan)
        )
    except BadFile as error:
        return fail(str(error), as_json=options.json)
    said = sentences(problem, broken)
    document = {"violations": len(broken), "first": said[:8], "cost": cost}
    lines = [_("It breaks no rule.") if not broken else _("Rules broken: %(n)s") % {"n": len(said)}]
    lines += [f"  {sentence}" for sentence in said]
    lines.append(_("It costs %(cost)s.") % {"cost": f"{cost['total']:,}"})
    say(document, as_json=options.json, text="\n".join(lines))
    return FAILED if broken else DONE


def _add_search(inner: Adder, name: str, *, help_text: str, example: str, run: Any) -> None:
    parser = command(
        inner, name, help_text=help_text, example=example, run=run, needs_database=False
    )
    parser.add_argument("instance", type=Path, metavar="INSTANCE", help=_("the instance"))
    add_limits(parser)
    parser.add_argument("--out", type=Path, metavar="PLAN", help=_("file for the plan"))


def _judged_term(problem: TermProblem, file: Path) -> tuple[list[Reason], dict[str, int]]:
    visits = read_term_plan(file, problem).visits
    return term_checking.broken_rules(problem, visits), asdict(
        term_checking.cost_of(problem, visits)
    )


def _judged_teams(problem: TeamsProblem, file: Path) -> tuple[list[Reason], dict[str, int]]:
    plan = read_teams_plan(file, problem)
    return teams_checking.broken_rules(problem, plan.teams), {"total": plan.cost}
