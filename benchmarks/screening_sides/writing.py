"""A made-up county written down: as a store in the format's layout, or as plain Parquet."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.screening_sides.county import County
from tanzhao.engines.screening.loading import keys
from tanzhao.engines.screening.loading.pieces import RAW, TABLE, Joined, Shelf
from tanzhao.engines.screening.store import Order, Source, Store, write_store
from tanzhao.engines.screening.tables import Column, Datasets, Kind, Table

ORDER = Order("核查惠民惠农补贴资金发放", "沈主任", "县委巡察办〔2026〕12号", dt.date(2030, 12, 31))
AT_ONCE = 1_000_000  # rows
POLARS = {
    "VARCHAR": pl.String,
    "INTEGER": pl.Int32,
    "BIGINT": pl.Int64,
    "TINYINT": pl.Int8,
    "DATE": pl.Date,
    "BOOLEAN": pl.Boolean,
}


class Numbers:
    """The distinct numbers of a block of a county, and their keys, which follow on `before`."""

    def __init__(self, county: County, datasets: Datasets, before: dict[Kind, int]) -> None:
        self.county, self.before = county, before
        order = county.ids.arg_sort()
        self._rank = np.empty(len(order), dtype=np.int32)
        self._rank[order.to_numpy()] = np.arange(1, len(order) + 1, dtype=np.int32)
        used = pl.Series(np.arange(1, county.accounts + 1))
        self.texts = {
            Kind.PERSON: county.ids.gather(order),
            Kind.ACCOUNT: county.account_texts(used),
        }
        for kind in (Kind.FIRM, Kind.PLATE):
            found = [
                county.table(table.name)[column.name]
                for table in datasets.tables.values()
                for column in table.columns
                if column.kind == kind and table.name in county.pieces
            ]
            whole = pl.concat(found) if found else pl.Series(dtype=pl.String)
            self.texts[kind] = whole.drop_nulls().unique().sort()

    def keys(self, kind: Kind, values: pl.Series) -> pl.Series:
        """Give what a store has in the place of numbers."""
        match kind:
            case Kind.PERSON:
                found = pl.Series(self._rank).gather(values)
            case Kind.ACCOUNT:
                found = values.cast(pl.Int32)
            case _:
                texts = self.texts[kind]
                places = pl.int_range(1, len(texts) + 1, dtype=pl.Int32, eager=True)
                whole = values.replace_strict(texts, places, default=None, return_dtype=pl.Int32)
                found = pl.select(pl.when(values.is_not_null()).then(whole)).to_series()
        return found + self.before.get(kind, 0)


def names_in(county: County, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Write the names of people beside their numbers, where the sheet has a column for them."""
    beside = {"person": "name", "cadre": "cadre_name", "owner": "owner_name"}
    columns = {column.name for column in table.columns}
    return rows.with_columns(
        county.names.gather(rows[person]).alias(name)
        for person, name in beside.items()
        if person in columns and name in columns
    )


