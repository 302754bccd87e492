SELECT
    person_key,
    programme,
    month,
    sum(amount_cents) - max(amount_cents) AS amount_cents,
    min(coalesce(paid_date, make_date(month // 100, month % 100, 1))) AS first_date,
    max(coalesce(paid_date, make_date(month // 100, month % 100, 1))) AS last_date,
    max(person_basis) AS match_basis,
    min(name) AS name,
    count(*) AS payments
FROM payments
WHERE person_key IS NOT NULL AND month IS NOT NULL
GROUP BY person_key, programme, month
HAVING count(*) > $most_payments AND sum(amount_cents) > max(amount_cents)
