SELECT
    hits.office,
    hits.year,
    'reimbursement' AS role,
    reimbursements.source_key,
    reimbursements.row_number
FROM hits
INNER JOIN reimbursements
    ON hits.office = reimbursements.office AND hits.year = year(reimbursements.spent_date)
WHERE reimbursements.category LIKE '%接待%'
