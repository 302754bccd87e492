"""Reasons of the planner, kept with a plan and said in the reader's language.

A kept reason names units and themes as they were called, so that it can be read when the problem
it came from is gone: {"code": "…", "values": {"unit": "县财政局", "round": 3}}. A month is kept as
the first day of it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tanzhao.engines.planner.reasons import Reason
from tanzhao.inspections.planning.term_instance import Names
from tanzhao.inspections.states import VisitKind

MONTHS = frozenset({"month", "earliest", "deadline", "latest"})


def kept(reasons: Iterable[Reason], names: Names) -> list[dict[str, Any]]:
    """Make reasons of the planner ready to be kept with a plan."""
    return [{"code": one.code, "values": _named(one, names)} for one in reasons]


def said(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say kept reasons in the reader's language, one sentence each."""
    return [_sentence(one["code"], _shown(one["values"])) for one in reasons]


def _named(one: Reason, names: Names) -> dict[str, int | str]:
    values: dict[str, int | str] = dict(one.values)
    for key, value in one.values:
        if key == "unit" and isinstance(value, int):
            values[key] = names.units.get(value, str(value))
        elif key == "group" and isinstance(value, int):
            values[key] = names.groups.get(value, str(value))
        elif key in MONTHS and isinstance(value, int):
            values[key] = names.month(value).isoformat()
    return values


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(values)
    for key in MONTHS & values.keys():
        shown[key] = date_format(dt.date.fromisoformat(values[key]), "YEAR_MONTH_FORMAT")
    if "visit" in values:
        shown["visit"] = str(VisitKind(values["visit"]).label)
    if "year" in values:
        shown["year"] = values["year"] + 1
    return shown


def _sentence(code: str, values: Mapping[str, Any]) -> str:
    sentences = {
        "unplaced": _("%(unit)s has no place (%(visit)s)."),
        "no_team_yet": _("%(unit)s is pinned to round %(round)s and has no team there yet."),
        "round_passed": _("Round %(round)s has passed without %(unit)s."),
        "not_computed": _("%(unit)s has not been planned yet (%(visit)s)."),
        "no_such_team": _("Round %(round)s has no team %(team)s."),
        "forbidden": _("%(unit)s must not be inspected in round %(round)s."),
        "fixed": _("%(unit)s is pinned to round %(fixed)s and stands in round %(round)s."),
        "too_soon": _("%(unit)s in round %(round)s is too early: not before %(earliest)s."),
        "too_late": _("%(unit)s in round %(round)s is too late: it must be before %(deadline)s."),
        "look_back_gap": _("%(gap)s months lie between inspection and look-back of %(unit)s."),
        "group_split": _("The joint theme “%(group)s” is spread over %(rounds)s rounds."),
        "too_many_units": _("Round %(round)s has %(need)s visits and takes %(have)s."),
        "skill_short": _(
            "Round %(round)s has %(need)s visits that need “%(skill)s” and can do %(have)s."
        ),
        "slot_overfull": _("A team of round %(round)s has %(need)s person-days for %(have)s."),
        "coverage_short": _(
            "By the end of year %(year)s, %(have)s units are inspected; %(need)s are required."
        ),
    }
    sentence = sentences.get(code)
    if sentence is None:
        said_plainly = ", ".join(f"{key} {value}" for key, value in values.items())
        return f"{code}: {said_plainly}"
    return sentence % values
