"""One file under the linter: its tree, where things stand in it, and what was found so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from tanzhao.engines.screening.findings import Finding
from tanzhao.engines.screening.linting.refused import code_of

type Kinds = dict[str, str | None]  # column to what it holds; None if that could not be told

# What a value is, as far as it matters for the same answer everywhere.
WHOLE, TEXT, DATE, FLAG, NULL = "whole", "text", "date", "flag", "null"
KIND_OF_TYPE = {
    "VARCHAR": TEXT,
    "DATE": DATE,
    "BOOLEAN": FLAG,
    "INTEGER": WHOLE,
    "TINYINT": WHOLE,
    "SMALLINT": WHOLE,
    "BIGINT": WHOLE,
}
LONGEST_SHOWN = 60


@dataclass
class Reading:
    """What the linter knows of the file it reads.

    Attributes:
        stored: tables that may be read, with what each column holds.
        never_zero: thresholds that cannot be 0, by which one may divide.
        read: table to the columns of it that the file names.
    """

    sql: str
    file: str
    stored: Mapping[str, Kinds]
    never_zero: frozenset[str] = frozenset()
    read: dict[str, set[str]] = field(default_factory=dict)
    thresholds: set[str] = field(default_factory=set)
    columns: Kinds = field(default_factory=dict)
    tree: exp.Query | None = None
    _found: dict[tuple[object, ...], Finding] = field(default_factory=dict)
    _tokens: list[Token] = field(default_factory=list)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(sorted(self._found.values()))

    def parse(self) -> exp.Query | None:
        """Read the file into a tree, or say why that cannot be done."""
        try:
            self._tokens = sqlglot.tokenize(self.sql, read="duckdb")
            statements = [one for one in sqlglot.parse(self.sql, read="duckdb") if one is not None]
        except ParseError as error:
            first = error.errors[0] if error.errors else {}
            # SQLGlot's own count of lines goes astray; its tokens know their place in the text.
            at = (first.get("line"), first.get("col"))
            starts = [one.start for one in self._tokens if (one.line, one.col) == at]
            place = self._place(starts[0] if starts else len(self.sql))
            self.add_at(*place, "syntax", text=str(first.get("description") or error))
            return None
        except TokenError as error:
            self.add_at(1, 1, "syntax", text=str(error))
            return None
        if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
            self.add_at(1, 1, "one_select")
            return None
        self.tree = statements[0]
        return self.tree

    def refuse(self, node: exp.Expr) -> None:
        """Say that a node is not in the subset, with its own reason if it has one."""
        name = node.name if isinstance(node, exp.Anonymous) else self.words_of(node).split("(")[0]
        self.add(node, code_of(node), what=self.words_of(node), name=name.lower())

    def add(self, node: exp.Expr, code: str, /, **values: str | int) -> None:
        """Note a finding where `node` begins."""
        self.add_at(*self.place_of(node), code, **values)

    def add_at(self, line: int, at: int, code: str, /, **values: str | int) -> None:
        """Note a finding at a line and a column of the file; once, however often it is met."""
        key = (line, at, code, *sorted(values.items()))
        self._found.setdefault(key, Finding(line, at, code, values, self.file))

    def place_of(self, node: exp.Expr) -> tuple[int, int]:
        """Give line and column, from 1, of the first character of `node` that has a place."""
        here: exp.Expr | None = node
        while here is not None:
            starts = [n.meta["start"] for n in here.walk() if "start" in n.meta]
            if starts:
                return self._place(min(starts))
            here = here.parent
        return 1, 1

    def _place(self, offset: int) -> tuple[int, int]:
        before = self.sql[:offset]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

    def says_where_nulls_go(self, ordered: exp.Ordered) -> bool:
        """Say whether NULLS FIRST or LAST stands in the file; the tree has the default alike."""
        ends = [n.meta["end"] for n in ordered.walk() if "end" in n.meta]
        if not ends:
            return False
        closing = {TokenType.R_PAREN, TokenType.END, TokenType.ASC, TokenType.DESC}
        for token in self._tokens:
            if token.start > max(ends) and token.token_type not in closing:
                return token.text.upper() == "NULLS"
        return False

    @staticmethod
    def words_of(node: exp.Expr) -> str:
        """Show a node as SQL, cut short."""
        words = node.sql(dialect="duckdb", unsupported_level=ErrorLevel.IGNORE)
        return words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN] + "…"
