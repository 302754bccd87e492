"""What likeness takes and gives: texts, prints, passages, pairs. Light: nothing is loaded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A stretch of a text: from `start` up to, not including, `end`, in characters."""

    start: int
    end: int


class Part(NamedTuple):
    """Where a paragraph begins. Page and paragraph count from 1; page 0: no pages."""

    start: int
    page: int
    paragraph: int


@dataclass(frozen=True)
class Extracted:
    """The text of a file, and where in the file it stands.

    `kind` is what the content says the file is; `how` is "layer" or "ocr"; `readable` the share
    of its letters that a Chinese or English text can have, 0 to 1. `left_out`: kind and number of
    what the file holds but nobody sees who opens it, and is not in the text: hidden_sheets,
    hidden_rows, hidden_columns that hold something; characters of hidden_text and deleted_text.
    """

    text: str
    parts: tuple[Part, ...]
    kind: str
    readable: float
    how: str = "layer"
    left_out: tuple[tuple[str, int], ...] = ()


class Passage(NamedTuple):
    """Two stretches that say the same. `same`: equal letters of their alignment, 0 to 1."""

    left: Span
    right: Span
    same: float


@dataclass(frozen=True)
class Pair:
    """Two documents that share passages; `left` < `right`. Shares are of letters, 0 to 1."""

    left: str
    right: str
    left_share: float
    right_share: float
    passages: tuple[Passage, ...]


class Holder(NamedTuple):
    """A document that has a common passage, and where."""

    key: str
    at: Span


@dataclass(frozen=True)
class CommonPassage:
    """Wording that more documents share than are compared pair by pair.

    `first`: who had it first, by the order of the documents. `template`: where it comes from.
    """

    text: str
    holders: tuple[Holder, ...]
    first: str
    template: str = ""


@dataclass(frozen=True)
class Found:
    """What a scan or a comparison found.

    `gone`, of a comparison with a store: keys (left, right) of pairs found before that are pairs
    no longer, because what they share has become common wording.
    """

    pairs: tuple[Pair, ...]
    common: tuple[CommonPassage, ...]
    gone: tuple[tuple[str, str], ...] = ()


def many_of[T: tuple[Any, ...]](kind: type[T], *columns: Iterable[Any]) -> Iterator[T]:
    """Give named tuples from columns of their fields, at a third of the cost of making each."""
    return map(partial(tuple.__new__, kind), zip(*columns, strict=True))
