"""The tables of a store as Parquet: rows in one order, the same to the byte for the same rows.

Prints stand by their hash in small groups, so that a few are found without reading the rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tanzhao.engines.likeness.texts import Extracted, Pair, Part, Passage, Span

PRINTS_OF_A_GROUP = 2048
TEXTS_OF_A_GROUP = 16
PRINTS = pa.schema(
    [("hash", pa.int64()), ("owner", pa.int32()), ("start", pa.int32()), ("end", pa.int32())]
)
DOCUMENTS = pa.schema(
    [
        ("owner", pa.int32()),
        ("key", pa.string()),
        ("sha256", pa.string()),
        ("characters", pa.int32()),
    ]
)
TEXTS = pa.schema(
    [
        ("owner", pa.int32()),
        ("key", pa.string()),
        ("text", pa.string()),
        ("kind", pa.string()),
        ("how", pa.string()),
        ("readable", pa.float64()),
        ("starts", pa.list_(pa.int32())),
        ("pages", pa.list_(pa.int32())),
        ("paragraphs", pa.list_(pa.int32())),
    ]
)
PAIRS = pa.schema(
    [
        ("left", pa.string()),
        ("right", pa.string()),
        ("left_share", pa.float64()),
        ("right_share", pa.float64()),
        ("spans", pa.list_(pa.int32())),  # four for each passage
        ("same", pa.list_(pa.float64())),
    ]
)


class PrintRows(NamedTuple):
    """Rows of PRINTS as arrays. `owners`: the order in which the documents came."""

    hashes: NDArray[np.int64]
    owners: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def where(self, kept: NDArray[np.bool_]) -> "PrintRows":
        hashes, owners, starts, ends = self
        return PrintRows(hashes[kept], owners[kept], starts[kept], ends[kept])

    def sorted(self) -> pa.Table:
        """Give the rows by hash, then by owner and place, as a table."""
        # The last key sorts first.
        order = np.lexsort((self.starts, self.owners, self.hashes))
        hashes, owners, starts, ends = self
        rows = PrintRows(hashes[order], owners[order], starts[order], ends[order])
        return rows.as_they_are()

    def as_they_are(self) -> pa.Table:
        """Give the rows as a table, in the order in which they are."""
        return pa.table(list(self), schema=PRINTS)


def rows_of_table(table: pa.Table) -> PrintRows:
    """Give a table of prints as arrays."""
    return PrintRows(*(table[name].to_numpy() for name in PRINTS.names))


def joined(pieces: Sequence[PrintRows]) -> PrintRows:
    """Put rows behind each other."""
    if not pieces:
        return rows_of_table(PRINTS.empty_table())
    return PrintRows(
        np.concatenate([one.hashes for one in pieces]),
        np.concatenate([one.owners for one in pieces]),
        np.concatenate([one.starts for one in pieces]),
        np.concatenate([one.ends for one in pieces]),
    )


def writer(file: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Open a table for writing; its folder is made if it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {"compression": "zstd", "store_schema": False}
    if schema is TEXTS:
        # By these a text is found; others would only make the footer long.
        options["write_statistics"] = ["owner"]
    if schema is PRINTS:
        options |= {
            "use_dictionary": False,
            "write_statistics": ["hash"],
            "column_encoding": dict.fromkeys(PRINTS.names, "DELTA_BINARY_PACKED"),
        }
    return pq.ParquetWriter(file, schema, **options)


def text_rows(documents: Iterable[tuple[int, str, Extracted]]) -> pa.Table:
    """Give (owner, key, text of a file) as rows, in the order given."""
    rows = [
        {
            "owner": owner,
            "key": key,
            "text": one.text.encode("utf-8", "replace").decode(),
            "kind": one.kind,
            "how": one.how,
            "readable": one.readable,
            "starts": [part.start for part in one.parts],
            "pages": [part.page for part in one.parts],
            "paragraphs": [part.paragraph for part in one.parts],
        }
        for owner, key, one in documents
    ]
    return pa.Table.from_pylist(rows, schema=TEXTS)


def extracted_of(rows: pa.Table) -> Iterator[tuple[str, Extracted]]:
    """Give key and text of a file for rows of TEXTS."""
    for row in rows.to_pylist():
        places = zip(row["starts"], row["pages"], row["paragraphs"], strict=True)
        parts = tuple(Part(*place) for place in places)
        yield row["key"], Extracted(row["text"], parts, row["kind"], row["readable"], row["how"])


def pair_rows(pairs: Sequence[Pair]) -> pa.Table:
    """Give pairs as rows, in the order given."""
    rows = [
        {
            "left": pair.left,
            "right": pair.right,
            "left_share": pair.left_share,
            "right_share": pair.right_share,
            "spans": [edge for one in pair.passages for edge in (*one.left, *one.right)],
            "same": [one.same for one in pair.passages],
        }
        for pair in pairs
    ]
    return pa.Table.from_pylist(rows, schema=PAIRS)


def pairs_of(rows: pa.Table) -> Iterator[Pair]:
    """Give rows of PAIRS as pairs."""
    for row in rows.to_pylist():
        spans, same = row["spans"], row["same"]
        passages = tuple(
            Passage(Span(*spans[at : at + 2]), Span(*spans[at + 2 : at + 4]), same[at // 4])
            for at in range(0, len(spans), 4)
        )
        yield Pair(row["left"], row["right"], row["left_share"], row["right_share"], passages)


def write_rows(file: Path, rows: pa.Table, group: int = TEXTS_OF_A_GROUP) -> None:
    """Write a table at once."""
    with writer(file, rows.schema) as out:
        out.write_table(rows, group)
