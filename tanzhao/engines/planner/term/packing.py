"""Giving the visits of a round their slots."""

import random

import numpy as np

from tanzhao.engines.planner.term.board import NOWHERE, Board
from tanzhao.engines.planner.term.frame import Frame, Ints
from tanzhao.engines.planner.term.slots import fit

_TRIES = 6
_EXACT_SLOTS = 400  # more slots than this are never packed by the exact model


def pack_round(board: Board, round_: int, *, seed: int, exact: bool = True) -> Ints:
    """Give every visit of a round a slot, keeping as many slots as they are as possible.

    Returns: the visits that found none, smallest loss first; they have no slot on the board.
    """
    frame = board.frame
    visits = board.visits_in(round_)
    teams, cap = int(frame.teams[round_]), int(frame.caps[round_])
    _drop_overfull(board, visits, teams, cap)
    loose = visits[board.slots[visits] < 0]
    if not len(loose):
        return loose
    if _insert(board, round_, loose):
        return np.empty(0, dtype=np.int64)
    if int(frame.efforts[visits].sum()) <= teams * cap:
        for opened in _widths(teams):
            if _refill(board, round_, loose, opened, seed):
                return np.empty(0, dtype=np.int64)
        if exact and teams <= _EXACT_SLOTS:
            found = fit(frame.efforts[visits].tolist(), teams, cap, nodes=50)
            if found.slots is not None:
                board.slots[visits] = found.slots
                return np.empty(0, dtype=np.int64)
    return _best_rest(board, round_, visits, seed)


def _widths(teams: int) -> list[int]:
    return [width for width in (3, 6, 12, 24, 48) if width < teams] + [teams]


def _drop_overfull(board: Board, visits: Ints, teams: int, cap: int) -> None:
    """Take visits out of slots that they overfill or that do not exist."""
    frame = board.frame
    board.slots[visits[board.slots[visits] >= teams]] = NOWHERE
    room = np.full(teams, cap, dtype=np.int64)
    for v in visits[np.argsort(-frame.efforts[visits], kind="stable")]:
        slot = board.slots[v]
        if slot >= 0:
            if frame.efforts[v] <= room[slot]:
                room[slot] -= frame.efforts[v]
            else:
                board.slots[v] = NOWHERE


def _insert(board: Board, round_: int, loose: Ints) -> bool:
    """Put each loose visit, largest first, into the fullest slot that takes it; all or none."""
    frame = board.frame
    room = frame.caps[round_] - board.slot_loads(round_)
    chosen = []
    for v in loose[np.argsort(-frame.efforts[loose], kind="stable")]:
        left = np.where(room >= frame.efforts[v], room, np.iinfo(np.int64).max)
        slot = int(left.argmin()) if len(left) else 0
        if not len(left) or room[slot] < frame.efforts[v]:
            return False
        room[slot] -= frame.efforts[v]
        chosen.append((v, slot))
    for v, slot in chosen:
        board.slots[v] = slot
    return True


def _refill(board: Board, round_: int, loose: Ints, width: int, seed: int) -> bool:
    """Fill the `width` emptiest slots anew with their visits and the loose ones."""
    frame = board.frame
    cap = int(frame.caps[round_])
    loads = board.slot_loads(round_)
    dice = random.Random(seed * 1009 + width)  # noqa: S311 - no secret, a search
    if int(loads.sum() + frame.efforts[loose].sum()) > len(loads) * cap:
        return False
    for attempt in range(_TRIES if width < len(loads) else 2 * _TRIES):
        key = loads if attempt == 0 else loads * np.array([dice.uniform(0.8, 1) for _ in loads])
        slots = np.argsort(key, kind="stable")[:width]
        if (width * cap - int(loads[slots].sum())) < int(frame.efforts[loose].sum()):
            continue
        visits = board.visits_in(round_)
        moving = visits[np.isin(board.slots[visits], slots) | (board.slots[visits] < 0)]
        filled, rest = fill(frame, moving, width, cap, dice if attempt else None)
        if not rest:
            for slot, group in zip(slots.tolist(), filled, strict=True):
                board.slots[group] = slot
            return True
    return False


def _best_rest(board: Board, round_: int, visits: Ints, seed: int) -> Ints:
    """Fill all slots with what fits; the best of some tries.

    Visits with which others would lose their place are kept: as many of the others as it takes
    are set aside, and come back where there is room.
    """
    frame = board.frame
    teams, cap = int(frame.teams[round_]), int(frame.caps[round_])
    dice = random.Random(seed)  # noqa: S311 - no secret, a search
    best: tuple[float, list[list[int]], list[int]] = (float("inf"), [], visits.tolist())
    light = [v for v in visits.tolist() if _loss(frame, v) == 1]
    for attempt in range(3 * _TRIES):
        aside: list[int] = []
        if attempt >= _TRIES and light:
            most = 1 + (attempt - _TRIES) // 2
            aside = dice.sample(light, min(len(light), most))
        kept = np.setdiff1d(visits, np.array(aside, dtype=np.int64))
        filled, rest = fill(frame, kept, teams, cap, dice if attempt else None)
        rest += _bring_back(frame, filled, aside, cap)
        lost = sum(_loss(frame, v) for v in rest)
        if lost < best[0]:
            best = lost, filled, rest
    board.slots[visits] = NOWHERE
    for slot, group in enumerate(best[1]):
        board.slots[group] = slot
    return np.array(sorted(best[2], key=lambda v: (_loss(frame, v), v)), dtype=np.int64)


def _bring_back(frame: Frame, filled: list[list[int]], aside: list[int], cap: int) -> list[int]:
    """Put visits set aside where there is room; gives those for which there is none."""
    left = []
    for v in sorted(aside, key=lambda v: (-int(frame.efforts[v]), v)):
        for group in filled:
            if int(frame.efforts[group].sum() + frame.efforts[v]) <= cap:
                group.append(v)
                break
        else:
            left.append(v)
    return left


def _loss(frame: Frame, visit: int) -> int:
    """How many visits lose their place with this one."""
    item = int(frame.items[visit])
    return int(frame.counts[item] + frame.counts[frame.follows == item].sum())


def fill(
    frame: Frame, visits: Ints, slots: int, cap: int, dice: random.Random | None
) -> tuple[list[list[int]], list[int]]:
    """Fill slot after slot as full as possible around the largest visit left.

    The heuristic of minimum bin slack (Gupta and Ho, 1999), the sums that can be reached kept as
    bits of one number. With `dice` it now and then passes over a visit.

    Returns: the visits of each slot, and those left over.
    """
    left = sorted(visits.tolist(), key=lambda v: (-int(frame.efforts[v]), v))
    step = frame.step
    filled: list[list[int]] = []
    for _ in range(slots):
        if not left:
            filled.append([])
            continue
        chosen = [left.pop(0)]
        room = (cap - int(frame.efforts[chosen[0]])) // step
        sums, added = 1, []
        mask = (1 << (room + 1)) - 1
        for place, v in enumerate(left):
            size = int(frame.efforts[v]) // step
            if size > room or (dice is not None and dice.random() < 0.15):
                continue
            more = (sums | sums << size) & mask
            if more != sums:
                added.append((place, size, sums))
                sums = more
                if sums >> room & 1:
                    break
        total = sums.bit_length() - 1
        taken = []
        for place, size, before in reversed(added):
            if not before >> total & 1:
                taken.append(place)
                total -= size
        chosen += [left[place] for place in taken]
        for place in taken:  # places descend, so that they stay true
            del left[place]
        filled.append(chosen)
    return filled, left
