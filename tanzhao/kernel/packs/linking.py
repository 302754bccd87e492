"""The schemas of linking (`linking`) and of how names sound (`sounds`).

docs/operations/linking.md says what the keys mean. Shares and conditions stand in model.json,
which Splink reads; the engine refuses one that speaks of other levels than pack.toml.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tanzhao.kernel.packs.checks import Rows, repeated
from tanzhao.kernel.packs.fields import (
    Chinese,
    Choice,
    Columns,
    Flag,
    ListOf,
    MapOf,
    Table,
    Text,
    Whole,
)
from tanzhao.kernel.packs.parts import ABOUT, BLANK_OR_YES, LABELS, Schema

NAME = Text(r"[a-z][a-z0-9_]*", "lower-case words joined by underscores")
SYLLABLES = Text(r"[a-z]+( [a-z]+)*", "syllables with a blank between them")


def _a_name_and_a_fact_are_compared(
    body: Mapping[str, Any], _tables: Mapping[str, Rows]
) -> Iterator[str]:
    parts = [entry["part"] for entry in body["comparisons"]]
    if "name" not in parts or "fact" not in parts:
        yield "comparisons: a link needs a name and a fact of another kind, so both are compared"
    for entry in body["comparisons"]:
        codes = [level["code"] for level in entry["levels"]]
        for code in repeated(codes):
            yield f"comparisons: {entry['code']} has the level {code} twice"
        if not any(level.get("agrees") for level in entry["levels"]):
            yield f"comparisons: no level of {entry['code']} agrees"
    for code in repeated([entry["code"] for entry in body["comparisons"]]):
        yield f"comparisons: {code} stands twice"


def _patterns_can_be_read(body: Mapping[str, Any], tables: Mapping[str, Rows]) -> Iterator[str]:
    patterns = [pattern for many in body.get("cutting", {}).values() for pattern in many]
    patterns += [row["pattern"] for row in tables.get("folding.csv", [])]
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            yield f"{pattern} cannot be read ({error})"


def _every_role_has_a_name(_body: Mapping[str, Any], tables: Mapping[str, Rows]) -> Iterator[str]:
    roles = [(row["table"], row["column"]) for row in tables["roles.csv"]]
    for table, column in repeated(roles):
        yield f"roles.csv: {table}.{column} stands twice"


LEVEL = Table({"code": NAME, **LABELS}, {"agrees": Flag(), "one_digit_off": Flag()})
LINKING = Schema(
    keys={
        "subject": Choice("person", "firm"),
        "sounds": Text(),
        "least_weight": Whole(0, 10_000),
        "margin": Whole(0, 10_000),
        "expected_percent": Whole(1, 99),
        "cutting": MapOf(ListOf(Text(), least=1)),
        "comparisons": ListOf(
            Table(
                {
                    "code": NAME,
                    "part": Choice("name", "fact", "support"),
                    **LABELS,
                    "levels": ListOf(LEVEL, least=2),
                }
            ),
            least=2,
        ),
    },
    optional={"legal_words": ListOf(Text(), least=1)},
    tables={
        "roles.csv": Columns(
            {"table": NAME, "column": NAME, "name": NAME},
            {
                "known": BLANK_OR_YES,
                **dict.fromkeys(
                    ("village", "township", "household", "birth_date", "sex", "address"), NAME
                ),
                "legal_person": NAME,
                "legal_if": NAME,
            },
        )
    },
    checks=(_a_name_and_a_fact_are_compared, _patterns_can_be_read, _every_role_has_a_name),
)
SOUNDS = Schema(
    tables={
        "folding.csv": Columns({"pattern": Text(), **ABOUT}, {"becomes": SYLLABLES}),
        "readings.csv": Columns({"surname": Chinese(), "syllables": SYLLABLES}),
        "surnames.csv": Columns({"surname": Chinese()}),
        "variants.csv": Columns({"character": Chinese(), "stands_for": Chinese()}),
    },
    checks=(_patterns_can_be_read,),
)
