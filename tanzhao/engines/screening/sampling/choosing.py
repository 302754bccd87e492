"""Choosing rows: arithmetic on arrays, whole numbers throughout.

Source: AICPA Audit Sampling guide (2014), ch. 6, for monetary-unit sampling.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Places = NDArray[np.int64]
type Words = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def lots(sources: Words, row_numbers: NDArray[np.int32], seed: int) -> Words:
    """Give each row its lot: a number that seed, source and row alone decide.

    Args:
        sources: a number for the file and sheet of each row, the same in every store.
    Source: splitmix64, S. Vigna (2015), public domain.
    """
    with np.errstate(over="ignore"):
        lot = _mixed(sources + np.uint64(seed % 2**64) * GOLDEN)
        return _mixed(lot + row_numbers.astype(np.uint64) * GOLDEN)


def _mixed(words: Words) -> Words:
    words = words + GOLDEN
    words = (words ^ (words >> np.uint64(30))) * FIRST
    words = (words ^ (words >> np.uint64(27))) * SECOND
    return words ^ (words >> np.uint64(31))


def smallest(order: Words, size: int) -> Places:
    """Choose the rows with the smallest lots, in the order of their lots."""
    return np.argsort(order, kind="stable")[:size].astype(np.int64)


def allocated(rows: dict[str, int], size: int) -> dict[str, int]:
    """Share a size out over groups as their rows are, the largest remainders first.

    Each group gets one at least if there are no more groups than `size`. Ties go by name.
    """
    total = sum(rows.values())
    least = 1 if len(rows) <= size else 0
    given = {name: min(number, max(least, size * number // total)) for name, number in rows.items()}
    # By how much the exact share is above what was given; whole numbers, so nothing is rounded.
    while (rest := size - sum(given.values())) != 0:
        step = 1 if rest > 0 else -1
        open_ones = [
            name
            for name, number in rows.items()
            if (given[name] < number if step > 0 else given[name] > least)
        ]
        name = min(
            open_ones, key=lambda one: (-step * (size * rows[one] - total * given[one]), one)
        )
        given[name] += step
    return given


@dataclass(frozen=True)
class MoneyDraw:
    """Rows drawn by money: places, how many of the first are certain, and the interval."""

    places: Places
    certain: int
    interval: int
    start: int


def by_money(amounts: NDArray[np.int64], order: Words, size: int, seed: int) -> MoneyDraw:
    """Choose rows so that each cent is as likely: one cent of every interval, from a seeded start.

    Args:
        amounts: cents, all above 0. order: lots, by which the rows lie one after the other.
    Returns: rows at or above the interval, which are certain, largest first; then the others.
    """
    left = np.argsort(order, kind="stable")
    certain: list[int] = []
    while True:
        needed, total = size - len(certain), int(amounts[left].sum())
        if needed == 0 or total == 0:
            return MoneyDraw(np.array(certain, dtype=np.int64), len(certain), 0, 0)
        # An amount that fills an interval would be met by every start.
        fills = amounts[left] >= -(-total // needed)
        if not fills.any():
            break
        found = sorted(left[fills].tolist(), key=lambda place: -int(amounts[place]))
        certain += found[:needed]
        left = left[~fills]
    interval = total // needed
    start = int(_mixed(np.array([seed % 2**64], dtype=np.uint64))[0]) % max(1, interval)
    cents = [start + number * total // needed for number in range(needed)]
    met = np.searchsorted(np.cumsum(amounts[left]), np.array(cents, dtype=np.int64), side="right")
    places = np.concatenate([np.array(certain, dtype=np.int64), left[met]])
    return MoneyDraw(places, len(certain), interval, start)
