"""The shape of queries: what a SELECT reads, joins, groups and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from tanzhao.engines.screening.linting.allowed import QUERIES, Parts
from tanzhao.engines.screening.linting.reading import FLAG, NULL, Kinds, Reading

JOINS = {("", ""), ("", "INNER"), ("", "CROSS"), ("LEFT", ""), ("LEFT", "OUTER"), ("", "SEMI"),
         ("", "ANTI")}  # fmt: skip


@dataclass
class Scope:
    """What can be named inside one SELECT."""

    ctes: Mapping[str, Kinds]
    outer: "Scope | None" = None
    sources: dict[str, Kinds] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)  # alias to stored table
    merged: set[str] = field(default_factory=set)  # columns of USING
    given: set[str] = field(default_factory=set)  # names that AS gives in this SELECT


class Queries:
    """Reads queries; what is inside expressions is in expressions.py."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def kind(self, node: exp.Expr, scope: Scope) -> str | None:
        """Say what an expression gives, noting what is wrong with it."""
        raise NotImplementedError

    def query(self, node: exp.Expr, ctes: Mapping[str, Kinds], outer: Scope | None) -> Kinds:
        """Read a query. Returns its columns and what they hold."""
        if not self.has_only(node, QUERIES):
            return {}
        if with_ := node.args.get("with_"):
            ctes = self._ctes(with_, ctes, outer)
        if isinstance(node, exp.Subquery):
            return self.query(node.this, ctes, outer)
        if isinstance(node, exp.SetOperation):
            return self._together(node, ctes, outer)
        return self._select(node, Scope(ctes=ctes, outer=outer))

    def has_only(self, node: exp.Expr, parts: Parts) -> bool:
        """Check that a node is of an allowed type and that no other part of it is filled."""
        allowed = parts.get(type(node))
        if allowed is None:
            self.reading.refuse(node)
            return False
        for name, part in node.args.items():
            if not part or name in allowed:
                continue
            one = part[0] if isinstance(part, list) else part
            if name == "order":
                self.reading.add(one, "order")
            elif isinstance(one, exp.Expr):
                self.reading.refuse(one)
            else:
                what = name.strip("_").upper() if one is True else f"{name.upper()} {one}"
                self.reading.add(node, "not_allowed", what=what)
        return True

    def identifier(self, node: object) -> None:
        """Check that a name is plain: lower-case ASCII, without quotes."""
        if isinstance(node, exp.Identifier) and (
            node.args.get("quoted") or not node.name.isascii() or node.name != node.name.lower()
        ):
            self.reading.add(node, "name", name=node.name)

    def _ctes(
        self, with_: exp.Expr, ctes: Mapping[str, Kinds], outer: Scope | None
    ) -> dict[str, Kinds]:
        self.has_only(with_, QUERIES)
        known = dict(ctes)
        for cte in with_.expressions:
            self.has_only(cte, QUERIES)
            self._alias(cte)
            known[cte.alias] = self.query(cte.this, known, outer)
        return known

    def _alias(self, node: exp.Expr) -> None:
        if isinstance(alias := node.args.get("alias"), exp.TableAlias):
            self.has_only(alias, QUERIES)
            self.identifier(alias.this)

    def _together(self, node: exp.Expr, ctes: Mapping[str, Kinds], outer: Scope | None) -> Kinds:
        left = self.query(node.args["this"], ctes, outer)
        right = self.query(node.args["expression"], ctes, outer)
        if len(left) != len(right) and left and right:
            self.reading.add(node, "set_width", left=len(left), right=len(right))
        columns: Kinds = {}
        for (name, one), other in zip(left.items(), right.values(), strict=False):
            if one != other and None not in (one, other) and NULL not in (one, other):
                words = {"column": name, "left": one or "", "right": other or ""}
                self.reading.add(node.args["expression"], "set_kinds", **words)
            columns[name] = other if one == NULL else one
        return columns or left

    def _select(self, node: exp.Expr, scope: Scope) -> Kinds:
        scope.given = {one.alias for one in node.expressions if isinstance(one, exp.Alias)}
        if from_ := node.args.get("from_"):
            self.has_only(from_, QUERIES)
            self._source(from_.this, scope)
        for join in node.args.get("joins") or []:
            self._join(join, scope)
        if distinct := node.args.get("distinct"):
            self.has_only(distinct, QUERIES)
        for part in ("where", "having"):
            if clause := node.args.get(part):
                self.has_only(clause, QUERIES)
                self.condition(clause.this, scope)
        if group := node.args.get("group"):
            self.has_only(group, QUERIES)
            for one in group.expressions:
                self.kind(one, scope)
        return self._given(node, scope)

    def condition(self, node: exp.Expr, scope: Scope) -> None:
        """Check that an expression is a condition."""
        if (kind := self.kind(node, scope)) not in (FLAG, NULL, None):
            self.reading.add(node, "condition", given=kind or "")

    def _source(self, node: exp.Expr, scope: Scope) -> None:
        if isinstance(node, exp.Subquery):
            columns = self.query(node, scope.ctes, scope.outer)
        elif isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            self.has_only(node, QUERIES)
            columns = self._table(node, scope)
        else:
            inner = node.this if isinstance(node, exp.Table) else node
            self.reading.refuse(inner)
            scope.sources[node.alias_or_name] = {}
            return
        self._alias(node)
        if node.alias_or_name in scope.sources:
            self.reading.add(node, "source_twice", name=node.alias_or_name)
        scope.sources[node.alias_or_name] = columns

    def _table(self, node: exp.Expr, scope: Scope) -> Kinds:
        self.identifier(node.this)
        if node.name in scope.ctes:
            return scope.ctes[node.name]
        columns = self.reading.stored.get(node.name)
        if columns is None:
            self.reading.add(node, "unknown_table", name=node.name)
            return {}
        self.reading.read.setdefault(node.name, set())
        scope.tables[node.alias_or_name] = node.name
        return columns

    def _join(self, node: exp.Expr, scope: Scope) -> None:
        self.has_only(node, QUERIES)
        side, kind = (str(node.args.get(part) or "").upper() for part in ("side", "kind"))
        if (side, kind) not in JOINS:
            self.reading.add(node, "join_kind", what=f"{side} {kind} JOIN".strip())
        self._source(node.this, scope)
        joined = node.this.alias_or_name
        for column in node.args.get("using") or []:
            for name in scope.sources:
                self.column_of(column, name, column.name, scope)
            scope.merged.add(column.name)
        if on := node.args.get("on"):
            self.condition(on, scope)
        if kind in ("SEMI", "ANTI"):
            scope.sources[joined] = {}

    def column_of(self, node: exp.Expr, source: str, name: str, scope: Scope) -> str | None:
        """Say what column `name` of a source of this SELECT holds, and note that it is read."""
        columns = scope.sources[source]
        if name not in columns:
            if columns:
                self.reading.add(node, "unknown_column_of", table=source, column=name)
            return None
        if source in scope.tables:
            self.reading.read[scope.tables[source]].add(name)
        return columns[name]

    def _given(self, node: exp.Expr, scope: Scope) -> Kinds:
        columns: Kinds = {}
        for one in node.expressions:
            for name, kind in self._column_given(one, scope):
                if name in columns:
                    self.reading.add(one, "column_twice", name=name)
                columns[name] = kind
        return columns

    def _column_given(self, one: exp.Expr, scope: Scope) -> list[tuple[str, str | None]]:
        star = one.this if isinstance(one, exp.Column) else one
        if isinstance(star, exp.Star):
            self.has_only(star, QUERIES)
            return self._all_columns(one, scope)
        if isinstance(one, exp.Alias):
            self.identifier(one.args["alias"])
            return [(one.alias, self.kind(one.this, scope))]
        return [(one.alias_or_name or one.sql(), self.kind(one, scope))]

    def _all_columns(self, one: exp.Expr, scope: Scope) -> list[tuple[str, str | None]]:
        names = [one.table] if isinstance(one, exp.Column) else list(scope.sources)
        columns: list[tuple[str, str | None]] = []
        for name in names:
            if name not in scope.sources:
                self.reading.add(one, "unknown_table", name=name)
                continue
            for column, kind in scope.sources[name].items():
                if column in scope.merged and any(column == known for known, _kind in columns):
                    continue
                if name in scope.tables:
                    self.reading.read[scope.tables[name]].add(column)
                columns.append((column, kind))
        return columns
