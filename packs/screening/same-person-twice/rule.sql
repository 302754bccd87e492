WITH repeated AS (
    SELECT person_key, programme, month
    FROM payments
    GROUP BY person_key, programme, month
    HAVING count(*) > $most_payments
)

SELECT
    payments.person_key,
    payments.programme,
    payments.month,
    sum(payments.amount_cents) - max(payments.amount_cents) AS amount_cents,
    min(coalesce(payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)))
        AS first_date,
    max(coalesce(payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)))
        AS last_date,
    max(payments.person_basis) AS match_basis,
    min(payments.name) AS name,
    count(*) AS payments
FROM payments
INNER JOIN repeated
    ON
        payments.person_key = repeated.person_key
        AND payments.programme = repeated.programme
        AND payments.month = repeated.month
GROUP BY payments.person_key, payments.programme, payments.month
HAVING sum(payments.amount_cents) > max(payments.amount_cents)
