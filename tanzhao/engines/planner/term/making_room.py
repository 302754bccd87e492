"""Finding a slot for every visit of a plan: by exchanges, and by moving joint groups.

Where a term is nearly full, the visits that find no slot one after the other are many, and no
small part of the plan has the room that they lack. Exchanges between all slots gather it.
"""

import random
from collections.abc import Callable

import numpy as np

from tanzhao.engines.planner.term.board import Board
from tanzhao.engines.planner.term.exchanging import Exchanger
from tanzhao.engines.planner.term.frame import Floats, Frame
from tanzhao.engines.planner.term.seating import Seating

# Terms of so many visits, and full ones of so many, are started by exchanges alone, which then do
# better than models.
_FEW_VISITS, _FEW_OF_FULL = 320, 450
_FULL = 0.95
# Heats to try, in shares of what a visit's place matters, gentlest first.
_GENTLE = (1 / 120, 1 / 60, 1 / 30)
_USUAL = (1 / 15, 1 / 11, 1 / 7, 1 / 5, 1 / 4, 1 / 3)
_CROWDING = 0.1
# A visit on the bench costs so many heats: it comes off whenever there is room.
_BENCH_HEATS = 1000.0
_PROPOSALS_BY_VISIT, _MOST_PROPOSALS = 10_000, 3_000_000
_MOST_TRIES = 24  # heats tried in all, before the rest is left to the repair of parts


def suits_exchanges(frame: Frame) -> bool:
    """Whether exchanges alone make a better start of a plan than models do."""
    return len(frame.visits) <= (_FEW_OF_FULL if is_full(frame) else _FEW_VISITS)


def is_full(frame: Frame) -> bool:
    """Whether the visits leave so little room that most exchanges do not fit."""
    return int(frame.efforts.sum()) >= _FULL * int((frame.teams * frame.caps).sum())


