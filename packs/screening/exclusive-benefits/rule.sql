WITH pairs AS (
    SELECT DISTINCT
        least(programme, other) AS programme,
        greatest(programme, other) AS other
    FROM exclusive
    WHERE programme <> other
),

listed AS (
    SELECT programme FROM pairs
    UNION
    SELECT other AS programme FROM pairs
),

-- Few people draw two of the benefits at all; months are looked at for them only.
drawing_two AS (
    SELECT payments.person_key
    FROM payments
    INNER JOIN listed ON payments.programme = listed.programme
    GROUP BY payments.person_key
    HAVING min(payments.programme) <> max(payments.programme)
),

monthly AS (
    SELECT
        payments.person_key,
        payments.programme,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date)) AS month,
        min(payments.name) AS name,
        sum(payments.amount_cents) AS amount_cents,
        max(payments.person_basis) AS person_basis
    FROM payments
    INNER JOIN drawing_two ON payments.person_key = drawing_two.person_key
    INNER JOIN listed ON payments.programme = listed.programme
    WHERE payments.amount_cents > 0
    GROUP BY
        payments.person_key,
        payments.programme,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date))
)

SELECT
    one.person_key,
    pairs.programme,
    pairs.other,
    least(sum(one.amount_cents), sum(two.amount_cents)) AS amount_cents,
    make_date(min(one.month) // 100, min(one.month) % 100, 1) AS first_date,
    make_date(max(one.month) // 100, max(one.month) % 100, 1) AS last_date,
    greatest(max(one.person_basis), max(two.person_basis)) AS match_basis,
    min(one.name) AS name,
    count(*) AS months,
    min(one.month) AS first_month,
    max(one.month) AS last_month
FROM monthly AS one
INNER JOIN pairs ON one.programme = pairs.programme
INNER JOIN monthly AS two
    ON
        one.person_key = two.person_key
        AND one.month = two.month
        AND pairs.other = two.programme
GROUP BY one.person_key, pairs.programme, pairs.other
HAVING count(*) >= $least_months
