# ruff: noqa: E501 — SQL reads better in the lines its author gave it
"""What an auditor who knows SQL would write: the rules on benefits, on Parquet with ID numbers as
text and yuan as DOUBLE, each with the rows it rests on. Results must be those of the shipped rules.
"""

from pathlib import Path

import duckdb

TESTED = "p.programme IN (SELECT programme FROM programmes WHERE is_needs_tested) AND p.amount > 0"


def drawn(table: str, on: str, condition: str, extra: str = "") -> tuple[str, list[str]]:
    """Write a rule on needs-tested benefits drawn while something was held."""
    matched = f"SELECT p.* FROM payments p WHERE {TESTED} AND EXISTS ({table} WHERE {condition})"
    hits = (
        f"SELECT person, programme, sum(amount) AS amount, min(paid_date) AS first_date, "
        f"max(paid_date) AS last_date, min(name) AS name, count(*) AS payments{extra} "
        f"FROM ({matched}) GROUP BY person, programme"
    )
    return hits, [
        f"SELECT h.programme AS hit, p.* FROM hits h JOIN ({matched}) p USING (person, programme)",
        on,
    ]


RULES: dict[str, tuple[str, list[str]]] = {
    "paid-after-death": (
        (
            "SELECT p.person, p.programme, sum(p.amount) AS amount, min(p.paid_date) AS first_date, "
            "max(p.paid_date) AS last_date, min(p.name) AS name, min(d.death_date) AS death_date, "
            "count(*) AS payments FROM payments p JOIN deaths d ON p.person = d.person "
            "WHERE p.amount > 0 AND p.paid_date > d.death_date + 31 GROUP BY p.person, p.programme"
        ),
        [
            (
                "SELECT p.* FROM hits h JOIN payments p USING (person, programme) "
                "WHERE p.amount > 0 AND p.paid_date > h.death_date + 31"
            ),
            "SELECT h.programme, d.* FROM hits h JOIN deaths d USING (person)",
        ],
    ),
    "payroll-on-subsistence": drawn(
        "SELECT 1 FROM payroll r",
        "SELECT h.programme, r.* FROM hits h JOIN payroll r USING (person)",
        "r.person = p.person AND (r.from_date IS NULL OR p.paid_date > r.from_date + 31) "
        "AND (r.to_date IS NULL OR p.paid_date <= r.to_date)",
    ),
    "exclusive-benefits": (
        (
            "SELECT a.person, e.programme, e.other, least(sum(a.amount), sum(b.amount)) AS amount, "
            "min(a.month) AS first_month, max(a.month) AS last_month, min(a.name) AS name, "
            "count(*) AS months FROM exclusive e "
            "JOIN (SELECT person, programme, month, sum(amount) AS amount, min(name) AS name "
            "FROM payments WHERE amount > 0 AND programme IN (SELECT programme FROM exclusive) "
            "GROUP BY ALL) a ON a.programme = e.programme "
            "JOIN (SELECT person, programme, month, sum(amount) AS amount "
            "FROM payments WHERE amount > 0 AND programme IN (SELECT other FROM exclusive) "
            "GROUP BY ALL) b "
            "ON b.programme = e.other AND b.person = a.person AND b.month = a.month GROUP BY ALL"
        ),
        [
            (
                "SELECT DISTINCT p.* FROM hits h JOIN payments p ON p.person = h.person "
                "AND p.programme IN (h.programme, h.other) AND p.amount > 0 AND EXISTS (SELECT 1 "
                "FROM payments q WHERE q.person = p.person AND q.month = p.month AND q.amount > 0 "
                "AND q.programme = CASE p.programme WHEN h.programme THEN h.other "
                "ELSE h.programme END)"
            )
        ],
    ),
    "one-account-many-persons": (
        (
            "SELECT account, sum(amount) AS amount, min(paid_date) AS first_date, "
            "max(paid_date) AS last_date, min(account_holder) AS holder, "
            "count(DISTINCT person) AS persons, count(*) AS payments FROM payments "
            "WHERE amount > 0 AND account IS NOT NULL GROUP BY account "
            "HAVING count(DISTINCT person) > 3"
        ),
        ["SELECT p.* FROM hits h JOIN payments p USING (account) WHERE p.amount > 0"],
    ),
    "same-person-twice": (
        (
            "SELECT person, programme, month, sum(amount) - max(amount) AS amount, "
            "min(paid_date) AS first_date, max(paid_date) AS last_date, min(name) AS name, "
            "count(*) AS payments FROM payments GROUP BY person, programme, month "
            "HAVING count(*) > 1 AND sum(amount) > max(amount)"
        ),
        ["SELECT p.* FROM hits h JOIN payments p USING (person, programme, month)"],
    ),
    "dead-account-used": (
        (
            "SELECT a.person, a.account, max(a.balance) AS amount, max(a.last_used_date) AS last_date, "
            "min(d.death_date) AS death_date FROM accounts a JOIN deaths d ON a.person = d.person "
            "WHERE a.last_used_date > d.death_date + 90 GROUP BY a.person, a.account"
        ),
        [
            "SELECT a.* FROM hits h JOIN accounts a USING (person, account)",
            "SELECT h.account, d.* FROM hits h JOIN deaths d USING (person)",
        ],
    ),
    "age-or-sex-against-programme": (
        (
            "SELECT person, programme, sum(amount) AS amount, min(paid_date) AS first_date, "
            "max(paid_date) AS last_date, min(name) AS name, count(*) AS payments, "
            "min(months // 12) AS youngest, max(months // 12) AS oldest FROM (SELECT p.*, g.least_age, "
            "g.most_age, g.sex, (year(p.paid_date) - CAST(substr(p.person, 7, 4) AS INT)) * 12 "
            "+ month(p.paid_date) - CAST(substr(p.person, 11, 2) AS INT) AS months "
            "FROM payments p JOIN programmes g USING (programme) WHERE p.amount > 0 AND (g.least_age "
            "IS NOT NULL OR g.most_age IS NOT NULL OR g.sex IS NOT NULL)) "
            "WHERE months < least_age * 12 - 1 OR months > most_age * 12 + 12 "
            "OR (sex = '女' AND CAST(substr(person, 17, 1) AS INT) % 2 = 1) "
            "OR (sex = '男' AND CAST(substr(person, 17, 1) AS INT) % 2 = 0) GROUP BY person, programme"
        ),
        [
            (
                "SELECT p.* FROM hits h JOIN payments p USING (person, programme) "
                "JOIN programmes g USING (programme) WHERE p.amount > 0 "
                "AND ((year(p.paid_date) - CAST(substr(p.person, 7, 4) AS INT)) * 12 "
                "+ month(p.paid_date) - CAST(substr(p.person, 11, 2) AS INT) < g.least_age * 12 - 1 "
                "OR (year(p.paid_date) - CAST(substr(p.person, 7, 4) AS INT)) * 12 "
                "+ month(p.paid_date) - CAST(substr(p.person, 11, 2) AS INT) > g.most_age * 12 + 12 "
                "OR (g.sex = '女' AND CAST(substr(p.person, 17, 1) AS INT) % 2 = 1) "
                "OR (g.sex = '男' AND CAST(substr(p.person, 17, 1) AS INT) % 2 = 0))"
            )
        ],
    ),
    "area-above-contract": (
        (
            "SELECT a.person, a.programme, a.month, a.amount * (a.area - c.area) / a.area AS amount, "
            "a.first_date, a.last_date, a.name, a.area, c.area AS contracted FROM (SELECT person, "
            "programme, month, sum(p.area) AS area, sum(amount) AS amount, min(name) AS name, "
            "min(paid_date) AS first_date, max(paid_date) AS last_date FROM payments p "
            "JOIN programmes g USING (programme) WHERE g.is_by_area AND amount > 0 "
            "GROUP BY person, programme, month) a "
            "JOIN (SELECT person, sum(area) AS area FROM land GROUP BY person) c USING (person) "
            "WHERE round(a.area * 1000) * 100 > round(c.area * 1000) * 110"
        ),
        [
            "SELECT p.* FROM hits h JOIN payments p USING (person, programme, month)",
            "SELECT h.month, l.* FROM hits h JOIN land l USING (person)",
        ],
    ),
    "enterprise-owner": drawn(
        "SELECT 1 FROM officers o JOIN enterprises e USING (firm)",
        "SELECT h.programme, o.*, e.* FROM hits h JOIN officers o USING (person) "
        "JOIN enterprises e USING (firm) WHERE e.capital >= 100000",
        "o.person = p.person AND e.capital >= 100000 "
        "AND (e.founded_date IS NULL OR e.founded_date <= p.paid_date) "
        "AND (e.closed_date IS NULL OR e.closed_date > p.paid_date) "
        "AND (o.from_date IS NULL OR o.from_date <= p.paid_date) "
        "AND (o.to_date IS NULL OR o.to_date > p.paid_date)",
    ),
    "car-above-limit": drawn(
        "SELECT 1 FROM vehicles v JOIN programmes g ON g.programme = p.programme",
        "SELECT h.programme, v.* FROM hits h JOIN vehicles v ON v.owner = h.person",
        "v.owner = p.person AND v.price > coalesce(g.most_car, 50000) "
        "AND (v.registered_date IS NULL OR v.registered_date <= p.paid_date) "
        "AND (v.ended_date IS NULL OR v.ended_date > p.paid_date)",
    ),
    "homes-above-limit": (
        "WITH m AS (SELECT p.person, p.programme, p.amount, p.paid_date, p.name, count(*) AS homes "
        "FROM payments p JOIN properties r ON r.person = p.person WHERE " + TESTED + " "
        "AND (r.kind IS NULL OR r.kind LIKE '%住%') "
        "AND (r.registered_date IS NULL OR r.registered_date <= p.paid_date) "
        "AND (r.ended_date IS NULL OR r.ended_date > p.paid_date) "
        "GROUP BY p.person, p.programme, p.amount, p.paid_date, p.name, p.month, p.account) "
        "SELECT m.person, m.programme, sum(m.amount) AS amount, min(m.paid_date) AS first_date, "
        "max(m.paid_date) AS last_date, min(m.name) AS name, max(homes) AS homes, "
        "count(*) AS payments FROM m JOIN programmes g USING (programme) "
        "WHERE homes > coalesce(g.most_homes, 1) GROUP BY m.person, m.programme",
        [
            (
                "SELECT p.* FROM hits h JOIN payments p USING (person, programme) WHERE p.amount > 0 "
                "AND p.paid_date BETWEEN h.first_date AND h.last_date"
            ),
            (
                "SELECT h.programme, r.* FROM hits h JOIN properties r USING (person) "
                "WHERE r.kind IS NULL OR r.kind LIKE '%住%'"
            ),
        ],
    ),
    "cadre-beneficiary": drawn(
        "SELECT 1 FROM cadres c",
        "SELECT h.programme, c.* FROM hits h JOIN cadres c USING (person)",
        "c.person = p.person AND (c.from_date IS NULL OR c.from_date <= p.paid_date) "
        "AND (c.to_date IS NULL OR p.paid_date <= c.to_date)",
    ),
    "kin-beneficiary": drawn(
        "SELECT 1 FROM kin k JOIN cadres c ON c.person = k.cadre",
        "SELECT h.programme, k.* FROM hits h JOIN kin k USING (person)",
        "k.person = p.person AND (c.from_date IS NULL OR c.from_date <= p.paid_date) "
        "AND (c.to_date IS NULL OR p.paid_date <= c.to_date)",
    ),
    "payment-above-standard": (
        (
            "SELECT p.person, p.programme, p.month, sum(p.amount) - max(g.standard) AS amount, "
            "min(p.paid_date) AS first_date, max(p.paid_date) AS last_date, min(p.name) AS name, "
            "sum(p.amount) AS paid, max(g.standard) AS standard FROM payments p "
            "JOIN programmes g USING (programme) WHERE g.standard > 0 "
            "GROUP BY p.person, p.programme, p.month "
            "HAVING round(sum(p.amount) * 100) > round(max(g.standard) * 100)"
        ),
        ["SELECT p.* FROM hits h JOIN payments p USING (person, programme, month)"],
    ),
}


def run(plain: Path, out: Path, names: list[str], threads: int) -> None:
    """Run rules and write, for each, its hits and the rows they rest on."""
    out.mkdir(parents=True)
    with duckdb.connect(config={"threads": threads, "memory_limit": "4GB"}) as connection:
        connection.execute("SET preserve_insertion_order = false")
        for file in sorted(plain.glob("*.parquet")):
            connection.execute(f"CREATE VIEW {file.stem} AS FROM '{file}'")
        for name in names:
            hits, evidence = RULES[name]
            connection.execute(f"CREATE OR REPLACE TEMP TABLE hits AS {hits}")
            connection.execute(f"COPY hits TO '{out}/{name}.hits.parquet'")
            for at, select in enumerate(evidence):
                connection.execute(f"COPY ({select}) TO '{out}/{name}.rows{at}.parquet'")
