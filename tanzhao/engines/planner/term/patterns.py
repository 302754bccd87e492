"""Ways to divide one slot into places, so that no way has larger places than another."""

from collections.abc import Sequence
from itertools import pairwise


def place_patterns(sizes: Sequence[int], cap: int, *, most: int) -> list[tuple[int, ...]]:
    """List the ways to divide a slot of `cap` into places of `sizes`, each ascending.

    A place may hold a smaller visit, so only those are listed in which no place can be made
    larger and no place be added. Every set of visits that fits the slot fits one of them.

    Args:
        sizes: ascending, different. most: list no more than so many; the fullest come first
            only within each largest place.
    """
    found: list[tuple[int, ...]] = []
    usable = [size for size in sizes if size <= cap]
    if not usable:
        return found
    larger = dict(pairwise(usable))
    least = usable[0]

    def grow(chosen: list[int], top: int, room: int) -> None:
        if len(found) >= most:
            return
        if room < least:
            # A place that could be larger belongs to another pattern.
            if all(larger.get(s, cap + s + 1) - s > room for s in set(chosen)):
                found.append(tuple(reversed(chosen)))
            return
        for place in range(top, -1, -1):
            if usable[place] <= room:
                chosen.append(usable[place])
                grow(chosen, place, room - usable[place])
                chosen.pop()

    grow([], len(usable) - 1, cap)
    return found
