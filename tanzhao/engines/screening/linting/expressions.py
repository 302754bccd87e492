"""What may stand in an expression, what it takes and what it gives."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlglot import exp

from tanzhao.engines.screening.linting.allowed import EXPRESSIONS
from tanzhao.engines.screening.linting.queries import Queries, Scope
from tanzhao.engines.screening.linting.reading import DATE, FLAG, NULL, TEXT, WHOLE
from tanzhao.engines.screening.linting.windows import has_fixed_answer

DIGITS = "0123456789"
# Narrower ones overflow at other places: 127 + 1 is an error in DuckDB and 128 in Spark.
WHOLE_TYPES = {exp.DType.INT, exp.DType.BIGINT}


class Expressions(Queries):
    """Reads expressions: everything that has no place here is refused."""

    def kind(self, node: exp.Expr, scope: Scope) -> str | None:
        """Say what an expression gives; None if that cannot be told."""
        if isinstance(node, exp.Subquery):
            columns = self.query(node, scope.ctes, scope)
            return next(iter(columns.values()), None)
        if not self.has_only(node, EXPRESSIONS):
            return None
        return READERS[type(node)](self, node, scope)

    # --- what is named ---------------------------------------------------------------------

    def column(self, node: exp.Expr, scope: Scope) -> str | None:
        self.identifier(node.this)
        name = node.name
        here: Scope | None = scope
        while here is not None:
            if node.args.get("table"):
                if node.text("table") in here.sources:
                    return self.column_of(node, node.text("table"), name, here)
            else:
                found = [one for one, columns in here.sources.items() if name in columns]
                if len(found) > 1 and name not in here.merged:
                    self.reading.add(node, "ambiguous_column", column=name)
                if found:
                    return self.column_of(node, found[0], name, here)
            here = here.outer
        if node.args.get("table"):
            self.reading.add(node, "unknown_table", name=node.text("table"))
        elif name in scope.given:
            self.reading.add(node, "name_of_as", name=name)
        elif all(scope.sources.values()):
            self.reading.add(node, "unknown_column", column=name)
        return None

    def literal(self, node: exp.Expr, _scope: Scope) -> str | None:
        if node.args.get("is_string"):
            return TEXT
        if not node.name.isdigit():
            self.reading.add(node, "fraction", what=node.name)
        elif int(node.name) >= 2**63:
            self.reading.add(node, "too_large", what=node.name)
        return WHOLE

    def placeholder(self, node: exp.Expr, _scope: Scope) -> str | None:
        name = str(node.args.get("this") or "")
        if not name.isidentifier():
            self.reading.add(node, "unnamed_threshold")
        else:
            self.reading.thresholds.add(name)
        return WHOLE

    # --- arithmetic and comparison ---------------------------------------------------------

    def need(self, node: exp.Expr, scope: Scope, *kinds: str) -> str | None:
        """Read a part that must be of one of `kinds`."""
        kind = self.kind(node, scope)
        if kind not in (*kinds, NULL, None):
            words = {"what": self.reading.words_of(node), "given": kind or ""}
            self.reading.add(node, "kind", expected="|".join(kinds), **words)
        return kind

    def alike(self, nodes: Sequence[exp.Expr], scope: Scope, parent: exp.Expr) -> str | None:
        """Read parts that must be of one kind. Gives that kind."""
        kinds = [self.kind(one, scope) for one in nodes]
        known = [kind for kind in kinds if kind not in (NULL, None)]
        for kind in known[1:]:
            if kind != known[0]:
                words = {"left": known[0] or "", "right": kind or ""}
                self.reading.add(parent, "mixed_kinds", what=self.reading.words_of(parent), **words)
                return None
        if known:
            return known[0]
        return None if None in kinds else NULL

    def add(self, node: exp.Expr, scope: Scope) -> str | None:
        left = self.need(node.this, scope, WHOLE, DATE)
        right = self.need(node.args["expression"], scope, WHOLE, DATE)
        if DATE not in (left, right):
            return WHOLE
        if left == right:
            self.reading.add(node, "date_minus_date", what=self.reading.words_of(node))
            return WHOLE
        if isinstance(node, exp.Sub) and right == DATE:
            self.reading.add(node, "kind", what="-", expected=DATE, given=left or "")
        return DATE

    def whole(self, node: exp.Expr, scope: Scope) -> str | None:
        for part in (node.this, node.args.get("expression")):
            if isinstance(part, exp.Expr):
                self.need(part, scope, WHOLE)
        return WHOLE

    def divided(self, node: exp.Expr, scope: Scope) -> str | None:
        by = node.args["expression"].unnest()
        is_never_zero = (
            (isinstance(by, exp.Literal) and by.name.isdigit() and int(by.name) > 0)
            or (isinstance(by, exp.Placeholder) and by.name in self.reading.never_zero)
            or (isinstance(by, exp.Nullif) and by.args["expression"].name == "0")
        )
        if not is_never_zero:
            self.reading.add(by, "zero_divisor", what=self.reading.words_of(by))
        return self.whole(node, scope)

    def compared(self, node: exp.Expr, scope: Scope) -> str | None:
        parts = (node.this, *(node.args.get(p) for p in ("expression", "low", "high")))
        self.alike([one for one in parts if one is not None], scope, node)
        return FLAG

    def joined(self, node: exp.Expr, scope: Scope) -> str | None:
        for part in (node.this, node.args["expression"]):
            self.condition(part, scope)
        return FLAG

    def negated(self, node: exp.Expr, scope: Scope) -> str | None:
        self.condition(node.this, scope)
        return FLAG

    def is_null(self, node: exp.Expr, scope: Scope) -> str | None:
        self.kind(node.this, scope)
        if not isinstance(node.args["expression"], exp.Null):
            self.reading.refuse(node)
        return FLAG

    def among(self, node: exp.Expr, scope: Scope) -> str | None:
        if query := node.args.get("query"):
            left = self.kind(node.this, scope)
            columns = self.query(query, scope.ctes, scope)
            right = next(iter(columns.values()), None)
            if left != right and None not in (left, right) and NULL not in (left, right):
                words = {"left": left or "", "right": right or ""}
                self.reading.add(node, "mixed_kinds", what=self.reading.words_of(node), **words)
        else:
            self.alike([node.this, *node.expressions], scope, node)
        return FLAG

    def exists(self, node: exp.Expr, scope: Scope) -> str | None:
        self.query(node.this, scope.ctes, scope)
        return FLAG

    def case(self, node: exp.Expr, scope: Scope) -> str | None:
        for one in node.args["ifs"]:
            if node.this is None:
                self.condition(one.this, scope)
            else:
                self.alike([node.this, one.this], scope, node)
        given = [one.args["true"] for one in node.args["ifs"]]
        return self.alike([*given, *filter(None, [node.args.get("default")])], scope, node)

    def if_(self, node: exp.Expr, scope: Scope) -> str | None:
        self.condition(node.this, scope)
        parts = [node.args.get("true"), node.args.get("false")]
        return self.alike([one for one in parts if one is not None], scope, node)

    def first_known(self, node: exp.Expr, scope: Scope) -> str | None:
        return self.alike([node.this, *node.expressions], scope, node)

    def nullif(self, node: exp.Expr, scope: Scope) -> str | None:
        return self.alike([node.this, node.args["expression"]], scope, node)

    # --- dates -----------------------------------------------------------------------------

    def of_date(self, node: exp.Expr, scope: Scope) -> str | None:
        self.need(node.this, scope, DATE)
        return DATE if isinstance(node, exp.LastDay) else WHOLE

    def date_diff(self, node: exp.Expr, scope: Scope) -> str | None:
        unit = node.text("unit").upper()
        if unit == "MONTH":
            self.reading.add(node, "months", what=self.reading.words_of(node), name="date_diff")
        elif unit != "DAY":
            self.reading.add(node, "date_unit", unit=unit.lower())
        for part in (node.this, node.args["expression"]):
            self.need(part, scope, DATE)
        return WHOLE

    def make_date(self, node: exp.Expr, scope: Scope) -> str | None:
        parts = [node.args.get(name) for name in ("year", "month", "day")]
        if None in parts:
            self.reading.refuse(node)
        for part in filter(None, parts):
            self.need(part, scope, WHOLE)
        return DATE

    def cast(self, node: exp.Expr, scope: Scope) -> str | None:
        to = node.args["to"].this
        if to == exp.DType.DATE and isinstance(node.this, exp.Literal):
            try:
                if node.name != dt.date.fromisoformat(node.name).isoformat():
                    raise ValueError
            except ValueError:
                self.reading.add(node, "date_literal", what=node.name)
            return DATE
        if _is_guarded_number(node):
            self.need(node.this, scope, TEXT)
            return WHOLE
        given = self.kind(node.this, scope)
        if to == exp.DType.TEXT and given in (WHOLE, DATE, TEXT, NULL, None):
            return TEXT
        if to in WHOLE_TYPES and given in (WHOLE, NULL, None):
            return WHOLE
        if to == exp.DType.DATE and given in (DATE, NULL, None):
            return DATE
        code = "text_to_number" if given == TEXT and to in WHOLE_TYPES else "cast"
        self.reading.add(node, code, given=given or "", to=node.args["to"].sql())
        return {exp.DType.TEXT: TEXT, exp.DType.DATE: DATE}.get(
            to, WHOLE if to in WHOLE_TYPES else None
        )

    # --- text ------------------------------------------------------------------------------

    def concatenated(self, node: exp.Expr, scope: Scope) -> str | None:
        for part in (node.this, node.args["expression"]):
            self.need(part, scope, TEXT)
        return TEXT

    def length(self, node: exp.Expr, scope: Scope) -> str | None:
        self.need(node.this, scope, TEXT)
        return WHOLE

    def part_of_text(self, node: exp.Expr, scope: Scope) -> str | None:
        self.need(node.this, scope, TEXT)
        for name, least in (("start", 1), ("length", 0), ("expression", 0)):
            number = node.args.get(name)
            if number is not None and not (
                isinstance(number, exp.Literal)
                and number.name.isdigit()
                and int(number.name) >= least
            ):
                self.reading.add(number, "place_in_text", what=self.reading.words_of(node))
        return TEXT

    def replaced(self, node: exp.Expr, scope: Scope) -> str | None:
        for name in ("this", "expression", "replacement", "from_", "to"):
            if (part := node.args.get(name)) is not None:
                self.need(part, scope, TEXT)
        return TEXT

    def found_in_text(self, node: exp.Expr, scope: Scope) -> str | None:
        self.need(node.this, scope, TEXT)
        self.need(node.args.get("expression") or node.args["substr"], scope, TEXT)
        return WHOLE if isinstance(node, exp.StrPosition) else FLAG

    def like(self, node: exp.Expr, scope: Scope) -> str | None:
        self.need(node.this, scope, TEXT)
        pattern = node.args["expression"]
        if not isinstance(pattern, exp.Literal) or "\\" in pattern.name:
            self.reading.add(pattern, "like_escape", what=self.reading.words_of(pattern))
        return FLAG

    # --- aggregates ------------------------------------------------------------------------

    def aggregate(self, node: exp.Expr, scope: Scope) -> str | None:
        of = node.this
        if isinstance(of, exp.Distinct):
            if len(of.expressions) != 1 or of.args.get("on"):
                self.reading.add(node, "count_of_many", what=self.reading.words_of(node))
            kinds = [self.kind(one, scope) for one in of.expressions]
            kind = kinds[0] if kinds else None
        elif of is None or isinstance(of, exp.Star):
            kind = WHOLE
        elif isinstance(of, exp.Order):
            self.reading.add(of, "ordered_list", what=self.reading.words_of(node))
            return None
        else:
            kind = self.kind(of, scope)
        if isinstance(node, exp.Sum) and kind not in (WHOLE, NULL, None):
            what = self.reading.words_of(node)
            self.reading.add(node, "kind", what=what, expected=WHOLE, given=kind or "")
        return WHOLE if isinstance(node, exp.Count | exp.Sum) else kind

    def filtered(self, node: exp.Expr, scope: Scope) -> str | None:
        self.condition(node.args["expression"].this, scope)
        return self.kind(node.this, scope)

    def window(self, node: exp.Expr, scope: Scope) -> str | None:
        has_fixed_answer(node, self.reading, scope.sources)
        for one in node.args.get("partition_by") or []:
            self.kind(one, scope)
        if order := node.args.get("order"):
            for one in order.expressions:
                self.kind(one.this, scope)
        return self.kind(node.this, scope)

    def place(self, _node: exp.Expr, _scope: Scope) -> str | None:
        return WHOLE

    def neighbour(self, node: exp.Expr, scope: Scope) -> str | None:
        parts = [node.this, *filter(None, [node.args.get("default")])]
        return self.alike(parts, scope, node)


def _is_guarded_number(node: exp.Expr) -> bool:
    """Say whether text is made a number where it has digits only: the one portable way.

    TRY_CAST(CASE WHEN translate(x, '0123456789', '') = '' THEN x END AS BIGINT)
    """
    case = node.this
    if (
        not isinstance(node, exp.TryCast)
        or not isinstance(case, exp.Case)
        or case.args.get("default")
    ):
        return False
    ifs = case.args["ifs"]
    test = ifs[0].this
    return (
        node.args["to"].this == exp.DType.BIGINT
        and case.this is None
        and len(ifs) == 1
        and isinstance(test, exp.EQ)
        and isinstance(test.this, exp.Translate)
        and test.this.args["from_"].name == DIGITS
        and test.this.args["to"].name == test.args["expression"].name == ""
        and test.this.this == ifs[0].args["true"]
    )


type Reader = Callable[[Expressions, exp.Expr, Scope], str | None]
READERS: dict[type[exp.Expr], Reader] = {
    exp.Column: Expressions.column,
    exp.Literal: Expressions.literal,
    exp.Boolean: lambda *_: FLAG,
    exp.Null: lambda *_: NULL,
    exp.Placeholder: Expressions.placeholder,
    exp.Paren: lambda self, node, scope: self.kind(node.this, scope),
    **dict.fromkeys((exp.And, exp.Or), Expressions.joined),
    exp.Not: Expressions.negated,
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), Expressions.compared),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between), Expressions.compared),
    exp.Is: Expressions.is_null,
    exp.In: Expressions.among,
    exp.Exists: Expressions.exists,
    **dict.fromkeys((exp.Add, exp.Sub), Expressions.add),
    **dict.fromkeys((exp.Mul, exp.Neg, exp.Abs), Expressions.whole),
    **dict.fromkeys((exp.IntDiv, exp.Mod), Expressions.divided),
    exp.Case: Expressions.case,
    exp.If: Expressions.if_,
    **dict.fromkeys((exp.Coalesce, exp.Greatest, exp.Least), Expressions.first_known),
    exp.Nullif: Expressions.nullif,
    **dict.fromkeys((exp.Cast, exp.TryCast), Expressions.cast),
    **dict.fromkeys((exp.Year, exp.Month, exp.Day, exp.DayOfMonth), Expressions.of_date),
    **dict.fromkeys((exp.Quarter, exp.LastDay), Expressions.of_date),
    exp.DateDiff: Expressions.date_diff,
    exp.DateFromParts: Expressions.make_date,
    exp.DPipe: Expressions.concatenated,
    exp.Length: Expressions.length,
    **dict.fromkeys((exp.Substring, exp.Left, exp.Right), Expressions.part_of_text),
    **dict.fromkeys((exp.Replace, exp.Translate), Expressions.replaced),
    **dict.fromkeys((exp.StartsWith, exp.EndsWith, exp.Contains), Expressions.found_in_text),
    exp.StrPosition: Expressions.found_in_text,
    exp.Like: Expressions.like,
    **dict.fromkeys((exp.Count, exp.Sum, exp.Min, exp.Max), Expressions.aggregate),
    exp.Filter: Expressions.filtered,
    exp.Window: Expressions.window,
    **dict.fromkeys((exp.RowNumber, exp.Rank, exp.DenseRank), Expressions.place),
    **dict.fromkeys((exp.Lag, exp.Lead), Expressions.neighbour),
}
