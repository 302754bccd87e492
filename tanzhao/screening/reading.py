"""What the engine wrote, as plain values. Only background work comes here: it loads Arrow."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanzhao.engines.screening.store import Source, Store
from tanzhao.screening.masking import masked, masked_text
from tanzhao.screening.room import own_name
from tanzhao.screening.rulebook import column_of

ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class CellFault:
    """One line of the quality report, its text masked."""

    file: str
    sheet: str
    row_number: int
    heading: str
    fault: str
    text: str


def faults_of(store: Store, most: int) -> list[CellFault]:
    """Read the first `most` lines of the quality report of a store."""
    if not store.quality.is_file():
        return []
    sources = {source.key: source for source in store.sources}
    found: list[CellFault] = []
    for row in _rows(store.quality):
        source = sources.get(row["source_key"])
        if source is None:
            continue
        if len(found) == most:
            break
        found.append(_fault(row, source))
    return found


def _fault(row: Mapping[str, Any], source: Source) -> CellFault:
    heading, text = row["heading"] or "", row["text"] or ""
    column = column_of(source.table, heading)
    hide = masked if column and column.is_secret else masked_text
    return CellFault(
        file=own_name(source.file),
        sheet=source.sheet,
        row_number=row["row_number"],
        heading=heading[:120],
        fault=row["fault"],
        text=hide(text)[:200],
    )


def hits_in(out: Path) -> Iterator[dict[str, Any]]:
    """Give every hit of a run in the order of its file; `key` and `facts` as mappings."""
    for row in _rows(out / "hits.parquet"):
        yield row | {name: _mapping(row[name]) for name in ("key", "facts")}


def evidence_in(out: Path) -> Iterator[dict[str, Any]]:
    """Give every row of evidence of a run; `cells` as a mapping of heading to text."""
    for row in _rows(out / "evidence.parquet"):
        yield row | {"cells": _mapping(row["cells"])}


def profiles_in(out: Path) -> Iterator[dict[str, Any]]:
    """Give every line of figures of the rules that give no hits."""
    file = out / "profiles.parquet"
    if file.is_file():
        for row in _rows(file):
            yield row | {name: _mapping(row[name]) for name in ("key", "facts") if name in row}


def _mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = json.loads(value)
    return dict(value or {})


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    with parquet.ParquetFile(file) as opened:
        for batch in opened.iter_batches(ROWS_AT_ONCE):
            yield from batch.to_pylist()
