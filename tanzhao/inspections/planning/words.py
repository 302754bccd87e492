"""Reasons of the planner in words that a director understands, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tanzhao.engines.planner.reasons import Reason
from tanzhao.inspections.planning import words_teams, words_term

SENTENCES: Mapping[str, Promise] = {**words_term.SENTENCES, **words_teams.SENTENCES}


class Names(Protocol):
    """What people call the things that a problem knows by number."""

    def unit(self, unit: int) -> str: ...
    def round(self, round_id: int) -> str: ...
    def team(self, team: int) -> str: ...
    def person(self, person: int) -> str: ...
    def group(self, group: int) -> str: ...
    def skill(self, skill: str) -> str: ...
    def month(self, month: int) -> str: ...
    def year(self, year: int) -> str: ...


class ByNumber:
    """Names that are the ids of the instance, as the command line has no others."""

    def unit(self, unit: int) -> str:
        return _("unit %(id)s") % {"id": unit}

    def round(self, round_id: int) -> str:
        return _("round %(id)s") % {"id": round_id}

    def team(self, team: int) -> str:
        return _("team %(id)s") % {"id": team}

    def person(self, person: int) -> str:
        return _("person %(id)s") % {"id": person}

    def group(self, group: int) -> str:
        return _("group %(id)s") % {"id": group}

    def skill(self, skill: str) -> str:
        return skill

    def month(self, month: int) -> str:
        return _("month %(month)s") % {"month": month}

    def year(self, year: int) -> str:
        # Years count from 0 in an instance, and from 1 for people.
        return _("year %(year)s of the term") % {"year": year + 1}


def sentence(reason: Reason, names: Names | None = None) -> str:
    """Say a reason of either engine as one sentence.

    Args:
        names: of units, rounds, people and the like; their ids if None.
    """
    values = named(reason, names or ByNumber())
    said = str(SENTENCES[reason.code]) % values
    return said[:1].upper() + said[1:]


def named(reason: Reason, names: Names) -> dict[str, int | str]:
    """Give the values of a reason with names in place of ids, ready to be put into a sentence."""
    values: dict[str, int | str] = dict(reason.values)
    # `rounds` and `units` are counts in some reasons and texts of ids in others.
    values["count"] = values.get("rounds", "")
    ways: dict[str, Callable[[int], str]] = {
        "unit": names.unit,
        "round": names.round,
        "to_round": names.round,
        "fixed": names.round,
        "first": names.round,
        "last": names.round,
        "team": names.team,
        "other_team": names.team,
        "person": names.person,
        "other": names.person,
        "group": names.group,
        "month": names.month,
        "earliest": names.month,
        "deadline": names.month,
        "year": names.year,
        "visit": visit_name,
    }
    lists = {"rounds": names.round, "units": names.unit, "teams": names.team}
    for key, value in reason.values:
        if isinstance(value, int):
            values[key] = ways[key](value) if key in ways else value
        elif key in lists:
            values[key] = _(", ").join(lists[key](int(one)) for one in value.split(","))
        elif key == "skill":
            values[key] = names.skill(value)
        elif key == "role":
            values[key] = _role(value)
        elif key == "rule":
            values[key] = str(words_teams.RULES[value])
    if "first" in values:
        values["span"] = _span(reason, values)
    return values


def _span(reason: Reason, values: Mapping[str, int | str]) -> str:
    if reason["first"] == reason["last"]:
        return str(values["first"])
    return _("%(first)s to %(last)s") % values


def visit_name(visit: int) -> str:
    """Say which visit of a unit it is."""
    return _("look-back") if visit else _("first visit")


def _role(role: str) -> str:
    return {"leader": _("leader"), "deputy": _("deputy leader")}.get(role, _("member"))
