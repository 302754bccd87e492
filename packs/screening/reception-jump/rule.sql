WITH yearly AS (
    SELECT office, year(spent_date) AS year, sum(amount_cents) AS spent_cents
    FROM reimbursements
    WHERE category LIKE '%接待%'
    GROUP BY office, year(spent_date)
)

SELECT
    later.office,
    later.year,
    later.spent_cents - earlier.spent_cents AS amount_cents,
    make_date(later.year, 1, 1) AS first_date,
    make_date(later.year, 12, 31) AS last_date,
    0 AS match_basis,
    later.spent_cents,
    earlier.spent_cents AS before_cents
FROM yearly AS later
INNER JOIN yearly AS earlier ON later.office = earlier.office AND later.year = earlier.year + 1
WHERE
    later.spent_cents * 100 > earlier.spent_cents * (100 + $growth_percent)
    AND later.spent_cents - earlier.spent_cents >= $least_growth_cents
