"""The linter: what it refuses, where it says so, and what it lets through."""

import dataclasses
import re
from random import Random

import pytest

from tanzhao.engines.screening.linting import lint_rule, lint_sql
from tanzhao.engines.screening.linting.looking import look_at
from tanzhao.engines.screening.linting.refused import NAMES, NODES
from tanzhao.screening.linting_words import said_of
from tests.engines.screening.examples import DATASETS, RULES
from tests.engines.screening.refusals import (
    DIFFERS,
    MANY,
    PORTABLE,
    PORTABLE_QUERIES,
    STORED,
    TIES,
    UNFIXED,
)
from tests.engines.screening.simple_rule import EVIDENCE, SQL, simple


def whole(sql):
    """Make a query of an expression over `odd`."""
    if sql.startswith(("SELECT", "DROP")):
        return sql.replace("FROM ties", f"FROM ({TIES}) AS ties")
    return f"SELECT {sql} AS r FROM odd"


def is_said(finding):
    """Say whether there are words for a finding, with all their places filled."""
    said = said_of(finding)
    return not said.startswith(f"{finding.code} {{") and "%(" not in said


@pytest.mark.parametrize("one", [*DIFFERS, *UNFIXED], ids=lambda one: f"{one.code}: {one.sql}")
def test_what_differs_between_engines_is_refused_with_its_own_reason(one):
    found = lint_sql(whole(one.sql), STORED)

    assert one.code in {finding.code for finding in found}
    assert all(is_said(finding) for finding in found)


def test_what_is_the_same_everywhere_is_let_through():
    columns = ",\n".join(f"{sql} AS c{at}" for at, sql in enumerate(PORTABLE))

    assert lint_sql(f"SELECT\n{columns}\nFROM odd", STORED) == ()


@pytest.mark.parametrize("sql", PORTABLE_QUERIES)
def test_queries_that_are_the_same_everywhere_are_let_through(sql):
    assert lint_sql(f"WITH {MANY} {sql}", STORED) == ()


def test_every_reason_there_is_has_a_proof():
    proved = {one.code for one in (*DIFFERS, *UNFIXED)}

    assert {*NODES.values(), *NAMES.values()} <= proved


def test_findings_say_line_and_column_of_each():
    sql = "SELECT\n    weekday(d) AS w,\n    trim(abc) AS t\nFROM odd\nWHERE two / one > 1 LIMIT 3"

    found = lint_sql(sql, STORED)

    assert [(one.line, one.column, one.code) for one in found] == [
        (2, 5, "weekday"),
        (3, 10, "trim"),
        (5, 7, "division"),
        (5, 27, "limit"),
    ]


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_every_shipped_rule_is_portable_and_keeps_what_its_pack_promises(rule):
    assert lint_rule(rule, DATASETS) == ()


@pytest.mark.parametrize(
    ("code", "sql", "evidence", "body"),
    [
        (None, SQL, EVIDENCE, {}),
        ("column_missing", SQL.replace("max(person_basis) AS match_basis, ", ""), EVIDENCE, {}),
        ("column_missing", SQL.replace(", count(*) AS payments", ""), EVIDENCE, {}),
        ("column_missing", SQL, EVIDENCE.replace("'payment' AS role, ", ""), {}),
        ("column_undeclared", SQL, EVIDENCE, {"facts": {}}),
        ("column_kind", SQL, EVIDENCE, {"facts": {"payments": "text"}}),
        ("column_kind", SQL.replace("min(paid_date)", "min(month)"), EVIDENCE, {}),
        ("table_undeclared", SQL, EVIDENCE, {"tables": []}),
        ("table_unused", SQL, EVIDENCE, {"tables": ["payments", "deaths"]}),
        ("threshold_undeclared", SQL, EVIDENCE, {"thresholds": {}}),
        ("threshold_unused", SQL.replace("$least", "3"), EVIDENCE, {}),
        ("basis_forgotten", SQL.replace("max(person_basis)", "0"), EVIDENCE, {}),
        (
            "unknown_column_of",
            SQL,
            EVIDENCE.replace("hits.person_key,", "hits.x AS person_key,"),
            {},
        ),
        (
            "evidence_without_hits",
            SQL,
            "SELECT person_key, 'p' AS role, source_key, row_number FROM payments",
            {},
        ),
    ],
)
def test_a_rule_gives_what_its_pack_promises(code, sql, evidence, body):
    rule = simple(sql, evidence, **body)

    found = lint_rule(rule, DATASETS)

    assert {one.code for one in found} == ({code} if code else set())
    assert all(is_said(one) for one in found)


def test_a_divisor_that_a_threshold_keeps_above_zero_is_let_through():
    rule = simple(SQL.replace(">= $least", "// $least > 1"))
    from_zero = dataclasses.replace(rule.thresholds["least"], least=0)

    assert lint_rule(rule, DATASETS) == ()
    found = lint_rule(dataclasses.replace(rule, thresholds={"least": from_zero}), DATASETS)
    assert {one.code for one in found} == {"zero_divisor"}


def test_whatever_is_typed_is_answered():
    """An editor lints as people type: half a word must be a finding, never a failure."""
    pieces = ("FROM", "(", ")", ",", ".", "*", "'x'", "1.5", "NULL", "AS", "OVER", "UNION", ";")
    random = Random(11)
    for _ in range(300):
        words = re.findall(r"\w+|\s+|[^\w\s]", random.choice(list(RULES.values())).sql)
        for _change in range(random.randint(1, 4)):
            at = random.randrange(len(words))
            words[at] = random.choice(["", f" {random.choice(pieces)} "])
        typed = "".join(words)

        for finding in look_at(typed, DATASETS.stored, bind=False).findings:
            assert is_said(finding)
            assert 1 <= finding.line <= typed.count("\n") + 1
