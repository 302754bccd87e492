"""The teams problem and its plan as JSON documents; docs/operations/planning-format.md.

Beside the format, an instance may carry decisions: `pinned` [[team, person, role]], role being
"member", "leader" or "deputy", and `barred` [[team, person]]. Absent, nothing is decided.
"""

from collections.abc import Mapping
from typing import Any

from tanzhao.engines.planner.fields import BadInstance, Fields, is_whole
from tanzhao.engines.planner.teams.problem import (
    Composed,
    Person,
    Pin,
    Place,
    Role,
    Team,
    TeamsPlan,
    TeamsProblem,
    Weights,
)


def teams_problem_from(document: Mapping[str, Any]) -> TeamsProblem:
    """Read an instance of kind "B".

    Raises: BadInstance, saying which field is wrong and what belongs there.
    """
    whole = Fields(document, "instance")
    places = whole.mapping("units")
    lend = whole.mapping("lend", {})
    weights = Fields(whole.mapping("w"), "w")
    problem = TeamsProblem(
        teams=tuple(sorted(map(_team, whole.rows("teams")), key=lambda team: team.id)),
        people=tuple(sorted(map(_person, whole.rows("people")), key=lambda person: person.id)),
        available=frozenset(whole.numbers("available")),
        lend={_key(whole, "lend", k): Fields(lend, "lend").whole_number(k) for k in lend},
        places={
            _key(whole, "units", k): _place(
                _key(whole, "units", k), Fields(places[k], f"units.{k}")
            )
            for k in places
        },
        recuse_years=whole.whole_number("recuse_years"),
        weights=Weights(
            *(weights.whole_number(name, least=0) for name in Weights.__dataclass_fields__)
        ),
        pinned=tuple(sorted(_pins(whole))),
        barred=frozenset(_pairs(whole, "barred", "pairs of a team and a person")),
    )
    _check_references(problem, whole)
    return problem


def teams_problem_document(problem: TeamsProblem) -> dict[str, Any]:
    """Write an instance, so that reading it gives `problem` again."""
    decided = {
        "pinned": [[pin.team, pin.person, pin.role] for pin in problem.pinned],
        "barred": [list(pair) for pair in sorted(problem.barred)],
    }
    return {
        "kind": "B",
        "teams": [
            {
                "id": team.id,
                "units": list(team.units),
                "size": team.size,
                "need": dict(team.need),
                "county": team.county,
                "cross": team.cross,
                "min_full": team.min_full,
                "min_women": team.min_women,
                "min_men": team.min_men,
                "min_exp": team.min_exp,
            }
            for team in problem.teams
        ],
        "people": [_person_document(person) for person in problem.people],
        "available": sorted(problem.available),
        "lend": {str(home): most for home, most in problem.lend.items()},
        "units": {
            str(place.id): {
                "kind": place.kind,
                "area": place.area,
                "county": place.county,
                "system": place.system,
            }
            for place in problem.places.values()
        },
        "recuse_years": problem.recuse_years,
        "w": {name: getattr(problem.weights, name) for name in Weights.__dataclass_fields__},
    } | {name: rows for name, rows in decided.items() if rows}


def composed_from(document: Mapping[str, Any]) -> tuple[Composed, ...]:
    """Read the teams of a plan, sorted by id. Members are kept as written, for the judge.

    Raises: BadInstance.
    """
    rows = Fields(document, "plan").rows("teams")
    teams = [
        Composed(
            row.whole_number("id"),
            row.whole_number("leader"),
            row.whole_number("deputy"),
            tuple(sorted(row.numbers("members"))),
        )
        for row in rows
    ]
    return tuple(sorted(teams, key=lambda team: team.id))


def teams_plan_document(plan: TeamsPlan) -> dict[str, Any]:
    """Write a plan. Conflicts are written by whoever words them."""
    return {
        "teams": [
            {
                "id": team.id,
                "leader": team.leader,
                "deputy": team.deputy,
                "members": list(team.members),
            }
            for team in plan.teams
        ],
        "cost": plan.cost,
        "bound": plan.bound,
        "seconds": round(plan.seconds, 2),
        "steps": plan.steps,
    }


