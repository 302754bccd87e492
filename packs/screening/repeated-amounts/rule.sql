WITH offices AS (
    SELECT office, count(*) AS entries
    FROM reimbursements
    WHERE amount_cents >= $least_value_cents
    GROUP BY office
)

SELECT
    reimbursements.office,
    reimbursements.amount_cents AS value_cents,
    sum(reimbursements.amount_cents) AS amount_cents,
    min(reimbursements.spent_date) AS first_date,
    max(reimbursements.spent_date) AS last_date,
    0 AS match_basis,
    max(offices.entries) AS entries,
    count(*) AS seen
FROM reimbursements
INNER JOIN offices ON reimbursements.office = offices.office
WHERE reimbursements.amount_cents >= $least_value_cents
GROUP BY reimbursements.office, reimbursements.amount_cents
HAVING count(*) >= $least_times
