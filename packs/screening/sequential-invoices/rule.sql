WITH numbered AS (
    SELECT
        issuer_key,
        buyer,
        coalesce(invoice_code, '') AS series_code,
        CASE WHEN length(invoice) = 20 THEN left(invoice, 12) ELSE '' END AS series,
        TRY_CAST(
            CASE
                WHEN translate(right(invoice, 8), '0123456789', '') = '' THEN right(invoice, 8)
            END AS BIGINT
        ) AS number,
        issuer_name,
        issued_date,
        amount_cents
    FROM invoices
    WHERE
        issuer_key IS NOT NULL
        AND buyer IS NOT NULL
        AND (length(invoice) = 8 OR length(invoice) = 20)
),

once AS (
    SELECT
        issuer_key,
        buyer,
        series_code,
        series,
        number,
        min(issuer_name) AS issuer_name,
        min(issued_date) AS issued_date,
        max(amount_cents) AS amount_cents
    FROM numbered
    WHERE number IS NOT NULL
    GROUP BY issuer_key, buyer, series_code, series, number
),

run AS (
    SELECT
        issuer_key,
        buyer,
        series_code,
        series,
        number,
        issuer_name,
        issued_date,
        amount_cents,
        number - rank() OVER (
            PARTITION BY issuer_key, buyer, series_code, series ORDER BY number NULLS LAST
        ) AS island
    FROM once
)

SELECT
    issuer_key AS firm_key,
    buyer,
    series_code,
    series,
    min(number) AS first_number,
    sum(amount_cents) AS amount_cents,
    min(issued_date) AS first_date,
    max(issued_date) AS last_date,
    0 AS match_basis,
    min(issuer_name) AS issuer_name,
    count(*) AS invoices
FROM run
GROUP BY issuer_key, buyer, series_code, series, island
HAVING count(*) >= $least_invoices
