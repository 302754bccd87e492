"""Documents that are known while more are added or one is forgotten."""

from collections import defaultdict
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.keeping.layout import PrintRows, joined
from tanzhao.engines.likeness.keeping.looking_up import KnownDocuments
from tanzhao.engines.likeness.known import Postings
from tanzhao.engines.likeness.prints import Prints
from tanzhao.engines.likeness.texts import Pair


class Growing:
    """The documents of a store and those that are being added to it (known.Known).

    pairs: what was found so far. without: documents that are to be forgotten.
    """

    def __init__(
        self, known: KnownDocuments, pairs: Iterable[Pair], without: Collection[str] = ()
    ) -> None:
        self._known = known
        self._keys = list(known.keys)
        self._without = [self._keys.index(key) for key in without]
        self._texts: dict[str, str] = {}
        self._prints: list[tuple[int, Prints]] = []
        self._pairs = {(pair.left, pair.right): pair for pair in pairs}
        self._partners: defaultdict[str, set[str]] = defaultdict(set)
        for left, right in self._pairs:
            self._join(left, right)

    def _join(self, left: str, right: str) -> None:
        self._partners[left].add(right)
        self._partners[right].add(left)

    def take(
        self,
        key: str,
        text: str,
        prints: Prints,
        pairs: Iterable[Pair],
        gone: Iterable[tuple[str, str]],
    ) -> None:
        """Take in a document that was compared, and what changed by it."""
        self._prints.append((len(self._keys), prints))
        self._keys.append(key)
        self._texts[key] = text
        self.replace(pairs, gone)

    def replace(self, pairs: Iterable[Pair], gone: Iterable[tuple[str, str]]) -> None:
        """Take in pairs that changed, and drop those that are pairs no longer."""
        for left, right in gone:
            if self._pairs.pop((left, right), None):
                self._partners[left].discard(right)
                self._partners[right].discard(left)
        for pair in pairs:
            self._pairs[pair.left, pair.right] = pair
            self._join(pair.left, pair.right)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return tuple(self._pairs[names] for names in sorted(self._pairs))

    def postings(self, hashes: NDArray[np.int64]) -> Postings:
        """Give every place of these prints in the documents known."""
        wanted = np.unique(hashes)
        stored = self._known.postings(wanted)
        pieces = [PrintRows(stored.hashes, stored.owners, stored.starts, stored.ends)]
        for place, prints in self._prints:
            owners = np.full(len(prints.hashes), place, dtype=np.int32)
            rows = PrintRows(prints.hashes, owners, prints.starts, prints.ends)
            pieces.append(rows.where(np.isin(prints.hashes, wanted)))
        rows = joined(pieces)
        if self._without:
            rows = rows.where(~np.isin(rows.owners, self._without))
        return Postings(*rows, self._keys)

    def text(self, key: str) -> str:
        """Give the text of a document known."""
        return self._texts[key] if key in self._texts else self._known.text(key)

    def partners(self, key: str) -> Collection[str]:
        """Give the keys with which `key` makes a pair, by what was found so far."""
        return frozenset(self._partners.get(key, ()))
