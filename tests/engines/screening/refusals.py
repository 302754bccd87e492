"""What the linter refuses, each with its proof; and what it lets through, over the same odd values.

test_linting.py holds the linter to both lists, test_spark.py holds the proofs to both engines.
"""

from dataclasses import dataclass

# Table `odd`: column, type, value; a single row.
ODD = (
    ("one", "INTEGER", "1"),
    ("neg", "INTEGER", "-7"),
    ("two", "INTEGER", "2"),
    ("nul", "INTEGER", "NULL"),
    ("big", "BIGINT", "1234567890123"),
    ("abc", "VARCHAR", "'abc'"),
    ("wide", "VARCHAR", "'　张三　'"),
    ("zh", "VARCHAR", "'张三丰'"),
    ("zh2", "VARCHAR", "'张山丰'"),
    ("empty", "VARCHAR", "''"),
    ("nultext", "VARCHAR", "NULL"),
    ("digits", "VARCHAR", "'00123'"),
    ("n", "VARCHAR", "'12a'"),
    ("up", "VARCHAR", "'İSTANBUL ß'"),
    ("pat", "VARCHAR", "'a_b%c'"),
    ("emo", "VARCHAR", "'😀x'"),
    ("d", "DATE", "DATE '2026-01-31'"),
    ("e", "DATE", "DATE '2026-03-01'"),
    ("leap", "DATE", "DATE '2024-02-29'"),
    ("yes", "BOOLEAN", "TRUE"),
    ("source_key", "INTEGER", "1"),
    ("row_number", "INTEGER", "2"),
)
STORED = {"odd": tuple((name, kind) for name, kind, _value in ODD)}
ROW = "SELECT " + ", ".join(f"CAST({value} AS {kind}) AS {name}" for name, kind, value in ODD)
# Three rows that tie and have a blank.
TIES = "SELECT CAST(NULL AS INTEGER) AS x, 'b' AS y UNION ALL SELECT 2, 'a' UNION ALL SELECT 2, 'c'"


@dataclass(frozen=True)
class Differs:
    """The engines answer differently, or one of them not at all.

    Attributes:
        sql: an expression over `odd`, or a whole query that may read `ties`.
        as_it_is: sent to Spark untranslated, as somebody would who writes for both.
    """

    code: str
    sql: str
    as_it_is: bool = False


@dataclass(frozen=True)
class Unfixed:
    """No engine promises one answer; `why` says what it hangs on."""

    code: str
    sql: str
    why: str


