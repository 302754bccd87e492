SELECT
    hits.invoice_code,
    hits.invoice,
    'reimbursement' AS role,
    reimbursements.source_key,
    reimbursements.row_number
FROM hits
INNER JOIN reimbursements
    ON
        hits.invoice = reimbursements.invoice
        AND hits.invoice_code = coalesce(reimbursements.invoice_code, '')
