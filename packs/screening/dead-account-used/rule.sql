WITH dead AS (
    SELECT person_key, max(death_date) AS death_date, max(person_basis) AS person_basis
    FROM deaths
    WHERE person_key IS NOT NULL
    GROUP BY person_key
)

SELECT
    accounts.person_key,
    accounts.account_key,
    max(accounts.balance_cents) AS amount_cents,
    max(accounts.last_used_date) AS first_date,
    max(accounts.last_used_date) AS last_date,
    greatest(max(accounts.person_basis), max(dead.person_basis)) AS match_basis,
    min(accounts.name) AS name,
    min(dead.death_date) AS death_date
FROM accounts
INNER JOIN dead ON accounts.person_key = dead.person_key
WHERE
    accounts.account_key IS NOT NULL
    AND date_diff('day', dead.death_date, accounts.last_used_date) > $grace_days
GROUP BY accounts.person_key, accounts.account_key
