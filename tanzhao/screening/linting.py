"""Looking at the SQL of the office's own rules. The engine's linter is loaded when asked."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from tanzhao.engines.screening.findings import Finding
from tanzhao.engines.screening.linting import lint_rule, lint_sql
from tanzhao.engines.screening.rules import BadRule, Rule, rule_of
from tanzhao.engines.screening.tables import Datasets, read_datasets
from tanzhao.screening.models import OfficeRule
from tanzhao.screening.rulebook import DATASETS

RULE, EVIDENCE = "rule.sql", "evidence.sql"


@cache
def datasets() -> Datasets:
    """Give the canonical tables that rules may read."""
    return read_datasets(DATASETS)


def engine_rule(rule: OfficeRule) -> Rule:
    """Give a version as the engine needs it.

    Raises: BadRule if its sheet is not whole.
    """
    body = {**rule.sheet, "version": rule.version}
    return rule_of(rule.name, body, sql=rule.sql, evidence_sql=rule.evidence_sql)


def findings_in(rule: OfficeRule) -> tuple[Finding, ...]:
    """Find what in a version is not portable, or not as the format demands."""
    return tuple(_look(rule))


def _look(rule: OfficeRule) -> Iterator[Finding]:
    try:
        whole = engine_rule(rule)
    except BadRule:
        # Half a sheet: the SQL is looked at by itself, so that it can be written first.
        yield from lint_sql(rule.sql, datasets().stored, file=RULE)
        return
    yield from lint_rule(whole, datasets())


def typed(rule: OfficeRule, sheet: Mapping[str, Any], sql: str, evidence: str) -> OfficeRule:
    """Give what stands in the form of `rule` as a version that nobody has saved."""
    return OfficeRule(
        name=rule.name, version=rule.version, sheet=sheet, sql=sql, evidence_sql=evidence
    )
