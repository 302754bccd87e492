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
        source_key,
        row_number
    FROM invoices
    WHERE
        issuer_key IS NOT NULL
        AND buyer IS NOT NULL
        AND (length(invoice) = 8 OR length(invoice) = 20)
)

SELECT
    hits.firm_key,
    hits.buyer,
    hits.series_code,
    hits.series,
    hits.first_number,
    'invoice' AS role,
    numbered.source_key,
    numbered.row_number
FROM hits
INNER JOIN numbered
    ON
        hits.firm_key = numbered.issuer_key
        AND hits.buyer = numbered.buyer
        AND hits.series_code = numbered.series_code
        AND hits.series = numbered.series
WHERE
    numbered.number >= hits.first_number
    AND numbered.number < hits.first_number + hits.invoices
