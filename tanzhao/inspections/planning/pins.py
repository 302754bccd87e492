"""Pins that cannot hold. A person decided them, so none goes silently: what became of it is kept
with the visit until somebody decides anew."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from tanzhao.engines.planner.reasons import reason
from tanzhao.inspections.models import PlannedVisit
from tanzhao.inspections.planning.saying import (
    PIN_ROUND_GONE,
    PIN_ROUND_PASSED,
    PIN_UNIT_CLOSED,
    PIN_UNIT_MERGED,
    kept,
)
from tanzhao.inspections.planning.term_instance import Names

LOST = frozenset({PIN_ROUND_GONE, PIN_ROUND_PASSED})


def lost_pin(code: str, visit: PlannedVisit, first_month: dt.date) -> list[dict[str, Any]]:
    """Say, to be kept with `visit`, that its pin is given up. Its unit, its round and who pinned
    it are at hand."""
    assert visit.round is not None  # noqa: S101  what is pinned has a round
    unit = visit.planned.unit
    names = Names({0: unit.name}, {}, first_month, {0: str(unit.pk)})
    why = reason(code, unit=0, round=visit.round.number, by=str(visit.pinned_by))
    return kept([why], names)


def gone_pin(visit: PlannedVisit, first_month: dt.date) -> dict[str, Any]:
    """Say, to be kept with the plan, that a pin went with its unit, which is closed or merged.
    `into_id`: the unit it was merged into, if any. Unit, round and who pinned it are at hand."""
    into = visit.planned.unit.merged_into
    code = PIN_UNIT_MERGED if into else PIN_UNIT_CLOSED
    (told,) = lost_pin(code, visit, first_month)
    if into:
        told["values"]["into"], told["into_id"] = into.name, str(into.pk)
    return told


def lost_pins(why: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give, of what is kept with a visit, what says that its pin was given up."""
    return [one for one in why if one["code"] in LOST]
