"""What an engine of rules must do, and DuckDB doing it. Spark is in spark.py."""

from collections.abc import Mapping
from typing import Protocol

import duckdb
import pyarrow as pa

from tanzhao.engines.screening.rules import ALWAYS, EVIDENCE, Rule, kind_of
from tanzhao.engines.screening.running.desk import Desk
from tanzhao.engines.screening.tables import Kind

ARROW = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
}
OF_KIND = {
    **dict.fromkeys((Kind.TEXT, Kind.NAME), "VARCHAR"),
    **dict.fromkeys((Kind.PERSON, Kind.ACCOUNT, Kind.FIRM, Kind.PLATE), "INTEGER"),
    **dict.fromkeys((Kind.MONEY, Kind.THOUSANDTHS, Kind.WHOLE, Kind.MONTH), "BIGINT"),
    Kind.DATE: "DATE",
}
HITS = "hits"  # what evidence.sql calls the result of the rule


class EngineFailed(Exception):
    """The engine could not run a rule. The message is the engine's own."""


class RuleEngine(Protocol):
    """Runs the two files of a rule.

    Both raise EngineFailed if the engine cannot run a file, Stopped if it was asked to stop.
    """

    def result(self, rule: Rule, values: Mapping[str, int]) -> pa.Table:
        """Run rule.sql. Gives the columns of the rule, in their order and types."""

    def evidence(self, rule: Rule, values: Mapping[str, int]) -> pa.Table:
        """Run evidence.sql over the result given last: key columns, role, the way back."""


class OnDuckDB:
    """Runs rules as they stand in their files."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def result(self, rule: Rule, values: Mapping[str, int]) -> pa.Table:
        rows = typed(self._asked(rule.sql, values), rule, rule.columns)
        self._desk.show(HITS, rows)
        return rows

    def evidence(self, rule: Rule, values: Mapping[str, int]) -> pa.Table:
        rows = self._asked(rule.evidence_sql, values)
        return typed(rows, rule, (*rule.key, *(name for name, _type in EVIDENCE)))

    def _asked(self, sql: str, values: Mapping[str, int]) -> pa.Table:
        try:
            return self._desk.ask(sql.strip().rstrip(";"), _used(sql, values))
        except duckdb.Error as error:
            raise EngineFailed(first_line(error)) from error


def typed(rows: pa.Table, rule: Rule, names: tuple[str, ...]) -> pa.Table:
    """Give columns in their order and of the types that hits keep, whatever engine made them.

    Raises: EngineFailed if a number does not fit.
    """
    known = dict((*ALWAYS, *EVIDENCE))
    columns = []
    for name in names:
        column = rows[name]
        kind = kind_of(name, rule.facts)
        wanted = ARROW[known[name]] if name in known else ARROW[OF_KIND[kind]] if kind else None
        try:
            columns.append(column.cast(wanted or _natural(column.type)))
        except pa.ArrowException as error:
            raise EngineFailed(f"{name}: {first_line(error)}") from error
    return pa.table(columns, names=list(names)).combine_chunks()


def _natural(of: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(of) or pa.types.is_decimal(of):
        return pa.int64()
    if pa.types.is_date(of):
        return pa.date32()
    return pa.bool_() if pa.types.is_boolean(of) else pa.string()


def first_line(error: Exception) -> str:
    """Give the first line of what an engine says."""
    return str(error).strip().split("\n")[0]


def _used(sql: str, values: Mapping[str, int]) -> dict[str, int]:
    # DuckDB refuses values for which a file has no place.
    (statement,) = duckdb.extract_statements(sql)
    return {name: values[name] for name in statement.named_parameters}