def texts(county: County, column: Column, values: pl.Series) -> pl.Series:
    """Give the cells of a column as a careful clerk writes them."""
    match column.kind:
        case Kind.PERSON:
            return county.ids.gather(values)
        case Kind.ACCOUNT:
            return county.account_texts(values)
        case Kind.DATE:
            return values.dt.to_string("%Y-%m-%d")
        case Kind.MONEY | Kind.THOUSANDTHS:
            places = 2 if column.kind == Kind.MONEY else 3
            unit = 10**places
            size = values.abs()
            sign = pl.select(pl.when(values < 0).then(pl.lit("-")).otherwise(pl.lit("")))
            whole = (size // unit).cast(pl.String)
            return sign.to_series() + whole + "." + (size % unit).cast(pl.String).str.zfill(places)
        case Kind.FLAG:
            words = pl.when(values).then(pl.lit("是")).when(~values).then(pl.lit("否"))
            return pl.select(words).to_series()
        case _:
            return values.cast(pl.String)


def put_store(
    blocks: Iterable[County], folder: Path, datasets: Datasets, *, with_raw: bool = True
) -> Store:
    """Write blocks of a county as one store, each block as files of its own, in pieces.

    Args:
        with_raw: whether sheets as they were are written too; evidence cannot be read without.
    """
    for part in ("tables", "keys", "raw"):
        (folder / part).mkdir(parents=True)
    sources: list[Source] = []
    rows: dict[str, int] = {}
    numbers: dict[Kind, list[pl.Series]] = {}
    tables: dict[str, Joined] = {}
    shelf = Shelf(folder)
    for county in blocks:
        before = {kind: sum(map(len, found)) for kind, found in numbers.items()}
        known = Numbers(county, datasets, before)
        for kind, found in known.texts.items():
            numbers.setdefault(kind, []).append(found)
        for table in datasets.tables.values():
            if table.name not in county.pieces:
                continue
            frame = county.table(table.name)
            source = _source(len(sources) + 1, county, table, len(frame))
            sources.append(source)
            file = folder / f"tables/{table.name}.parquet"
            joined = tables.setdefault(table.name, Joined(file, TABLE, shelf))
            _write(county, table, frame, known, source, joined)
            if with_raw:
                raw = Joined(folder / f"raw/{source.key}.parquet", RAW, shelf)
                _write_raw(county, table, frame, raw)
            rows[table.name] = rows.get(table.name, 0) + len(frame)
    for joined in tables.values():
        joined.write()
    (folder / "keys").rmdir()
    keys.write_numbers({kind: pl.concat(found) for kind, found in numbers.items()}, folder / "keys")
    store = Store(
        folder=folder,
        order=ORDER,
        datasets=datasets.version,
        fingerprint=hashlib.sha256(repr(sources).encode()).hexdigest(),
        tables=rows,
        sources=tuple(sources),
    )
    write_store(store)
    return store


def _source(key: int, county: County, table: Table, rows: int) -> Source:
    return Source(
        key=key,
        file=f"{table.label_zh}{county.block}.csv",
        sha256=hashlib.sha256(f"{county.block} {table.name}".encode()).hexdigest(),
        sheet="",
        table=table.name,
        rows=rows,
        doubtful=0,
        headings=tuple(column.label_zh for column in table.columns),
    )


def _write(county, table, frame, known, source, joined) -> None:
    for start in range(0, len(frame), AT_ONCE):
        part = names_in(county, table, frame.slice(start, AT_ONCE))
        stored = {}
        for column in table.columns:
            values = part[column.name]
            (name, kind), *more = column.stored
            is_key = name.endswith("_key")
            stored[name] = (known.keys(column.kind, values) if is_key else values).cast(
                POLARS[kind]
            )
            for other, other_kind in more:
                value = 0 if other.endswith("_basis") else None
                stored[other] = pl.Series([value], dtype=POLARS[other_kind]).new_from_index(
                    0, len(part)
                )
        stored["source_key"] = pl.Series([source.key], dtype=pl.Int32).new_from_index(0, len(part))
        stored["row_number"] = pl.Series(np.arange(len(part), dtype=np.int32) + (start + 2))
        joined.add(pl.DataFrame(stored))


def _write_raw(county: County, table: Table, frame: pl.DataFrame, joined: Joined) -> None:
    for start in range(0, len(frame), AT_ONCE):
        part = names_in(county, table, frame.slice(start, AT_ONCE))
        cells = {
            f"c{at}": texts(county, column, part[column.name]).cast(pl.String)
            for at, column in enumerate(table.columns)
        }
        number = pl.Series(np.arange(len(part), dtype=np.int32) + (start + 2))
        joined.add(pl.DataFrame({"row_number": number, **cells}))
    joined.write()


def put_plain(county: County, folder: Path, datasets: Datasets) -> None:
    """Write what an auditor's own Parquet would be: ID numbers as text, yuan and mu as DOUBLE."""
    folder.mkdir(parents=True)
    shelf = Shelf(folder)
    for table in datasets.tables.values():
        if table.name not in county.pieces:
            continue
        joined = Joined(folder / f"{table.name}.parquet", TABLE, shelf)
        whole = county.table(table.name)
        for start in range(0, len(whole), AT_ONCE):
            part = names_in(county, table, whole.slice(start, AT_ONCE))
            joined.add(
                pl.DataFrame({c.name: _plain(county, c, part[c.name]) for c in table.columns})
            )
        joined.write()


def _plain(county: County, column: Column, values: pl.Series) -> pl.Series:
    if column.kind == Kind.MONEY:
        return values / 100
    if column.kind == Kind.THOUSANDTHS:
        return values / 1000
    if column.kind in (Kind.PERSON, Kind.ACCOUNT):
        return texts(county, column, values)
    return values
