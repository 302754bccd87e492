WITH tested AS (
    SELECT DISTINCT programme
    FROM programmes
    WHERE is_needs_tested
),

paid AS (
    SELECT
        payments.source_key,
        payments.row_number,
        payments.person_key,
        payments.person_basis,
        payments.programme,
        payments.name,
        payments.amount_cents,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM payments
    INNER JOIN tested ON payments.programme = tested.programme
    WHERE payments.amount_cents > 0
),

matched AS (
    SELECT
        paid.source_key,
        paid.row_number,
        min(paid.person_key) AS person_key,
        min(paid.programme) AS programme,
        min(paid.name) AS name,
        min(paid.amount_cents) AS amount_cents,
        min(paid.paid_on) AS paid_on,
        max(greatest(paid.person_basis, officers.person_basis)) AS match_basis,
        min(enterprises.firm_name) AS firm_name,
        min(officers.role) AS role,
        max(enterprises.capital_cents) AS capital_cents
    FROM paid
    INNER JOIN officers ON paid.person_key = officers.person_key
    INNER JOIN enterprises ON officers.firm_key = enterprises.firm_key
    WHERE
        enterprises.capital_cents >= $least_capital_cents
        AND (enterprises.founded_date IS NULL OR enterprises.founded_date <= paid.paid_on)
        AND (enterprises.closed_date IS NULL OR enterprises.closed_date > paid.paid_on)
        AND (officers.from_date IS NULL OR officers.from_date <= paid.paid_on)
        AND (officers.to_date IS NULL OR officers.to_date > paid.paid_on)
    GROUP BY paid.source_key, paid.row_number
)

SELECT
    person_key,
    programme,
    sum(amount_cents) AS amount_cents,
    min(paid_on) AS first_date,
    max(paid_on) AS last_date,
    max(match_basis) AS match_basis,
    min(name) AS name,
    min(firm_name) AS firm_name,
    min(role) AS role,
    max(capital_cents) AS capital_cents,
    count(*) AS payments
FROM matched
GROUP BY person_key, programme
