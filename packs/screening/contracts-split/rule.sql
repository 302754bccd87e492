WITH open_to_question AS (
    SELECT
        office,
        category,
        year(signed_date) AS year,
        signed_date,
        amount_cents,
        CASE
            WHEN category LIKE '%工程%' OR category LIKE '%施工%' THEN $works_limit_cents
            ELSE $goods_limit_cents
        END AS limit_cents
    FROM contracts
    WHERE
        category IS NOT NULL
        AND (method IS NULL OR NOT method LIKE '%公开招标%')
)

SELECT
    office,
    category,
    year,
    sum(amount_cents) AS amount_cents,
    min(signed_date) AS first_date,
    max(signed_date) AS last_date,
    0 AS match_basis,
    count(*) AS contracts,
    max(limit_cents) AS limit_used_cents
FROM open_to_question
WHERE amount_cents < limit_cents
GROUP BY office, category, year
HAVING sum(amount_cents) >= max(limit_cents)
