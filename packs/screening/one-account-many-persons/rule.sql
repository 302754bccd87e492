-- Most accounts have one person; only the others are looked at closely.
WITH shared AS (
    SELECT account_key
    FROM payments
    WHERE amount_cents > 0
    GROUP BY account_key
    HAVING min(person_key) <> max(person_key)
),

by_person AS (
    SELECT
        payments.account_key,
        payments.person_key,
        min(payments.account_holder) AS account_holder,
        count(*) AS payments,
        sum(payments.amount_cents) AS amount_cents,
        min(coalesce(payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)))
            AS first_date,
        max(coalesce(payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)))
            AS last_date,
        max(payments.person_basis) AS person_basis
    FROM payments
    INNER JOIN shared ON payments.account_key = shared.account_key
    WHERE payments.person_key IS NOT NULL AND payments.amount_cents > 0
    GROUP BY payments.account_key, payments.person_key
)

SELECT
    account_key,
    sum(amount_cents) AS amount_cents,
    min(first_date) AS first_date,
    max(last_date) AS last_date,
    max(person_basis) AS match_basis,
    min(account_holder) AS account_holder,
    count(*) AS persons,
    sum(payments) AS payments
FROM by_person
GROUP BY account_key
HAVING count(*) > $most_persons
