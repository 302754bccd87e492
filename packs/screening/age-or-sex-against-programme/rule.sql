WITH paid AS (
    SELECT
        payments.person_key,
        payments.person_basis,
        payments.programme,
        payments.name,
        payments.amount_cents,
        programmes.least_age,
        programmes.most_age,
        programmes.sex,
        person_numbers.birth_date,
        person_numbers.is_male,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM payments
    INNER JOIN programmes ON payments.programme = programmes.programme
    INNER JOIN person_numbers ON payments.person_key = person_numbers.person_key
    WHERE
        payments.amount_cents > 0
        AND (
            programmes.least_age IS NOT NULL
            OR programmes.most_age IS NOT NULL
            OR programmes.sex IS NOT NULL
        )
),

aged AS (
    SELECT
        person_key,
        person_basis,
        programme,
        name,
        amount_cents,
        least_age,
        most_age,
        sex,
        birth_date,
        is_male,
        paid_on,
        (year(paid_on) - year(birth_date)) * 12 + month(paid_on) - month(birth_date) AS months
    FROM paid
)

SELECT
    person_key,
    programme,
    sum(amount_cents) AS amount_cents,
    min(paid_on) AS first_date,
    max(paid_on) AS last_date,
    max(person_basis) AS match_basis,
    min(name) AS name,
    min(birth_date) AS birth_date,
    count(*) AS payments,
    min(months // 12) AS youngest,
    max(months // 12) AS oldest
FROM aged
WHERE
    months + $grace_months < least_age * 12
    OR months > most_age * 12 + 11 + $grace_months
    OR (sex = '男' AND NOT is_male)
    OR (sex = '女' AND is_male)
GROUP BY person_key, programme
