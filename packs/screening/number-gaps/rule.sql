WITH bare AS (
    SELECT
        office,
        year(spent_date) AS year,
        spent_date,
        translate(voucher, '0123456789', '') AS series,
        translate(voucher, '记收付转银现凭字第号- ', '') AS digits
    FROM reimbursements
),

numbered AS (
    SELECT
        office,
        series,
        year,
        spent_date,
        TRY_CAST(
            CASE WHEN translate(digits, '0123456789', '') = '' THEN digits END AS BIGINT
        ) AS number
    FROM bare
),

once AS (
    SELECT office, series, year, number, min(spent_date) AS spent_date
    FROM numbered
    WHERE number IS NOT NULL
    GROUP BY office, series, year, number
),

followed AS (
    SELECT
        office,
        series,
        year,
        number,
        spent_date,
        lead(number) OVER (
            PARTITION BY office, series, year ORDER BY number NULLS LAST
        ) AS next_number
    FROM once
)

SELECT
    office,
    series,
    year,
    number AS after_number,
    CAST(NULL AS BIGINT) AS amount_cents,
    spent_date AS first_date,
    spent_date AS last_date,
    0 AS match_basis,
    next_number,
    next_number - number - 1 AS missing
FROM followed
WHERE
    next_number - number - 1 >= $least_missing
    AND next_number - number - 1 <= $most_missing
