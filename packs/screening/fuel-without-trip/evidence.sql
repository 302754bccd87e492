SELECT
    hits.plate_key,
    hits.fuelled_date,
    'fuel' AS role,
    fuel.source_key,
    fuel.row_number
FROM hits
INNER JOIN fuel ON hits.plate_key = fuel.plate_key AND hits.fuelled_date = fuel.fuelled_date
WHERE fuel.litres_thousandths > 0
