"""Large arrays that cost only what is written to them, and memory that is used again."""

import mmap
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# From this size on, in bytes, numpy asks the system for huge pages.
_LARGE = 1 << 22
# Room for so many numbers is taken at most on the strength of what came so far: the letters of some
# 90 000 documents, so that what was gathered is hardly ever copied.
_MOST_ROOM = 1 << 27
# Arrays begin at multiples of that: where numbers of any size may stand.
_LINE = 64


@dataclass(frozen=True, eq=False)
class _Memory:
    """Memory that the system gave at one time, as bytes."""

    numbers: NDArray[np.uint8]


class _Block(NamedTuple):
    """Some of what the system gave: the bytes from `begin` up to `end`."""

    memory: _Memory
    begin: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.begin


class Rooms:
    """Gives arrays, and takes back those that nobody looks at any more.

    Memory that the system has given is dear the first time it is written to, and cheap when it is
    used again: in a scan of 50 000 documents, a quarter of all the time went into new memory.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._free: list[_Block] = []
        self._given: dict[int, _Block] = {}

    def take[N: np.generic](self, size: int, dtype: type[N]) -> NDArray[N]:
        """Give an array of `size` numbers that are not set."""
        length = size * np.dtype(dtype).itemsize
        fitting = [block for block in self._free if block.size >= length]
        if length and fitting:
            block = min(fitting, key=lambda one: one.size)
            self._free.remove(block)
        else:
            block = _Block(_Memory(_new(length)), 0, length)
        used = block.begin + _lined(length)
        if block.end - used >= _LARGE:
            self._free.append(block._replace(begin=used))
            block = block._replace(end=used)
        array = block.memory.numbers[block.begin : block.begin + length].view(dtype)
        if length:
            self._given[array.ctypes.data] = block
        return array

    def give_back(self, *arrays: NDArray[Any]) -> None:
        """Take back arrays that were given, or as much of their beginning as was written to.

        What is not from here is left alone.
        """
        for array in arrays:
            block = self._given.pop(array.ctypes.data, None)
            if block is not None and array.nbytes >= _LARGE:
                end = min(block.begin + _lined(array.nbytes), block.end)
                self._put(block._replace(end=end))

    def _put(self, block: _Block) -> None:
        """Keep what is free, as one with what is free beside it."""
        for other in [one for one in self._free if one.memory is block.memory]:
            if other.end == block.begin or other.begin == block.end:
                self._free.remove(other)
                begin, end = min(other.begin, block.begin), max(other.end, block.end)
                block = block._replace(begin=begin, end=end)
        self._free.append(block)

    def longer[N: np.generic](self, array: NDArray[N], used: int, size: int) -> NDArray[N]:
        """Give an array of `size` that begins with what is used of this one, and take this back."""
        larger = self.take(size, array.dtype.type)
        larger[:used] = array[:used]
        self.give_back(array)
        return larger


def likely_size(needed: int, share: float) -> int:
    """Give how much room to take at once, if so much is needed for this share of all texts.

    Texts so far may be longer than the others: not too much at a time. Room that is never written
    to takes no memory.
    """
    likely = int(needed / share) + needed // 8
    return max(needed, min(likely, max(4 * needed, _MOST_ROOM)))


def _lined(length: int) -> int:
    """Give where the next array may begin behind one of so many bytes."""
    return -(-length // _LINE) * _LINE


def _new(length: int) -> NDArray[np.uint8]:
    """Give bytes that are not set, written to page by page.

    Huge pages are zeroed whole, and a virtual machine must first get them from its host: with
    them, gathering and joining 50 000 documents took twice as long.
    """
    if length < _LARGE or not hasattr(mmap, "MAP_PRIVATE"):
        return np.empty(length, dtype=np.uint8)
    # A copy, that is private: memory that could be shared costs twice as much to take.
    return np.frombuffer(mmap.mmap(-1, length, access=mmap.ACCESS_COPY), dtype=np.uint8)
