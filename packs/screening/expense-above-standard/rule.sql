WITH priced AS (
    SELECT
        office,
        voucher,
        category,
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

above AS (
    SELECT
        priced.source_key,
        priced.row_number,
        priced.office,
        priced.voucher,
        priced.category,
        priced.spent_date,
        priced.amount_cents,
        priced.price_cents,
        min(standards.amount_cents) AS standard_cents
    FROM priced
    INNER JOIN standards ON priced.category = standards.category
    WHERE
        (standards.from_date IS NULL OR standards.from_date <= priced.spent_date)
        AND (standards.to_date IS NULL OR priced.spent_date <= standards.to_date)
        AND priced.price_cents * 100 > standards.amount_cents * (100 + $tolerance_percent)
    GROUP BY
        priced.source_key,
        priced.row_number,
        priced.office,
        priced.voucher,
        priced.category,
        priced.spent_date,
        priced.amount_cents,
        priced.price_cents
)

SELECT
    office,
    voucher,
    category,
    sum(amount_cents) AS amount_cents,
    min(spent_date) AS first_date,
    max(spent_date) AS last_date,
    0 AS match_basis,
    max(price_cents) AS price_cents,
    min(standard_cents) AS standard_cents
FROM above
GROUP BY office, voucher, category
