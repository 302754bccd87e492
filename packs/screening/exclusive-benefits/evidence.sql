WITH either AS (
    SELECT
        hits.person_key,
        hits.programme,
        hits.other,
        payments.programme AS paid_programme,
        payments.source_key,
        payments.row_number,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date)) AS month
    FROM hits
    INNER JOIN payments
        ON
            hits.person_key = payments.person_key
            AND (hits.programme = payments.programme OR hits.other = payments.programme)
    WHERE payments.amount_cents > 0
),

shared AS (
    SELECT person_key, programme, other, month
    FROM either
    GROUP BY person_key, programme, other, month
    HAVING min(paid_programme) <> max(paid_programme)
)

SELECT
    either.person_key,
    either.programme,
    either.other,
    'payment' AS role,
    either.source_key,
    either.row_number
FROM either
INNER JOIN shared
    ON
        either.person_key = shared.person_key
        AND either.programme = shared.programme
        AND either.other = shared.other
        AND either.month = shared.month
