WITH by_person AS (
    SELECT
        account_key,
        person_key,
        min(account_holder) AS account_holder,
        count(*) AS payments,
        sum(amount_cents) AS amount_cents,
        min(coalesce(paid_date, make_date(month // 100, month % 100, 1))) AS first_date,
        max(coalesce(paid_date, make_date(month // 100, month % 100, 1))) AS last_date,
        max(person_basis) AS person_basis
    FROM payments
    WHERE account_key IS NOT NULL AND person_key IS NOT NULL AND amount_cents > 0
    GROUP BY account_key, person_key
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
