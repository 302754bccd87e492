"""The example that stands beside a rule: made-up rows, and the hits it must give of them."""

import csv
from dataclasses import dataclass

from tanzhao.screening.rulebook import KnownRule, column_of, table_label


@dataclass(frozen=True)
class ExampleTable:
    """A small table of made-up rows. `title` is empty for the hits that they must give."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def example_of(rule: KnownRule) -> list[ExampleTable]:
    """Give the tables of the example of `rule`, and last the hits; empty if it has none."""
    found = [
        _table(rule, name, table_label(name))
        for name in rule.tables
        if rule.example and (rule.example / f"{name}.csv").is_file()
    ]
    if found and rule.example and (rule.example / "hits.csv").is_file():
        found.append(_table(rule, "hits", ""))
    return found


def _table(rule: KnownRule, name: str, title: str) -> ExampleTable:
    assert rule.example is not None  # noqa: S101  example_of has asked
    with (rule.example / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    headings = [_heading(rule, name, one) for one in rows[0]] if rows else []
    return ExampleTable(title, tuple(headings), tuple(tuple(row) for row in rows[1:]))


def _heading(rule: KnownRule, table: str, name: str) -> str:
    for one in (table, *rule.tables):
        if column := column_of(one, name.removesuffix("_key")):
            return column.label
    return name
