"""From rows of text to the stored columns of a table, with the faults of their cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tanzhao.engines.screening.loading import identity, values
from tanzhao.engines.screening.loading.encoding import Encoded, encode, places_or_null
from tanzhao.engines.screening.loading.headings import Found
from tanzhao.engines.screening.loading.sheets import Sheet
from tanzhao.engines.screening.tables import KEY_KINDS, STORED, Column, Kind

CHECKS = {
    Kind.PERSON: identity.check_persons,
    Kind.FIRM: identity.check_firms,
    Kind.ACCOUNT: identity.check_accounts,
    Kind.PLATE: identity.check_plates,
}
TYPES: Mapping[str, pl.DataType] = {
    "VARCHAR": pl.String(),
    "INTEGER": pl.Int32(),
    "BIGINT": pl.Int64(),
    "TINYINT": pl.Int8(),
    "DATE": pl.Date(),
    "BOOLEAN": pl.Boolean(),
}
_DAMAGED = {Kind.PERSON: "id_damaged", Kind.FIRM: "firm_damaged", Kind.ACCOUNT: "account_damaged"}
EXACT_DIGITS = 15  # that Excel keeps of a number


@dataclass(frozen=True)
class Piece:
    """Rows of one source. Keys are places in `numbers` of their column, -1 for none."""

    rows: pl.DataFrame
    numbers: Mapping[str, pl.Series]  # stored key column to the distinct numbers


FAULT_COLUMNS = {
    "source_key": pl.Int32,
    "row_number": pl.Int32,
    "heading": pl.String,
    "fault": pl.String,
    "text": pl.String,
}


def make_canonical(
    rows: pl.DataFrame, found: Found, sheet: Sheet, source_key: int
) -> tuple[Piece, pl.DataFrame]:
    """Read the cells of rows of data.

    Returns: the stored columns, and the faults (columns of FAULT_COLUMNS).
    """
    numbers = rows["row_number"].cast(pl.Int32)
    made: dict[str, pl.Series] = {}
    keys: dict[str, pl.Series] = {}
    faults = []
    for column in found.table.columns:
        cells = _cells(rows, column, found)
        if cells is None:
            made |= {name: _nothing(len(rows), kind) for name, kind in column.stored}
            continue
        encoded = encode(cells)
        heading = found.titles[found.columns[column.name]] if column.name in found.columns else ""
        if column.kind in KEY_KINDS:
            number, flaws = _keys(encoded, column, found, sheet, numbers)
            keys[f"{column.name}_key"] = number.texts
            made |= _stored_keys(column, number.codes)
        else:
            made[column.stored[0][0]], flaws = _values(encoded, column, found)
        faults += _faults(encoded, column, flaws, heading, numbers, source_key)
    made["source_key"] = pl.repeat(source_key, len(rows), dtype=pl.Int32, eager=True)
    made["row_number"] = numbers
    frame = pl.DataFrame([made[name].alias(name) for name, _ in found.table.stored])
    whole = pl.concat(faults) if faults else pl.DataFrame(schema=FAULT_COLUMNS)
    return Piece(frame, keys), whole


def _cells(rows: pl.DataFrame, column: Column, found: Found) -> pl.Series | None:
    if column.name in found.constant:
        return pl.repeat(found.constant[column.name], len(rows), dtype=pl.String, eager=True)
    if column.name in found.columns:
        return rows[f"c{found.columns[column.name]}"]
    return None


def _nothing(length: int, kind: str) -> pl.Series:
    return pl.repeat(None, length, dtype=TYPES[kind], eager=True)


@dataclass(frozen=True)
class Flaws:
    """Places of rows whose cell has a fault, and the codes of the faults, in step."""

    places: Any
    codes: Any

    def without(self, places: Any) -> "Flaws":
        kept = ~np.isin(self.places, places)
        return Flaws(self.places[kept], self.codes[kept])

    def with_all(self, places: Any, code: str) -> "Flaws":
        codes = np.full(len(places), code, dtype=object)
        return Flaws(np.append(self.places, places), np.append(self.codes, codes))


def _flaws(encoded: Encoded, faults: pl.Series) -> Flaws:
    codes = faults.to_numpy().astype(object)
    places = encoded.rows_with(codes != "")
    return Flaws(places, codes[encoded.codes[places]])


def _keys(
    encoded: Encoded, column: Column, found: Found, sheet: Sheet, numbers: pl.Series
) -> tuple[Encoded, Flaws]:
    checked = CHECKS[column.kind](encoded.texts)
    flaws = _flaws(encoded, checked.faults)
    good = checked.numbers.is_not_null().to_numpy()
    places = np.append(np.where(good, np.cumsum(good) - 1, -1), -1)
    codes = places[encoded.codes].astype(np.int32)
    damaged = _damaged(encoded, column, found, sheet, numbers)
    if len(damaged):
        flaws = flaws.without(damaged).with_all(damaged, _DAMAGED[column.kind])
        codes[damaged] = -1
    return Encoded(codes, checked.numbers.filter(good)), flaws


def _damaged(
    encoded: Encoded, column: Column, found: Found, sheet: Sheet, numbers: pl.Series
) -> Any:
    """Find the rows whose number Excel kept as a number of more digits than it can hold."""
    if column.kind not in _DAMAGED or column.name not in found.columns:
        return np.empty(0, dtype=np.int64)
    suspects = encoded.rows_with(_may_be_a_number(encoded.texts))
    if not len(suspects):
        return suspects
    index = found.columns[column.name]
    rows = numbers.gather(suspects).to_list()
    held = sheet.numbers_among([(row, index) for row in rows])
    return suspects[[(row, index) in held for row in rows]]


def _may_be_a_number(texts: pl.Series) -> Any:
    """Find texts as a double would be shown: all digits, too many, and the double's very value.

    From 2^53 on doubles stand 2 apart, then 4 …; a number that Excel has cut ends in 0.
    """
    # What Excel keeps of a number is first told by its value: a pattern costs ten times as much.
    whole = texts.cast(pl.Int64, strict=False)
    again = whole.cast(pl.Float64).cast(pl.Int64, strict=False)
    is_cut = (whole >= 2**53) | ((whole >= 10**EXACT_DIGITS) & (whole % 10 == 0))
    flags = np.zeros(len(texts), dtype=bool)
    places = np.flatnonzero(((whole == again) & is_cut).fill_null(value=False).to_numpy())
    if len(places):
        long = texts.gather(places).str.contains(rf"^[1-9]\d{{{EXACT_DIGITS},18}}$")
        flags[places] = long.fill_null(value=False).to_numpy()
    return flags


def _stored_keys(column: Column, codes: Any) -> dict[str, pl.Series]:
    stored = {f"{column.name}_key": places_or_null(codes).cast(pl.Int32)}
    if len(STORED[column.kind]) > 1:
        has_key = stored[f"{column.name}_key"].is_not_null()
        basis = pl.select(pl.when(has_key).then(pl.lit(0, dtype=pl.Int8))).to_series()
        stored[f"{column.name}_basis"] = basis
        stored[f"{column.name}_weight"] = _nothing(len(codes), "INTEGER")
    return stored


def _values(encoded: Encoded, column: Column, found: Found) -> tuple[pl.Series, Flaws]:
    if column.kind in values.SCALED:
        scale = found.scales.get(column.name, 1)
        read = values.SCALED[column.kind](encoded.texts, scale)
    else:
        read = values.READERS[column.kind](encoded.texts)
    made = encoded.spread(read.values.cast(TYPES[column.stored[0][1]]))
    return made, _flaws(encoded, read.faults)


def _faults(
    encoded: Encoded,
    column: Column,
    flaws: Flaws,
    heading: str,
    numbers: pl.Series,
    source_key: int,
) -> list[pl.DataFrame]:
    if column.needed:
        flaws = flaws.with_all(np.flatnonzero(encoded.codes < 0), "missing")
    places = flaws.places
    if not len(places):
        return []
    codes = encoded.codes[places]
    texts = pl.concat([encoded.texts, pl.Series([""], dtype=pl.String)])
    return [
        pl.DataFrame(
            {
                "source_key": np.full(len(places), source_key, dtype=np.int32),
                "row_number": numbers.gather(places),
                "heading": [heading or column.label_zh] * len(places),
                "fault": pl.Series(flaws.codes.tolist(), dtype=pl.String),
                "text": texts.gather(np.where(codes < 0, len(texts) - 1, codes)),
            },
            schema=FAULT_COLUMNS,
        )
    ]
