WITH dead AS (
    SELECT person_key, max(death_date) AS death_date, max(person_basis) AS person_basis
    FROM deaths
    WHERE person_key IS NOT NULL
    GROUP BY person_key
),

paid AS (
    SELECT
        person_key,
        programme,
        name,
        amount_cents,
        person_basis,
        coalesce(paid_date, make_date(month // 100, month % 100, 1)) AS paid_on
    FROM payments
    WHERE person_key IS NOT NULL AND amount_cents > 0
)

SELECT
    paid.person_key,
    paid.programme,
    min(paid.name) AS name,
    dead.death_date,
    count(*) AS payments,
    sum(paid.amount_cents) AS amount_cents,
    min(paid.paid_on) AS first_date,
    max(paid.paid_on) AS last_date,
    greatest(max(paid.person_basis), max(dead.person_basis)) AS match_basis
FROM paid
INNER JOIN dead ON paid.person_key = dead.person_key
WHERE date_diff('day', dead.death_date, paid.paid_on) > $grace_days
GROUP BY paid.person_key, paid.programme, dead.death_date
