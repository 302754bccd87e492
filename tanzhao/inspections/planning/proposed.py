"""Proposed teams as plain JSON, by the keys of the records, and back.

teams     [{number, members: [{inspector, role, kept, reasons}], unmet}]
excluded  [{inspector, busy, barred: [team numbers], place: {team, out, lost, difference, cost}}]
conflict  [reason]: the demands that cannot hold together, in the planner's own numbers;
          basis.names says whom and what they stand for
basis     {keep, heeds_warnings, out, fewest, names, pack, before: {team: {inspector: role}},
          units: {team: [unit]}}
          out: who leaves, where the smallest change was asked for; fewest: proven number of seats

A reason is {code, values}. People and units in it go by the keys of their records, workplaces by
their names: numbers of the planner mean nothing once a record has changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from tanzhao.engines.planner.reasons import Reason
from tanzhao.inspections.models import TeamProposal
from tanzhao.inspections.planning import seating
from tanzhao.inspections.planning.seating import Seats
from tanzhao.inspections.planning.swaps import Swap, Swaps
from tanzhao.inspections.planning.teams_instance import Instance, instance_of
from tanzhao.inspections.states import TeamRole

PEOPLE = ("person", "other", "out", "into")
NUMBERED = (*PEOPLE, "unit", "units")


def instance_for(proposal: TeamProposal) -> Instance:
    """Make the problem of a proposal's round; who is to leave is not to be had."""
    out = proposal.basis.get("out")
    return instance_of(proposal.round, without=[UUID(out)] if out else ())


def stored_proposal(instance: Instance, seats: Seats, kept: Iterable[int]) -> dict[str, Any]:
    """Give what a proposal keeps of its teams: themselves, everybody else, what they weigh."""
    return {
        "teams": stored_teams(instance, seats, kept),
        "excluded": stored_excluded(instance, seats, kept),
        "cost": seating.cost_of(instance.problem, seats),
    }


def stored_reason(instance: Instance, one: Reason) -> dict[str, Any]:
    """Give a reason as it is kept."""
    return {
        "code": one.code,
        "values": {name: _kept_value(instance, name, value) for name, value in one.values},
    }


def _kept_value(instance: Instance, name: str, value: int | str) -> int | str:
    if name in PEOPLE and value in instance.people:
        return str(instance.people[int(value)].pk)
    if name == "unit" and value in instance.units:
        return str(instance.units[int(value)].pk)
    if name == "unit" and value in instance.homes:
        return instance.homes[int(value)]
    return value


def stored_teams(instance: Instance, seats: Seats, kept: Iterable[int]) -> list[dict[str, Any]]:
    """Give the teams as they are kept, with what each member is needed for."""
    stay = set(kept)
    unmet = seating.unmet_of(instance.problem, seats)
    return [
        {
            "number": team.id,
            "members": [
                {
                    "inspector": str(instance.people[person].pk),
                    "role": role.value,
                    "kept": person in stay,
                    "reasons": [
                        stored_reason(instance, one)
                        for one in seating.why_here(instance.problem, seats, team, person)
                    ],
                }
                for person, role in seats.get(team.id, {}).items()
            ],
            "unmet": [stored_reason(instance, one) for one in unmet[team.id]],
        }
        for team in instance.problem.teams
    ]


def stored_excluded(instance: Instance, seats: Seats, kept: Iterable[int]) -> list[dict[str, Any]]:
    """Give everybody else as they are kept, each with what keeps them off, or what would change
    if they took the place where they would change least."""
    seated = {person for people in seats.values() for person in people}
    stay, swaps = set(kept), Swaps(instance.problem, seats)
    found = []
    for person, inspector in instance.people.items():
        if person in seated or inspector.retired:
            continue
        barred = sorted(team for someone, team in instance.bars if someone == person)
        is_here = person in instance.problem.available
        place = swaps.nearest_place(person, kept=stay) if is_here else None
        found.append(
            {
                "inspector": str(inspector.pk),
                "busy": person in instance.busy,
                "barred": barred,
                "place": stored_swap(instance, place) if place else None,
            }
        )
    return found


def stored_swap(instance: Instance, swap: Swap) -> dict[str, Any]:
    """Give a change of one place as it is kept."""
    return {
        "team": swap.team,
        "out": str(instance.people[swap.out].pk),
        "lost": [stored_reason(instance, one) for one in swap.lost],
        "difference": {name: by for name, by in asdict(swap.difference).items() if by},
        "cost": swap.cost,
    }


def basis_of(
    instance: Instance, *, keep: bool, out: str = "", fewest: int | None = None
) -> dict[str, Any]:
    """Say what a proposal is made from, so that it is noticed when that has changed."""
    before: dict[str, dict[str, str]] = {str(number): {} for number in instance.teams}
    for person, (team, role) in sorted(instance.members.items()):
        before[str(team)][str(instance.people[person].pk)] = role.value
    return {
        "keep": keep,
        "out": out,
        "fewest": fewest,
        "pack": instance.setting.name,
        "before": before,
        "units": {
            str(team.id): [str(instance.units[unit].pk) for unit in team.units]
            for team in instance.problem.teams
        },
    }


def stored_conflict(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Give the demands that cannot hold together as they are kept."""
    return [{"code": one.code, "values": dict(one.values)} for one in reasons]


def names_in(instance: Instance, reasons: Iterable[Reason]) -> dict[str, dict[str, str]]:
    """Say what the people, units and workplaces are called that these reasons name by number."""
    found: dict[str, dict[str, str]] = {"person": {}, "unit": {}}
    places = {number: unit.name for number, unit in instance.units.items()} | dict(instance.homes)
    for name, value in (pair for one in reasons for pair in one.values):
        numbers = [int(part) for part in str(value).split(",")] if name in NUMBERED else []
        for number in numbers:
            if name in PEOPLE and number in instance.people:
                found["person"][str(number)] = instance.people[number].name
            elif name not in PEOPLE and number in places:
                found["unit"][str(number)] = places[number]
    return found


def seats_from(instance: Instance, teams: Iterable[Mapping[str, Any]]) -> dict[int, Any]:
    """Read proposed teams back into the planner's numbers. Who has left the pool is left out."""
    return {
        team["number"]: {
            instance.number_of[key]: TeamRole(member["role"])
            for member in team["members"]
            if (key := UUID(member["inspector"])) in instance.number_of
        }
        for team in teams
        if team["number"] in instance.teams
    }


def kept_in(instance: Instance, teams: Iterable[Mapping[str, Any]]) -> list[int]:
    """Give those of proposed teams whom the office keeps where they are."""
    return [
        instance.number_of[key]
        for team in teams
        for member in team["members"]
        if member["kept"] and (key := UUID(member["inspector"])) in instance.number_of
    ]
