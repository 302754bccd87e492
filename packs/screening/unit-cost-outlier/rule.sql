WITH priced AS (
    SELECT
        office,
        voucher,
        category,
        year(spent_date) AS year,
        spent_date,
        amount_cents,
        source_key,
        row_number,
        coalesce(
            unit_price_cents, amount_cents * 1000 // nullif(quantity_thousandths, 0)
        ) AS price_cents
    FROM reimbursements
    WHERE amount_cents > 0
),

ranked AS (
    SELECT
        category,
        year,
        price_cents,
        row_number() OVER (
            PARTITION BY category, year
            ORDER BY
                price_cents NULLS LAST, source_key NULLS LAST, row_number NULLS LAST
        ) AS place,
        count(*) OVER (PARTITION BY category, year) AS entries
    FROM priced
    WHERE price_cents > 0
),

medians AS (
    SELECT category, year, price_cents AS median_cents, entries
    FROM ranked
    WHERE place = (entries + 1) // 2 AND entries >= $least_entries
)

SELECT
    priced.office,
    priced.voucher,
    priced.category,
    priced.year,
    sum(priced.amount_cents) AS amount_cents,
    min(priced.spent_date) AS first_date,
    max(priced.spent_date) AS last_date,
    0 AS match_basis,
    max(priced.price_cents) AS price_cents,
    max(medians.median_cents) AS median_cents,
    max(medians.entries) AS entries
FROM priced
INNER JOIN medians ON priced.category = medians.category AND priced.year = medians.year
WHERE priced.price_cents * 100 > medians.median_cents * $times_percent
GROUP BY priced.office, priced.voucher, priced.category, priced.year
