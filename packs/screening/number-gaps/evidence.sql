WITH bare AS (
    SELECT
        office,
        year(spent_date) AS year,
        source_key,
        row_number,
        translate(voucher, '0123456789', '') AS series,
        translate(voucher, '记收付转银现凭字第号- ', '') AS digits
    FROM reimbursements
),

numbered AS (
    SELECT
        office,
        series,
        year,
        source_key,
        row_number,
        TRY_CAST(
            CASE WHEN translate(digits, '0123456789', '') = '' THEN digits END AS BIGINT
        ) AS number
    FROM bare
)

SELECT
    hits.office,
    hits.series,
    hits.year,
    hits.after_number,
    'beside' AS role,
    numbered.source_key,
    numbered.row_number
FROM hits
INNER JOIN numbered
    ON
        hits.office = numbered.office
        AND hits.year = numbered.year
        AND hits.series = numbered.series
        AND (hits.after_number = numbered.number OR hits.next_number = numbered.number)
