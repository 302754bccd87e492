"""The small language in which the schema of a pack is written.

Every field can say what is wrong with a value. `where` is the key's full name
as a person would look for it, for example `spans[2].count`.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Field(Protocol):
    """Anything that can check one value."""

    def faults(self, value: object, where: str) -> Iterator[str]:
        """Give one sentence for each fault; none if the value is right."""
        ...


@dataclass(frozen=True)
class Text:
    """Text that is not blank; with a pattern, text that matches all of it."""

    pattern: str = ""
    hint: str = ""

    def faults(self, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str) or not value.strip():
            yield f"{where} must be text that is not blank"
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield f"{where} is {value!r} but must be {self.hint or self.pattern}"


@dataclass(frozen=True)
class Chinese:
    """Text with at least one Chinese character."""

    def faults(self, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str) or not _CHINESE.search(value):
            yield f"{where} must be text in Chinese"


@dataclass(frozen=True)
class English:
    """Text that is not blank and has no Chinese character."""

    def faults(self, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, str) or not value.strip() or _CHINESE.search(value):
            yield f"{where} must be text in English"


@dataclass(frozen=True)
class Whole:
    """A whole number from `least` to `most`, both included."""

    least: int = 0
    most: int = 10_000

    def faults(self, value: object, where: str) -> Iterator[str]:
        # True and False are whole numbers to Python, never to a person.
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"{where} must be a whole number"
        elif not self.least <= value <= self.most:
            yield f"{where} is {value} but must be from {self.least} to {self.most}"


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def faults(self, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, bool):
            yield f"{where} must be true or false"


@dataclass(frozen=True)
class Day:
    """A calendar date, as TOML writes it or as text YYYY-MM-DD."""

    def faults(self, value: object, where: str) -> Iterator[str]:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return
        try:
            right = isinstance(value, str) and dt.date.fromisoformat(value).isoformat() == value
        except ValueError:
            right = False
        if not right:
            yield f"{where} is {value!r} but must be a date, YYYY-MM-DD"


class Choice:
    """One word of a fixed few."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def faults(self, value: object, where: str) -> Iterator[str]:
        if value not in self.words:
            allowed = ", ".join(word or "(blank)" for word in self.words)
            yield f"{where} is {value!r} but must be one of: {allowed}"


@dataclass(frozen=True)
class ListOf:
    """A list whose every member is right, with at least `least` of them."""

    item: Field
    least: int = 0

    def faults(self, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} must be a list"
            return
        if len(value) < self.least:
            yield f"{where} must have at least {self.least} members"
        for number, member in enumerate(value, 1):
            yield from self.item.faults(member, f"{where}[{number}]")


@dataclass(frozen=True)
class MapOf:
    """A table with any keys, whose every value is right."""

    item: Field
    least: int = 0

    def faults(self, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{where} must be a table"
            return
        if len(value) < self.least:
            yield f"{where} must have at least {self.least} keys"
        for key, member in value.items():
            yield from self.item.faults(member, f"{where}.{key}")


@dataclass(frozen=True)
class Table:
    """A table that has every key of `keys`, may have those of `optional`, and no other."""

    keys: Mapping[str, Field]
    optional: Mapping[str, Field] = field(default_factory=dict)

    def faults(self, value: object, where: str) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield f"{where or 'the file'} must be a table"
            return
        prefix = f"{where}." if where else ""
        known = {**self.keys, **self.optional}
        for key in self.keys:
            if key not in value:
                yield f"{prefix}{key} is missing"
        for key, member in value.items():
            if key in known:
                yield from known[key].faults(member, f"{prefix}{key}")
            else:
                yield f"{prefix}{key} is not a key that is known here"


@dataclass(frozen=True)
class Columns:
    """The columns of a CSV table; a cell of an optional column may be blank."""

    required: Mapping[str, Field]
    optional: Mapping[str, Field] = field(default_factory=dict)
    must_exist: bool = True

    def faults(self, rows: list[dict[str, str]], header: list[str]) -> Iterator[str]:
        for column in self.required:
            if column not in header:
                yield f"column {column} is missing"
        for column in header:
            if column not in self.required and column not in self.optional:
                yield f"column {column} is not known here"
        for number, row in enumerate(rows, 2):
            for column, cell in row.items():
                where = f"row {number}, column {column}"
                if column in self.required:
                    yield from self.required[column].faults(cell, where)
                elif cell and column in self.optional:
                    yield from self.optional[column].faults(cell, where)
