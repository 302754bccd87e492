"""A whole rule under the linter: both files, against what pack.toml promises."""

from sqlglot import exp

from tanzhao.engines.screening.findings import Finding
from tanzhao.engines.screening.linting.looking import look_at
from tanzhao.engines.screening.linting.reading import DATE, KIND_OF_TYPE, NULL, TEXT, WHOLE, Reading
from tanzhao.engines.screening.rules import ALWAYS, EVIDENCE, Result, Rule, kind_of
from tanzhao.engines.screening.tables import Datasets, Kind

HITS = "hits"  # what evidence.sql calls the result of the rule
TYPES = {TEXT: "VARCHAR", WHOLE: "BIGINT", DATE: "DATE", "flag": "BOOLEAN"}
KINDS = {
    **dict.fromkeys((Kind.TEXT, Kind.NAME), TEXT),
    Kind.DATE: DATE,
    **dict.fromkeys((Kind.PERSON, Kind.ACCOUNT, Kind.FIRM, Kind.PLATE), WHOLE),
    **dict.fromkeys((Kind.MONTH, Kind.MONEY, Kind.THOUSANDTHS, Kind.WHOLE), WHOLE),
}


def lint(rule: Rule, datasets: Datasets, *, bind: bool = True) -> tuple[Finding, ...]:
    """Find what in a rule is not portable, or not as the format demands."""
    never_zero = {name for name, one in rule.thresholds.items() if one.least > 0}
    stored = datasets.stored
    result = look_at(rule.sql, stored, never_zero=never_zero, bind=bind)
    _columns(rule, result)
    hits = _result_as_table(rule, result)
    evidence = look_at(
        rule.evidence_sql,
        {**stored, HITS: hits},
        file="evidence.sql",
        never_zero=never_zero,
        bind=bind,
    )
    if evidence.tree is not None:
        _gives(
            evidence,
            [(name, None) for name in rule.key] + [(n, KIND_OF_TYPE[t]) for n, t in EVIDENCE],
        )
        if HITS not in evidence.read:
            evidence.add_at(1, 1, "evidence_without_hits")
    _tables_and_thresholds(rule, result, evidence)
    if rule.result == Result.HITS and result.tree is not None:
        _basis_is_kept(result)
    return (*result.findings, *evidence.findings)


def _columns(rule: Rule, result: Reading) -> None:
    if result.tree is None:
        return
    always = {name: KIND_OF_TYPE[kind] for name, kind in ALWAYS}
    wanted = []
    for name in rule.columns:
        kind = kind_of(name, rule.facts)
        wanted.append((name, always.get(name) or (KINDS[kind] if kind else None)))
    _gives(result, wanted)
    for name in result.columns:
        if name not in rule.columns:
            result.add_at(1, 1, "column_undeclared", column=name)


def _gives(reading: Reading, wanted: list[tuple[str, str | None]]) -> None:
    for name, kind in wanted:
        if name not in reading.columns:
            reading.add_at(1, 1, "column_missing", column=name)
            continue
        given = reading.columns[name]
        if kind and given not in (kind, NULL, None):
            reading.add_at(1, 1, "column_kind", column=name, expected=kind, given=given or "")


def _result_as_table(rule: Rule, result: Reading) -> tuple[tuple[str, str], ...]:
    """Give the columns that evidence.sql finds in `hits`."""
    types = dict(ALWAYS)
    for name in rule.columns:
        kind = kind_of(name, rule.facts)
        known = KINDS[kind] if kind else result.columns.get(name)
        types.setdefault(name, TYPES.get(known or "", "VARCHAR"))
    return tuple((name, types[name]) for name in rule.columns)


def _tables_and_thresholds(rule: Rule, result: Reading, evidence: Reading) -> None:
    if result.tree is None or evidence.tree is None:
        return
    for reading in (result, evidence):
        for name in sorted(set(reading.read) - set(rule.tables) - {HITS}):
            reading.add_at(1, 1, "table_undeclared", table=name)
        for name in sorted(reading.thresholds - set(rule.thresholds)):
            reading.add_at(1, 1, "threshold_undeclared", threshold=name)
    for name in sorted(set(rule.tables) - set(result.read) - set(evidence.read)):
        result.add_at(1, 1, "table_unused", table=name)
    for name in sorted(set(rule.thresholds) - result.thresholds - evidence.thresholds):
        result.add_at(1, 1, "threshold_unused", threshold=name)


def _basis_is_kept(result: Reading) -> None:
    """Refuse a rule that calls linked keys exact: it reads keys of persons and says basis 0."""
    tree = result.tree
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    if not isinstance(tree, exp.Select):
        return
    bases = [one for one in tree.selects if one.alias_or_name == "match_basis"]
    if not bases or not isinstance(bases[0].unalias(), exp.Literal):
        return
    for table, columns in result.read.items():
        stored = result.stored[table]
        for name in sorted(columns):
            basis = name.removesuffix("_key") + "_basis"
            if name.endswith("_key") and basis in stored:
                result.add(bases[0], "basis_forgotten", column=f"{table}.{basis}")
                return
