SELECT
    office,
    payee,
    year(spent_date) AS year,
    sum(amount_cents) AS amount_cents,
    min(spent_date) AS first_date,
    max(spent_date) AS last_date,
    0 AS match_basis,
    count(*) AS entries
FROM reimbursements
WHERE payee IS NOT NULL AND amount_cents > 0 AND amount_cents % $round_cents = 0
GROUP BY office, payee, year(spent_date)
HAVING count(*) >= $least_entries
