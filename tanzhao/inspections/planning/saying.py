"""Reasons of the planner, kept with a plan and said in the reader's language.

A kept reason carries the names its numbers stood for, so that it can be read when the problem it
came from is gone: {"code": "…", "values": {"unit": 3, "round": 2}, "first_month": "2026-09-01",
"units": {"3": "县财政局"}, "unit_ids": {"3": "…"}, "groups": {}}.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tanzhao.engines.planner.reasons import Reason
from tanzhao.inspections.planning import look_backs
from tanzhao.inspections.planning.term_instance import Names
from tanzhao.inspections.planning.words import SENTENCES, ByNumber, named, sentence

# What the planner never says, since it knows of no rows: a visit that waits for its team, one
# whose round went by, and pins that were given up because their round is gone or went by, or their
# unit is no more.
NO_TEAM_YET, ROUND_PASSED = "no_team_yet", "round_passed"
PIN_ROUND_GONE, PIN_ROUND_PASSED = "pin_round_gone", "pin_round_passed"
PIN_UNIT_CLOSED, PIN_UNIT_MERGED = "pin_unit_closed", "pin_unit_merged"


def kept(reasons: Iterable[Reason], names: Names) -> list[dict[str, Any]]:
    """Make reasons of the planner ready to be kept with a plan, as plain JSON."""
    return [_kept(one, names) for one in reasons]


def said(reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say kept reasons in the reader's language, one sentence each."""
    return [_said(one) for one in reasons]


def values_in_words(entry: Mapping[str, Any]) -> dict[str, int | str]:
    """Give the values of a kept reason with names in place of numbers."""
    return named(Reason(entry["code"], tuple(entry["values"].items())), _KeptNames(entry))


def _kept(one: Reason, names: Names) -> dict[str, Any]:
    units = [value for key in ("unit", "units") for value in _numbers(one, key)]
    return {
        "code": str(one.code),
        "values": dict(one.values),
        "first_month": names.first_month.isoformat(),
        "units": {str(unit): names.units[unit] for unit in units if unit in names.units},
        "unit_ids": {str(unit): names.unit_ids[unit] for unit in units if unit in names.unit_ids},
        "groups": {
            str(group): names.groups[group]
            for group in _numbers(one, "group")
            if group in names.groups
        },
    }


def _numbers(one: Reason, key: str) -> list[int]:
    """Give the ids under `key`: one number, or several as a text. A lone `units` is a count."""
    value = dict(one.values).get(key, "")
    if isinstance(value, str):
        return [int(part) for part in value.split(",") if part]
    return [] if key == "units" else [value]


@dataclass(frozen=True)
class _KeptNames(ByNumber):
    entry: Mapping[str, Any]

    def unit(self, unit: int) -> str:
        return self.entry["units"].get(str(unit)) or super().unit(unit)

    def round(self, round_id: int) -> str:
        return _("round %(number)s") % {"number": round_id}

    def team(self, team: int) -> str:
        return _("team %(number)s") % {"number": team + 1}

    def group(self, group: int) -> str:
        theme = self.entry["groups"].get(str(group))
        return _("the joint theme “%(theme)s”") % {"theme": theme} if theme else ""

    def month(self, month: int) -> str:
        names = Names({}, {}, dt.date.fromisoformat(self.entry["first_month"]))
        return date_format(names.month(month), "YEAR_MONTH_FORMAT")


def _said(entry: Mapping[str, Any]) -> str:
    names, values = _KeptNames(entry), entry["values"]
    if entry["code"] in SENTENCES:
        return sentence(Reason(entry["code"], tuple(values.items())), names)
    own = {
        NO_TEAM_YET: _("%(unit)s has been put into %(round)s and has no team there yet."),
        ROUND_PASSED: _("%(round)s went by without %(unit)s."),
        PIN_ROUND_GONE: _(
            "%(unit)s was pinned to %(round)s by %(by)s; that round was taken out of the plan."
        ),
        PIN_ROUND_PASSED: _(
            "%(unit)s was pinned to %(round)s by %(by)s; that round went by without it."
        ),
        PIN_UNIT_CLOSED: _(
            "%(unit)s was pinned to %(round)s by %(by)s; the unit has been closed and has left the"
            " plan."
        ),
        PIN_UNIT_MERGED: _(
            "%(unit)s was pinned to %(round)s by %(by)s; the unit has been merged into %(into)s and"
            " has left the plan."
        ),
        look_backs.AFTER_INSPECTION: _(
            "%(unit)s was inspected in %(month)s; its look-back is due from %(earliest)s to"
            " %(deadline)s, and no round still to come begins in that time."
        ),
        look_backs.AFTER_PIN: _(
            "The first visit of %(unit)s is pinned to %(month)s; its look-back is due from"
            " %(earliest)s to %(deadline)s, and no round of this term begins in that time."
        ),
        look_backs.AFTER_TERM: _(
            "The first visit of %(unit)s can be in %(month)s at the earliest; its look-back has to"
            " follow by %(gap_min)s to %(gap_max)s months, and no round still to come is so far"
            " from a round open to the first visit."
        ),
        look_backs.STANDS_TOO_LATE: _(
            "The look-back of %(unit)s stands in %(round)s and is not possible in this term any"
            " more. It leaves the round when the plan is computed again."
        ),
    }
    text = own[entry["code"]] % values_in_words(entry)
    return text[:1].upper() + text[1:]
