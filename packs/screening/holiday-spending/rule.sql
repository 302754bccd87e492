WITH known_days AS (
    SELECT day, min(is_working) AS is_working, min(holiday) AS holiday
    FROM calendar
    GROUP BY day
),

days AS (
    SELECT
        reimbursements.office,
        reimbursements.voucher,
        reimbursements.spent_date,
        reimbursements.amount_cents,
        known_days.holiday,
        coalesce(
            known_days.is_working,
            -- 3 January 2000 was a Monday.
            date_diff('day', DATE '2000-01-03', reimbursements.spent_date) % 7 < 5
        ) AS is_working
    FROM reimbursements
    LEFT JOIN known_days ON reimbursements.spent_date = known_days.day
    WHERE reimbursements.amount_cents >= $least_amount_cents
)

SELECT
    office,
    voucher,
    sum(amount_cents) AS amount_cents,
    min(spent_date) AS first_date,
    max(spent_date) AS last_date,
    0 AS match_basis,
    count(*) AS entries,
    count(holiday) AS holidays
FROM days
WHERE NOT is_working
GROUP BY office, voucher
