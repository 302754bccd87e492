SELECT
    hits.person_key,
    hits.programme,
    'payment' AS role,
    payments.source_key,
    payments.row_number
FROM hits
INNER JOIN payments
    ON hits.person_key = payments.person_key AND hits.programme = payments.programme
WHERE
    payments.amount_cents > 0
    AND date_diff(
        'day',
        hits.death_date,
        coalesce(payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1))
    ) > $grace_days

UNION ALL

SELECT
    hits.person_key,
    hits.programme,
    'death' AS role,
    deaths.source_key,
    deaths.row_number
FROM hits
INNER JOIN deaths ON hits.person_key = deaths.person_key
