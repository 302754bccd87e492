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
INNER JOIN kin ON paid.person_key = kin.person_key
INNER JOIN cadres ON kin.cadre_key = cadres.person_key
WHERE
    (cadres.from_date IS NULL OR cadres.from_date <= paid.paid_on)
    AND (cadres.to_date IS NULL OR paid.paid_on <= cadres.to_date)

UNION ALL

SELECT
    hits.person_key,
    hits.programme,
    'declaration' AS role,
    kin.source_key,
    kin.row_number
FROM hits
INNER JOIN kin ON hits.person_key = kin.person_key
