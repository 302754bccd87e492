"""Pieces of tables on disk: written one after the other, joined in the end."""

from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl
import pyarrow.parquet as pq

# Raw rows are read seldom and kept long; tables are read by every rule.
RAW, TABLE = "zstd", "snappy"
ROWS_OF_GROUP = 256 * 1024


class Writer:
    """Writes frames with the same columns into one Parquet file."""

    def __init__(self, file: Path, compression: str) -> None:
        self._file, self._compression = file, compression
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def write(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            level = 1 if self._compression == "zstd" else None
            self._writer = pq.ParquetWriter(
                self._file,
                table.schema,
                compression=self._compression,
                compression_level=level,
                store_schema=False,
            )
        self._writer.write_table(table, row_group_size=ROWS_OF_GROUP)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.close()
