WITH paid AS (
    SELECT
        hits.person_key,
        hits.programme,
        payments.source_key,
        payments.row_number,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM hits
    INNER JOIN payments
        ON hits.person_key = payments.person_key AND hits.programme = payments.programme
    WHERE payments.amount_cents > 0
)

SELECT DISTINCT
    paid.person_key,
    paid.programme,
    'payment' AS role,
    paid.source_key,
    paid.row_number
FROM paid
INNER JOIN officers ON paid.person_key = officers.person_key
INNER JOIN enterprises ON officers.firm_key = enterprises.firm_key
WHERE
    enterprises.capital_cents >= $least_capital_cents
    AND (enterprises.founded_date IS NULL OR enterprises.founded_date <= paid.paid_on)
    AND (enterprises.closed_date IS NULL OR enterprises.closed_date > paid.paid_on)
    AND (officers.from_date IS NULL OR officers.from_date <= paid.paid_on)
    AND (officers.to_date IS NULL OR officers.to_date > paid.paid_on)

UNION ALL

SELECT
    hits.person_key,
    hits.programme,
    'officer' AS role,
    officers.source_key,
    officers.row_number
FROM hits
INNER JOIN officers ON hits.person_key = officers.person_key

UNION ALL

SELECT DISTINCT
    hits.person_key,
    hits.programme,
    'enterprise' AS role,
    enterprises.source_key,
    enterprises.row_number
FROM hits
INNER JOIN officers ON hits.person_key = officers.person_key
INNER JOIN enterprises ON officers.firm_key = enterprises.firm_key
WHERE enterprises.capital_cents >= $least_capital_cents
