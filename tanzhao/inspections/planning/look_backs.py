"""Which look-backs a term cannot hold any more, and why: they belong to the next term.

Only the months between a visit and its look-back decide. A look-back that a person has pinned
stays a demand of the plan, and so does one that only lacks room.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tanzhao.engines.planner.reasons import Reason, reason
from tanzhao.inspections.models import PlannedRound, PlannedUnit, PlannedVisit
from tanzhao.inspections.states import VisitKind
from tanzhao.units.models import Term

# What the planner never says: it is not asked for such a look-back.
AFTER_INSPECTION, AFTER_PIN, AFTER_TERM = (
    "look_back_after_inspection",
    "look_back_after_pin",
    "look_back_after_term",
)
STANDS_TOO_LATE = "look_back_stands"


@dataclass(frozen=True)
class Deferred:
    """A look-back that belongs to the next term. `round`: the number of the round in which it
    still stands, None if it has none."""

    why: Reason
    round: int | None


@dataclass(frozen=True)
class TermAhead:
    """What is left of a term: `rounds` still to come. `last`: unit to the month of its last
    inspection before the term. `numbers`: those of the plan; see planning/numbers.py."""

    term: Term
    numbers: Mapping[str, Any]
    rounds: Sequence[PlannedRound]
    last: Mapping[Any, dt.date]

    def deferred(
        self, unit: int, planned: PlannedUnit, round_of: Mapping[Any, PlannedRound]
    ) -> Deferred | None:
        """Say why the look-back of `planned` belongs to the next term; None if it does not.

        It does if every round open to the inspection, or the one it took place in, has no round
        still to come at the months between them that the office's numbers ask for.
        """
        visits: dict[int, PlannedVisit] = {visit.kind: visit for visit in planned.visits.all()}
        first, second = visits.get(VisitKind.FIRST), visits.get(VisitKind.LOOK_BACK)
        if not planned.look_back_effort or second is None or second.done or second.pinned:
            return None
        decided = first is not None and (first.done or first.pinned)
        its_round = round_of[first.round_id] if decided and first and first.round_id else None
        firsts = [its_round] if its_round else [r for r in self.rounds if self._opens(planned, r)]
        if not firsts or any(self._holds(one, later) for one in firsts for later in self.rounds):
            return None
        code = AFTER_TERM
        if its_round and first:
            code = AFTER_INSPECTION if first.done else AFTER_PIN
        month = min(self.term.months_to(one.month) for one in firsts)
        why = reason(
            code,
            unit=unit,
            month=month,
            gap_min=self.numbers["look_back_after"],
            gap_max=self.numbers["look_back_before"],
            earliest=month + self.numbers["look_back_after"],
            deadline=month + self.numbers["look_back_before"],
        )
        return Deferred(why, round_of[second.round_id].number if second.round_id else None)

    def _opens(self, planned: PlannedUnit, round_: PlannedRound) -> bool:
        """Say whether the first visit may be in a round, by its own months."""
        last = self.last.get(planned.unit_id)
        month = self.term.months_to(round_.month)
        if last and month < self.term.months_to(last) + self.numbers["gap_last"]:
            return False
        if planned.before and month >= self.term.months_to(planned.before):
            return False
        return round_.number not in planned.not_in

    def _holds(self, first: PlannedRound, later: PlannedRound) -> bool:
        gap = self.term.months_to(later.month) - self.term.months_to(first.month)
        return bool(self.numbers["look_back_after"] <= gap <= self.numbers["look_back_before"])