def usual_difference(frame: Frame) -> float:
    """What the place of one visit usually matters: its cost late less its cost early."""
    problem = frame.problem
    weights = sorted(problem.unit[u].weight_of(visit) for u, visit in frame.visits)
    months = frame.months[frame.teams > 0]
    if not weights or not len(months):
        return 1.0
    span = int(months.max() - months.min())
    return max(1.0, float(weights[len(weights) // 2] * span + frame.w_cluster))


def make_room(
    board: Board, *, dearness: Floats, go_on: Callable[[], bool], seed: int, gentle: bool
) -> Board:
    """Give every visit a slot, or as many as can be within a number of exchanges.

    Args:
        dearness: [J, R], what an item pays in a round above its cheapest.
        go_on: asked between some hundred thousand exchanges.
        gentle: begin with small changes, so that a good plan stays about as good.
    """
    frame = board.frame
    seating = Seating(frame)
    seating.take(board)
    relieve(seating)
    dice = random.Random(f"room {seed}")  # noqa: S311 - no secret, a search
    exchanger = Exchanger(seating, seed)
    scale = usual_difference(frame)
    groups = [j for j in range(frame.n_items) if frame.counts[j] > 1 and frame.allowed[j].any()]
    for j in groups:
        if seating.slot_of(frame.members[j][0]) == seating.bench:
            bring_somewhere(seating, j, dearness[j])
    best = board
    proposals = min(_MOST_PROPOSALS, _PROPOSALS_BY_VISIT * len(frame.visits))
    heats = [*(_GENTLE if gentle else ()), *_USUAL]
    placeable = frame.allowed.any(axis=1)
    could_fit = frame.loads[placeable].sum() <= (frame.teams * frame.caps).sum()
    for turn in range(_MOST_TRIES if could_fit else len(heats)):
        if not go_on():
            break
        place = turn % len(heats)
        if turn and not place and groups:
            bring_elsewhere(seating, dice.choice(groups), dearness, dice)
        heat = heats[place] * scale
        seating.price_bench(_BENCH_HEATS * heat)
        exchanger.run(
            proposals, hot=heat, cold=heat, go_on=go_on, crowding=_CROWDING, until_full=True
        )
        found = seating.board()
        if found.rank < best.rank:
            best = found
        if seating.is_full:
            break
    return best


def relieve(seating: Seating) -> None:
    """Take visits from rounds that have more than they may, those of groups last."""
    for r in range(seating.bench_round):
        here = [v for slot in seating.slots_in[r] for v in seating.inside(slot)]
        free = [v for v in here if not seating.held[v]]
        while seating.overfull(r) and free:
            seating.move(free.pop(), seating.bench)


# --- joint groups --------------------------------------------------------------------------------


def bring_somewhere(seating: Seating, group: int, dearness: Floats) -> None:
    """Bring a group that has no round into the cheapest that takes it."""
    for r in np.argsort(dearness, kind="stable").tolist():
        if np.isfinite(dearness[r]) and bring_group(seating, group, r):
            return


def bring_elsewhere(seating: Seating, group: int, dearness: Floats, dice: random.Random) -> None:
    """Bring a group into another round, rather one that costs it little."""
    now = seating.round_of[seating.slot_of(seating.frame.members[group][0])]
    rounds = [r for r in np.flatnonzero(seating.frame.allowed[group]).tolist() if r != now]
    rounds.sort(key=lambda r: float(dearness[group, r]))
    if rounds:
        bring_group(seating, group, rounds[int(len(rounds) * dice.random() ** 2)])


def bring_cluster(seating: Seating, dice: random.Random) -> None:
    """Bring what a round visits of a cluster into another round; visits in their way go to the
    bench."""
    frame, used = seating.frame, seating.seats.used[:, : seating.bench_round]
    opened = np.argwhere(used > 0)
    if not len(opened):
        return
    cluster, now = opened[dice.randrange(len(opened))].tolist()
    visits = [
        v
        for slot in seating.slots_in[now]
        for v in seating.inside(slot)
        if frame.clusters[v] == cluster and not seating.held[v]
    ]
    rounds = [r for r in range(frame.n_rounds) if r != now and frame.teams[r] > 0]
    if not rounds:
        return
    # Rather one that visits the cluster anyway.
    r = dice.choices(rounds, [1 + 3 * (used[cluster, r] > 0) for r in rounds])[0]
    for v in visits:
        if seating.may_go(v, r):
            _bring(seating, v, r)
    relieve(seating)


def bring_group(seating: Seating, group: int, r: int) -> bool:
    """Bring the first visits of a joint group into a round; visits in their way go to the bench.

    Returns: False, and nothing is changed, if other groups leave no room.
    """
    members = sorted(seating.frame.members[group], key=lambda v: (-seating.efforts[v], v))
    before, now = seating.seats.at.copy(), seating.round_of[seating.slot_of(members[0])]
    for v in members:
        if not seating.is_out(v):
            seating.move(v, seating.bench)
    was_out = seating.is_out(members[0])
    seating.bind(members, r)
    if all(_bring(seating, v, r) for v in members) and _make_count(seating, r):
        for v in members:
            other = int(seating.rules.other[v])
            if other >= 0 and not seating.is_out(other) and not seating.may_go(v, r):
                seating.move(other, seating.bench)
        return True
    seating.hold(before)
    if was_out:
        seating.unbind(members)
    else:
        seating.bind(members, now)
    return False


def _bring(seating: Seating, v: int, r: int) -> bool:
    """Put a visit into the slot of a round where it costs the fewest person-days of others."""
    best: tuple[int, int, list[int]] | None = None
    for slot in seating.slots_in[r]:
        need = seating.efforts[v] - int(seating.seats.room[slot])
        leaving: list[int] = []
        free = [u for u in seating.inside(slot) if not seating.held[u]]
        for u in sorted(free, key=lambda u: (seating.efforts[u], u)):
            if need <= 0:
                break
            leaving.append(u)
            need -= seating.efforts[u]
        if need > 0:
            continue
        days = sum(seating.efforts[u] for u in leaving)
        if best is None or (days, slot) < best[:2]:
            best = days, slot, leaving
    if best is None:
        return False
    for u in best[2]:
        seating.move(u, seating.bench)
    seating.move(v, best[1])
    return True


def _make_count(seating: Seating, r: int) -> bool:
    """Take visits from a round that has too many, or too many that need a skill."""
    relieve(seating)
    return not seating.overfull(r)
