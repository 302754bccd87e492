"""Integer keys for the distinct numbers of all tables, in the order of the numbers."""

from collections.abc import Hashable, Mapping
from pathlib import Path

import numpy as np
import polars as pl

from tanzhao.engines.screening.loading.encoding import distinct
from tanzhao.engines.screening.tables import KEY_KINDS, NUMBERS, Kind


def number_all[Place: Hashable](
    found: Mapping[Kind, Mapping[Place, pl.Series]],
) -> tuple[dict[Kind, pl.Series], dict[Place, pl.Series]]:
    """Number the distinct numbers of each kind: a number's place in their order, from 1, is its
    key.

    Returns: the distinct numbers in their order; and for each series of `found` its keys.
    """
    numbers: dict[Kind, pl.Series] = {}
    keys: dict[Place, pl.Series] = {}
    for kind in KEY_KINDS:
        places = found.get(kind, {})
        codes, texts = distinct(pl.concat([pl.Series(dtype=pl.String), *places.values()]))
        order = texts.arg_sort().to_numpy()
        key_of = np.empty(len(texts), dtype=np.int32)
        key_of[order] = np.arange(1, len(texts) + 1, dtype=np.int32)
        numbers[kind] = texts.gather(pl.Series(order))
        begin = 0
        for place, series in places.items():
            keys[place] = pl.Series(key_of[codes[begin : begin + len(series)]])
            begin += len(series)
    return numbers, keys


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
