"""The allow-list: which nodes of SQLGlot's tree a rule may have, and which parts of each.

What is not in here is refused. What a node takes and gives is in queries.py and expressions.py.
"""

from collections.abc import Mapping

from sqlglot import exp

type Parts = Mapping[type[exp.Expr], frozenset[str]]


def parts_of(words: Mapping[type[exp.Expr], str]) -> Parts:
    """Say which parts of a node may be filled; everything else that is filled is refused."""
    return {node: frozenset(parts.split()) for node, parts in words.items()}


QUERIES = parts_of(
    {
        exp.Select: "with_ distinct expressions from_ joins where group having",
        exp.Union: "with_ this expression distinct",
        exp.Except: "with_ this expression distinct",
        exp.Intersect: "with_ this expression distinct",
        exp.With: "expressions",
        exp.CTE: "this alias",
        exp.TableAlias: "this",
        exp.From: "this",
        exp.Table: "this alias",
        exp.Subquery: "this alias with_",
        exp.Join: "this side kind on using",
        exp.Where: "this",
        exp.Having: "this",
        exp.Group: "expressions",
        exp.Distinct: "",
        exp.Star: "",
    }
)
EXPRESSIONS = parts_of(
    {
        exp.Column: "this table",
        exp.Literal: "this is_string",
        exp.Boolean: "this",
        exp.Null: "",
        exp.Placeholder: "this",
        exp.Paren: "this",
        **dict.fromkeys((exp.And, exp.Or, exp.EQ, exp.NEQ, exp.LT, exp.LTE), "this expression"),
        **dict.fromkeys((exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ), "this expression"),
        **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Like), "this expression"),
        **dict.fromkeys((exp.IntDiv, exp.Mod, exp.Is, exp.Nullif), "this expression"),
        **dict.fromkeys((exp.Not, exp.Neg, exp.Abs, exp.Year, exp.Month, exp.Day), "this"),
        **dict.fromkeys((exp.DayOfMonth, exp.Quarter, exp.LastDay, exp.Length), "this"),
        **dict.fromkeys((exp.Sum, exp.Min, exp.Max, exp.Exists), "this"),
        exp.DPipe: "this expression safe",
        exp.Count: "this big_int",
        exp.Filter: "this expression",
        exp.Between: "this low high",
        exp.In: "this expressions query",
        exp.Case: "this ifs default",
        exp.If: "this true false",
        exp.Coalesce: "this expressions",
        exp.Greatest: "this expressions ignore_nulls",
        exp.Least: "this expressions ignore_nulls",
        exp.Cast: "this to",
        exp.TryCast: "this to safe",
        exp.DateDiff: "this expression unit date_part_boundary",
        exp.DateFromParts: "year month day",
        exp.Substring: "this start length",
        exp.Left: "this expression",
        exp.Right: "this expression",
        exp.Replace: "this expression replacement",
        exp.Translate: "this from_ to",
        exp.StartsWith: "this expression",
        exp.EndsWith: "this expression",
        exp.Contains: "this expression",
        exp.StrPosition: "this substr",
        exp.Window: "this partition_by order spec over",
        **dict.fromkeys((exp.RowNumber, exp.Rank, exp.DenseRank), ""),
        **dict.fromkeys((exp.Lag, exp.Lead), "this offset default"),
    }
)
