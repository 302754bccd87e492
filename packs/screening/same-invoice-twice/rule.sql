WITH by_voucher AS (
    SELECT
        coalesce(invoice_code, '') AS invoice_code,
        invoice,
        office,
        voucher,
        sum(amount_cents) AS amount_cents,
        min(spent_date) AS first_date,
        max(spent_date) AS last_date
    FROM reimbursements
    WHERE invoice IS NOT NULL
    GROUP BY coalesce(invoice_code, ''), invoice, office, voucher
)

SELECT
    invoice_code,
    invoice,
    sum(amount_cents) - max(amount_cents) AS amount_cents,
    min(first_date) AS first_date,
    max(last_date) AS last_date,
    0 AS match_basis,
    count(*) AS vouchers
FROM by_voucher
WHERE amount_cents > 0
GROUP BY invoice_code, invoice
HAVING count(*) > $most_vouchers
