"""The term problem and its plan as JSON documents; docs/operations/planning-format.md."""

from collections.abc import Mapping
from typing import Any

from tanzhao.engines.planner.fields import BadInstance, Fields
from tanzhao.engines.planner.term.problem import (
    Group,
    Placed,
    Round,
    TermPlan,
    TermProblem,
    Unit,
)


def term_problem_from(document: Mapping[str, Any]) -> TermProblem:
    """Read an instance of kind "A".

    Raises: BadInstance, saying which field is wrong and what belongs there.
    """
    whole = Fields(document, "instance")
    problem = TermProblem(
        units=tuple(sorted(map(_unit, whole.rows("units")), key=lambda unit: unit.id)),
        rounds=tuple(sorted(map(_round, whole.rows("rounds")), key=lambda round_: round_.id)),
        groups=tuple(sorted(map(_group, whole.rows("groups", [])), key=lambda group: group.id)),
        gap_last=whole.whole_number("gap_last"),
        gap_min=whole.whole_number("gap_min"),
        gap_max=whole.whole_number("gap_max"),
        coverage=whole.numbers("coverage"),
        w_cluster=whole.whole_number("w_cluster"),
        w_balance=whole.whole_number("w_balance"),
        band=whole.number("band"),
    )
    _check_references(problem, whole)
    return problem


def term_problem_document(problem: TermProblem) -> dict[str, Any]:
    """Write an instance, so that reading it gives `problem` again."""
    return {
        "kind": "A",
        "units": [_unit_document(unit) for unit in problem.units],
        "rounds": [
            {
                "id": round_.id,
                "year": round_.year,
                "month": round_.month,
                "teams": round_.teams,
                "team_cap": round_.team_cap,
                "days": round_.days,
                "people": round_.people,
                "skill_cap": dict(round_.skill_cap),
                "max_units": round_.max_units,
            }
            for round_ in problem.rounds
        ],
        "groups": [
            {"id": group.id, "system": group.system, "units": list(group.units)}
            for group in problem.groups
        ],
        "gap_last": problem.gap_last,
        "gap_min": problem.gap_min,
        "gap_max": problem.gap_max,
        "coverage": list(problem.coverage),
        "w_cluster": problem.w_cluster,
        "w_balance": problem.w_balance,
        "band": problem.band,
    }


def placed_from(document: Mapping[str, Any]) -> tuple[Placed, ...]:
    """Read the visits of a plan, sorted. A visit placed twice is kept twice, for the judge.

    Raises: BadInstance.
    """
    rows = Fields(document, "plan").rows("visits")
    names = ("unit", "visit", "round", "team")
    return tuple(sorted(Placed(*(row.whole_number(name) for name in names)) for row in rows))


def term_plan_document(plan: TermPlan) -> dict[str, Any]:
    """Write a plan. Unplaced visits and conflicts are written by whoever words them."""
    return {
        "visits": [
            {"unit": p.unit, "visit": p.visit, "round": p.round, "team": p.team}
            for p in plan.visits
        ],
        "cost": plan.cost,
        "bound": plan.bound,
        "seconds": round(plan.seconds, 2),
        "steps": plan.steps,
    }


def unit_from(document: Mapping[str, Any]) -> Unit:
    """Read one unit, for example one that joins the term later.

    Raises: BadInstance.
    """
    return _unit(Fields(document, "unit"))


def _unit(row: Fields) -> Unit:
    visits = row.whole_number("visits")
    if visits not in (1, 2):
        raise row.wrong("visits", "1 or 2")
    fixed = row.mapping("fixed", {})
    return Unit(
        id=row.whole_number("id"),
        kind=row.text("kind"),
        cluster=row.text("cluster"),
        effort=row.whole_number("effort", least=1),
        risk=row.whole_number("risk", least=0),
        visits=visits,
        effort2=row.whole_number("effort2", least=1) if visits == 2 else 0,
        county=row.whole_number("county", 0),
        area=row.whole_number("area", 0),
        system=row.text("system", ""),
        last_month=row.maybe_number("last_month"),
        deadline_month=row.maybe_number("deadline_month"),
        fixed={_visit(row, key, visits): Fields(fixed, "fixed").whole_number(key) for key in fixed},
        forbidden=frozenset(row.numbers("forbidden", ())),
        skills=row.texts("skills", ()),
        joint=row.maybe_number("joint"),
    )


def _visit(row: Fields, key: str, visits: int) -> int:
    if key not in [str(visit) for visit in range(visits)]:
        raise row.wrong("fixed", "a visit of this unit, 0 or 1, and its round")
    return int(key)


def _unit_document(unit: Unit) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": unit.id,
        "kind": unit.kind,
        "county": unit.county,
        "area": unit.area,
        "system": unit.system,
        "cluster": unit.cluster,
        "effort": unit.effort,
        "risk": unit.risk,
        "visits": unit.visits,
        "fixed": {str(visit): round_ for visit, round_ in unit.fixed.items()},
        "forbidden": sorted(unit.forbidden),
        "skills": list(unit.skills),
    }
    if unit.visits == 2:
        document["effort2"] = unit.effort2
    for name in ("last_month", "deadline_month", "joint"):
        if (value := getattr(unit, name)) is not None:
            document[name] = value
    return document


def _round(row: Fields) -> Round:
    caps = row.mapping("skill_cap", {})
    return Round(
        id=row.whole_number("id"),
        year=row.whole_number("year", least=0),
        month=row.whole_number("month"),
        teams=row.whole_number("teams", least=0),
        team_cap=row.whole_number("team_cap", least=0),
        max_units=row.whole_number("max_units", least=0),
        days=row.whole_number("days", 0),
        people=row.whole_number("people", 0),
        skill_cap={skill: Fields(caps, "skill_cap").whole_number(skill) for skill in caps},
    )


def _group(row: Fields) -> Group:
    return Group(row.whole_number("id"), row.numbers("units"), row.text("system", ""))


def _check_references(problem: TermProblem, whole: Fields) -> None:
    if len(problem.unit) != len(problem.units):
        raise whole.wrong("units", "each id once")
    if len(problem.round) != len(problem.rounds):
        raise whole.wrong("rounds", "each id once")
    for group in problem.groups:
        if not set(group.units) <= problem.unit.keys():
            raise whole.wrong("groups", "ids of units of this instance")
    for unit in problem.units:
        if not set(unit.fixed.values()) <= problem.round.keys():
            raise BadInstance(f"units[id {unit.id}].fixed", "ids of rounds of this instance")
