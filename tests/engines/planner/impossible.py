"""Terms with no plan: a planted term, and one demand too many."""

import copy
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def impossible_term(document: Document, how: str, *, seed: int = 0) -> Document:
    """Copy a term that has a plan and add one demand that no plan can keep with the others.

    Args:
        how: a key of WAYS. "group_fixed" and "group_size" need a joint group in `document`.
    """
    spoilt = copy.deepcopy(document)
    WAYS[how](spoilt, random.Random(f"impossible {how} {seed}"))
    return spoilt


def _capacity(term: Document, dice: random.Random) -> None:
    effort = sum(unit["effort"] + unit.get("effort2", 0) for unit in term["units"])
    while sum(r["teams"] * r["team_cap"] for r in term["rounds"]) >= effort:
        max(term["rounds"], key=lambda r: (r["teams"], dice.random()))["teams"] -= 1


def _deadline(term: Document, dice: random.Random) -> None:
    unit = dice.choice([unit for unit in term["units"] if not unit["fixed"]])
    unit |= {"last_month": -1, "deadline_month": term["gap_last"] - 3}


def _forbidden(term: Document, dice: random.Random) -> None:
    dice.choice(term["units"])["forbidden"] = [round_["id"] for round_ in term["rounds"]]


def _look_back(term: Document, dice: random.Random) -> None:
    unit = dice.choice([unit for unit in term["units"] if unit["visits"] == 2])
    unit["fixed"] = {"0": max(term["rounds"], key=lambda r: r["month"])["id"]}
    unit.pop("deadline_month", None)


def _group_fixed(term: Document, dice: random.Random) -> None:
    group = dice.choice(term["groups"])
    units = {unit["id"]: unit for unit in term["units"]}
    for member, round_ in zip(group["units"], dice.sample(term["rounds"], 2), strict=False):
        units[member]["fixed"] = {"0": round_["id"]}


def _group_size(term: Document, dice: random.Random) -> None:
    group = dice.choice(term["groups"])
    most = max(r["teams"] * r["team_cap"] for r in term["rounds"])
    units = {unit["id"]: unit for unit in term["units"]}
    alone = [unit for unit in term["units"] if "joint" not in unit]
    while sum(units[member]["effort"] for member in group["units"]) <= most:
        unit = alone.pop(dice.randrange(len(alone)))
        unit["joint"] = group["id"]
        group["units"].append(unit["id"])


def _skill(term: Document, dice: random.Random) -> None:
    skills = Counter(skill for unit in term["units"] for skill in unit["skills"])
    skill = dice.choice(sorted(s for s in term["rounds"][0]["skill_cap"] if skills[s]))
    visits = sum(unit["visits"] for unit in term["units"] if skill in unit["skills"])
    while sum(r["skill_cap"][skill] for r in term["rounds"]) >= visits:
        max(term["rounds"], key=lambda r: r["skill_cap"][skill])["skill_cap"][skill] -= 1


def _max_units(term: Document, dice: random.Random) -> None:
    visits = sum(unit["visits"] for unit in term["units"])
    while sum(round_["max_units"] for round_ in term["rounds"]) >= visits:
        max(term["rounds"], key=lambda r: (r["max_units"], dice.random()))["max_units"] -= 1


def _coverage(term: Document, _dice: random.Random) -> None:
    most = sum(round_["max_units"] for round_ in term["rounds"] if round_["year"] == 0)
    term["coverage"] = [max(most + 1, need) for need in term["coverage"]]


def _slot(term: Document, dice: random.Random) -> None:
    most = max(round_["team_cap"] for round_ in term["rounds"])
    dice.choice(term["units"])["effort"] = most + 5


WAYS: dict[str, Callable[[Document, random.Random], None]] = {
    "capacity": _capacity,
    "deadline": _deadline,
    "forbidden": _forbidden,
    "look_back": _look_back,
    "group_fixed": _group_fixed,
    "group_size": _group_size,
    "skill": _skill,
    "max_units": _max_units,
    "coverage": _coverage,
    "slot": _slot,
}
