"""Large arrays that cost only what is written to them."""

import mmap

import numpy as np
from numpy.typing import NDArray

# From this size on, in bytes, numpy asks the system for huge pages.
_LARGE = 1 << 22


def room[N: np.generic](size: int, dtype: type[N]) -> NDArray[N]:
    """Give an array of `size` numbers that are not set, written to page by page.

    Huge pages are zeroed whole, and a virtual machine must first get them from its host: with
    them, gathering and joining 50 000 documents took twice as long.
    """
    length = size * np.dtype(dtype).itemsize
    if length < _LARGE or not hasattr(mmap, "MAP_PRIVATE"):
        return np.empty(size, dtype=dtype)
    # A copy, that is private: memory that could be shared costs twice as much to take.
    return np.frombuffer(mmap.mmap(-1, length, access=mmap.ACCESS_COPY), dtype=dtype)
