WITH tested AS (
    SELECT programme, min(most_homes) AS most_homes
    FROM programmes
    WHERE is_needs_tested
    GROUP BY programme
),

paid AS (
    SELECT
        payments.source_key,
        payments.row_number,
        payments.person_key,
        payments.person_basis,
        payments.programme,
        payments.name,
        payments.amount_cents,
        tested.most_homes,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM payments
    INNER JOIN tested ON payments.programme = tested.programme
    WHERE payments.amount_cents > 0
),

matched AS (
    SELECT
        paid.source_key,
        paid.row_number,
        min(paid.person_key) AS person_key,
        min(paid.programme) AS programme,
        min(paid.name) AS name,
        min(paid.amount_cents) AS amount_cents,
        min(paid.paid_on) AS paid_on,
        max(greatest(paid.person_basis, properties.person_basis)) AS match_basis,
        count(*) AS homes,
        min(coalesce(paid.most_homes, $most_homes)) AS homes_allowed
    FROM paid
    INNER JOIN properties ON paid.person_key = properties.person_key
    WHERE
        (properties.kind IS NULL OR properties.kind LIKE '%住%')
        AND (properties.registered_date IS NULL OR properties.registered_date <= paid.paid_on)
        AND (properties.ended_date IS NULL OR properties.ended_date > paid.paid_on)
    GROUP BY paid.source_key, paid.row_number
)

SELECT
    person_key,
    programme,
    sum(amount_cents) AS amount_cents,
    min(paid_on) AS first_date,
    max(paid_on) AS last_date,
    max(match_basis) AS match_basis,
    min(name) AS name,
    max(homes) AS homes,
    min(homes_allowed) AS homes_allowed,
    count(*) AS payments
FROM matched
WHERE homes > homes_allowed
GROUP BY person_key, programme
