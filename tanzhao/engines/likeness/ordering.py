"""Sorting and searching within kernels: numba's own take longer to compile than all the rest."""

from typing import Any

from numpy.typing import NDArray

from tanzhao.engines.likeness.compiling import compiled


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
