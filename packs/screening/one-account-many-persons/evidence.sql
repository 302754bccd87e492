SELECT
    hits.account_key,
    'payment' AS role,
    payments.source_key,
    payments.row_number
FROM hits
INNER JOIN payments ON hits.account_key = payments.account_key
WHERE payments.person_key IS NOT NULL AND payments.amount_cents > 0
