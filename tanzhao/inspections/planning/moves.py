"""What would have to move for a visit to be in another round, as the planner found it out.

An answer is kept with its run, as plain JSON: {"basis": "…", "rounds": {"3": {"cost": 880,
"moves": [kept reasons], "why": [kept reasons]}}}. `cost` is by how much the plan would be dearer,
None if the visit cannot be there or that was not found out. `basis` says of which plan.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tanzhao.engines.planner.explaining import Option
from tanzhao.inspections.planning.saying import kept, said
from tanzhao.inspections.planning.term_instance import Instance, plan_document, term_document

NOT_SEARCHED = "not_searched"


@dataclass(frozen=True)
class RoundMoves:
    """Another round for a visit. `moves`: the other visits that would have to move, in words;
    `why`: why it is not possible even so. Neither, with no cost: it was not found out in time."""

    cost: int | None
    moves: list[str]
    why: list[str]

    @property
    def is_possible(self) -> bool:
        return self.cost is not None


def basis_of(instance: Instance) -> str:
    """Give a mark that differs as soon as anything does that an answer depends on."""
    whole = [term_document(instance), plan_document(instance), sorted(instance.loose.items())]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def kept_option(option: Option, over: Option, instance: Instance) -> dict[str, Any]:
    """Make an answer about one round ready to be kept.

    Args:
        over: the same round if nothing else moves; its rules are said beside it already.
    """
    why = [one for one in option.why if one not in over.why and one.code != NOT_SEARCHED]
    return {
        "cost": option.cost_change,
        "moves": kept(option.moves, instance.names),
        "why": [] if option.is_possible else kept(why, instance.names),
    }


def moves_said(result: Mapping[str, Any]) -> dict[int, RoundMoves]:
    """Say a kept answer in the reader's language: number of a round to what it would take."""
    return {
        int(number): RoundMoves(entry["cost"], said(entry["moves"]), said(entry["why"]))
        for number, entry in result.get("rounds", {}).items()
    }


def is_open_question(option: Option) -> bool:
    """Say whether others would have to move for this round, which is to be searched."""
    return any(one.code == NOT_SEARCHED for one in option.why)


def searched(
    options: list[Option], search: Callable[[int], Option], is_stopped: Callable[[], bool]
) -> Iterator[tuple[Option, Option]]:
    """Give each round that is an open question as it is alone, and with others moving; the rest
    unsearched once it is stopped."""
    for alone in options:
        if is_open_question(alone):
            yield alone, alone if is_stopped() else search(alone.round)
