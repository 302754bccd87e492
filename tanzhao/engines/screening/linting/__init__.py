"""The linter's door: SQLGlot is loaded when a file is first looked at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanzhao.engines.screening.findings import Finding
    from tanzhao.engines.screening.rules import Rule
    from tanzhao.engines.screening.tables import Datasets


def lint_sql(
    sql: str, stored: Mapping[str, tuple[tuple[str, str], ...]], *, file: str = "rule.sql"
) -> "tuple[Finding, ...]":
    """Find what in one SELECT is not in the portable subset.

    Args:
        stored: tables that may be read: name to (column, type), as `Datasets.stored`.
        file: the name that findings carry.
    Returns: findings in the order of the file; none if every engine gives the same rows.
    """
    from tanzhao.engines.screening.linting.looking import look_at

    return look_at(sql, stored, file=file).findings


def lint_rule(rule: "Rule", datasets: "Datasets") -> "tuple[Finding, ...]":
    """Find what in a rule is not portable, or not as screening-format.md §3 demands."""
    from tanzhao.engines.screening.linting.ruling import lint

    return lint(rule, datasets)
