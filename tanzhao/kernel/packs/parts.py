"""What the schemas of all kinds of packs are made of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tanzhao.kernel.packs.checks import Rows
from tanzhao.kernel.packs.fields import Chinese, Choice, Columns, English, Field, Table, Text

Check = Callable[[Mapping[str, Any], Mapping[str, Rows]], Iterator[str]]

CODE = Text(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*", "lower-case words joined by dots")
LABELS: dict[str, Field] = {"label_zh": Chinese(), "label_en": English()}
ABOUT: dict[str, Field] = {"about_zh": Chinese(), "about_en": English()}
HEADER: dict[str, Field] = {
    "kind": Text(),
    "version": Text(r"\d{4}\.\d+", "a year and a number, for example 2026.1"),
    "title_zh": Chinese(),
    "title_en": English(),
    "source": Text(),
}
BLANK_OR_YES = Choice("", "yes")
SEPARATOR = "|"  # between the synonyms in one cell


@dataclass(frozen=True)
class Schema:
    """The keys of pack.toml besides the header, the CSV tables, and what joins them."""

    keys: Mapping[str, Field] = field(default_factory=dict)
    optional: Mapping[str, Field] = field(default_factory=dict)
    tables: Mapping[str, Columns] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    @property
    def whole(self) -> Table:
        """The schema of pack.toml, header included."""
        return Table({**HEADER, **self.keys}, self.optional)
