"""The last part of a load: keys over all sources, tables, the quality report, store.json."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from tanzhao.engines.screening.loading import keys
from tanzhao.engines.screening.loading.canonical import FAULT_COLUMNS
from tanzhao.engines.screening.loading.pieces import TABLE, Joined, Shelf
from tanzhao.engines.screening.loading.taking import Desk, Taken
from tanzhao.engines.screening.store import Store, write_store
from tanzhao.engines.screening.tables import Datasets, Kind

Place = tuple[int, int, str]  # source, number of the piece, stored column of keys


def finish(desk: Desk, out: Path) -> Store:
    """Write everything but the raw rows, which are there. `out` is where the store will stand."""
    place = desk.work / "store"
    numbers, keys_at = keys.number_all(_by_kind(desk))
    keys.write_numbers(numbers, place / "keys")
    (place / "tables").mkdir()
    rows: dict[str, int] = {}
    for name in desk.datasets.tables:
        of_table = [taken for taken in desk.taken if taken.source.table == name]
        if of_table:
            joined = Joined(place / f"tables/{name}.parquet", TABLE, desk.shelf)
            _write_table(of_table, keys_at, joined, desk.shelf)
            rows[name] = sum(taken.source.rows for taken in of_table)
    faults = [frame for taken in desk.taken for frame in taken.faults]
    whole = pl.concat(faults) if faults else pl.DataFrame(schema=FAULT_COLUMNS)
    whole = whole.sort("source_key", "row_number", maintain_order=True)
    whole.write_parquet(place / "quality.parquet", compression="zstd")
    store = Store(
        folder=place,
        order=desk.the_map.order,
        datasets=desk.datasets.version,
        fingerprint=_fingerprint(desk),
        tables=rows,
        sources=tuple(taken.source for taken in desk.taken),
    )
    write_store(store)
    return replace(store, folder=out)


def _by_kind(desk: Desk) -> dict[Kind, dict[Place, pl.Series]]:
    found: dict[Kind, dict[Place, pl.Series]] = {}
    for taken in desk.taken:
        for piece, numbers in enumerate(taken.numbers):
            for stored, series in numbers.items():
                of_kind = found.setdefault(_kind(desk.datasets, taken, stored), {})
                of_kind[taken.source.key, piece, stored] = series
    return found


def _kind(datasets: Datasets, taken: Taken, stored: str) -> Kind:
    name = stored.removesuffix("_key")
    return next(c.kind for c in datasets.tables[taken.source.table].columns if c.name == name)


def _write_table(
    of_table: list[Taken], keys_at: Mapping[Place, pl.Series], joined: Joined, shelf: Shelf
) -> None:
    for taken in of_table:
        for piece, (name, numbers) in enumerate(zip(taken.pieces, taken.numbers, strict=True)):
            frame = shelf.take(name)
            joined.add(
                frame.with_columns(
                    keys_at[taken.source.key, piece, stored].gather(frame[stored]).alias(stored)
                    for stored in numbers
                )
            )
    joined.write()


def _fingerprint(desk: Desk) -> str:
    digest = hashlib.sha256()
    for sha256 in sorted({taken.source.sha256 for taken in desk.taken}):
        digest.update(sha256.encode())
    digest.update(desk.the_map.sha256.encode())
    digest.update(desk.datasets.version.encode())
    return digest.hexdigest()
