WITH by_area AS (
    SELECT DISTINCT programme
    FROM programmes
    WHERE is_by_area
),

paid AS (
    SELECT
        payments.person_key,
        payments.programme,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date)) AS month,
        min(payments.name) AS name,
        sum(payments.area_thousandths) AS paid_area,
        sum(payments.amount_cents) AS amount_cents,
        min(payments.paid_date) AS first_date,
        max(payments.paid_date) AS last_date,
        max(payments.person_basis) AS person_basis
    FROM payments
    INNER JOIN by_area ON payments.programme = by_area.programme
    WHERE payments.amount_cents > 0
    GROUP BY
        payments.person_key,
        payments.programme,
        coalesce(payments.month, year(payments.paid_date) * 100 + month(payments.paid_date))
),

contracted AS (
    SELECT
        person_key,
        sum(area_thousandths) AS contracted_area,
        max(person_basis) AS person_basis
    FROM land
    GROUP BY person_key
)

SELECT
    paid.person_key,
    paid.programme,
    paid.month,
    paid.amount_cents * (paid.paid_area - contracted.contracted_area)
    // nullif(paid.paid_area, 0) AS amount_cents,
    paid.first_date,
    paid.last_date,
    greatest(paid.person_basis, contracted.person_basis) AS match_basis,
    paid.name,
    paid.paid_area AS paid_area_thousandths,
    contracted.contracted_area AS contracted_area_thousandths
FROM paid
INNER JOIN contracted ON paid.person_key = contracted.person_key
WHERE paid.paid_area * 100 > contracted.contracted_area * (100 + $tolerance_percent)
