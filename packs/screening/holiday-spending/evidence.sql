SELECT DISTINCT
    hits.office,
    hits.voucher,
    'reimbursement' AS role,
    reimbursements.source_key,
    reimbursements.row_number
FROM hits
INNER JOIN reimbursements
    ON hits.office = reimbursements.office AND hits.voucher = reimbursements.voucher
LEFT JOIN calendar ON reimbursements.spent_date = calendar.day
WHERE
    reimbursements.amount_cents >= $least_amount_cents
    AND NOT coalesce(
        calendar.is_working,
        date_diff('day', DATE '2000-01-03', reimbursements.spent_date) % 7 < 5
    )
