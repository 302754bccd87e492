"""What is known, asked of a store's files: a few prints, a few texts, never all of them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tanzhao.engines.likeness.keeping.layout import (
    PrintRows,
    joined,
    pairs_of,
    rows_of_table,
)
from tanzhao.engines.likeness.keeping.texts_file import TextsFile
from tanzhao.engines.likeness.known import Postings
from tanzhao.engines.likeness.store import Batch, Store
from tanzhao.engines.likeness.texts import Extracted, Pair

GROUPS_AT_ONCE = 512
MOST_REMEMBERED = 4_000_000  # rows


class PrintsFile:
    """One table of prints, which stand by their hash: only groups that may hold one are read."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def _footer(self) -> pq.FileMetaData:
        return pq.read_metadata(self._file)

    @cached_property
    def _bounds(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        footer = self._footer
        figures = [
            footer.row_group(group).column(0).statistics for group in range(footer.num_row_groups)
        ]
        least = np.array([one.min for one in figures], dtype=np.int64)
        most = np.array([one.max for one in figures], dtype=np.int64)
        return least, most

    def rows(self, hashes: NDArray[np.int64]) -> Iterator[PrintRows]:
        """Give the rows of these prints; `hashes` ascend."""
        least, most = self._bounds
        first = np.searchsorted(most, hashes)
        behind = np.searchsorted(least, hashes, side="right")
        wanted = np.zeros(len(least) + 1, dtype=np.int64)
        inside = first < behind
        np.add.at(wanted, first[inside], 1)
        np.add.at(wanted, behind[inside], -1)
        groups = np.flatnonzero(np.cumsum(wanted[:-1]) > 0).tolist()
        if not groups:
            return
        with pq.ParquetFile(self._file, metadata=self._footer) as opened:
            for at in range(0, len(groups), GROUPS_AT_ONCE):
                part = groups[at : at + GROUPS_AT_ONCE]
                rows = rows_of_table(opened.read_row_groups(part, use_threads=False))
                place = np.minimum(np.searchsorted(hashes, rows.hashes), len(hashes) - 1)
                yield rows.where(hashes[place] == rows.hashes)

    def between(self, least: int, below: int) -> PrintRows:
        """Give all rows with hashes from `least` to below `below`."""
        firsts, lasts = self._bounds
        groups = np.flatnonzero((firsts < below) & (lasts >= least)).tolist()
        with pq.ParquetFile(self._file, metadata=self._footer) as opened:
            rows = rows_of_table(opened.read_row_groups(groups, use_threads=False))
        return rows.where((rows.hashes >= least) & (rows.hashes < below))


class KnownDocuments:
    """The documents of a store, as the engine asks for them (known.Known)."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._prints = [PrintsFile(store.file("prints", one.name)) for one in store.batches]
        self._texts = [TextsFile(store.file("texts", one.name)) for one in store.batches]
        self._asked = np.empty(0, dtype=np.int64)
        self._found = joined([])

    @cached_property
    def _documents(self) -> pa.Table:
        return pa.concat_tables(
            [pq.read_table(self.store.file("documents", one.name)) for one in self.store.batches]
        )

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The documents in the order in which they came."""
        return tuple(self._documents["key"].to_pylist()) if self.store.batches else ()

    @cached_property
    def _owners(self) -> NDArray[np.int32]:
        if not self.store.batches:
            return np.empty(0, dtype=np.int32)
        owners: NDArray[np.int32] = self._documents["owner"].to_numpy()
        return owners

    @cached_property
    def _place_of(self) -> Mapping[str, int]:
        return {key: place for place, key in enumerate(self.keys)}

    def __contains__(self, key: str) -> bool:
        return key in self._place_of

    def postings(self, hashes: NDArray[np.int64]) -> Postings:
        """Give every place of these prints in the documents known."""
        wanted = np.unique(hashes.astype(np.int64))
        self._look_up(np.setdiff1d(wanted, self._asked, assume_unique=True))
        found = self._found.where(np.isin(self._found.hashes, wanted))
        places = np.searchsorted(self._owners, found.owners).astype(np.int32)
        return Postings(found.hashes, places, found.starts, found.ends, self.keys)

    def _look_up(self, missing: NDArray[np.int64]) -> None:
        if not len(missing):
            return
        if len(self._found.hashes) > MOST_REMEMBERED:
            self._asked, self._found = np.empty(0, dtype=np.int64), joined([])
        pieces = [rows for file in self._prints for rows in file.rows(missing)]
        self._asked = np.union1d(self._asked, missing)
        self._found = joined([self._found, *pieces])

    def text(self, key: str) -> str:
        """Give the text of a document known."""
        return self.extracted(key).text

    def extracted(self, key: str) -> Extracted:
        """Give the text of a document known, with its places. Raises KeyError."""
        owner = self.owner(key)
        for batch, file in zip(self.store.batches, self._texts, strict=True):
            least, most = self.owners_of(batch)
            if least <= owner <= most:
                return file.of(owner)
        raise KeyError(key)

    def owner(self, key: str) -> int:
        """Give the order of a document: what its rows are known by. Raises KeyError."""
        return int(self._owners[self._place_of[key]])

    def owners_of(self, batch: Batch) -> tuple[int, int]:
        """Give the least and the greatest order of the documents of a batch."""
        before = sum(one.documents for one in self.store.batches[: self.store.batches.index(batch)])
        return int(self._owners[before]), int(self._owners[before + batch.documents - 1])

    @cached_property
    def _partners(self) -> Mapping[str, frozenset[str]]:
        partners: defaultdict[str, set[str]] = defaultdict(set)
        if self.store.pairs.is_file():
            rows = pq.read_table(self.store.pairs, columns=["left", "right"])
            for left, right in zip(*(rows[name].to_pylist() for name in rows.column_names),
                                   strict=True):  # fmt: skip
                partners[left].add(right)
                partners[right].add(left)
        return {key: frozenset(others) for key, others in partners.items()}

    def partners(self, key: str) -> Collection[str]:
        """Give the keys with which `key` makes a pair, by what was found so far."""
        return self._partners.get(key, frozenset())

    def pairs(self) -> tuple[Pair, ...]:
        """Give all pairs, by their keys: those of one scan of all documents."""
        if not self.store.pairs.is_file():
            return ()
        return tuple(pairs_of(pq.read_table(self.store.pairs)))

    def texts(self) -> Iterator[tuple[str, Extracted]]:
        """Give key and text of every document, in the order in which they came."""
        for file in self._texts:
            yield from file
