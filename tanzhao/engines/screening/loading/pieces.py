"""Pieces of tables, kept until all are there: in memory as far as it goes, then on disk."""

from pathlib import Path
from typing import Literal

import polars as pl

# Raw rows are read seldom and kept long; tables are read by every rule.
RAW: Literal["zstd"] = "zstd"
TABLE: Literal["snappy"] = "snappy"
ROWS_OF_GROUP = 256 * 1024
MOST_HELD = 1 << 30  # bytes in memory: some three million rows of payments, raw and read


class Shelf:
    """Frames by name. What does not fit into memory lies in `folder`, which must be there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[pl.DataFrame, int]] = {}
        self._size = 0

    def put(self, name: str, frame: pl.DataFrame) -> None:
        """Keep a frame under a new name."""
        size = int(frame.estimated_size())
        if self._size + size <= MOST_HELD:
            self._held[name] = frame, size
            self._size += size
        else:
            frame.write_ipc(self._file(name), compression="uncompressed")

    def look_at(self, name: str) -> pl.LazyFrame:
        """Give a frame without reading what lies on disk."""
        return self._held[name][0].lazy() if name in self._held else pl.scan_ipc(self._file(name))

    def take(self, name: str) -> pl.DataFrame:
        """Give a frame, which is no longer kept."""
        frame = self._held[name][0] if name in self._held else pl.read_ipc(self._file(name))
        self.drop(name)
        return frame

    def drop(self, name: str) -> None:
        """Keep a frame no longer."""
        if name in self._held:
            _frame, size = self._held.pop(name)
            self._size -= size
        else:
            self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.arrow"


class Joined:
    """Frames with the same columns that become one Parquet file."""

    def __init__(self, file: Path, compression: Literal["zstd", "snappy"], shelf: Shelf) -> None:
        self._file, self._compression, self._shelf = file, compression, shelf
        self._names: list[str] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Take one more frame."""
        name = f"{self._file.parent.name}-{self._file.stem}-{len(self._names)}"
        self._shelf.put(name, frame)
        self._names.append(name)

    def write(self) -> None:
        """Write the file, and let the frames go."""
        if self._names:
            pl.concat([self._shelf.look_at(name) for name in self._names]).sink_parquet(
                self._file,
                compression=self._compression,
                compression_level=1 if self._compression == RAW else None,
                row_group_size=ROWS_OF_GROUP,
                statistics=self._compression == TABLE,
            )
        self.drop()

    def drop(self) -> None:
        """Let the frames go."""
        for name in self._names:
            self._shelf.drop(name)
        self._names = []
