"""The examples that rules bring along: loaded like any extract, and what they promise."""

import csv
import datetime as dt
import shutil
from pathlib import Path

import duckdb

from tanzhao.engines.screening.loading import load
from tanzhao.engines.screening.loading.mapping import map_from
from tanzhao.engines.screening.rules import Rule, kind_of, read_rules
from tanzhao.engines.screening.store import Store
from tanzhao.engines.screening.tables import KEY_KINDS, NUMBERS, Kind, read_datasets

PACKS = Path(__file__).parents[3] / "packs"
DATASETS = read_datasets(PACKS / "datasets/county")
RULES = read_rules(PACKS / "screening")
ORDER = {
    "purpose": "核对规则自带的例子",
    "approver": "沈主任",
    "legal_basis": "县委巡察办〔2026〕12号",
    "expires": dt.date(2030, 12, 31),
}
NUMBER_OF = {"person": "id_number", "account": "account", "firm": "firm", "plate": "plate"}


def store_of(rule: Rule, folder: Path) -> Store:
    """Load the tables of a rule's example into a store in `folder`."""
    extracts = folder / "extracts"
    extracts.mkdir()
    names = [f.stem for f in (PACKS / "screening" / rule.name / "example").glob("*.csv")]
    names.remove("hits")
    for name in names:
        shutil.copy(PACKS / "screening" / rule.name / "example" / f"{name}.csv", extracts)
    sources = [{"files": f"{name}.csv", "table": name} for name in names]
    the_map = map_from({"order": ORDER, "source": sources}, DATASETS)
    report = load(extracts, the_map, DATASETS, folder / "store")
    assert report.refused == ()
    # A blank key is meant, in some; anything else would be a slip in the example.
    assert set(report.faults) <= {"missing"}
    assert report.store is not None
    return report.store


def opened(store: Store) -> duckdb.DuckDBPyConnection:
    """Give every table that a rule may read; those the example has not are empty."""
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    for name, columns in DATASETS.stored.items():
        of_keys = name.removesuffix("_numbers") if name in NUMBERS else ""
        file = store.numbers(of_keys) if of_keys else store.table(name)
        if file.exists():
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM '{file}'")
        else:
            declared = ", ".join(f"{column} {kind}" for column, kind in columns)
            connection.execute(f"CREATE TABLE {name} ({declared})")
    return connection


def promised(rule: Rule) -> tuple[tuple[str, ...], set[tuple[str, ...]]]:
    """Read what the example promises: columns (the key, and of profiles some facts), and rows.

    Money is in cents.
    """
    file = PACKS / "screening" / rule.name / "example/hits.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    assert tuple(header[: len(rule.key)]) == rule.key
    money = [kind_of(column, rule.facts) is Kind.MONEY for column in header]
    return tuple(header), {
        tuple(
            str(int(cell.replace(".", ""))) if is_money else cell
            for cell, is_money in zip(row, money, strict=True)
        )
        for row in rows
    }


def rows_of(
    connection: duckdb.DuckDBPyConnection, rule: Rule, select: str, columns: tuple[str, ...]
) -> set[tuple[str, ...]]:
    """Run a select and give some of its columns, with numbers in the place of store keys."""
    given, joins = [], ""
    for column in columns:
        kind = kind_of(column, rule.facts)
        if kind in KEY_KINDS:
            joins += f" LEFT JOIN {kind}_numbers ON result.{column} = {kind}_numbers.{kind}_key"
            given.append(f"{kind}_numbers.{NUMBER_OF[kind]}")
        else:
            given.append(f"result.{column}")
    rows = connection.execute(
        f"SELECT {', '.join(given)} FROM ({select}) AS result{joins}"
    ).fetchall()
    keys = [tuple(str(cell) for cell in row) for row in rows]
    assert len(keys) == len(set(keys)), f"{rule.name}: two hits with one key"
    return set(keys)


def with_thresholds(sql: str, values: dict[str, int]) -> str:
    """Write thresholds into the text, so that one select can be wrapped into another."""
    for name, value in sorted(values.items(), key=lambda pair: -len(pair[0])):
        sql = sql.replace(f"${name}", str(value))
    return sql
