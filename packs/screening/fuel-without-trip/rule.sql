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
ANTI JOIN trips
    ON
        fuel.plate_key = trips.plate_key
        AND date_diff('day', fuel.fuelled_date, trips.left_date) <= $days
        AND date_diff('day', coalesce(trips.returned_date, trips.left_date), fuel.fuelled_date)
        <= $days
WHERE fuel.plate_key IS NOT NULL AND fuel.litres_thousandths > 0
GROUP BY fuel.plate_key, fuel.fuelled_date
