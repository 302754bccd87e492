"""The linter's findings in words: what is wrong, why, and what to write instead."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from tanzhao.engines.screening.findings import Finding


def said_of(finding: Finding) -> str:
    """Say a finding in one or two sentences."""
    values = {name: _kind(name, value) for name, value in finding.values.items()}
    sentences = {**_differing(), **_subset(), **_naming(), **_promised()}
    said = sentences.get(finding.code)
    return said % values if said else f"{finding.code} {values}"


def _kind(name: str, value: str | int) -> str | int:
    kinds = {
        "whole": _("a whole number"),
        "text": _("text"),
        "date": _("a date"),
        "flag": _("yes or no"),
        "null": _("nothing"),
    }
    if name not in ("given", "expected", "left", "right") or not isinstance(value, str):
        return value
    return _(" or ").join(kinds.get(one, one) for one in value.split("|"))


def _differing() -> Mapping[str, str]:
    """What gives different answers, most of it without an error."""
    return {
        "weekday": _(
            "%(name)s counts days from another day on Spark than on DuckDB. Write "
            "(date_diff('day', DATE '2024-01-01', d) %% 7 + 7) %% 7: Monday is 0."
        ),
        "day_as_words": _(
            "%(name)s writes dates in another way on Spark than on DuckDB. Give the date "
            "itself, or year(d), month(d) and day(d)."
        ),
        "months": _(
            "%(name)s counts the turns of months on DuckDB and whole months on Spark. Write "
            "(year(b) * 12 + month(b)) - (year(a) * 12 + month(a))."
        ),
        "date_unit": _(
            "date_diff by %(unit)s counts turns on DuckDB and whole spans on Spark. Only 'day' "
            "is the same; build the rest from year(d) and month(d)."
        ),
        "date_minus_date": _(
            "%(what)s is a number on DuckDB and an interval on Spark. Write date_diff('day', a, b)."
        ),
        "date_trunc": _(
            "%(name)s gives a date or a point in time, depending on engine and version. Write "
            "make_date(year(d), month(d), 1)."
        ),
        "interval": _(
            "A date plus an interval is a point in time on DuckDB and a date on Spark. Write "
            "d + 30 for days, and count months as year(d) * 12 + month(d)."
        ),
        "extract": _("%(name)s numbers some parts differently. Write year(d), month(d) or day(d)."),
        "clock": _(
            "%(name)s makes the answer depend on the day of the run, and in another time zone "
            "on Spark. Make the day a threshold, or take it from a table."
        ),
        "chance": _("%(name)s gives other rows in each run. Draw samples with screen sample."),
        "ordered_list": _(
            "%(name)s loses the order, and the blanks, of its list on Spark. Give count, min and "
            "max; the rows themselves are the evidence."
        ),
        "any_of_many": _(
            "%(name)s takes whichever row comes first, which differs from run to run. Write min or "
            "max."
        ),
        "approximate": _("%(name)s is an estimate that each engine makes in its own way."),
        "quantile": _(
            "%(name)s interpolates in its own way on each engine. Number the rows with "
            "row_number() and take row (n + 1) // 2."
        ),
        "floating": _(
            "%(name)s works with fractions whose last digits depend on the order of the rows. "
            "Work in cents and thousandths: sum(x) // nullif(count(x), 0)."
        ),
        "division": _(
            "%(what)s gives a fraction, and by 0 infinity on DuckDB and an error on Spark. Write "
            "a * 1000 // nullif(b, 0)."
        ),
        "concat": _(
            "%(name)s leaves out what is blank on DuckDB and gives nothing at all on Spark. "
            "Write a || coalesce(b, '')."
        ),
        "trim": _(
            "%(name)s takes the wide blank away on DuckDB and leaves it on Spark. Canonical text "
            "has no blanks at its ends; leave it out."
        ),
        "letter_case": _(
            "%(name)s treats letters beyond English differently. Compare the text as it is, or "
            "use translate()."
        ),
        "likeness": _(
            "%(name)s counts bytes on DuckDB and characters on Spark, so Chinese differs. "
            "Likeness of names belongs to screen link."
        ),
        "pattern": _(
            "%(name)s has another language of patterns on Spark. Use LIKE, starts_with, contains "
            "or translate."
        ),
        "hash": _("%(name)s gives other numbers on each engine. Join and group by the columns."),
        "like_escape": _(
            "LIKE %(what)s: a backslash escapes on Spark and stands for itself on DuckDB. The "
            "pattern must be a text without one and without ESCAPE; else use contains()."
        ),
        "place_in_text": _(
            "%(what)s: a place of 0 or below it, or one that is computed, is counted "
            "differently. Write a number from 1."
        ),
        "text_to_number": _(
            "Text as a number: '1e3', '1_000' and '1.5' are numbers on DuckDB and nothing on "
            "Spark. Write TRY_CAST(CASE WHEN translate(x, '0123456789', '') = '' THEN x END "
            "AS BIGINT)."
        ),
        "cast": _(
            "%(given)s as %(to)s rounds or is written differently. Whole numbers, dates and text "
            "may become VARCHAR, and whole numbers INTEGER or BIGINT."
        ),
        "nulls_order": _(
            "Blanks come last on DuckDB and first on Spark. Write NULLS FIRST or NULLS LAST "
            "after %(what)s."
        ),
        "ties": _(
            "%(what)s: rows that tie come in any order. Let ORDER BY end with source_key and "
            "row_number."
        ),
        "limit": _("Which rows LIMIT keeps is left to the engine. Filter by rank() instead."),
    }


def _subset() -> Mapping[str, str]:
    """What is refused so that nothing can differ."""
    return {
        "syntax": _("This cannot be read: %(text)s"),
        "engine": _("DuckDB refuses it: %(text)s"),
        "one_select": _("The file must be one SELECT; WITH may stand before it."),
        "not_allowed": _("%(what)s is not in the portable subset."),
        "unknown_function": _("The function %(name)s is not in the portable subset."),
        "values": _("VALUES is not in the portable subset. Write SELECT … UNION ALL SELECT …."),
        "table_function": _("%(name)s makes rows in its own way on each engine. Join a table."),
        "order": _("The order of a result is not kept; leave ORDER BY out."),
        "join_kind": _(
            "%(what)s is not in the portable subset; INNER, LEFT, CROSS, SEMI, ANTI are."
        ),
        "fraction": _("%(what)s is a fraction. Write whole numbers: cents, thousandths."),
        "too_large": _("%(what)s is more than a whole number can hold."),
        "date_literal": _("DATE '%(what)s' must be a day, written as DATE '2026-03-05'."),
        "zero_divisor": _("%(what)s could be 0, which ends the run. Divide by nullif(x, 0)."),
        "mixed_kinds": _(
            "%(what)s holds %(left)s against %(right)s; engines convert them differently. Write "
            "DATE '…' for a date and CAST(x AS VARCHAR) for text."
        ),
        "set_kinds": _("Column %(column)s of the second SELECT is %(right)s, but %(left)s above."),
        "set_width": _("The second SELECT has %(right)s columns, the first %(left)s."),
        "condition": _("Here must stand a condition, not %(given)s."),
        "kind": _("%(what)s is %(given)s where %(expected)s is needed."),
        "count_of_many": _("%(what)s: count rows or one column; group by several in WITH."),
        "distinct_window": _("%(what)s over a window is not known to Spark. Count in WITH."),
    }


def _naming() -> Mapping[str, str]:
    return {
        "name": _("Names are lower-case, English and without quotes: %(name)s."),
        "unknown_table": _("There is no table %(name)s."),
        "unknown_column": _("There is no column %(column)s."),
        "unknown_column_of": _("%(table)s has no column %(column)s."),
        "ambiguous_column": _("Several tables have %(column)s. Write the table before it."),
        "name_of_as": _(
            "%(name)s is a name that AS gives in this SELECT; Spark does not know it here. Repeat "
            "the expression, or name it in WITH."
        ),
        "source_twice": _("Two tables are called %(name)s. Give one of them another name."),
        "column_twice": _("Two columns are called %(name)s. Give one of them another name."),
        "unnamed_threshold": _("Thresholds are written with their name: $limit."),
    }


def _promised() -> Mapping[str, str]:
    """What the format demands of a rule."""
    return {
        "column_missing": _("The result lacks the column %(column)s."),
        "column_undeclared": _("The result has the column %(column)s, which pack.toml does not."),
        "column_kind": _("Column %(column)s is %(given)s; by pack.toml it is %(expected)s."),
        "table_undeclared": _("%(table)s is read, but is not among the tables of pack.toml."),
        "table_unused": _("%(table)s is among the tables of pack.toml, but is not read."),
        "threshold_undeclared": _("$%(threshold)s is used, but pack.toml does not declare it."),
        "threshold_unused": _("Threshold %(threshold)s of pack.toml is not used."),
        "evidence_without_hits": _("evidence.sql must start from hits, the result of the rule."),
        "basis_forgotten": _(
            "match_basis is always 0, though %(column)s may say that a person was linked. Give "
            "the highest basis that was joined on."
        ),
    }
