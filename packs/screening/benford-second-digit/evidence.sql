WITH amounts AS (
    SELECT
        office,
        source_key,
        row_number,
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
)

SELECT
    hits.office,
    hits.digit,
    'reimbursement' AS role,
    amounts.source_key,
    amounts.row_number
FROM hits
INNER JOIN amounts ON hits.office = amounts.office AND hits.digit = amounts.two_digits % 10