def _team(row: Fields) -> Team:
    need = row.mapping("need", {})
    return Team(
        id=row.whole_number("id"),
        units=row.numbers("units"),
        size=row.whole_number("size", least=1),
        need={skill: Fields(need, "need").whole_number(skill) for skill in need},
        county=row.whole_number("county", 0),
        cross=row.truth("cross", False),
        min_full=row.whole_number("min_full", 0),
        min_women=row.whole_number("min_women", 0),
        min_men=row.whole_number("min_men", 0),
        min_exp=row.whole_number("min_exp", 0),
    )


def person_from(document: Mapping[str, Any]) -> Person:
    """Read one person, for example one who joins later.

    Raises: BadInstance.
    """
    return _person(Fields(document, "person"))


def place_from(document: Mapping[str, Any]) -> Place:
    """Read one unit with its `id`, for example one that a team takes on later.

    Raises: BadInstance.
    """
    row = Fields(document, "unit")
    return _place(row.whole_number("id"), row)


def _person(row: Fields) -> Person:
    return Person(
        id=row.whole_number("id"),
        full=row.truth("full", False),
        home=row.maybe_number("home"),
        county=row.whole_number("county", 0),
        female=row.truth("female", False),
        rank=row.whole_number("rank"),
        skills=frozenset(row.texts("skills", ())),
        exp=row.whole_number("exp", 0),
        past=tuple(_pairs(row, "past", "pairs of a unit and how many years ago")),
        relatives=frozenset(row.numbers("relatives", ())),
        native=row.maybe_number("native"),
        rounds_year=row.whole_number("rounds_year", 0),
        days_year=row.whole_number("days_year", 0),
        prev_team=row.maybe_number("prev_team"),
        prev_units=frozenset(row.numbers("prev_units", ())),
        prev_kind=row.text("prev_kind") if row.has("prev_kind") else None,
    )


def _pairs(row: Fields, name: str, wanted: str) -> list[tuple[int, int]]:
    pairs = row.values(name, ())
    for pair in pairs:
        if not (isinstance(pair, list | tuple) and len(pair) == 2 and all(map(is_whole, pair))):
            raise row.wrong(name, wanted)
    return [(first, second) for first, second in pairs]


def _pins(whole: Fields) -> list[Pin]:
    rows = whole.values("pinned", ())
    for row in rows:
        is_pin = isinstance(row, list | tuple) and len(row) == 3 and all(map(is_whole, row[:2]))
        if not is_pin or row[2] not in list(Role):
            raise whole.wrong("pinned", "a team, a person and “member”, “leader” or “deputy”")
    return [Pin(team, person, Role(role)) for team, person, role in rows]


def _person_document(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "full": person.full,
        "home": person.home,
        "county": person.county,
        "female": person.female,
        "rank": person.rank,
        "skills": sorted(person.skills),
        "exp": person.exp,
        "past": [list(pair) for pair in person.past],
        "relatives": sorted(person.relatives),
        "native": person.native,
        "rounds_year": person.rounds_year,
        "days_year": person.days_year,
        "prev_team": person.prev_team,
        "prev_units": sorted(person.prev_units),
        "prev_kind": person.prev_kind,
    }


def _place(key: int, row: Fields) -> Place:
    return Place(
        id=key,
        kind=row.text("kind"),
        area=row.whole_number("area", 0),
        county=row.whole_number("county", 0),
        system=row.text("system", ""),
    )


def _key(whole: Fields, name: str, key: str) -> int:
    if not (key.isascii() and key.isdigit()):
        raise whole.wrong(name, "whole numbers as keys")
    return int(key)


def _check_references(problem: TeamsProblem, whole: Fields) -> None:
    if len(problem.person) != len(problem.people):
        raise whole.wrong("people", "each id once")
    if len(problem.team) != len(problem.teams):
        raise whole.wrong("teams", "each id once")
    if not problem.available <= problem.person.keys():
        raise whole.wrong("available", "ids of people of this instance")
    decided = [(pin.team, pin.person) for pin in problem.pinned] + sorted(problem.barred)
    for team_id, person in decided:
        if team_id not in problem.team or person not in problem.person:
            raise whole.wrong("pinned, barred", "ids of teams and people of this instance")
    for team in problem.teams:
        if not set(team.units) <= problem.places.keys():
            raise BadInstance(f"teams[id {team.id}].units", "ids of units of this instance")
