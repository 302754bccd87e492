WITH tested AS (
    SELECT DISTINCT programme
    FROM programmes
    WHERE is_needs_tested
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
        max(greatest(paid.person_basis, kin.person_basis, kin.cadre_basis, cadres.person_basis))
            AS match_basis
    FROM paid
    INNER JOIN kin ON paid.person_key = kin.person_key
    INNER JOIN cadres ON kin.cadre_key = cadres.person_key
    WHERE
        (cadres.from_date IS NULL OR cadres.from_date <= paid.paid_on)
        AND (cadres.to_date IS NULL OR paid.paid_on <= cadres.to_date)
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
    count(*) AS payments
FROM matched
GROUP BY person_key, programme
