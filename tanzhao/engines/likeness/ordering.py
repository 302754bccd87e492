"""Sorting and searching within kernels: numba's own take longer to compile than all the rest."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled


@compiled
def put_in_order(numbers: NDArray[Any]) -> None:
    """Sort numbers where they stand (Shell's sort: a few numbers, or nearly sorted ones)."""
    gap = 1
    while gap < len(numbers):
        gap = gap * 9 // 4 + 1
    while gap > 0:
        for k in range(gap, len(numbers)):
            number = numbers[k]
            at = k
            while at >= gap and numbers[at - gap] > number:
                numbers[at] = numbers[at - gap]
                at -= gap
            numbers[at] = number
        gap = max(1, (gap - 1) * 4 // 9) if gap > 1 else 0


@compiled
def place_of(numbers: NDArray[Any], number: Any) -> int:
    """Give the first place of a number among ascending ones, or where it would stand."""
    low, high = 0, len(numbers)
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def order_of(numbers: NDArray[Any], size: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Give the stable order of numbers below `size`, and where in it those of each begin.

    The last beginning is how many there are.
    """
    starts = np.zeros(size + 1, dtype=np.int64)
    for number in numbers:
        starts[number + 1] += 1
    for number in range(size):
        starts[number + 1] += starts[number]
    order = np.empty(len(numbers), dtype=np.int32)
    used = starts[:-1].copy()
    for k in range(len(numbers)):
        order[used[numbers[k]]] = k
        used[numbers[k]] += 1
    return order, starts
