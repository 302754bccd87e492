WITH fuelled AS (
    SELECT
        plate_key,
        year(fuelled_date) * 100 + month(fuelled_date) AS month,
        sum(litres_thousandths) AS litres_thousandths,
        sum(amount_cents) AS amount_cents,
        min(fuelled_date) AS first_date,
        max(fuelled_date) AS last_date
    FROM fuel
    WHERE plate_key IS NOT NULL
    GROUP BY plate_key, year(fuelled_date) * 100 + month(fuelled_date)
),

driven AS (
    SELECT
        plate_key,
        year(left_date) * 100 + month(left_date) AS month,
        sum(kilometres_thousandths) AS kilometres_thousandths
    FROM trips
    WHERE plate_key IS NOT NULL
    GROUP BY plate_key, year(left_date) * 100 + month(left_date)
)

SELECT
    fuelled.plate_key,
    fuelled.month,
    fuelled.amount_cents,
    fuelled.first_date,
    fuelled.last_date,
    0 AS match_basis,
    fuelled.litres_thousandths,
    coalesce(driven.kilometres_thousandths, 0) AS kilometres_thousandths
FROM fuelled
LEFT JOIN driven ON fuelled.plate_key = driven.plate_key AND fuelled.month = driven.month
WHERE
    fuelled.litres_thousandths * 100
    > coalesce(driven.kilometres_thousandths, 0) * $litres_per_hundred + $tank_litres * 100000
