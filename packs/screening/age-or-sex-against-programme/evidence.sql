WITH paid AS (
    SELECT
        hits.person_key,
        hits.programme,
        payments.source_key,
        payments.row_number,
        programmes.least_age,
        programmes.most_age,
        programmes.sex,
        person_numbers.birth_date,
        person_numbers.is_male,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM hits
    INNER JOIN payments
        ON hits.person_key = payments.person_key AND hits.programme = payments.programme
    INNER JOIN programmes ON payments.programme = programmes.programme
    INNER JOIN person_numbers ON payments.person_key = person_numbers.person_key
    WHERE payments.amount_cents > 0
),

aged AS (
    SELECT
        person_key,
        programme,
        source_key,
        row_number,
        least_age,
        most_age,
        sex,
        is_male,
        (year(paid_on) - year(birth_date)) * 12 + month(paid_on) - month(birth_date) AS months
    FROM paid
)

SELECT DISTINCT
    person_key,
    programme,
    'payment' AS role,
    source_key,
    row_number
FROM aged
WHERE
    months + $grace_months < least_age * 12
    OR months > most_age * 12 + 11 + $grace_months
    OR (sex = '男' AND NOT is_male)
    OR (sex = '女' AND is_male)
