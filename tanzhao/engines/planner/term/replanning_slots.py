"""Which team slot of a round takes which visit, with as few visits as possible changing slot."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tanzhao.engines.planner.term.demands import Visit
from tanzhao.engines.planner.term.problem import Round, TermProblem
from tanzhao.engines.planner.term.slots import Fit, fit

# How many of the slots with most room are opened, one after the other, before all are.
_OPENED = (1, 2, 3, 5, 8, 13, 21)


@dataclass(frozen=True, slots=True)
class Seated:
    """`slot_of`: visit to slot; None if the visits do not fit, and `fit` says how that is known."""

    slot_of: Mapping[Visit, int] | None
    fit: Fit


def seat(
    problem: TermProblem,
    round_: Round,
    visits: Sequence[Visit],
    old: Mapping[Visit, int],
    *,
    nodes: int = 20_000,
    stop: Callable[[], bool] | None = None,
) -> Seated:
    """Seat `visits` in the slots of a round; those in `old` had that slot of this round before.

    The slots that have most room are opened first, a few at a time: the others keep their
    visits. Only if that fails are all slots filled anew, unless `stop` says to end, which leaves
    it undecided.
    """
    kept = {visit: old[visit] for visit in visits if old.get(visit, round_.teams) < round_.teams}
    efforts = {visit: problem.unit[visit[0]].effort_of(visit[1]) for visit in visits}
    loads = Counter[int]()
    for visit, slot in kept.items():
        loads[slot] += efforts[visit]
    over = sum(load > round_.team_cap for load in loads.values())
    if len(kept) == len(visits) and not over:
        return Seated(kept, Fit(slots=tuple(kept[visit] for visit in visits)))
    # Overfull slots are opened too: a visit may have become longer.
    by_room = sorted(range(round_.teams), key=lambda s: (loads[s] <= round_.team_cap, loads[s], s))
    for more in _OPENED:
        opened = over + more
        if opened < round_.teams:
            slots = set(by_room[:opened])
            loose = [visit for visit in visits if kept.get(visit, -1) in slots or visit not in kept]
            part = fit([efforts[visit] for visit in loose], opened, round_.team_cap, nodes=0)
            if part.slots is not None:
                new = _renamed(loose, part.slots, kept, sorted(slots))
                return Seated({**kept, **new}, part)
    whole = fit(
        [efforts[visit] for visit in visits], round_.teams, round_.team_cap, nodes=nodes, stop=stop
    )
    if whole.slots is None:
        return Seated(None, whole)
    return Seated(_renamed(visits, whole.slots, kept, list(range(round_.teams))), whole)


def _renamed(
    visits: Sequence[Visit], filled: Sequence[int], kept: Mapping[Visit, int], names: list[int]
) -> dict[Visit, int]:
    """Give each filled slot the name of the old slot with which it has most visits in common."""
    common = Counter(
        (slot, kept[visit]) for visit, slot in zip(visits, filled, strict=True) if visit in kept
    )
    name_of: dict[int, int] = {}
    free = set(names)
    for (slot, name), _ in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        if slot not in name_of and name in free:
            name_of[slot] = name
            free.discard(name)
    for slot in sorted(set(filled) - name_of.keys()):
        name_of[slot] = min(free)
        free.discard(name_of[slot])
    return {visit: name_of[slot] for visit, slot in zip(visits, filled, strict=True)}
