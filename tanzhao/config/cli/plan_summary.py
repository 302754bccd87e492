"""Plans as an operator reads them on a terminal: tables and a few lines."""

from collections import Counter
from collections.abc import Iterable, Sequence
from io import StringIO

from django.utils.translation import gettext as _

from tanzhao.config.cli.plan_watch import cost_line
from tanzhao.engines.planner.teams import checking as teams_checking
from tanzhao.engines.planner.teams.problem import TeamsPlan, TeamsProblem
from tanzhao.engines.planner.term.checking import cost_of
from tanzhao.engines.planner.term.problem import FIRST, TermPlan, TermProblem


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay out rows in columns, numbers to the right; Chinese characters count as two wide."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    laid_out = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    rows = [list(row) for row in rows]
    for place, heading in enumerate(headings):
        is_number = all(isinstance(row[place], int | float) for row in rows)
        laid_out.add_column(heading, justify="right" if is_number else "left", no_wrap=False)
    for row in rows:
        laid_out.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    page = StringIO()
    Console(file=page, width=100, color_system=None).print(laid_out)
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip().splitlines())


def term_summary(problem: TermProblem, plan: TermPlan) -> str:
    """Show the rounds with their load, and who is covered by the end of each year."""
    return "\n\n".join(
        [_rounds(problem, plan), _coverage(problem, plan), _term_cost(problem, plan)]
    )


def teams_summary(problem: TeamsProblem, plan: TeamsPlan) -> str:
    """Show who is on which team, by number."""
    rows = [
        (
            team.id,
            team.leader,
            team.deputy,
            " ".join(str(p) for p in team.members if p not in (team.leader, team.deputy)),
            f"{len(team.members)}/{problem.team[team.id].size}",
        )
        for team in plan.teams
        if team.id in problem.team
    ]
    headings = (_("Team"), _("Leader"), _("Deputy leader"), _("Members"), _("Seats"))
    cost = teams_checking.cost_of(problem, plan.teams)
    return "\n\n".join([table(headings, rows), cost_line(cost, plan.bound)])


def _rounds(problem: TermProblem, plan: TermPlan) -> str:
    visits, load = Counter[int](), Counter[int]()
    slots: set[tuple[int, int]] = set()
    for placed in plan.visits:
        visits[placed.round] += 1
        load[placed.round] += problem.unit[placed.unit].effort_of(placed.visit)
        slots.add((placed.round, placed.team))
    used = Counter(round_ for round_, _team in slots)
    rows = [
        (
            round_.id,
            round_.month,
            visits[round_.id],
            f"{used[round_.id]}/{round_.teams}",
            f"{load[round_.id]:,}/{round_.capacity:,}",
            f"{100 * load[round_.id] / round_.capacity:.0f} %" if round_.capacity else "–",
        )
        for round_ in problem.rounds
    ]
    headings = (
        _("Round"),
        _("Month"),
        _("Visits"),
        _("Teams used"),
        _("Person-days"),
        _("Load"),
    )
    return table(headings, rows)


def _coverage(problem: TermProblem, plan: TermPlan) -> str:
    years = Counter(problem.round[p.round].year for p in plan.visits if p.visit == FIRST)
    lines = []
    for year, need in enumerate(problem.coverage):
        done = sum(many for y, many in years.items() if y <= year)
        lines.append(
            _("By the end of year %(year)s: %(done)s of %(all)s units, %(need)s asked for")
            % {"year": year + 1, "done": done, "all": len(problem.units), "need": need}
        )
    return "\n".join(lines)


def _term_cost(problem: TermProblem, plan: TermPlan) -> str:
    cost = cost_of(problem, plan.visits)
    parts = _(
        "Of the cost: %(risk)s for waiting (risk × months), %(openings)s openings of a cluster "
        "in a round at %(each)s, %(balance)s person-days out of balance at %(per_day)s"
    ) % {
        "risk": f"{cost.risk:,}",
        "openings": cost.openings,
        "each": problem.w_cluster,
        "balance": cost.balance,
        "per_day": problem.w_balance,
    }
    return "\n".join([cost_line(cost.total, plan.bound), parts])
