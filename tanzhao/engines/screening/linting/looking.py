"""Looking at one file: its tree against the allow-list, and whether DuckDB can bind it."""

from collections.abc import Iterable, Mapping

import duckdb

from tanzhao.engines.screening.linting.expressions import Expressions
from tanzhao.engines.screening.linting.reading import KIND_OF_TYPE, Kinds, Reading

type Stored = Mapping[str, tuple[tuple[str, str], ...]]


def look_at(
    sql: str,
    stored: Stored,
    *,
    file: str = "rule.sql",
    never_zero: Iterable[str] = (),
    bind: bool = True,
) -> Reading:
    """Read one file.

    Args:
        stored: tables that may be read: name to (column, type).
        never_zero: thresholds that are never 0.
        bind: let DuckDB say too what it cannot run; a run of the rule will say it anyway.
    Returns: what was found, what the file reads, and which columns it gives.
    """
    kinds: dict[str, Kinds] = {
        name: {column: KIND_OF_TYPE[kind] for column, kind in columns}
        for name, columns in stored.items()
    }
    reading = Reading(sql=sql, file=file, stored=kinds, never_zero=frozenset(never_zero))
    tree = reading.parse()
    if tree is not None:
        reading.columns = Expressions(reading).query(tree, {}, None)
        if bind and not reading.findings:
            _bind(reading, stored)
    return reading


def _bind(reading: Reading, stored: Stored) -> None:
    """Let DuckDB say what a tree cannot show: columns left out of GROUP BY, nested aggregates."""
    with duckdb.connect() as connection:
        for name in reading.read:
            columns = ", ".join(f"{column} {kind}" for column, kind in stored[name])
            connection.execute(f"CREATE TABLE {name} ({columns})")
        values = dict.fromkeys(reading.thresholds, 1)
        try:
            connection.execute(f"EXPLAIN {reading.sql.rstrip().rstrip(';')}", values or None)
        except duckdb.Error as error:
            reading.add_at(1, 1, "engine", text=str(error).split("\n")[0])
