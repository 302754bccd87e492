"""The demands of a plan that clash, in words, and for each what a person can do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tanzhao.engines.planner.term.codes import Code
from tanzhao.inspections.models import TermPlan
from tanzhao.inspections.planning.saying import said, values_in_words


@dataclass(frozen=True)
class Step:
    """One thing that would help, and the address of the page where it is done."""

    words: str
    address: str


@dataclass(frozen=True)
class Clash:
    """Demands that cannot hold together. `what`: what cannot be, or the first of the demands;
    `demands`: the (other) demands that make it so, none of which can be left out."""

    what: str
    demands: Sequence[str]
    steps: Sequence[Step]


class _Where(StrEnum):
    """The page where a demand is changed."""

    UNIT = "unit"
    ROUND = "round"
    WINDOW = "window"
    ROUNDS = "rounds"
    UNITS = "units"
    THEME = "theme"
    LOOK_BACKS = "look_backs"
    PINS = "pins"


_UNPIN = _("Unpin the %(visit)s of %(unit)s")
_LATER = _("Add a later round")
_EARLIER = _("Add a round before the end of %(year)s, or let one do more")
_MORE_DAYS = _("Give %(round)s more teams or days")
_MORE_UNITS = _("Let %(round)s take more units")
_LESS_OF_THEME = _("Take a unit out of %(group)s")
_PINNED_THERE = (_("Unpin one of the visits pinned to %(span)s"), _Where.PINS)
_FEWER = _("Plan fewer person-days for %(unit)s")
# A look-back keeps its first visit to the few rounds that are so far before it.
_LESS_LOOK_BACKS = (_("Do without some look-backs"), _Where.LOOK_BACKS)

STEPS: Mapping[str, Sequence[tuple[Promise, _Where]]] = {
    Code.NO_LOOK_BACK: (
        (_("Let %(unit)s do without the look-back in this term"), _Where.UNIT),
        (_LATER, _Where.ROUNDS),
    ),
    Code.GROUP_APART: ((_LESS_OF_THEME, _Where.THEME),),
    Code.GROUP_OVER_CAPACITY: ((_LESS_OF_THEME, _Where.THEME), (_MORE_DAYS, _Where.ROUND)),
    Code.GROUP_OVER_UNITS: ((_LESS_OF_THEME, _Where.THEME), (_MORE_UNITS, _Where.ROUND)),
    Code.GROUP_OVER_SKILL: ((_LESS_OF_THEME, _Where.THEME),),
    Code.GROUP_OVER_SLOTS: ((_LESS_OF_THEME, _Where.THEME), (_MORE_DAYS, _Where.ROUND)),
    Code.PINS_OVER_SLOTS: (
        (_MORE_DAYS, _Where.ROUND),
        (_("Unpin one of the visits pinned to %(round)s"), _Where.PINS),
    ),
    Code.WINDOW_DAYS: ((_("Give %(span)s more teams or days"), _Where.WINDOW), _LESS_LOOK_BACKS),
    Code.WINDOW_UNITS: ((_("Let %(span)s take more units"), _Where.WINDOW), _LESS_LOOK_BACKS),
    Code.WINDOW_SKILL: ((_("Add a round beside %(span)s"), _Where.ROUNDS), _LESS_LOOK_BACKS),
    Code.WINDOW_LONG: ((_("Give %(span)s more teams"), _Where.WINDOW), _LESS_LOOK_BACKS),
    Code.COVERAGE_UNITS: ((_EARLIER, _Where.ROUNDS),),
    Code.COVERAGE_CAPACITY: ((_EARLIER, _Where.ROUNDS),),
    Code.DEMAND_FIXED: ((_UNPIN, _Where.UNIT),),
    Code.DEMAND_FORBIDDEN: ((_("Allow %(unit)s one of these rounds: %(rounds)s"), _Where.UNIT),),
    Code.DEMAND_EFFORT: ((_FEWER, _Where.UNIT), (_("Let a team do more"), _Where.ROUNDS)),
    Code.DEMAND_NOT_BEFORE: ((_("Add a round in %(earliest)s or later"), _Where.ROUNDS),),
    Code.DEMAND_DEADLINE: ((_("Give %(unit)s a later month"), _Where.UNIT),),
    Code.DEMAND_GROUP: ((_LESS_OF_THEME, _Where.THEME),),
    Code.DEMAND_COVERAGE: ((_EARLIER, _Where.ROUNDS),),
    Code.DEMAND_SKILL: ((_("Ask fewer units for %(skill)s in this plan"), _Where.UNITS),),
    Code.DEMAND_MAX_UNITS: ((_("Let rounds take more units"), _Where.ROUNDS),),
    Code.DEMAND_DEADLINES: ((_("Give units later months"), _Where.UNITS),),
    Code.DEMAND_NOT_BEFORES: ((_LATER, _Where.ROUNDS),),
    Code.DEMAND_FORBIDDENS: ((_("Allow units more rounds"), _Where.UNITS),),
    Code.DEMAND_LOOK_BACKS: (_LESS_LOOK_BACKS,),
    Code.LACKS_DAYS: ((_MORE_DAYS, _Where.ROUND),),
    Code.LACKS_UNITS: ((_MORE_UNITS, _Where.ROUND),),
    Code.LACKS_SKILL_VISITS: ((_("Add a round beside %(round)s"), _Where.ROUNDS),),
    Code.LACKS_COVERAGE: ((_EARLIER, _Where.ROUNDS),),
}


def clashes_of(plan: TermPlan) -> list[Clash]:
    """Give what clashes in `plan` as it was last computed, smallest first."""
    return [_clash(plan, entries) for entries in plan.conflict]


def _clash(plan: TermPlan, entries: Sequence[Mapping[str, Any]]) -> Clash:
    what, *demands = said(entries)
    # What cannot be comes first and is helped by giving up what follows.
    steps = [step for entry in (*entries[1:], entries[0]) for step in _steps(plan, entry)]
    return Clash(what, demands, list(dict.fromkeys(steps)))


def _steps(plan: TermPlan, entry: Mapping[str, Any]) -> list[Step]:
    values = values_in_words(entry)
    ways = list(STEPS.get(entry["code"], ()))
    if ways and entry["values"].get("pins"):
        ways.append(_PINNED_THERE)
    return [
        Step(_sentence(str(words) % values), _address(plan, entry, where)) for words, where in ways
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _address(plan: TermPlan, entry: Mapping[str, Any], where: _Where) -> str:
    """Give the page where the demand is changed; the list it is found in if a round is over or
    the unit is known by its number only."""
    units = reverse("inspections:plan_units", args=[plan.pk])
    values = entry["values"]
    match where:
        case _Where.UNIT:
            unit_id = entry.get("unit_ids", {}).get(str(values["unit"]))
            return (
                reverse("inspections:planned_unit", args=[plan.pk, unit_id]) if unit_id else units
            )
        case _Where.ROUND:
            return reverse("inspections:change_planned_round", args=[plan.pk, values["round"]])
        case _Where.WINDOW if values["first"] == values["last"]:
            return reverse("inspections:change_planned_round", args=[plan.pk, values["first"]])
        case _Where.THEME:
            theme = entry["groups"].get(str(values["group"]), "")
            return f"{units}?{urlencode({'q': theme})}"
        case _Where.LOOK_BACKS:
            return f"{units}?show=look_back"
        case _Where.PINS:
            first = values.get("round", values.get("first"))
            is_one = first == values.get("round", values.get("last"))
            return (
                f"{units}?{urlencode({'show': 'pinned', **({'round': first} if is_one else {})})}"
            )
        case _Where.UNITS:
            return units
        case _:
            return reverse("inspections:plan_rounds", args=[plan.pk])
