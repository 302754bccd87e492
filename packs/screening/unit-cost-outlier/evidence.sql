SELECT
    hits.office,
    hits.voucher,
    hits.category,
    hits.year,
    'reimbursement' AS role,
    reimbursements.source_key,
    reimbursements.row_number
FROM hits
INNER JOIN reimbursements
    ON
        hits.office = reimbursements.office
        AND hits.voucher = reimbursements.voucher
        AND hits.category = reimbursements.category
        AND hits.year = year(reimbursements.spent_date)
WHERE reimbursements.amount_cents > 0