DIFFERS = (
    Differs("weekday", "dayofweek(d)"),
    Differs("weekday", "weekday(d)"),
    Differs("weekday", "isodow(d)"),
    Differs("extract", "extract(dow FROM d)"),
    Differs("extract", "date_part('dow', d)"),
    Differs("day_as_words", "dayname(d)"),
    Differs("day_as_words", "monthname(d)"),
    Differs("day_as_words", "strftime(d, '%a')", as_it_is=True),
    Differs("months", "date_diff('month', d, e)"),
    Differs("months", "datediff('month', d, e)"),
    Differs("months", "age(e, d)"),
    Differs("date_unit", "date_diff('year', DATE '2025-12-31', DATE '2026-01-01')"),
    Differs("date_minus_date", "e - d"),
    Differs("interval", "d + INTERVAL 1 MONTH"),
    Differs("interval", "d + INTERVAL 30 DAY"),
    Differs("ordered_list", "SELECT list(x ORDER BY x) AS r FROM ties"),
    Differs("ordered_list", "SELECT array_agg(y ORDER BY y DESC) AS r FROM ties", as_it_is=True),
    Differs("quantile", "quantile_disc(one, 0.5)"),
    Differs("floating", "log(100)"),
    Differs("division", "one / (two - two)"),
    Differs("concat", "concat('a', nultext)", as_it_is=True),
    Differs("trim", "trim(wide)"),
    Differs("letter_case", "upper(up)"),
    Differs("letter_case", "lower(up)"),
    Differs("likeness", "levenshtein(zh, zh2)"),
    Differs("likeness", "jaro_winkler_similarity(zh, zh2)"),
    Differs("likeness", "damerau_levenshtein(zh, zh2)"),
    Differs("pattern", "regexp_replace('aaa', 'a', 'b')"),
    Differs("pattern", "abc GLOB 'a*'"),
    Differs("hash", "hash(abc)"),
    Differs("like_escape", r"pat LIKE 'a\_b%'"),
    Differs("place_in_text", "substring(abc, 0, 2)"),
    Differs("place_in_text", "left(abc, -1)"),
    Differs("place_in_text", "right(abc, -1)"),
    Differs("text_to_number", "TRY_CAST('1e3' AS BIGINT)"),
    Differs("text_to_number", "TRY_CAST('1_000' AS BIGINT)"),
    Differs("text_to_number", "TRY_CAST('1.5' AS INTEGER)"),
    Differs("fraction", "CAST(2.5 AS INTEGER)"),
    Differs("fraction", "CAST(1e10 AS VARCHAR)"),
    Differs("cast", "CAST(big AS DECIMAL(18, 2)) * CAST(one AS DECIMAL(18, 2)) "
            "* CAST(one AS DECIMAL(4, 2))"),
    Differs("date_literal", "TRY_CAST('2026' AS DATE)"),
    Differs("mixed_kinds", "one = '1.0'"),
    Differs("mixed_kinds", "yes = 1"),
    Differs("set_kinds", "SELECT d AS r FROM odd UNION ALL SELECT '2026-01-31'"),
    Differs("kind", "length(d)"),
    Differs("nulls_order",
            "SELECT x AS r, row_number() OVER (ORDER BY x, y) AS n FROM ties", as_it_is=True),
    Differs("name_of_as", "SELECT one AS r FROM odd WHERE r = 1"),
    Differs("distinct_window", "SELECT count(DISTINCT x) OVER () AS r FROM ties"),
    Differs("count_of_many", "SELECT count(DISTINCT x, y) AS r FROM ties"),
    Differs("unknown_function", "strlen(zh)"),
    Differs("unknown_function", "octet_length(zh)"),
    Differs("not_allowed", "abc[1:2]"),
)  # fmt: skip
UNFIXED = (
    Unfixed("clock", "current_date", "the day of the run"),
    Unfixed("clock", "now()", "the moment of the run"),
    Unfixed("chance", "random()", "chance"),
    Unfixed("chance", "uuid()", "chance"),
    Unfixed("any_of_many", "arg_max(abc, one)", "which of two that tie comes first"),
    Unfixed("any_of_many", "any_value(one)", "which row comes first"),
    Unfixed("any_of_many", "first(one)", "which row comes first"),
    Unfixed("any_of_many", "mode(one)", "which of two as frequent values comes first"),
    Unfixed("ordered_list", "string_agg(abc, ',')", "the order of the rows"),
    Unfixed("approximate", "approx_count_distinct(one)", "each engine's own estimate"),
    Unfixed("floating", "avg(one)", "the order in which fractions are added"),
    Unfixed("floating", "sqrt(two)", "the last digits of fractions"),
    Unfixed("date_trunc", "date_trunc('month', d)", "a date or a time, by version of DuckDB"),
    Unfixed("zero_divisor", "one // two", "whether a row with 0 is met before it is left out"),
    Unfixed("limit", "SELECT one AS r FROM odd LIMIT 1", "which row comes first"),
    Unfixed("order", "SELECT one AS r FROM odd ORDER BY one NULLS LAST", "hits have their order"),
    Unfixed("ties", "row_number() OVER (ORDER BY one NULLS LAST)", "the order of ties"),
    Unfixed("ties", "lag(two) OVER (ORDER BY one NULLS LAST)", "the order of ties"),
    Unfixed("ties", "sum(two) OVER (ORDER BY one NULLS LAST ROWS UNBOUNDED PRECEDING)",
            "the order of ties"),
    Unfixed("ties", "SELECT row_number() OVER (ORDER BY a.source_key NULLS LAST, a.row_number "
            "NULLS LAST) AS r FROM odd AS a INNER JOIN odd AS b ON b.one = a.one",
            "a row stands there once for each that it is joined to"),
    Unfixed("pattern", "regexp_matches(n, '[0-9]+')", "RE2 and Java read patterns differently"),
    Unfixed("hash", "md5(abc)", "nothing: but no rule needs it, and joins by it are slow"),
    Unfixed("concat", "concat_ws('-', abc, n)", "whether NULL counts"),
    Unfixed("too_large", "1000000000000000000000", "how a number beyond 64 bits is kept"),
    Unfixed("values", "SELECT x AS r FROM (VALUES (1)) AS v(x)", "types of several rows"),
    Unfixed("table_function", "SELECT r FROM generate_series(1, 3) AS g(r)", "how it is spelled"),
    Unfixed("join_kind", "SELECT a.one AS r FROM odd AS a FULL JOIN odd AS b ON a.one = b.two",
            "which side a blank key belongs to"),
    Unfixed("unknown_table", "SELECT x AS r FROM nowhere", "nothing to read"),
    Unfixed("unknown_column", "nowhere", "nothing to read"),
    Unfixed("unknown_column_of", "odd.nowhere", "nothing to read"),
    Unfixed("ambiguous_column", "SELECT one AS r FROM odd AS a CROSS JOIN odd AS b", "two columns"),
    Unfixed("source_twice", "SELECT 1 AS r FROM odd CROSS JOIN odd", "two tables of one name"),
    Unfixed("column_twice", "SELECT one AS r, two AS r FROM odd", "two columns of one name"),
    Unfixed("set_width", "SELECT one AS r FROM odd UNION ALL SELECT 1, 2", "columns that lack"),
    Unfixed("condition", "CASE WHEN one THEN 1 END", "what counts as yes"),
    Unfixed("unnamed_threshold", "one > ?", "which threshold is meant"),
    Unfixed("name", 'SELECT one AS "R" FROM odd', "whether case counts"),
    Unfixed("one_select", "DROP TABLE odd", "it is no question"),
    Unfixed("one_select", "SELECT 1 AS r; SELECT 2 AS r", "two questions"),
    Unfixed("syntax", "SELECT one AS r FROM", "it cannot be read"),
    Unfixed("not_allowed", "SELECT one AS r FROM odd GROUP BY ALL", "what is grouped by"),
    Unfixed("engine", "SELECT one AS r, count(*) AS n FROM odd GROUP BY two", "no group"),
)  # fmt: skip
# What must be let through, and be the same on both engines over the odd row.
PORTABLE = (
    *("d + 30", "d - 30", "30 + d", "date_diff('day', d, e)", "date_diff('day', e, leap)"),
    *("year(d)", "month(d)", "day(d)", "quarter(e)", "last_day(leap)", "make_date(2026, nul, 1)"),
    *("make_date(year(d), month(d), 1)", "d IN (DATE '2026-01-31')", "d BETWEEN leap AND e"),
    "(date_diff('day', DATE '2024-01-01', d) % 7 + 7) % 7",
    "(year(e) * 12 + month(e)) - (year(d) * 12 + month(d))",
    *("CAST(d AS VARCHAR)", "CAST(neg AS VARCHAR)", "CAST(big AS VARCHAR)"),
    "neg // nullif(two, 0)",
    *("neg % nullif(two, 0)", "7 // nullif(neg, 0)", "7 % nullif(neg, 0)", "one // nullif(nul, 0)"),
    *("abs(neg)", "-neg", "greatest(one, nul)", "least(one, nul)", "greatest(nul, NULL)"),
    *("greatest('a', nultext)", "greatest(d, e)", "coalesce(nul, 5)", "nullif(one, 1)"),
    *("'a' || nultext", "abc || zh || emo", "length(wide)", "length(emo)", "length(nultext)"),
    *("substring(abc, 2)", "substring(zh, 2, 1)", "substring(emo, 1, 1)", "substring(abc, 9, 2)"),
    *("left(zh, 1)", "right(emo, 1)", "left(abc, 0)", "right(abc, 9)", "replace(abc, 'b', 'x')"),
    *("replace(abc, '', 'x')", "replace(abc, 'b', nultext)", "translate(n, '0123456789', '')"),
    *("translate(zh, '张', 'x')", "translate(abc, 'ab', 'x')", "translate(emo, '😀', 'y')"),
    *("starts_with(abc, 'a')", "starts_with(abc, '')", "contains(zh, '三')"),
    "contains(nultext, 'a')",
    *("ends_with(abc, 'c')", "strpos(zh, '丰')", "strpos(abc, 'z')", "strpos(abc, '')"),
    *("abc LIKE 'a%'", "zh LIKE '张_丰'", "emo LIKE '_x'", "nultext LIKE '%'", "pat LIKE 'a_b%'"),
    *("'a' < 'B'", "'a' = 'a '", "'é' < 'z'", "'😀' > '＀'", "'Z' < '张'", "empty = ''"),
    *("one IN (2, NULL)", "one NOT IN (2, NULL)", "nul = NULL", "NOT nul = 1", "nul IS NULL"),
    *("one IS NOT DISTINCT FROM nul", "one IS DISTINCT FROM nul", "TRUE AND NULL", "FALSE OR NULL"),
    *("CASE one WHEN 1 THEN 'a' END", "CASE WHEN nul > 1 THEN 1 ELSE 2 END", "if(yes, 2, 3)"),
    *("'it''s'", r"'a\nb'", r"'a\\b'", "'\"'", r"length('a\nb')", "9223372036854775807"),
    "TRY_CAST(CASE WHEN translate(digits, '0123456789', '') = '' THEN digits END AS BIGINT)",
    "TRY_CAST(CASE WHEN translate(n, '0123456789', '') = '' THEN n END AS BIGINT)",
    "TRY_CAST(CASE WHEN translate(empty, '0123456789', '') = '' THEN empty END AS BIGINT)",
    "EXISTS (SELECT 1 AS x FROM odd AS o WHERE o.one = odd.one)",
    "one IN (SELECT o.two - 1 AS x FROM odd AS o)",
    "nul NOT IN (SELECT o.nul AS x FROM odd AS o)",
)  # fmt: skip
# Whole queries, over `odd` joined to itself so that there are several rows.
MANY = (
    "many AS (SELECT one AS x, abc AS y, source_key, row_number FROM odd UNION ALL "
    "SELECT nul, zh, 1, 3 FROM odd UNION ALL SELECT two, emo, 1, 4 FROM odd UNION ALL "
    "SELECT two, nultext, 1, 5 FROM odd)"
)
PORTABLE_QUERIES = (
    """SELECT sum(x) AS a, count(*) AS b, count(x) AS c, count(DISTINCT x) AS d, min(y) AS e,
    max(y) AS f, sum(DISTINCT x) AS g, count(*) FILTER (WHERE x > 1) AS h,
    sum(x) FILTER (WHERE x > 5) AS i, sum(x) * 10000 // nullif(count(x), 0) AS j FROM many""",
    """SELECT x, rank() OVER (ORDER BY x DESC NULLS LAST) AS a,
    dense_rank() OVER (ORDER BY x NULLS FIRST) AS b,
    row_number() OVER (
        ORDER BY x NULLS FIRST, source_key NULLS LAST, row_number NULLS LAST
    ) AS c, lag(x) OVER (ORDER BY x NULLS FIRST) AS d,
    lead(x, 2, 9) OVER (ORDER BY x NULLS FIRST) AS e,
    sum(x) OVER (ORDER BY x NULLS FIRST) AS f, sum(x) OVER (PARTITION BY y) AS g,
    count(*) OVER (ORDER BY x NULLS FIRST RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS h
    FROM many""",
    "SELECT a.x, b.y FROM many AS a LEFT JOIN many AS b ON a.x = b.x",
    "SELECT x, count(*) AS n FROM many AS a INNER JOIN many AS b USING (x) GROUP BY x",
    "SELECT DISTINCT x FROM many EXCEPT SELECT 2 UNION ALL SELECT x FROM many",
    "SELECT x FROM many INTERSECT SELECT NULL",
    "SELECT * FROM many AS a ANTI JOIN many AS b ON a.x = b.x",
    "SELECT * FROM many AS a SEMI JOIN many AS b ON a.x = b.x + 1",
    "SELECT a.x, count(*) AS n FROM many AS a, many AS b GROUP BY 1 HAVING count(*) > 4",
)
