WITH with_trip AS (
    SELECT DISTINCT fuel.source_key, fuel.row_number
    FROM fuel
    INNER JOIN trips ON fuel.plate_key = trips.plate_key
    WHERE
        date_diff('day', fuel.fuelled_date, trips.left_date) <= $days
        AND date_diff('day', coalesce(trips.returned_date, trips.left_date), fuel.fuelled_date)
        <= $days
)

SELECT
    fuel.plate_key,
    fuel.fuelled_date,
    sum(fuel.amount_cents) AS amount_cents,
    min(fuel.fuelled_date) AS first_date,
    max(fuel.fuelled_date) AS last_date,
    0 AS match_basis,
    sum(fuel.litres_thousandths) AS litres_thousandths,
    count(*) AS entries
FROM fuel
LEFT JOIN with_trip
    ON fuel.source_key = with_trip.source_key AND fuel.row_number = with_trip.row_number
WHERE fuel.plate_key IS NOT NULL AND fuel.litres_thousandths > 0 AND with_trip.source_key IS NULL
GROUP BY fuel.plate_key, fuel.fuelled_date
