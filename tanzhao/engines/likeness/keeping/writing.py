"""Writing the tables of a batch, and putting batches together. Memory does not grow with them."""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tanzhao.engines.likeness.keeping.layout import (
    DOCUMENTS,
    PRINTS,
    PRINTS_OF_A_GROUP,
    TEXTS,
    TEXTS_OF_A_GROUP,
    PrintRows,
    joined,
    text_rows,
    writer,
)
from tanzhao.engines.likeness.keeping.looking_up import PrintsFile
from tanzhao.engines.likeness.prints import Prints
from tanzhao.engines.likeness.store import Batch, Store
from tanzhao.engines.likeness.texts import Extracted

ROWS_AT_ONCE = 2_000_000
TABLES = ("documents", "prints", "texts")


class BatchWriter:
    """Writes one batch, document by document. It counts once store.json names it."""

    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name
        self._texts = writer(store.file("texts", name), TEXTS)
        self._waiting: list[tuple[int, str, Extracted]] = []
        self._rows: list[dict[str, int | str]] = []
        self._prints: list[Prints] = []
        self._owners: list[NDArray[np.int32]] = []
        self._collected = 0
        self._spilled: list[Path] = []
        self._written = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._texts.close()
        for file in self._spilled:
            file.unlink(missing_ok=True)

    def put(self, owner: int, key: str, text: Extracted, prints: Prints) -> None:
        """Add a document. `owner`: its place in the order in which documents came."""
        body = text.text.encode("utf-8", "replace")
        self._rows.append(
            {
                "owner": owner,
                "key": key,
                "sha256": hashlib.sha256(body).hexdigest(),
                "characters": len(text.text),
            }
        )
        self._waiting.append((owner, key, text))
        if len(self._waiting) == TEXTS_OF_A_GROUP:
            self._write_texts()
        self._prints.append(prints)
        self._owners.append(np.full(len(prints.hashes), owner, dtype=np.int32))
        self._collected += len(prints.hashes)
        if self._collected >= ROWS_AT_ONCE:
            self._spill()

    def finish(self) -> Batch:
        """Write what is left, and give the batch."""
        self._write_texts()
        documents = pa.Table.from_pylist(self._rows, schema=DOCUMENTS)
        with writer(self._store.file("documents", self._name), DOCUMENTS) as out:
            out.write_table(documents)
        file = self._store.file("prints", self._name)
        if self._spilled:
            self._spill()
            merge_prints(self._spilled, file)
        else:
            with writer(file, PRINTS) as out:
                out.write_table(self._sorted(), PRINTS_OF_A_GROUP)
        return Batch(self._name, len(self._rows), self._written)

    def _write_texts(self) -> None:
        if self._waiting:
            self._texts.write_table(text_rows(self._waiting), TEXTS_OF_A_GROUP)
            self._waiting = []

    def _sorted(self) -> pa.Table:
        if not self._prints:
            return PRINTS.empty_table()
        hashes, starts, ends = (
            np.concatenate(column) for column in zip(*self._prints, strict=True)
        )
        rows = PrintRows(hashes, np.concatenate(self._owners), starts, ends).sorted()
        self._written += rows.num_rows
        self._prints, self._owners, self._collected = [], [], 0
        return rows

    def _spill(self) -> None:
        file = self._store.file("prints", f"{self._name}.part{len(self._spilled)}")
        self._spilled.append(file)
        with writer(file, PRINTS) as out:
            out.write_table(self._sorted(), PRINTS_OF_A_GROUP)


def merge_prints(
    files: Sequence[Path], out: Path, *, without: NDArray[np.int32] | None = None
) -> int:
    """Merge tables of prints into one, a range of hashes at a time. Returns how many rows.

    without: owners whose rows are left out, ascending.
    """
    footers = [pq.read_metadata(file) for file in files]
    rows = sum(footer.num_rows for footer in footers)
    most = max(
        (
            footer.row_group(footer.num_row_groups - 1).column(0).statistics.max
            for footer in footers
            if footer.num_row_groups
        ),
        default=0,
    )
    # Hashes are spread evenly, so that ranges as wide hold about as many rows.
    ranges = rows // ROWS_AT_ONCE + 1
    width = (most + 1) // ranges + 1
    tables = [PrintsFile(file) for file in files]
    written = 0
    with writer(out, PRINTS) as opened:
        for least in range(0, most + 1, width):
            merged = joined([table.between(least, least + width) for table in tables])
            if without is not None:
                merged = merged.where(~np.isin(merged.owners, without))
            # Every table is in order: one alone stays so, whatever was left out.
            in_order = merged.as_they_are() if len(tables) == 1 else merged.sorted()
            opened.write_table(in_order, PRINTS_OF_A_GROUP)
            written += len(merged.hashes)
    return written


def merge(
    store: Store, batches: Sequence[Batch], name: str, *, without: Iterable[int] = ()
) -> Batch:
    """Put batches that follow each other together, and leave out documents that are forgotten."""
    gone = np.array(sorted(without), dtype=np.int32)
    documents = 0
    for table, schema, group in (
        ("documents", DOCUMENTS, None),
        ("texts", TEXTS, TEXTS_OF_A_GROUP),
    ):
        with writer(store.file(table, name), schema) as out:
            for rows in _regrouped(store, batches, table, gone, group):
                out.write_table(rows, group)
                documents += rows.num_rows if table == "documents" else 0
    files = [store.file("prints", batch.name) for batch in batches]
    prints = merge_prints(files, store.file("prints", name), without=gone)
    return Batch(name, documents, prints)


def _regrouped(
    store: Store,
    batches: Sequence[Batch],
    table: str,
    gone: NDArray[np.int32],
    group: int | None,
) -> Iterable[pa.Table]:
    """Give the rows of a table, as many at a time as make a group, all if None."""
    waiting: list[pa.Table] = []
    for batch in batches:
        with pq.ParquetFile(store.file(table, batch.name)) as opened:
            for number in range(opened.num_row_groups):
                rows = opened.read_row_group(number, use_threads=False)
                waiting.append(rows.filter(~np.isin(rows["owner"].to_numpy(), gone)))
                while group and sum(one.num_rows for one in waiting) >= group:
                    whole = pa.concat_tables(waiting).combine_chunks()
                    yield whole.slice(0, group)
                    waiting = [whole.slice(group)]
    if waiting:
        rest = pa.concat_tables(waiting).combine_chunks()
        if rest.num_rows:
            yield rest


def remove_unnamed(store: Store) -> None:
    """Delete files that store.json does not name: left by a crash, or replaced."""
    named = {store.file(table, batch.name) for table in TABLES for batch in store.batches}
    named.add(store.pairs)
    for table in (*TABLES, "pairs"):
        folder = store.folder / table
        for file in folder.iterdir() if folder.is_dir() else ():
            if file in named:
                continue
            if file.is_dir():
                shutil.rmtree(file)
            else:
                file.unlink()
