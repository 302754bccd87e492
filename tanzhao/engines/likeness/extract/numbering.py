"""The numbers that Word sets before paragraphs by itself. Source: ECMA-376 part 1, section 17.9.

A reader sees them, so they are part of the text: a report whose headings are numbered by hand and
its copy numbered by Word say the same.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tanzhao.engines.likeness.extract.elements import elements
from tanzhao.engines.likeness.extract.numerals import numeral
from tanzhao.engines.likeness.extract.symbols import symbol

LEVELS = 9
# What stands behind a number until it is known what its paragraph begins with.
NUMBER_END = "\1"
_ENDED = re.compile(f"([^\t\n{NUMBER_END}]*){NUMBER_END}([^\t\n{NUMBER_END}]*)")
_WANTED = frozenset({
    "abstractNum", "num", "abstractNumId", "numStyleLink", "styleLink", "lvlOverride",
    "startOverride", "lvl", "start", "numFmt", "lvlText", "lvlRestart", "isLgl", "pStyle",
    "rFonts", "vanish",
})  # fmt: skip
_MOST_LISTS = 20_000
_LONGEST = 40  # signs of a number
_LONGEST_TEXT = 200  # of what it is made of; programs write a dozen
_WHOLE = re.compile("-?[0-9]{1,8}")
_PLACE = re.compile(r"%([1-9])")
_CLOSED = "、，。．.)）]］】:：;；"


@dataclass(frozen=True)
class Level:
    """How one level of a list is numbered.

    `text` has %1 … %9 for the numbers of the levels; `restart`: the levels up to which this one
    begins anew after, 0 for none; `legal`: with digits, whatever the other levels have.
    """

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    font: str = ""
    restart: int = LEVELS
    legal: bool = False
    style: str = ""
    shown: bool = True


@dataclass(frozen=True)
class List:
    """A list as paragraphs name it.

    `counts_with`: lists that have the same go on from one another; `starts`: what a level begins
    with where this list is first met.
    """

    counts_with: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)


class Counters:
    """The numbers of one story, paragraph by paragraph in the order of reading."""

    def __init__(self, lists: Mapping[str, List]):
        self.lists = lists
        self.counts: dict[str, list[int | None]] = {}
        self.begun: set[tuple[str, int]] = set()

    def next(self, name: str, level: int) -> str:
        """Count a paragraph and give its number as it is shown; "" if it has none."""
        found = self.lists.get(name)
        if found is None or level not in found.levels:
            return ""
        own = found.levels[level]
        counts = self.counts.setdefault(found.counts_with, [None] * LEVELS)
        now = counts[level]
        if level in found.starts and (name, level) not in self.begun:
            self.begun.add((name, level))
            now = None
        counts[level] = _start(found, level) if now is None else now + 1
        for deeper in range(level + 1, LEVELS):
            if level < found.levels.get(deeper, own).restart:
                counts[deeper] = None
        return _written(found, level, counts) if own.shown else ""


def with_number(number: str, text: str) -> str:
    """Put a number before a paragraph, as whoever types it does."""
    last = number[-1:]
    if not text or not last:
        return number + text
    # "1." and "2026" would be one number, "1" and 年 a year.
    if last in _CLOSED and not (last.isascii() and text[0].isascii() and text[0].isalnum()):
        return number + text
    return f"{number} {text}"


def set_numbers(text: str) -> str:
    """Put every number that has NUMBER_END behind it before what follows, in its cell or line."""
    if NUMBER_END not in text:
        return text
    return _ENDED.sub(lambda found: with_number(found[1].strip(), found[2].lstrip(" ")), text)


def bullet(sign: str, font: str) -> str:
    """Give what a sign before a paragraph looks like."""
    seen = symbol(font, f"{ord(sign[0]):X}") if sign else ""
    if seen or not sign:
        return seen
    return "•" if "\ue000" <= sign[0] <= "\uf8ff" else sign


def read_numbering(pieces: Iterable[bytes], kind: str) -> dict[str, List]:
    """Read the lists of a document; a level that belongs to a style says so.

    Raises: Unreadable as `elements` does.
    """
    reader = _Reader()
    for element in elements(pieces, kind, _WANTED):
        if element.begins:
            reader.begin(element.name, element.values)
        else:
            reader.end(element.name)
        if len(reader.plans) + len(reader.lists) > _MOST_LISTS:
            break
    return reader.found()


def _start(found: List, level: int) -> int:
    own = found.levels.get(level)
    return found.starts.get(level, own.start if own else 1)


def _written(found: List, level: int, counts: Sequence[int | None]) -> str:
    own = found.levels[level]
    if own.kind == "bullet":
        return bullet(own.text, own.font)

    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        count = counts[at]
        kind = found.levels[at].kind if at in found.levels else "decimal"
        if own.legal and kind != "none":
            kind = "decimal"
        return numeral(_start(found, at) if count is None else count, kind)

    return _PLACE.sub(number, own.text[:_LONGEST_TEXT]).strip()[:_LONGEST]


class _Reader:
    """Collects abstract lists, the lists made of them, and what those change."""

    def __init__(self) -> None:
        self.plans: dict[str, dict[int, Level]] = {}
        self.styled: dict[str, str] = {}  # abstract list → the style of lists it stands for
        self.named: dict[str, str] = {}  # style of lists → its abstract list
        self.lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
        self.plan = self.list = ""
        self.level = -1
        self.changed = -1  # the level that a list changes

    def begin(self, name: str, values: Mapping[str, str]) -> None:
        value = values.get("val", "")
        if name == "abstractNum":
            self.plan, self.list = values.get("abstractNumId", ""), ""
            self.plans[self.plan] = {}
        elif name == "num":
            self.list, self.plan = values.get("numId", ""), ""
            self.lists[self.list] = ("", {}, {})
        elif name == "abstractNumId" and self.list:
            self.lists[self.list] = (value, *self.lists[self.list][1:])
        elif name == "numStyleLink" and self.plan:
            self.styled[self.plan] = value
        elif name == "styleLink" and self.plan:
            self.named[value] = self.plan
        elif name == "lvlOverride":
            self.changed = _number(values.get("ilvl", ""), -1)
        elif name == "startOverride" and self.list and 0 <= self.changed < LEVELS:
            self.lists[self.list][2][self.changed] = _number(value, 1)
        elif name == "lvl" and (levels := self._levels()) is not None:
            self.level = _number(values.get("ilvl", ""), -1)
            if 0 <= self.level < LEVELS:
                levels[self.level] = Level(start=0, restart=self.level)
        elif 0 <= self.level < LEVELS and (levels := self._levels()) is not None:
            levels[self.level] = _changed(levels[self.level], name, values)

    def end(self, name: str) -> None:
        if name == "lvl":
            self.level = -1
        elif name == "lvlOverride":
            self.changed = -1
        elif name in ("abstractNum", "num"):
            self.plan = self.list = ""

    def found(self) -> dict[str, List]:
        lists = {}
        for name, (plan, changed, starts) in self.lists.items():
            if not self.plans.get(plan) and plan in self.styled:
                plan = self.named.get(self.styled[plan], plan)
            lists[name] = List(plan, self.plans.get(plan, {}) | changed, starts)
        return lists

    def _levels(self) -> dict[int, Level] | None:
        if self.list:
            return self.lists[self.list][1]
        return self.plans.get(self.plan) if self.plan else None


def _changed(level: Level, name: str, values: Mapping[str, str]) -> Level:
    value = values.get("val", "")
    match name:
        case "start":
            return replace(level, start=_number(value, 1))
        case "numFmt":
            return replace(level, kind=value)
        case "lvlText":
            return replace(level, text=value)
        case "lvlRestart":
            return replace(level, restart=_number(value, level.restart))
        case "isLgl":
            return replace(level, legal=value not in ("0", "false", "off"))
        case "pStyle":
            return replace(level, style=value)
        case "rFonts":
            return replace(level, font=values.get("ascii") or values.get("hAnsi", ""))
        case "vanish":
            return replace(level, shown=value in ("0", "false", "off"))
    return level


def _number(value: str, otherwise: int) -> int:
    return int(value) if _WHOLE.fullmatch(value) else otherwise
