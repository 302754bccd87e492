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
        AND hits.month = payments.month
