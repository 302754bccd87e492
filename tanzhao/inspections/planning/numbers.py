"""The numbers a plan begins with: the office's planning pack, kept with each plan."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tanzhao.kernel.packs import BadPack, packs_of_kind
from tanzhao.units.models import Term, Unit

HEADER = frozenset({"kind", "version", "title_zh", "title_en", "source"})
DAYS_IN_A_WEEK, WORKING_DAYS = 7, 5


@cache
def planning_numbers() -> Mapping[str, Any]:
    """Give the office's numbers for plans, read once.

    Raises: BadPack if there is no such pack, or more than one.
    """
    packs = packs_of_kind("planning")
    if len(packs) != 1:
        raise BadPack(f"There must be one pack of kind 'planning', and there are {len(packs)}.")
    return {key: value for key, value in packs[0].body.items() if key not in HEADER}


def months_of_rounds(
    numbers: Mapping[str, Any], term: Term, *, after: dt.date | None = None
) -> Iterator[dt.date]:
    """Give the first days of the months in which rounds of `term` begin, those after `after`.

    A round fits only if its days in the field are over before the term is.
    """
    lasts = dt.timedelta(days=numbers["days"] * DAYS_IN_A_WEEK // WORKING_DAYS)
    for year in range(term.starts.year, term.ends.year + 1):
        for number in numbers["months"]:
            month = dt.date(year, number, 1)
            is_within = month >= term.starts and month + lasts <= term.ends
            if is_within and (after is None or month > after):
                yield month


def planned_values(numbers: Mapping[str, Any], unit: Unit) -> dict[str, Any]:
    """Say what a plan asks of `unit` to begin with, by its kind and its priority alone."""
    kinds = {entry["category"]: entry for entry in numbers["kinds"]}
    kind = kinds.get(unit.category)
    weights = {entry["word"]: entry["weight"] for entry in numbers["priorities"]}
    weight = weights.get(unit.priority, numbers["other_weight"])
    share = kind["weight_share"] if kind else 100
    looked_back = kind is not None and unit.priority in kind["look_back_for"]
    return {
        "effort": kind["effort"] if kind else numbers["other_effort"],
        "look_back_effort": kind["look_back_effort"] if kind and looked_back else 0,
        "weight": max(1, weight * share // 100),
        "skills": list(kind["skills"]) if kind else [],
    }


def usual_look_back(numbers: Mapping[str, Any], unit: Unit) -> int:
    """Give the person-days of a look-back at a unit of this kind, if it is to have one."""
    kinds = {entry["category"]: entry["look_back_effort"] for entry in numbers["kinds"]}
    effort: int = kinds.get(unit.category, numbers["other_look_back"])
    return effort


def cluster_of(unit: Unit, *, has_children: bool) -> str:
    """Say with whom `unit` travels: villages with their township, departments with their system."""
    if unit.parent is not None:
        return unit.parent.name
    if has_children:
        return unit.name
    return unit.system or unit.name
