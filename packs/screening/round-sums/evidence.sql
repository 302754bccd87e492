SELECT
    hits.office,
    hits.payee,
    hits.year,
    'reimbursement' AS role,
    reimbursements.source_key,
    reimbursements.row_number
FROM hits
INNER JOIN reimbursements
    ON
        hits.office = reimbursements.office
        AND hits.payee = reimbursements.payee
        AND hits.year = year(reimbursements.spent_date)
WHERE reimbursements.amount_cents > 0 AND reimbursements.amount_cents % $round_cents = 0
