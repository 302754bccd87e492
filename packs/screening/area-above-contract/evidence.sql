SELECT
    hits.person_key,
    hits.programme,
    hits.month,
    'payment' AS role,
    payments.source_key,
    payments.row_number
FROM hits
INNER JOIN payments
    ON
        hits.person_key = payments.person_key
        AND hits.programme = payments.programme
        AND hits.month
        = coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date))
WHERE payments.amount_cents > 0

UNION ALL

SELECT
    hits.person_key,
    hits.programme,
    hits.month,
    'contract' AS role,
    land.source_key,
    land.row_number
FROM hits
INNER JOIN land ON hits.person_key = land.person_key
