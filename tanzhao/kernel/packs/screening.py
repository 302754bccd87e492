"""The schemas of screening: canonical tables (`datasets`) and rules (`screening`).

docs/operations/screening-format.md §1 and §3 say what the keys mean.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tanzhao.kernel.packs.checks import Rows, repeated
from tanzhao.kernel.packs.fields import (
    Chinese,
    Choice,
    Columns,
    English,
    Field,
    ListOf,
    MapOf,
    Table,
    Text,
    Whole,
)
from tanzhao.kernel.packs.parts import ABOUT, BLANK_OR_YES, LABELS, SEPARATOR, Schema

# What a cell of a canonical column holds; the engine has the same list (a test compares them).
KINDS = (
    *("text", "name", "person", "account", "firm", "plate"),
    *("date", "month", "money", "thousandths", "whole", "flag"),
)
# A column of a rule's result holds cents, thousandths or a key, and its name says so.
SUFFIXES = {
    "money": "_cents",
    "thousandths": "_thousandths",
    **{kind: f"{kind}_key" for kind in ("person", "account", "firm", "plate")},
}
# What every rule gives besides its key and its facts.
ALWAYS = ("amount_cents", "first_date", "last_date", "match_basis")
NAME = Text(r"[a-z][a-z0-9_]*", "lower-case words joined by underscores")
# What may be said of a hit only after people have verified it.
VERDICTS = ("违纪", "违法", "骗取", "套取", "冒领", "贪污")
# Money in cents: up to a hundred billion yuan.
MOST = 10**13


def _columns_stand_in_tables(_body: Mapping[str, Any], tables: Mapping[str, Rows]) -> Iterator[str]:
    names = [row["table"] for row in tables["tables.csv"]]
    for name in repeated(names):
        yield f"tables.csv: {name} stands twice"
    columns = [(row["table"], row["column"]) for row in tables["columns.csv"]]
    for table, column in repeated(columns):
        yield f"columns.csv: {table}.{column} stands twice"
    used = {table for table, _column in columns}
    for name in sorted(used ^ set(names)):
        yield f"{name} must stand in both tables.csv and columns.csv"
    needing = {row["table"] for row in tables["columns.csv"] if row["needed"]}
    for name in sorted(used - needing):
        yield f"columns.csv: no column of {name} is needed, so any sheet would be one"


def _headings_mean_one_column(
    _body: Mapping[str, Any], tables: Mapping[str, Rows]
) -> Iterator[str]:
    headings = []
    for row in tables["columns.csv"]:
        synonyms = [word for word in row["synonyms"].split(SEPARATOR) if word]
        headings.append((row["table"], row["label_zh"]))
        headings += [(row["table"], word) for word in synonyms]
        # A canonical table written by us has the columns' own names as headings.
        headings += [(row["table"], word) for word in {row["label_en"].lower(), row["column"]}]
    for table, word in repeated(headings):
        yield f"columns.csv: in {table}, {word} stands for more than one column"


def _columns_are_named_by_kind(
    body: Mapping[str, Any], _tables: Mapping[str, Rows]
) -> Iterator[str]:
    for name, kind in body["facts"].items():
        suffix = SUFFIXES.get(kind, "")
        if not name.endswith(suffix):
            yield f"facts.{name} is {kind}, so its name must end in {suffix}"
        if name in (*ALWAYS, *body["key"]):
            yield f"facts.{name} is in the key or in every result, and must not be a fact too"
    for name in repeated([*body["key"], *body["tables"]]):
        yield f"key or tables: {name} stands twice"


def _why_has_known_places(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
    known = {*body["key"], *body["facts"], *ALWAYS, *body["thresholds"]}
    for key in ("why_zh", "why_en"):
        for place in re.findall(r"\{([^{}]*)\}", body[key]):
            if place not in known:
                yield f"{key} has the place {{{place}}}, which is no column of the result"
        if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", body[key])):
            yield f"{key} has a brace without its other half"
    places = [set(re.findall(r"\{(\w*)\}", body[key])) for key in ("why_zh", "why_en")]
    if places[0] != places[1]:
        yield "why_zh and why_en must have the same places"


def _defaults_lie_in_range(body: Mapping[str, Any], _tables: Mapping[str, Rows]) -> Iterator[str]:
    for name, entry in body["thresholds"].items():
        if not entry["least"] <= entry["default"] <= entry["most"]:
            yield f"thresholds.{name}: default must be from least to most"


def _a_question_is_not_a_verdict(
    body: Mapping[str, Any], _tables: Mapping[str, Rows]
) -> Iterator[str]:
    """Refuse words that say of a hit what only people may say after verifying it."""
    for key in ("purpose_zh", "why_zh"):
        for word in VERDICTS:
            if word in body[key]:
                yield f"{key} says {word}, but a hit is a question"


def _both(*names: str) -> dict[str, Field]:
    return {
        f"{name}_{language}": text
        for name in names
        for language, text in (("zh", Chinese()), ("en", English()))
    }


THRESHOLD = Table(
    {
        **LABELS,
        **_both("unit", "basis"),
        "default": Whole(0, MOST),
        "least": Whole(0, MOST),
        "most": Whole(0, MOST),
    }
)

DATASETS = Schema(
    tables={
        "tables.csv": Columns({"table": NAME, **LABELS, **ABOUT}),
        "columns.csv": Columns(
            {
                "table": NAME,
                "column": NAME,
                "kind": Choice(*KINDS),
                "needed": BLANK_OR_YES,
                **LABELS,
            },
            {"synonyms": Text(r"[^|]+(\|[^|]+)*", "words with | between them")},
        ),
    },
    checks=(_columns_stand_in_tables, _headings_mean_one_column),
)
SCREENING = Schema(
    keys={
        "group": Choice("benefits", "people", "spending", "procurement", "profiles"),
        "result": Choice("hits", "profile"),
        "risk": Choice("high", "medium", "low"),
        "tables": ListOf(NAME, least=1),
        "key": ListOf(NAME, least=1),
        **_both("purpose", "basis", "blind", "verify", "why"),
        "facts": MapOf(Choice(*(kind for kind in KINDS if kind != "flag"))),
        "thresholds": MapOf(THRESHOLD),
    },
    checks=(
        _columns_are_named_by_kind,
        _why_has_known_places,
        _defaults_lie_in_range,
        _a_question_is_not_a_verdict,
    ),
)
