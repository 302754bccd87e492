WITH monthly AS (
    SELECT
        payments.person_key,
        payments.programme,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date)) AS month,
        min(payments.name) AS name,
        sum(payments.amount_cents) AS paid_cents,
        max(programmes.standard_cents) AS standard_cents,
        min(payments.paid_date) AS first_date,
        max(payments.paid_date) AS last_date,
        max(payments.person_basis) AS match_basis
    FROM payments
    INNER JOIN programmes ON payments.programme = programmes.programme
    WHERE payments.person_key IS NOT NULL AND programmes.standard_cents > 0
    GROUP BY
        payments.person_key,
        payments.programme,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date))
)

SELECT
    person_key,
    programme,
    month,
    paid_cents - standard_cents AS amount_cents,
    first_date,
    last_date,
    match_basis,
    name,
    paid_cents,
    standard_cents
FROM monthly
WHERE paid_cents * 100 > standard_cents * (100 + $tolerance_percent)
