"""A table of texts that are read when they are asked for, and the texts of a scan as one."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tanzhao.engines.likeness.keeping.layout import (
    TEXTS,
    TEXTS_OF_A_GROUP,
    extracted_of,
    text_rows,
    writer,
)
from tanzhao.engines.likeness.texts import Extracted

GROUPS_REMEMBERED = 64


def write_texts(file: Path, texts: Iterable[tuple[str, Extracted]]) -> int:
    """Write (key, text), in the order given, with little of it in memory. Returns how many."""
    waiting: list[tuple[int, str, Extracted]] = []
    written = 0
    with writer(file, TEXTS) as out:
        for key, one in texts:
            waiting.append((written, key, one))
            written += 1
            if len(waiting) == TEXTS_OF_A_GROUP:
                out.write_table(text_rows(waiting), TEXTS_OF_A_GROUP)
                waiting = []
        if waiting:
            out.write_table(text_rows(waiting), TEXTS_OF_A_GROUP)
    return written


class TextsFile:
    """One table of texts, which stand by their owner: only the group that has one is read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._group = lru_cache(GROUPS_REMEMBERED)(self._read_group)

    @cached_property
    def _footer(self) -> pq.FileMetaData:
        # Kept: reading it anew takes longer than reading a text.
        return pq.read_metadata(self._file)

    @cached_property
    def _firsts(self) -> NDArray[np.int64]:
        groups = range(self._footer.num_row_groups)
        firsts = [self._footer.row_group(group).column(0).statistics.min for group in groups]
        return np.array(firsts, dtype=np.int64)

    def _read_group(self, group: int) -> dict[int, tuple[str, Extracted]]:
        with pq.ParquetFile(self._file, metadata=self._footer) as opened:
            rows = opened.read_row_group(group, use_threads=False)
        return dict(zip(rows["owner"].to_pylist(), extracted_of(rows), strict=True))

    def of(self, owner: int) -> Extracted:
        """Give the text of a document. Raises KeyError if it is not in this table."""
        group = int(np.searchsorted(self._firsts, owner, side="right")) - 1
        if group < 0:
            raise KeyError(owner)
        return self._group(group)[owner][1]

    def __iter__(self) -> Iterator[tuple[str, Extracted]]:
        with pq.ParquetFile(self._file) as opened:
            for group in range(opened.num_row_groups):
                yield from extracted_of(opened.read_row_group(group, use_threads=False))

    def keys(self) -> list[str]:
        """Give the keys in the order of the table."""
        keys: list[str] = pq.read_table(self._file, columns=["key"])["key"].to_pylist()
        return keys


class WrittenTexts(Mapping[str, Extracted]):
    """Texts as `write_texts` wrote them, by key."""

    def __init__(self, file: Path) -> None:
        self._file = TextsFile(file)
        self._owners = {key: owner for owner, key in enumerate(self._file.keys())}

    def __getitem__(self, key: str) -> Extracted:
        return self._file.of(self._owners[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._owners)

    def __len__(self) -> int:
        return len(self._owners)


class Some(Mapping[str, Extracted]):
    """Some of many texts, in an order of their own."""

    def __init__(self, texts: Mapping[str, Extracted], keys: Iterable[str]) -> None:
        self._texts = texts
        self._keys = dict.fromkeys(keys)

    def __getitem__(self, key: str) -> Extracted:
        if key not in self._keys:
            raise KeyError(key)
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class PlainTexts(Mapping[str, str]):
    """The same texts without their places, as a scan takes them."""

    def __init__(self, texts: Mapping[str, Extracted]) -> None:
        self._texts = texts

    def __getitem__(self, key: str) -> str:
        return self._texts[key].text

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
