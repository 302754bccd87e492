SELECT
    hits.plate_key,
    hits.month,
    'fuel' AS role,
    fuel.source_key,
    fuel.row_number
FROM hits
INNER JOIN fuel
    ON
        hits.plate_key = fuel.plate_key
        AND hits.month = year(fuel.fuelled_date) * 100 + month(fuel.fuelled_date)

UNION ALL

SELECT
    hits.plate_key,
    hits.month,
    'trip' AS role,
    trips.source_key,
    trips.row_number
FROM hits
INNER JOIN trips
    ON
        hits.plate_key = trips.plate_key
        AND hits.month = year(trips.left_date) * 100 + month(trips.left_date)
