SELECT
    hits.office,
    hits.category,
    hits.year,
    'contract' AS role,
    contracts.source_key,
    contracts.row_number
FROM hits
INNER JOIN contracts
    ON
        hits.office = contracts.office
        AND hits.category = contracts.category
        AND hits.year = year(contracts.signed_date)
WHERE
    contracts.amount_cents < hits.limit_used_cents
    AND (contracts.method IS NULL OR NOT contracts.method LIKE '%公开招标%')
