WITH paid AS (
    SELECT
        hits.person_key,
        hits.programme,
        payments.source_key,
        payments.row_number,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM hits
    INNER JOIN payments
        ON hits.person_key = payments.person_key AND hits.programme = payments.programme
    WHERE payments.amount_cents > 0
)

SELECT DISTINCT
    paid.person_key,
    paid.programme,
    'payment' AS role,
    paid.source_key,
    paid.row_number
FROM paid
INNER JOIN payroll ON paid.person_key = payroll.person_key
WHERE
    (
        payroll.from_date IS NULL
        OR date_diff('day', payroll.from_date, paid.paid_on) > $grace_days
    )
    AND (payroll.to_date IS NULL OR paid.paid_on <= payroll.to_date)

UNION ALL

SELECT
    hits.person_key,
    hits.programme,
    'payroll' AS role,
    payroll.source_key,
    payroll.row_number
FROM hits
INNER JOIN payroll ON hits.person_key = payroll.person_key
