WITH amounts AS (
    SELECT
        office,
        amount_cents,
        spent_date,
        CASE
            WHEN amount_cents < 10000 THEN amount_cents // 100
            WHEN amount_cents < 100000 THEN amount_cents // 1000
            WHEN amount_cents < 1000000 THEN amount_cents // 10000
            WHEN amount_cents < 10000000 THEN amount_cents // 100000
            WHEN amount_cents < 100000000 THEN amount_cents // 1000000
            WHEN amount_cents < 1000000000 THEN amount_cents // 10000000
            WHEN amount_cents < 10000000000 THEN amount_cents // 100000000
            ELSE amount_cents // 1000000000
        END AS two_digits
    FROM reimbursements
    WHERE amount_cents >= 1000 AND amount_cents < 100000000000
),

seen_digits AS (
    SELECT
        office,
        two_digits // 10 AS digit,
        count(*) AS seen,
        sum(amount_cents) AS amount_cents,
        min(spent_date) AS first_date,
        max(spent_date) AS last_date
    FROM amounts
    GROUP BY office, two_digits // 10
),

offices AS (
    SELECT office, sum(seen) AS entries
    FROM seen_digits
    GROUP BY office
    HAVING sum(seen) >= $least_entries
),

law AS (
    SELECT 1 AS digit, 301030 AS share_millionths
    UNION ALL
    SELECT 2 AS digit, 176091 AS share_millionths
    UNION ALL
    SELECT 3 AS digit, 124939 AS share_millionths
    UNION ALL
    SELECT 4 AS digit, 96910 AS share_millionths
    UNION ALL
    SELECT 5 AS digit, 79181 AS share_millionths
    UNION ALL
    SELECT 6 AS digit, 66947 AS share_millionths
    UNION ALL
    SELECT 7 AS digit, 57992 AS share_millionths
    UNION ALL
    SELECT 8 AS digit, 51153 AS share_millionths
    UNION ALL
    SELECT 9 AS digit, 45757 AS share_millionths
)

SELECT
    offices.office,
    law.digit,
    coalesce(seen_digits.amount_cents, 0) AS amount_cents,
    seen_digits.first_date,
    seen_digits.last_date,
    0 AS match_basis,
    offices.entries,
    coalesce(seen_digits.seen, 0) AS seen,
    (offices.entries * law.share_millionths + 500000) // 1000000 AS expected
FROM offices
CROSS JOIN law
LEFT JOIN seen_digits ON offices.office = seen_digits.office AND law.digit = seen_digits.digit
