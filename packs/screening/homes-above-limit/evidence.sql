WITH tested AS (
    SELECT programme, min(most_homes) AS most_homes
    FROM programmes
    WHERE is_needs_tested
    GROUP BY programme
),

paid AS (
    SELECT
        hits.person_key,
        hits.programme,
        payments.source_key,
        payments.row_number,
        coalesce(tested.most_homes, $most_homes) AS homes_allowed,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM hits
    INNER JOIN payments
        ON hits.person_key = payments.person_key AND hits.programme = payments.programme
    INNER JOIN tested ON payments.programme = tested.programme
    WHERE payments.amount_cents > 0
)

SELECT
    min(paid.person_key) AS person_key,
    min(paid.programme) AS programme,
    'payment' AS role,
    paid.source_key,
    paid.row_number
FROM paid
INNER JOIN properties ON paid.person_key = properties.person_key
WHERE
    (properties.kind IS NULL OR properties.kind LIKE '%住%')
    AND (properties.registered_date IS NULL OR properties.registered_date <= paid.paid_on)
    AND (properties.ended_date IS NULL OR properties.ended_date > paid.paid_on)
GROUP BY paid.source_key, paid.row_number
HAVING count(*) > min(paid.homes_allowed)

UNION ALL

SELECT
    hits.person_key,
    hits.programme,
    'property' AS role,
    properties.source_key,
    properties.row_number
FROM hits
INNER JOIN properties ON hits.person_key = properties.person_key
WHERE properties.kind IS NULL OR properties.kind LIKE '%住%'
