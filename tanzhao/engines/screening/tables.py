"""The canonical tables that screening reads: what columns they have, and how each is stored.

They are data (pack kind `datasets`); docs/operations/screening-format.md §1 explains the kinds.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    NAME = "name"
    PERSON = "person"
    ACCOUNT = "account"
    FIRM = "firm"
    PLATE = "plate"
    DATE = "date"
    MONTH = "month"
    MONEY = "money"
    THOUSANDTHS = "thousandths"
    WHOLE = "whole"
    FLAG = "flag"


KEY_KINDS = (Kind.PERSON, Kind.ACCOUNT, Kind.FIRM, Kind.PLATE)
# Suffix and type (as DuckDB, Spark and Parquet all have it) of what is stored for a column.
STORED: Mapping[Kind, tuple[tuple[str, str], ...]] = {
    Kind.TEXT: (("", "VARCHAR"),),
    Kind.NAME: (("", "VARCHAR"),),
    Kind.PERSON: (("_key", "INTEGER"), ("_basis", "TINYINT"), ("_weight", "INTEGER")),
    Kind.ACCOUNT: (("_key", "INTEGER"),),
    Kind.FIRM: (("_key", "INTEGER"),),
    Kind.PLATE: (("_key", "INTEGER"),),
    Kind.DATE: (("", "DATE"),),
    Kind.MONTH: (("", "INTEGER"),),
    Kind.MONEY: (("_cents", "BIGINT"),),
    Kind.THOUSANDTHS: (("_thousandths", "BIGINT"),),
    Kind.WHOLE: (("", "INTEGER"),),
    Kind.FLAG: (("", "BOOLEAN"),),
}
WAY_BACK = (("source_key", "INTEGER"), ("row_number", "INTEGER"))
# The tables that say what a key stands for; rules may join them like any other.
NUMBERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "person_numbers": (
        ("person_key", "INTEGER"),
        ("id_number", "VARCHAR"),
        ("birth_date", "DATE"),
        ("is_male", "BOOLEAN"),
    ),
    "account_numbers": (("account_key", "INTEGER"), ("account", "VARCHAR")),
    "firm_numbers": (("firm_key", "INTEGER"), ("firm", "VARCHAR")),
    "plate_numbers": (("plate_key", "INTEGER"), ("plate", "VARCHAR")),
}


@dataclass(frozen=True)
class Column:
    """A column of a canonical table, with the headings that mean it."""

    name: str
    kind: Kind
    needed: bool
    label_zh: str
    label_en: str
    synonyms: tuple[str, ...]

    @property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """Name and type of each stored column."""
        return tuple((self.name + suffix, kind) for suffix, kind in STORED[self.kind])


@dataclass(frozen=True)
class Table:
    """A canonical table."""

    name: str
    label_zh: str
    label_en: str
    about_zh: str
    about_en: str
    columns: tuple[Column, ...]

    @property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """Name and type of every stored column, the way back to the sheet last."""
        return (*(pair for column in self.columns for pair in column.stored), *WAY_BACK)


@dataclass(frozen=True)
class Datasets:
    """A datasets pack: its version, and table name to table in the order of the pack."""

    version: str
    tables: Mapping[str, Table]

    @property
    def stored(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Name and type of the stored columns of every table a rule may read."""
        return {**{name: table.stored for name, table in self.tables.items()}, **NUMBERS}


def read_datasets(folder: Path) -> Datasets:
    """Read a datasets pack that the pack check has passed (kernel/packs)."""
    version = tomllib.loads((folder / "pack.toml").read_text("utf-8"))["version"]
    columns: dict[str, list[Column]] = {}
    for row in _rows(folder / "columns.csv"):
        columns.setdefault(row["table"], []).append(
            Column(
                name=row["column"],
                kind=Kind(row["kind"]),
                needed=row["needed"] == "yes",
                label_zh=row["label_zh"],
                label_en=row["label_en"],
                synonyms=tuple(filter(None, row["synonyms"].split("|"))),
            )
        )
    tables = {
        row["table"]: Table(
            name=row["table"],
            label_zh=row["label_zh"],
            label_en=row["label_en"],
            about_zh=row["about_zh"],
            about_en=row["about_en"],
            columns=tuple(columns[row["table"]]),
        )
        for row in _rows(folder / "tables.csv")
    }
    return Datasets(version=version, tables=tables)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
