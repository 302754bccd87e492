"""`tanzhao plan explain`: why a plan is as it is, and which demands clash."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tanzhao.config.cli.parsing import DONE, Adder, command, fail, say
from tanzhao.config.cli.plan_files import (
    BadFile,
    read_problem,
    read_teams_plan,
    read_term_plan,
)
from tanzhao.config.cli.plan_output import add_limits, limits_of
from tanzhao.config.cli.plan_summary import table
from tanzhao.config.cli.plan_watch import watched
from tanzhao.config.cli.plan_words import sentences
from tanzhao.engines.planner import explain
from tanzhao.engines.planner.explaining import (
    Question,
    WhyImpossible,
    WhyNotPerson,
    WhyNotRound,
    WhyPerson,
    WhyRound,
)
from tanzhao.engines.planner.teams.problem import TeamsPlan, TeamsProblem
from tanzhao.engines.planner.term.problem import TermPlan, TermProblem

if TYPE_CHECKING:
    from tanzhao.engines.planner.explaining import Option


def add(inner: Adder) -> None:
    """Add the command that explains."""
    parser = command(
        inner,
        "explain",
        help_text=_("say why a unit is in its round, why a person is on a team, or what clashes"),
        example="tanzhao plan explain INSTANCE.json PLAN.json --unit 12",
        run=answer,
        needs_database=False,
    )
    parser.add_argument("instance", type=Path, metavar="INSTANCE", help=_("the instance"))
    parser.add_argument("plan", type=Path, nargs="?", metavar="PLAN", help=_("the plan"))
    parser.add_argument("--unit", type=int, metavar="U", help=_("why this unit is in its round"))
    parser.add_argument(
        "--visit", type=int, choices=(0, 1), default=0, help=_("0 first visit, 1 look-back")
    )
    parser.add_argument("--round", type=int, metavar="R", help=_("and why not in this round"))
    parser.add_argument(
        "--person", type=int, metavar="P", help=_("why this person is on a team, or is not")
    )
    parser.add_argument("--team", type=int, metavar="T", help=_("the team"))
    parser.add_argument(
        "--impossible", action="store_true", help=_("which demands cannot hold together")
    )
    add_limits(parser)


def answer(options: argparse.Namespace) -> int:
    """Answer one question about a plan, or about an instance without one."""
    try:
        problem = read_problem(options.instance)
        plan, question = _question(problem, options)
    except BadFile as error:
        return fail(str(error), as_json=options.json)
    with watched(**limits_of(options)) as watch:
        explanation = explain(problem, plan, question, limit=watch.limit)
    said = sentences(problem, explanation.reasons)
    document: dict[str, Any] = {"reasons": said}
    lines = list(said)
    if isinstance(question, WhyImpossible) and not said:
        lines.append(_("No demands were found that cannot hold together."))
    if explanation.options:
        document["options"] = [_option(problem, option) for option in explanation.options]
        lines += ["", _table(document["options"])]
    say(document, as_json=options.json, text="\n".join(lines))
    return DONE


def _question(
    problem: TermProblem | TeamsProblem, options: argparse.Namespace
) -> tuple[TermPlan | TeamsPlan | None, Question]:
    if options.impossible:
        return None, WhyImpossible()
    if isinstance(problem, TermProblem):
        return _about_term(problem, options)
    return _about_teams(problem, options)


def _about_term(problem: TermProblem, options: argparse.Namespace) -> tuple[TermPlan, Question]:
    if options.unit is None or options.plan is None:
        raise BadFile(_("Of a term, ask with PLAN and --unit, or with --impossible."))
    if (options.unit, options.visit) not in problem.visits_set:
        text = _("%(file)s has no such visit: unit %(unit)s, visit %(visit)s.")
        place = {"file": options.instance.name, "unit": options.unit, "visit": options.visit}
        raise BadFile(text % place)
    if options.round is not None and options.round not in problem.round:
        text = _("%(file)s has no round %(round)s.")
        raise BadFile(text % {"file": options.instance.name, "round": options.round})
    plan = read_term_plan(options.plan, problem)
    here = {placed.round for placed in plan.visits if _is(placed, options)}
    if options.round is None or options.round in here:
        return plan, WhyRound(options.unit, options.visit)
    return plan, WhyNotRound(options.unit, options.visit, options.round)


def _is(placed: Any, options: argparse.Namespace) -> bool:
    return (placed.unit, placed.visit) == (options.unit, options.visit)


def _about_teams(problem: TeamsProblem, options: argparse.Namespace) -> tuple[TeamsPlan, Question]:
    if None in (options.person, options.team, options.plan):
        raise BadFile(_("Of teams, ask with PLAN, --person and --team, or with --impossible."))
    if options.person not in problem.person or options.team not in problem.team:
        text = _("%(file)s has no such person or team: person %(person)s, team %(team)s.")
        place = {"file": options.instance.name, "person": options.person, "team": options.team}
        raise BadFile(text % place)
    plan = read_teams_plan(options.plan, problem)
    members = {team.id: team.members for team in plan.teams}.get(options.team, ())
    if options.person in members:
        return plan, WhyPerson(options.team, options.person)
    return plan, WhyNotPerson(options.team, options.person)


def _option(problem: TermProblem | TeamsProblem, option: "Option") -> dict[str, Any]:
    return {
        "round": option.round,
        "possible": option.is_possible,
        "cost_change": option.cost_change,
        "moves": sentences(problem, option.moves),
        "why": sentences(problem, option.why),
    }


def _table(options: list[dict[str, Any]]) -> str:
    rows = [
        (
            option["round"],
            "–" if option["cost_change"] is None else f"{option['cost_change']:+,}",
            " ".join([*option["moves"], *option["why"]]),
        )
        for option in options
    ]
    return table((_("Round"), _("Change of cost"), _("What must move with it")), rows)
