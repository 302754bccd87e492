WITH tested AS (
    SELECT programme, min(most_car_cents) AS most_car_cents
    FROM programmes
    WHERE is_needs_tested
    GROUP BY programme
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
        tested.most_car_cents,
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
        max(greatest(paid.person_basis, vehicles.owner_basis)) AS match_basis,
        max(vehicles.price_cents) AS price_cents,
        min(coalesce(paid.most_car_cents, $limit_cents)) AS limit_used_cents
    FROM paid
    INNER JOIN vehicles ON paid.person_key = vehicles.owner_key
    WHERE
        vehicles.price_cents > coalesce(paid.most_car_cents, $limit_cents)
        AND (vehicles.registered_date IS NULL OR vehicles.registered_date <= paid.paid_on)
        AND (vehicles.ended_date IS NULL OR vehicles.ended_date > paid.paid_on)
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
    max(price_cents) AS price_cents,
    min(limit_used_cents) AS limit_used_cents,
    count(*) AS payments
FROM matched
GROUP BY person_key, programme
