"""Integer keys for the distinct numbers of all tables, in the order of the numbers."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import polars as pl

from tanzhao.engines.screening.tables import KEY_KINDS, NUMBERS, Kind


def number_all(found: Mapping[Kind, Iterable[pl.Series]]) -> dict[Kind, pl.Series]:
    """Give the distinct numbers of each kind in order: a number's place, from 1, is its key."""
    numbers = {}
    for kind in KEY_KINDS:
        series = list(found.get(kind, ()))
        whole = pl.concat(series) if series else pl.Series(dtype=pl.String)
        numbers[kind] = whole.unique().sort()
    return numbers


def keys_of(numbers: pl.Series, all_numbers: pl.Series) -> pl.Series:
    """Give the keys of some numbers, in step."""
    keys = pl.DataFrame({"number": all_numbers}).with_row_index("key", 1)
    asked = pl.DataFrame({"number": numbers})
    found = asked.join(keys, on="number", how="left", maintain_order="left")
    return found["key"].cast(pl.Int32)


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
        frame.select(wanted).write_parquet(folder / f"{kind.value}.parquet", compression="snappy")
