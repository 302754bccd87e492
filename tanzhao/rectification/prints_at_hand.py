"""The prints of all texts, kept in memory by a worker from one task to the next. Needs numpy:
import it in a task only."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import batched, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tanzhao.documents.models import FileText, StoredFile

PLACE = np.dtype([("hash", "<u4"), ("start", "<i4"), ("end", "<i4")])
# What is read from the database at a time, and put in order at a time.
TEXTS_AT_ONCE = 200
PRINTS_AT_ONCE = 1_000_000
# A run of prints is put together with the one before it unless that is so many times as large, or
# they would need too much room while they are.
GROWTH = 4
LARGEST_RUN = 4_000_000
LARGEST_PRINT = (1 << 32) - 1


class Places(NamedTuple):
    """Places of prints, by hash: which print, the number of its text, from where to where."""

    hashes: NDArray[np.uint32]
    texts: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def chosen(self, which: "NDArray[np.bool_] | NDArray[np.int64]") -> "Places":
        """Give some of them, by a mask or by their numbers."""
        return Places(self.hashes[which], self.texts[which], self.starts[which], self.ends[which])

    def between(self, begin: int, end: int) -> "Places":
        """Give those from one number up to another."""
        some = slice(begin, end)
        return Places(self.hashes[some], self.texts[some], self.starts[some], self.ends[some])

    def of(self, wanted: NDArray[np.uint32]) -> "Places":
        """Give those of some prints, which ascend."""
        begins = np.searchsorted(self.hashes, wanted)
        counts = np.searchsorted(self.hashes, wanted, side="right") - begins
        before = np.cumsum(counts) - counts
        return self.chosen(np.arange(int(counts.sum())) + np.repeat(begins - before, counts))


_NONE = np.empty(0, dtype=np.int32)
_NOTHING = Places(np.empty(0, dtype=np.uint32), _NONE, _NONE, _NONE)


def _together(pieces: list[Places]) -> Places:
    hashes, texts, starts, ends = zip(*pieces, strict=True)
    join = np.concatenate
    return Places(join(hashes), join(texts), join(starts), join(ends))


def _in_order(pieces: list[Places]) -> Places:
    whole = _together(pieces)
    return whole.chosen(np.argsort(whole.hashes, kind="stable"))


class PrintsAtHand:
    """The prints made with one kind of settings, found by their hash.

    `renew` brings them to what the database holds. The prints of a text erased since are dropped
    before the next task of the worker, whatever it is (`forget_erased`). Some sixteen bytes a
    print: 0.4 GB for 50,000 texts of 1,500 letters.
    """

    def __init__(self, made_with: str) -> None:
        self.made_with = made_with
        self.number_of: dict[str, int] = {}  # by the hash of a text
        self._read_at: dict[str, dt.datetime] = {}
        self._sizes: dict[int, int] = {}
        self._following = 0
        self._runs: list[Places] = []

    def renew(self) -> None:
        """Take in the texts that came since, and drop those that were erased or read anew."""
        there = FileText.objects.filter(prints_made_with=self.made_with, prints__isnull=False)
        now = dict(there.order_by().values_list("sha256", "read_at").iterator(chunk_size=5000))
        self._drop([one for one, at in self._read_at.items() if now.get(one) != at])
        new = sorted(now.keys() - self._read_at.keys())
        waiting: list[Places] = []
        for some in batched(new, TEXTS_AT_ONCE):
            asked = there.filter(sha256__in=some).order_by("sha256")
            found = asked.values_list("sha256", "read_at", "prints")
            waiting += [self._taken(key, at, bytes(prints or b"")) for key, at, prints in found]
            if sum(len(one.hashes) for one in waiting) >= PRINTS_AT_ONCE:
                self._put(waiting)
                waiting = []
        if waiting:
            self._put(waiting)

    def forget_erased(self) -> None:
        """Drop the prints of texts whose files were erased. Files are few to look through; the
        texts themselves are not read for it."""
        erased = StoredFile.objects.filter(content="").order_by()
        known = set(erased.values_list("sha256", flat=True)) & self.number_of.keys()
        there = FileText.objects.filter(sha256__in=known).order_by()
        self._drop(known - set(there.values_list("sha256", flat=True)))

    def of(self, hashes: NDArray[np.uint32]) -> Places:
        """Give every place of some prints, which ascend; also in texts that are gone since."""
        return _together([_NOTHING, *(run.of(hashes) for run in self._runs)])

    def in_parts(self, parts: int = 32) -> Iterator[Places]:
        """Give every place there is, some prints at a time, each of them whole; also in texts
        that are gone since."""
        bounds = np.linspace(0, 1 << 32, parts + 1).astype(np.int64)
        for low, high in pairwise(bounds.tolist()):
            pieces = [_NOTHING]
            for run in self._runs:
                hashes = run.hashes
                begin, end = (
                    len(hashes)
                    if one > LARGEST_PRINT
                    else int(np.searchsorted(hashes, np.uint32(one)))
                    for one in (low, high)
                )
                pieces.append(run.between(begin, end))
            yield _together(pieces)

    def _taken(self, sha256: str, read_at: dt.datetime, prints: bytes) -> Places:
        kept = np.frombuffer(prints, dtype=PLACE)
        number = self._following
        self._following += 1
        self.number_of[sha256], self._read_at[sha256] = number, read_at
        self._sizes[number] = len(kept)
        texts = np.full(len(kept), number, dtype=np.int32)
        return Places(kept["hash"], texts, kept["start"], kept["end"])

    def _put(self, pieces: list[Places]) -> None:
        run = _in_order(pieces)
        while self._runs and self._fits(len(self._runs[-1].hashes), len(run.hashes)):
            run = _in_order([self._runs.pop(), run])
        self._runs.append(run)

    @staticmethod
    def _fits(before: int, size: int) -> bool:
        return before < GROWTH * size and before + size <= LARGEST_RUN

    def _drop(self, texts: Iterable[str]) -> None:
        for sha256 in texts:
            del self._read_at[sha256]
            del self._sizes[self.number_of.pop(sha256)]
        held = sum(len(run.hashes) for run in self._runs)
        if held == sum(self._sizes.values()):
            return
        alive = np.zeros(self._following, dtype=np.bool_)
        alive[list(self._sizes)] = True
        self._runs = [run.chosen(alive[run.texts]) for run in self._runs]


_AT_HAND: dict[str, PrintsAtHand] = {}


def prints_at_hand(made_with: str) -> PrintsAtHand:
    """Give the prints made with some settings, as the database holds them now.

    They stay in the memory of this process for the next one who asks; those of other settings
    are dropped. Not to be asked by two threads at once: a worker does one task at a time.
    """
    found = _AT_HAND.pop(made_with, None) or PrintsAtHand(made_with)
    _AT_HAND.clear()
    found.renew()
    _AT_HAND[made_with] = found
    return found


def forget_erased() -> None:
    """Drop the prints of texts erased since, of all that this process keeps."""
    for one in _AT_HAND.values():
        one.forget_erased()
