"""The raw rows of a store: which stored column stands under which heading of the sheet."""

import pyarrow.parquet as pq

from tanzhao.engines.screening.store import Source, Store


def columns_of(source: Source, store: Store) -> list[tuple[str, str]]:
    """Give (heading, stored column) in the order of the sheet.

    A column without a heading is named by its place, and left out if nothing stands in it.
    """
    with pq.ParquetFile(store.raw(source.key)) as file:
        stored = [name for name in file.schema_arrow.names if name != "row_number"]
        empty = _empty(file.metadata)
    places = zip(source.headings, stored, strict=True)
    return [
        (heading or f"（第{at}列）", name)
        for at, (heading, name) in enumerate(places, 1)
        if heading or name not in empty
    ]


def _empty(footer: pq.FileMetaData) -> set[str]:
    filled: set[str] = set()
    every: set[str] = set()
    for group in range(footer.num_row_groups):
        for at in range(footer.num_columns):
            chunk = footer.row_group(group).column(at)
            every.add(chunk.path_in_schema)
            figures = chunk.statistics
            if figures is None or figures.null_count != footer.row_group(group).num_rows:
                filled.add(chunk.path_in_schema)
    return every - filled
