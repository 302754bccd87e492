"""Integer keys for the distinct numbers of all tables, in the order of the numbers."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tanzhao.engines.screening.tables import KEY_KINDS, NUMBERS, Kind


def number_all(found: Mapping[Kind, Iterable[pl.Series]]) -> dict[Kind, pl.Series]:
    """Give the distinct numbers of each kind in order: a number's place, from 1, is its key."""
    numbers = {}
    for kind in KEY_KINDS:
        series = list(found.get(kind, ()))
        whole = pl.concat(series) if series else pl.Series(dtype=pl.String)
        numbers[kind] = whole.unique().sort()
    return numbers


def keys_of(numbers: pl.Series, all_numbers: pl.Series) -> Any:
    """Give the keys of some numbers, in step; the entry behind the last is 0, for none."""
    places = all_numbers.search_sorted(numbers).to_numpy().astype(np.int32)
    return np.append(places + 1, np.int32(0))


def write_numbers(numbers: Mapping[Kind, pl.Series], folder: Path) -> None:
    """Write what each key stands for."""
    folder.mkdir()
    for kind in KEY_KINDS:
        whole = numbers[kind]
        name = {Kind.PERSON: "id_number"}.get(kind, kind.value)
        frame = pl.DataFrame(
            {
                f"{kind.value}_key": pl.Series(np.arange(1, len(whole) + 1, dtype=np.int32)),
                name: whole,
            }
        )
        if kind is Kind.PERSON:
            frame = frame.with_columns(
                pl.col(name).str.slice(6, 8).str.to_date("%Y%m%d").alias("birth_date"),
                (pl.col(name).str.slice(16, 1).cast(pl.Int8) % 2 == 1).alias("is_male"),
            )
        wanted = [column for column, _ in NUMBERS[f"{kind.value}_numbers"]]
        table = frame.select(wanted).to_arrow(compat_level=pl.CompatLevel.oldest())
        table = table.cast(
            pa.schema(
                [
                    f.with_type(pa.string()) if f.type == pa.large_string() else f
                    for f in table.schema
                ]
            )
        )
        pq.write_table(table, folder / f"{kind.value}.parquet", compression="snappy")
