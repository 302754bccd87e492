SELECT
    hits.person_key,
    hits.account_key,
    'account' AS role,
    accounts.source_key,
    accounts.row_number
FROM hits
INNER JOIN accounts
    ON hits.person_key = accounts.person_key AND hits.account_key = accounts.account_key

UNION ALL

SELECT
    hits.person_key,
    hits.account_key,
    'death' AS role,
    deaths.source_key,
    deaths.row_number
FROM hits
INNER JOIN deaths ON hits.person_key = deaths.person_key
