"""Links written into a store: its tables beside and moved together, all of them or none."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tanzhao.engines.screening.store import Store

Places = np.ndarray[Any, np.dtype[np.int64]]
# Table to the columns of keys whose links are set in it.
Columns = Mapping[str, Sequence[str]]


def write_links(connection: duckdb.DuckDBPyConnection, store: Store, columns: Columns) -> None:
    """Set the links of table `links` in the store's tables, and write links.parquet.

    Links set earlier are taken back first; rows whose number is their own stay as they are.
    """
    draft, before = store.folder / "tables.draft", store.folder / "tables.before"
    links_draft = store.folder / "links.draft"
    mend(store)
    draft.mkdir()
    try:
        for file in sorted((store.folder / "tables").iterdir()):
            _write_table(connection, file, draft / file.name, columns.get(file.stem, ()))
        connection.execute(
            f"""COPY (FROM links ORDER BY "table", source_key, row_number, "column")
            TO '{str(links_draft).replace("'", "''")}' (FORMAT parquet, COMPRESSION zstd)"""
        )
    except BaseException:
        shutil.rmtree(draft)
        links_draft.unlink(missing_ok=True)
        raise
    (store.folder / "tables").rename(before)
    try:
        draft.rename(store.folder / "tables")
        links_draft.replace(store.links)
    except BaseException:
        shutil.rmtree(store.folder / "tables", ignore_errors=True)
        before.rename(store.folder / "tables")
        raise
    shutil.rmtree(before)


def mend(store: Store) -> None:
    """Undo what was left half done when the machine stopped while links were written."""
    before = store.folder / "tables.before"
    if before.is_dir():
        if (store.folder / "tables").is_dir():
            shutil.rmtree(before)
        else:
            before.rename(store.folder / "tables")
    shutil.rmtree(store.folder / "tables.draft", ignore_errors=True)
    (store.folder / "links.draft").unlink(missing_ok=True)


def _write_table(
    connection: duckdb.DuckDBPyConnection, file: Path, to: Path, columns: Sequence[str]
) -> None:
    changes = {column: _changes(connection, file, column) for column in columns}
    if all(not len(places) for places, _values in changes.values()):
        # Nothing to set in it, nothing to take back: the same file under its new name.
        to.hardlink_to(file)
        return
    source = pq.ParquetFile(file)
    compression = source.metadata.row_group(0).column(0).compression
    with pq.ParquetWriter(to, source.schema_arrow, compression=compression) as writer:
        start = 0
        for group in range(source.num_row_groups):
            table = source.read_row_group(group)
            for column, (places, values) in changes.items():
                here = (places >= start) & (places < start + table.num_rows)
                table = _set(table, column, places[here] - start, values.filter(pa.array(here)))
            writer.write_table(table, row_group_size=max(1, table.num_rows))
            start += table.num_rows


def _changes(
    connection: duckdb.DuckDBPyConnection, file: Path, column: str
) -> tuple[Places, pa.Table]:
    """Give the places of rows to change, in order, and what to put there, NULL to take back."""
    rows: pa.Table = connection.sql(
        f"""SELECT t.file_row_number AS place, l.key::INTEGER AS key, l.basis::TINYINT AS basis,
            l.weight::INTEGER AS weight
        FROM read_parquet($file, file_row_number = TRUE) AS t
        LEFT JOIN (FROM links WHERE "table" = $table AND "column" = $column) AS l
            USING (source_key, row_number)
        WHERE l.key IS NOT NULL OR t.{column}_basis > 0 ORDER BY place""",
        params={"file": str(file), "table": file.stem, "column": column},
    ).to_arrow_table()
    return rows["place"].to_numpy(), rows


def _set(table: pa.Table, column: str, places: Places, values: pa.Table) -> pa.Table:
    if not len(places):
        return table
    flags = np.zeros(table.num_rows, dtype=bool)
    flags[places] = True
    for suffix in ("key", "basis", "weight"):
        index = table.schema.get_field_index(f"{column}_{suffix}")
        old = table.column(index).combine_chunks()
        new = pc.replace_with_mask(
            old, pa.array(flags), values[suffix].combine_chunks().cast(old.type)
        )
        table = table.set_column(index, table.schema.field(index), new)
    return table
