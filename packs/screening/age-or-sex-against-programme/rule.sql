WITH terms AS (
    SELECT
        programme,
        min(least_age) AS least_age,
        max(most_age) AS most_age,
        min(sex) AS sex
    FROM programmes
    WHERE least_age IS NOT NULL OR most_age IS NOT NULL OR sex IS NOT NULL
    GROUP BY programme
),

-- From when to when each person drew each programme that has terms of age or sex.
drawn AS (
    SELECT
        payments.person_key,
        payments.programme,
        min(coalesce(payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)))
            AS first_date,
        max(coalesce(payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)))
            AS last_date
    FROM payments
    INNER JOIN terms ON payments.programme = terms.programme
    WHERE payments.amount_cents > 0
    GROUP BY payments.person_key, payments.programme
),

told AS (
    SELECT
        drawn.person_key,
        drawn.programme,
        terms.least_age,
        terms.most_age,
        person_numbers.birth_date,
        (year(drawn.first_date) - year(person_numbers.birth_date)) * 12
        + month(drawn.first_date) - month(person_numbers.birth_date) AS first_months,
        (year(drawn.last_date) - year(person_numbers.birth_date)) * 12
        + month(drawn.last_date) - month(person_numbers.birth_date) AS last_months,
        CASE
            WHEN terms.sex = '男' AND NOT person_numbers.is_male THEN 1
            WHEN terms.sex = '女' AND person_numbers.is_male THEN 1
            ELSE 0
        END AS other_sex
    FROM drawn
    INNER JOIN terms ON drawn.programme = terms.programme
    INNER JOIN person_numbers ON drawn.person_key = person_numbers.person_key
),

doubtful AS (
    SELECT person_key, programme, least_age, most_age, birth_date, other_sex
    FROM told
    WHERE
        other_sex = 1
        OR first_months + $grace_months < least_age * 12
        OR last_months > most_age * 12 + 11 + $grace_months
),

aged AS (
    SELECT
        payments.person_key,
        payments.person_basis,
        payments.programme,
        payments.name,
        payments.amount_cents,
        doubtful.least_age,
        doubtful.most_age,
        doubtful.birth_date,
        doubtful.other_sex,
        coalesce(
            payments.paid_date, make_date(payments.month // 100, payments.month % 100, 1)
        ) AS paid_on
    FROM payments
    INNER JOIN doubtful
        ON payments.person_key = doubtful.person_key AND payments.programme = doubtful.programme
    WHERE payments.amount_cents > 0
),

counted AS (
    SELECT
        person_key,
        person_basis,
        programme,
        name,
        amount_cents,
        least_age,
        most_age,
        birth_date,
        other_sex,
        paid_on,
        (year(paid_on) - year(birth_date)) * 12 + month(paid_on) - month(birth_date) AS months
    FROM aged
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
FROM counted
WHERE
    other_sex = 1
    OR months + $grace_months < least_age * 12
    OR months > most_age * 12 + 11 + $grace_months
GROUP BY person_key, programme
