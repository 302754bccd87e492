"""The facts that the rules of recusal are asked about, in a constant number of queries."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from uuid import UUID

from tanzhao.inspections.models import Engagement, Round, TeamMember
from tanzhao.inspections.recusal import (
    FormerPlace,
    Person,
    Place,
    Rule,
    Setting,
    Target,
)
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.packs import BadPack, Pack, packs_of_kind
from tanzhao.taxonomy.models import in_reader_language
from tanzhao.units.models import Unit, Visit

LEVELS_ABOVE = 3


@cache
def recusal_pack() -> Pack:
    """Give the office's rules of recusal, read once.

    Raises: BadPack if there is none, or more than one.
    """
    packs = packs_of_kind("recusal")
    if len(packs) != 1:
        raise BadPack(f"There must be one pack of kind 'recusal', and there are {len(packs)}.")
    return packs[0]


def setting_of(round_: Round) -> Setting:
    """Give the rules as they stand for `round_`, their titles in the reader's language."""
    body = recusal_pack().body
    return Setting(
        rules={
            rule["code"]: Rule(
                code=rule["code"],
                title=in_reader_language(rule["title_zh"], rule["title_en"]),
                severity=rule["severity"],
                waivable=rule["waivable"],
            )
            for rule in body["rules"]
        },
        look_back_years=body["look_back_years"],
        starts=round_.starts,
        county=county_of(round_.term.committee),
    )


def rule_titles(round_: Round) -> dict[str, str]:
    """Give the titles of the rules by their codes, in the reader's language."""
    return {code: rule.title for code, rule in setting_of(round_).rules.items()}


def county_of(committee: str) -> str:
    """Take the county's name out of the committee's: 中共岚水县委 gives 岚水县."""
    found = re.match(r"(?:中国共产党|中共)?(.+?[县区市旗])(?:委|委员会)", committee)
    return found[1] if found else ""


def persons_of(
    inspectors: Iterable[Inspector], *, round_: Round, team_id: UUID | None
) -> list[Person]:
    """Gather the facts of these inspectors, in their order.

    Args:
        team_id: the team they are looked at for; being in another one of the round is a fact.
    """
    inspectors = list(inspectors)
    keys = [inspector.pk for inspector in inspectors]
    others: dict[UUID, list[int]] = defaultdict(list)
    memberships = TeamMember.objects.filter(inspector__in=keys, team__round=round_)
    for key, number in memberships.exclude(team=team_id).values_list(
        "inspector_id", "team__number"
    ):
        others[key].append(number)
    loaded = Inspector.objects.filter(pk__in=keys).prefetch_related(
        "services", "declared_recusals", "past_rounds"
    )
    by_key = {inspector.pk: inspector for inspector in loaded}
    return [_person(by_key[key], tuple(sorted(others[key]))) for key in keys]


def _person(inspector: Inspector, other_teams: tuple[int, ...]) -> Person:
    served = list(inspector.past_rounds.all())
    return Person(
        id=inspector.pk,
        name=inspector.name,
        workplace=Place(inspector.workplace, inspector.workplace_unit_id),
        is_lent=not inspector.full_time,
        native_place=inspector.native_place,
        former=tuple(
            FormerPlace(Place(service.workplace, service.unit_id), service.until)
            for service in inspector.services.all()
        ),
        declared=tuple(
            Place(declared.unit_name, declared.unit_id)
            for declared in inspector.declared_recusals.all()
        ),
        past_rounds=frozenset(p.round_number for p in served if p.term_number is None),
        rounds_of_terms=frozenset(
            (p.term_number, p.round_number) for p in served if p.term_number is not None
        ),
        other_teams=other_teams,
    )


def targets_of(units: Iterable[Unit], *, round_: Round) -> list[Target]:
    """Gather the facts of these units, in their order."""
    keys = [unit.pk for unit in units]
    loaded = (
        Unit.objects.filter(pk__in=keys)
        .select_related("__".join(["parent"] * LEVELS_ABOVE))
        .prefetch_related("visits")
    )
    by_key = {unit.pk: unit for unit in loaded}
    last_teams = _last_inspectors(keys, round_)
    targets = [_target(by_key[key], last_teams.get(key), round_) for key in keys]
    merged = _taken_up({place.unit_id for one in targets for place in one.places})
    return [
        replace(one, taken_up=tuple(gone for p in one.places for gone in merged[p.unit_id]))
        for one in targets
    ]


def _taken_up(units: Iterable[UUID | None]) -> Mapping[UUID | None, list[Place]]:
    """Say what merged into each of these units."""
    merged: dict[UUID | None, list[Place]] = defaultdict(list)
    gone = Unit.objects.filter(merged_into__in=[key for key in units if key]).order_by("name")
    for into, key, name in gone.values_list("merged_into", "pk", "name"):
        merged[into].append(Place(name, key))
    return merged


def _target(unit: Unit, last_inspectors: frozenset[UUID] | None, round_: Round) -> Target:
    above: list[Place] = []
    highest = unit
    while highest.parent is not None and len(above) < LEVELS_ABOVE:
        highest = highest.parent
        above.append(Place(highest.name, highest.pk))
    if highest.parent_name and highest.parent_name != (above[-1].name if above else ""):
        above.append(Place(highest.parent_name))
    # The round at hand writes visits of its own once it is in the field.
    visits = [v for v in unit.visits.all() if v.imported or not _is_of(v, round_)]
    # A later term counts its rounds anew, so the month says which visit was the last.
    last = max(visits, key=lambda v: (v.month or dt.date.min, v.round_number), default=None)
    return Target(
        id=unit.pk,
        name=unit.name,
        above=tuple(above),
        last_round=last.round_number if last else None,
        last_term=last.term_number if last else None,
        last_inspectors=last_inspectors,
    )


def _is_of(visit: Visit, round_: Round) -> bool:
    if visit.round_number != round_.number:
        return False
    return visit.term_number in (None, round_.term.number)


def _last_inspectors(units: Sequence[UUID], round_: Round) -> dict[UUID, frozenset[UUID]]:
    """Say who served on the team of ours that inspected each unit last before `round_`."""
    earlier = Engagement.objects.filter(unit__in=units, round__starts__lt=round_.starts)
    last: dict[UUID, UUID] = dict(
        earlier.exclude(round=round_)
        .order_by("round__starts", "round__number")
        .values_list("unit_id", "team_id")
    )
    served: dict[UUID, set[UUID]] = defaultdict(set)
    members = TeamMember.objects.filter(team__in=set(last.values()))
    for team, inspector in members.values_list("team_id", "inspector_id"):
        served[team].add(inspector)
    return {unit: frozenset(served[team]) for unit, team in last.items()}
