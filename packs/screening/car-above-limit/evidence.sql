WITH tested AS (
    SELECT programme, min(most_car_cents) AS most_car_cents
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
        tested.most_car_cents,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM hits
    INNER JOIN payments
        ON hits.person_key = payments.person_key AND hits.programme = payments.programme
    INNER JOIN tested ON payments.programme = tested.programme
    WHERE payments.amount_cents > 0
)

SELECT DISTINCT
    paid.person_key,
    paid.programme,
    'payment' AS role,
    paid.source_key,
    paid.row_number
FROM paid
INNER JOIN vehicles ON paid.person_key = vehicles.owner_key
WHERE
    vehicles.price_cents > coalesce(paid.most_car_cents, $limit_cents)
    AND (vehicles.registered_date IS NULL OR vehicles.registered_date <= paid.paid_on)
    AND (vehicles.ended_date IS NULL OR vehicles.ended_date > paid.paid_on)

UNION ALL

SELECT
    hits.person_key,
    hits.programme,
    'vehicle' AS role,
    vehicles.source_key,
    vehicles.row_number
FROM hits
INNER JOIN vehicles ON hits.person_key = vehicles.owner_key
