"""The raw rows of a store: which stored column stands under which heading of the sheet."""

import pyarrow as pa
import pyarrow.parquet as pq

from tanzhao.engines.screening.store import Source, Store


def columns_of(source: Source, store: Store) -> list[tuple[str, str]]:
    """Give (heading, stored column) in the order of the sheet.

    A column without a heading is named by its place, and left out if nothing stands in it.
    """
    file = store.raw(source.key)
    stored = [name for name in pq.read_schema(file).names if name != "row_number"]
    return [
        (heading or f"（第{at}列）", name)
        for at, (heading, name) in enumerate(zip(source.headings, stored, strict=True), 1)
        if heading or _is_filled(pq.read_table(file, columns=[name])[name])
    ]


def _is_filled(column: pa.ChunkedArray) -> bool:
    return bool(column.null_count < len(column))
