"""What SQL has that differs between engines, often without an error, and why it is refused.

Each code has a sentence with the reason and the portable way where words are made, and a proof in
tests/engines/screening/refusals.py: the answers of both engines, or why none can be promised.
"""

from sqlglot import exp

# Nodes of SQLGlot's tree that have a sentence of their own. The rest is refused as `not_allowed`.
NODES: dict[type[exp.Expr], str] = {
    **dict.fromkeys((exp.DayOfWeek, exp.DayOfWeekIso), "weekday"),
    **dict.fromkeys((exp.Dayname, exp.Monthname, exp.TimeToStr), "day_as_words"),
    **dict.fromkeys((exp.MonthsBetween, exp.AddMonths), "months"),
    **dict.fromkeys((exp.TimestampTrunc, exp.DateTrunc), "date_trunc"),
    **dict.fromkeys((exp.Interval, exp.DateAdd, exp.DateSub, exp.ToDays), "interval"),
    **dict.fromkeys((exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime), "clock"),
    **dict.fromkeys((exp.Rand, exp.Uuid, exp.TableSample), "chance"),
    **dict.fromkeys((exp.ArrayAgg, exp.GroupConcat), "ordered_list"),
    **dict.fromkeys(
        (exp.AnyValue, exp.IgnoreNulls, exp.First, exp.Last, exp.FirstValue, exp.LastValue),
        "any_of_many",
    ),
    **dict.fromkeys((exp.NthValue, exp.Ntile, exp.ArgMax, exp.ArgMin, exp.Mode), "any_of_many"),
    **dict.fromkeys((exp.ApproxDistinct, exp.ApproxQuantile), "approximate"),
    **dict.fromkeys((exp.Median, exp.PercentileDisc, exp.PercentileCont, exp.Quantile), "quantile"),
    **dict.fromkeys(
        (exp.Avg, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop),
        "floating",
    ),
    **dict.fromkeys(
        (exp.Sqrt, exp.Ln, exp.Log, exp.Exp, exp.Pow, exp.Round, exp.Floor, exp.Ceil), "floating"
    ),
    **dict.fromkeys((exp.PercentRank, exp.CumeDist, exp.TimeToUnix), "floating"),
    exp.Div: "division",
    **dict.fromkeys((exp.Concat, exp.ConcatWs), "concat"),
    exp.Trim: "trim",
    **dict.fromkeys((exp.Upper, exp.Lower, exp.Initcap, exp.ILike), "letter_case"),
    **dict.fromkeys((exp.Levenshtein, exp.JarowinklerSimilarity, exp.Soundex), "likeness"),
    **dict.fromkeys(
        (exp.RegexpLike, exp.RegexpExtract, exp.RegexpReplace, exp.RegexpFullMatch, exp.SimilarTo),
        "pattern",
    ),
    **dict.fromkeys((exp.Glob, exp.RegexpSplit, exp.RegexpILike), "pattern"),
    **dict.fromkeys((exp.MD5, exp.SHA, exp.SHA2), "hash"),
    exp.Escape: "like_escape",
    **dict.fromkeys((exp.Limit, exp.Offset, exp.Fetch), "limit"),
    exp.Values: "values",
    **dict.fromkeys((exp.Explode, exp.GenerateSeries, exp.Unnest), "table_function"),
    exp.Extract: "extract",
}
# Functions that SQLGlot knows by name only.
NAMES: dict[str, str] = {
    **dict.fromkeys(("weekday", "isodow", "dow", "yearweek"), "weekday"),
    **dict.fromkeys(("age", "datesub", "date_sub"), "months"),
    **dict.fromkeys(("now", "today", "get_current_time", "transaction_timestamp"), "clock"),
    **dict.fromkeys(("mean", "fsum", "favg", "product", "kahan_sum"), "floating"),
    **dict.fromkeys(
        ("jaccard", "hamming", "damerau_levenshtein", "jaro_similarity", "mismatches"), "likeness"
    ),
    **dict.fromkeys(("hash", "md5_number", "md5_number_lower", "md5_number_upper"), "hash"),
    **dict.fromkeys(("date_part", "datepart"), "extract"),
    **dict.fromkeys(("regexp_split_to_array", "regexp_extract_all"), "pattern"),
    **dict.fromkeys(("setseed", "gen_random_uuid"), "chance"),
    **dict.fromkeys(("first", "last", "arbitrary", "max_by", "min_by"), "any_of_many"),
    "list_aggregate": "ordered_list",
}


def code_of(node: exp.Expr) -> str:
    """Give the code under which a node is refused that has no place in the subset."""
    if isinstance(node, exp.Anonymous):
        return NAMES.get(node.name.lower(), "unknown_function")
    code = NODES.get(type(node))
    if code is None and isinstance(node, exp.Func):
        return "unknown_function"
    return code or "not_allowed"
