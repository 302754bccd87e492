"""The simplest rule there can be, for tests: who was paid at least so many times."""

from tanzhao.engines.screening.rules import rule_of

SIMPLE = {
    "version": "2026.1",
    "group": "benefits",
    "result": "hits",
    "risk": "low",
    "tables": ["payments"],
    "key": ["person_key"],
    "facts": {"payments": "whole"},
    "thresholds": {"least": {"default": 2, "least": 1, "most": 9}},
}
SQL = """SELECT person_key, sum(amount_cents) AS amount_cents, min(paid_date) AS first_date,
max(paid_date) AS last_date, max(person_basis) AS match_basis, count(*) AS payments
FROM payments WHERE person_key IS NOT NULL GROUP BY person_key HAVING count(*) >= $least"""
EVIDENCE = """SELECT hits.person_key, 'payment' AS role, payments.source_key, payments.row_number
FROM hits INNER JOIN payments ON hits.person_key = payments.person_key"""


def simple(sql=SQL, evidence=EVIDENCE, *, name="simple", **body):
    """Make the rule, or one that differs from it in its files or in what pack.toml says."""
    return rule_of(name, SIMPLE | body, sql=sql, evidence_sql=evidence)
