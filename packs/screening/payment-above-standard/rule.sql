WITH terms AS (
    SELECT programme, max(standard_cents) AS standard_cents
    FROM programmes
    WHERE standard_cents > 0
    GROUP BY programme
),

above AS (
    SELECT
        payments.person_key,
        payments.programme,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date)) AS month,
        sum(payments.amount_cents) AS paid_cents,
        max(terms.standard_cents) AS standard_cents
    FROM payments
    INNER JOIN terms ON payments.programme = terms.programme
    GROUP BY
        payments.person_key,
        payments.programme,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date))
    HAVING
        sum(payments.amount_cents) * 100
        > max(terms.standard_cents) * (100 + $tolerance_percent)
)

SELECT
    above.person_key,
    above.programme,
    above.month,
    max(above.paid_cents) - max(above.standard_cents) AS amount_cents,
    min(payments.paid_date) AS first_date,
    max(payments.paid_date) AS last_date,
    max(payments.person_basis) AS match_basis,
    min(payments.name) AS name,
    max(above.paid_cents) AS paid_cents,
    max(above.standard_cents) AS standard_cents
FROM above
INNER JOIN payments
    ON
        above.person_key = payments.person_key
        AND above.programme = payments.programme
        AND above.month
        = coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date))
GROUP BY above.person_key, above.programme, above.month
