"""Pieces of tables on disk: kept one by one, joined into one Parquet file in the end."""

from pathlib import Path
from typing import Literal

import polars as pl

# Raw rows are read seldom and kept long; tables are read by every rule.
RAW: Literal["zstd"] = "zstd"
TABLE: Literal["snappy"] = "snappy"
ROWS_OF_GROUP = 256 * 1024


class Joined:
    """Frames with the same columns that become one Parquet file.

    A single frame is written at once; of several, each is put on disk until all are there.
    """

    def __init__(self, file: Path, compression: Literal["zstd", "snappy"]) -> None:
        self._file, self._compression = file, compression
        self._only: pl.DataFrame | None = None
        self._parts: list[Path] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Take one more frame."""
        if not self._parts and self._only is None:
            self._only = frame
            return
        if self._only is not None:
            self._put(self._only)
            self._only = None
        self._put(frame)

    def _put(self, frame: pl.DataFrame) -> None:
        part = self._file.with_suffix(f".{len(self._parts)}.part")
        frame.write_ipc(part, compression="uncompressed")
        self._parts.append(part)

    def write(self) -> None:
        """Write the file, and take the parts away."""
        level = 1 if self._compression == RAW else None
        if self._only is not None:
            self._only.write_parquet(
                self._file,
                compression=self._compression,
                compression_level=level,
                row_group_size=ROWS_OF_GROUP,
                statistics=self._compression == TABLE,
            )
        elif self._parts:
            pl.scan_ipc(self._parts).sink_parquet(
                self._file,
                compression=self._compression,
                compression_level=level,
                row_group_size=ROWS_OF_GROUP,
                statistics=self._compression == TABLE,
            )
        self.drop()

    def drop(self) -> None:
        """Take the parts away."""
        for part in self._parts:
            part.unlink(missing_ok=True)
        self._only, self._parts = None, []
