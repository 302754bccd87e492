WITH dead AS (
    SELECT person_key, max(death_date) AS death_date, max(person_basis) AS person_basis
    FROM deaths
    WHERE person_key IS NOT NULL
    GROUP BY person_key
),

paid AS (
    SELECT
        payments.person_key,
        payments.programme,
        payments.name,
        payments.amount_cents,
        greatest(payments.person_basis, dead.person_basis) AS match_basis,
        dead.death_date,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM payments
    INNER JOIN dead ON payments.person_key = dead.person_key
    WHERE payments.amount_cents > 0
)

SELECT
    person_key,
    programme,
    sum(amount_cents) AS amount_cents,
    min(paid_on) AS first_date,
    max(paid_on) AS last_date,
    max(match_basis) AS match_basis,
    min(name) AS name,
    min(death_date) AS death_date,
    count(*) AS payments
FROM paid
WHERE date_diff('day', death_date, paid_on) > $grace_days
GROUP BY person_key, programme
