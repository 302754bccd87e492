SELECT
    hits.office,
    hits.value_cents,
    'reimbursement' AS role,
    reimbursements.source_key,
    reimbursements.row_number
FROM hits
INNER JOIN reimbursements
    ON hits.office = reimbursements.office AND hits.value_cents = reimbursements.amount_cents
