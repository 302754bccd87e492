"""The made-up county while it is made: people, rows of tables, and which hits were planted.

Tables hold what a clerk's sheet would: `person` columns as the place of a person in the county,
accounts as numbers, money in cents, areas in thousandths, dates as days since 1970.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from benchmarks.screening_sides import people

# What is held in the columns of a table before it is written; everything else is text.
TYPES = {
    "date": pl.Date,
    "month": pl.Int32,
    "money": pl.Int64,
    "thousandths": pl.Int64,
    "whole": pl.Int32,
    "flag": pl.Boolean,
    "person": pl.Int32,
    "account": pl.Int64,
}


FIRST_AREA = 990_000
ACCOUNTS_OF_BLOCK = 10**8


@dataclass
class County:
    """Everything that is generated, table by table, and the truth about it."""

    random: np.random.Generator
    block: int  # of a county made piece by piece: other ID numbers and accounts in each
    kinds: Mapping[str, Mapping[str, str]]  # table to column to kind, as the datasets pack has it
    born: list[np.ndarray] = field(default_factory=list)
    is_male: list[np.ndarray] = field(default_factory=list)
    people: int = 0
    accounts: int = 0  # so many account numbers were given out
    pieces: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    truth: dict[str, set[tuple[object, ...]]] = field(default_factory=dict)
    ids: pl.Series = field(default_factory=pl.Series)
    names: pl.Series = field(default_factory=pl.Series)

    def add_people(self, born: np.ndarray, is_male: np.ndarray) -> np.ndarray:
        """Add people and give their places."""
        self.born.append(born.astype(np.int64))
        self.is_male.append(is_male.astype(np.int64))
        places = np.arange(self.people, self.people + len(born), dtype=np.int32)
        self.people += len(born)
        return places

    def add_person(self, born: int, *, is_male: bool = True) -> int:
        """Add one person and give the place."""
        return int(self.add_people(np.array([born]), np.array([is_male]))[0])

    def account(self) -> int:
        """Give a bank account that nobody else has."""
        self.accounts += 1
        return self.accounts

    def put(self, table: str, columns: Mapping[str, object]) -> None:
        """Add many rows: a column is an array, or one value for all of them."""
        length = max(len(c) for c in columns.values() if isinstance(c, np.ndarray | pl.Series))
        frame = pl.DataFrame(
            {
                name: values
                if isinstance(values, np.ndarray | pl.Series)
                else pl.Series([values]).new_from_index(0, length)
                for name, values in columns.items()
            }
        )
        self.pieces.setdefault(table, []).append(self._whole(table, frame))

    def row(self, table: str, **cells: object) -> None:
        """Add one row."""
        self.rows.setdefault(table, []).append(cells)

    def hit(self, rule: str, *key: object) -> None:
        """Say that a rule must give this key: people as ("person", place), accounts alike."""
        self.truth.setdefault(rule, set()).add(key)

    def finish(self) -> None:
        """Give everybody a number and a name, now that all are there."""
        born, is_male = np.concatenate(self.born), np.concatenate(self.is_male)
        self.ids = people.id_numbers(born, is_male, FIRST_AREA + 50 * self.block)
        self.names = people.names(self.random, self.people)
        for table, rows in self.rows.items():
            columns = self.kinds[table]
            frame = pl.DataFrame(
                {name: [row.get(name) for row in rows] for name in columns},
                schema={name: TYPES.get(kind, pl.String) for name, kind in columns.items()},
            )
            self.pieces.setdefault(table, []).append(frame)
        self.rows.clear()

    def account_texts(self, numbers: pl.Series) -> pl.Series:
        """Give bank accounts of 19 digits."""
        first = 6217009900000000000 + self.block * ACCOUNTS_OF_BLOCK
        return (numbers.cast(pl.Int64) + first).cast(pl.String)

    def table(self, name: str) -> pl.DataFrame:
        """Give all rows of a table, in the order in which they were made."""
        return pl.concat(self.pieces[name]) if name in self.pieces else pl.DataFrame()

    def hits(self, rule: str) -> set[tuple[str, ...]]:
        """Give the keys that a rule must find, as they stand in hits.parquet."""
        return {tuple(map(self._text, key)) for key in self.truth.get(rule, ())}

    def _text(self, part: object) -> str:
        match part:
            case ("person", int(place)):
                return str(self.ids[place])
            case ("account", int(number)):
                return str(self.account_texts(pl.Series([number]))[0])
            case _:
                return str(part)

    def _whole(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """Give a frame all columns of its table, each of its type."""
        return frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None))
            .cast(TYPES.get(kind, pl.String))
            .alias(name)
            for name, kind in self.kinds[table].items()
        )
