"""The prints of many documents, part by part as the join takes them, the moment they are made.

A part holds the prints whose highest bits are the same. So they are written once, and read when
the whole part is sorted where the processor has it at hand.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.compiling import compiled
from tanzhao.engines.likeness.memory import Rooms, likely_size
from tanzhao.engines.likeness.ordering import order_of

# So many parts at most, and one for so many texts: a part is some 30 000 to 100 000 prints.
_PART_BITS, _TEXTS = 8, 100
# Prints of one part that stand one behind the other.
CHUNK = 1 << 10


@compiled
def _put(
    hashes: NDArray[np.uint32],
    places: NDArray[np.int32],
    print_starts: NDArray[np.int64],
    letter_starts: NDArray[np.int64],
    bits: int,
    values: NDArray[np.uint64],
    part_of: NDArray[np.int32],
    used: NDArray[np.int64],
    chunks: int,
) -> int:
    """Write prints behind those of their parts; give how many chunks there are then."""
    to_part, to_key = np.uint64(32 - bits), np.uint64(32 + bits)
    for text in range(len(print_starts) - 1):
        for k in range(print_starts[text], print_starts[text + 1]):
            hash_, place = np.uint64(hashes[k]), places[k]
            part = hash_ >> to_part
            to = used[part]
            if to & (CHUNK - 1) == 0:
                # The chunk is full, or it is the first.
                to = chunks * CHUNK
                part_of[chunks] = part
                chunks += 1
            used[part] = to + 1
            letter = letter_starts[text] + (place if place >= 0 else -1 - place)
            values[to] = hash_ << to_key | np.uint64(letter << 1) | np.uint64(place >= 0)
    return chunks


class TakesPrints(Protocol):
    """What takes the prints of texts, batch by batch."""

    def take(
        self,
        hashes: NDArray[np.uint32],
        places: NDArray[np.int32],
        print_starts: NDArray[np.int64],
        letter_starts: NDArray[np.int64],
        share: float,
    ) -> None:
        """Take those of the texts that come next.

        `places`: letters within each text; -1 - letter if the print touches allowed text.
        `print_starts`: where those of each text begin, and at last their number.
        `letter_starts`: where the letters of each begin among those of all texts so far.
        `share`: of all texts, with these.
        """


class Parted:
    """Prints of many texts, by part; in each part in the order in which they came.

    `values`, in chunks: what is left of the hash, the letter among those of all texts, and 1 if
    the print touches no allowed text. `part_of`: the part of each chunk. `used`: of each part,
    where the next of its prints would stand.
    """

    def __init__(self, texts: int, rooms: Rooms) -> None:
        """Take how many texts there will be."""
        self.bits = min(_PART_BITS, (texts // _TEXTS).bit_length())
        self._rooms = rooms
        self.values = np.empty(0, dtype=np.uint64)
        self.part_of = np.empty(0, dtype=np.int32)
        self.used = np.zeros(1 << self.bits, dtype=np.int64)
        self.count = 0
        self._chunks = 0

    def take(
        self,
        hashes: NDArray[np.uint32],
        places: NDArray[np.int32],
        print_starts: NDArray[np.int64],
        letter_starts: NDArray[np.int64],
        share: float,
    ) -> None:
        """Take the prints of the texts that come next: see TakesPrints."""
        chunks = self._chunks + int(print_starts[-1]) // CHUNK + len(self.used)
        if chunks > len(self.part_of):
            # Of prints, not of chunks, no more is taken than memory says.
            size = likely_size(chunks * CHUNK, share) // CHUNK
            self.part_of = np.resize(self.part_of, size)
            self.values = self._rooms.longer(self.values, self._chunks * CHUNK, size * CHUNK)
        self._chunks = _put(
            hashes, places, print_starts, letter_starts, self.bits, self.values, self.part_of,
            self.used, self._chunks,
        )  # fmt: skip
        self.count += int(print_starts[-1])

    def give_back(self) -> None:
        """Give its room back: nothing is looked at any more."""
        self._rooms.give_back(self.values)
        self.values = self.values[:0].copy()

    def chunks(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Give the chunks part by part, and where in that order those of each part begin."""
        return order_of(self.part_of[: self._chunks], len(self.used))


@compiled
def read_part(
    part: int,
    values: NDArray[np.uint64],
    used: NDArray[np.int64],
    chunks: NDArray[np.int32],
    chunk_starts: NDArray[np.int64],
    out: NDArray[np.uint64],
) -> int:
    """Write the prints of a part, one behind the other; give how many there are."""
    count = 0
    for k in range(chunk_starts[part], chunk_starts[part + 1]):
        begin = chunks[k] * CHUNK
        end = used[part] if k + 1 == chunk_starts[part + 1] else begin + CHUNK
        for at in range(begin, end):
            out[count] = values[at]
            count += 1
    return count


class InOrder:
    """The prints of some texts, one behind the other, as `winnow` gives them.

    `places` as in TakesPrints. `starts`: where those of each text begin, and at last their number.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.hashes = np.empty(0, dtype=np.uint32)
        self.places = np.empty(0, dtype=np.int32)
        self.starts = np.zeros(1, dtype=np.int64)

    def take(
        self,
        hashes: NDArray[np.uint32],
        places: NDArray[np.int32],
        print_starts: NDArray[np.int64],
        letter_starts: NDArray[np.int64],  # noqa: ARG002 (they stand by text)
        share: float,  # noqa: ARG002
    ) -> None:
        """Take the prints of the texts that come next: see TakesPrints."""
        size = int(print_starts[-1])
        self.starts = np.concatenate((self.starts, self.starts[-1] + print_starts[1:]))
        self.hashes = np.concatenate((self.hashes, hashes[:size]))
        self.places = np.concatenate((self.places, places[:size]))
