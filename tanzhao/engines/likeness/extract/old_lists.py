"""Which paragraphs of a .doc Word numbers by itself, and how.

Source: [MS-DOC], sections 2.4.6.3 to 2.4.6.5, 2.9.131 to 2.9.150 (lists), 2.9.260 (styles).
"""

import struct
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tanzhao.engines.likeness.extract.numbering import LEVELS, NUMBER_END, Counters, Level, List

_LEVEL, _LIST = 0x260A, 0x460B  # sprms
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LONG_OPERANDS = {0xD608, 0xD606}
_STYLES, _PARAGRAPHS, PLANS, _LISTS = 1, 13, 73, 74  # of the tables that the head names
_MOST_PARENTS = 20
_MOST_LISTS = 20_000
_INHERITED = 0xF801  # and above: the list of another, without its indents
_BULLET, _NONE = 23, 255
_KINDS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    10: "ideographDigital", 11: "japaneseCounting", 14: "decimalFullWidth",
    18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero", 23: "bullet",
    26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen", 28: "decimalEnclosedCircleChinese",
    29: "ideographEnclosedCircle", 30: "ideographTraditional", 31: "ideographZodiac",
    33: "taiwaneseCounting", 34: "ideographLegalTraditional", 35: "taiwaneseCountingThousand",
    36: "taiwaneseDigital", 37: "chineseCounting", 38: "chineseLegalSimplified",
    39: "chineseCountingThousand", 255: "none",
}  # fmt: skip

type Table = Callable[[int], bytes]  # one of the tables that the head names, by its number


class Listed(NamedTuple):
    """What a paragraph or its style says of its list; None where it says nothing."""

    list: int | None = None
    level: int | None = None


class Numbered:
    """The numbers of a document's paragraphs, found by where their ends stand in the stream."""

    def __init__(self, stream: bytes, table: Table, lists_and_more: bytes):
        """Read lists, styles and paragraphs.

        Args:
            lists_and_more: from the lists on; their levels stand behind them.

        Raises: struct.error or IndexError where they are damaged.
        """
        self.lists = _lists(lists_and_more, table(_LISTS))
        styles = _styles(table(_STYLES)) if self.lists else {}
        found = _paragraphs(stream, table(_PARAGRAPHS), styles) if self.lists else []
        self.ranges = sorted(found)
        self.starts = [start for start, _end, _list, _level in self.ranges]

    def at(self, place: int) -> tuple[int, int] | None:
        """Give (list, level) of the paragraph whose end stands at a place of the stream."""
        number = bisect_right(self.starts, place) - 1
        if number < 0 or place >= self.ranges[number][1]:
            return None
        return self.ranges[number][2:]


def with_numbers(
    text: str, places: Mapping[int, tuple[int, int]], lists: Mapping[str, List]
) -> str:
    """Put numbers before the paragraphs of a story, each with NUMBER_END behind it.

    Args:
        places: where in `text` a numbered paragraph ends: its list and level.
    """
    counters = Counters(lists)
    pieces: list[str] = []
    begun = 0
    for at, sign in enumerate(text):
        if sign not in "\r\7\6\x0c":
            continue
        own = text[begun:at]
        number = counters.next(str(places[at][0]), places[at][1]) if at in places else ""
        # In an empty cell a number may stand alone, as in the first column of a ledger.
        if number and (sign == "\7" or own.strip("\0 \t\u3000")):
            pieces.append(number + NUMBER_END)
        pieces.append(text[begun : at + 1])
        begun = at + 1
    return "".join(pieces) + text[begun:]


def _paragraphs(
    stream: bytes, plc: bytes, styles: Mapping[int, Listed]
) -> list[tuple[int, int, int, int]]:
    found = []
    count = (len(plc) - 4) // 8
    for number in range(max(count, 0)):
        (page,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)
        block = stream[512 * (page & 0x3FFFFF) :][:512]
        runs = block[511]
        places = struct.unpack_from(f"<{runs + 1}I", block)
        for run in range(runs):
            at = 2 * block[4 * (runs + 1) + 13 * run]
            style, own = _said(block, at) if at else (0, Listed())
            of_style = styles.get(style, Listed())
            of_list = of_style.list if own.list is None else own.list
            level = of_style.level if own.level is None else own.level
            if of_list:
                found.append((places[run], places[run + 1], of_list, level or 0))
    return found


def _said(block: bytes, at: int) -> tuple[int, Listed]:
    begin, end = at + 1, at + 2 * block[at]
    if block[at] == 0:
        begin, end = at + 2, at + 2 + 2 * block[at + 1]
    (style,) = struct.unpack_from("<H", block, begin)
    return style, _listed(block[begin + 2 : end])


def _listed(properties: bytes) -> Listed:
    of_list = level = None
    at = 0
    while at + 3 <= len(properties):
        (sprm,) = struct.unpack_from("<H", properties, at)
        at += 2
        if sprm == _LEVEL:
            level = min(properties[at], LEVELS - 1)
        elif sprm == _LIST and at + 2 <= len(properties):
            (of_list,) = struct.unpack_from("<H", properties, at)
            of_list = 0x10000 - of_list if of_list > _INHERITED else of_list
        if sprm >> 13 != 6:
            at += _OPERANDS[sprm >> 13]
        elif sprm in _LONG_OPERANDS:
            at += 1 + struct.unpack_from("<H", properties + b"\0", at)[0]
        else:
            at += 1 + properties[at]
    return Listed(of_list, level)


def _styles(table: bytes) -> dict[int, Listed]:
    """Give what each style of paragraphs says of lists, or what it is based on does."""
    if len(table) < 6:
        return {}
    (about,) = struct.unpack_from("<H", table)
    count, base = struct.unpack_from("<HH", table, 2)
    parents: dict[int, int] = {}
    own: dict[int, Listed] = {}
    at = 2 + about
    for number in range(count):
        (length,) = struct.unpack_from("<H", table, at)
        style = table[at + 2 : at + 2 + length]
        at += 2 + length
        if length < base + 4 or struct.unpack_from("<H", style, 2)[0] & 0xF != 1:
            continue
        parents[number] = struct.unpack_from("<H", style, 2)[0] >> 4
        (letters,) = struct.unpack_from("<H", style, base)
        begin = base + 2 + 2 * letters + 2
        (long,) = struct.unpack_from("<H", style, begin)
        own[number] = _listed(style[begin + 4 : begin + 2 + long])
    return {number: _inherited(number, own, parents) for number in own}


def _inherited(number: int, own: Mapping[int, Listed], parents: Mapping[int, int]) -> Listed:
    of_list = level = None
    for _parent in range(_MOST_PARENTS):
        said = own.get(number, Listed())
        of_list = said.list if of_list is None else of_list
        level = said.level if level is None else level
        if number not in parents:
            break
        number = parents[number]
    return Listed(of_list, level)


def _lists(plans: bytes, lists: bytes) -> dict[str, List]:
    if len(plans) < 2 or len(lists) < 4:
        return {}
    (count,) = struct.unpack_from("<H", plans)
    at = 2 + 28 * count
    known: dict[int, tuple[str, dict[int, Level]]] = {}
    for number in range(count):
        (name,) = struct.unpack_from("<i", plans, 2 + 28 * number)
        simple = plans[2 + 28 * number + 26] & 1
        levels = {}
        for level in range(1 if simple else LEVELS):
            levels[level], at = _level(plans, at, level)
        known[name] = str(name), levels
    (count,) = struct.unpack_from("<I", lists)
    at = 4 + 16 * count
    found = {}
    for number in range(min(count, _MOST_LISTS)):
        (name,) = struct.unpack_from("<i", lists, 4 + 16 * number)
        changes = lists[4 + 16 * number + 12]
        counts_with, levels = known.get(name, ("", {}))
        levels, starts = dict(levels), {}
        at += 4
        for _change in range(changes):
            start, flags = struct.unpack_from("<iI", lists, at)
            at += 8
            level = flags & 0xF
            if flags & 0x20:
                levels[level], at = _level(lists, at, level)
                start = levels[level].start
            if flags & 0x10:
                starts[level] = start
        if levels:
            found[str(number + 1)] = List(counts_with, levels, starts)
    return found


def _level(table: bytes, at: int, level: int) -> tuple[Level, int]:
    """Read how a level is numbered, and give where the next one begins."""
    start, kind, flags = struct.unpack_from("<iBB", table, at)
    of_signs, of_paragraph, limit = struct.unpack_from("<BBB", table, at + 24)
    at += 28 + of_signs + of_paragraph
    (length,) = struct.unpack_from("<H", table, at)
    signs = struct.unpack_from(f"<{length}H", table, at + 2)
    text = "".join(f"%{sign + 1}" if sign < LEVELS else chr(sign) for sign in signs)
    found = Level(
        start=start,
        kind=_KINDS.get(kind, "decimal"),
        text=text,
        font="Wingdings" if kind == _BULLET else "",
        restart=min(limit, level) if flags & 8 else level,
        legal=bool(flags & 4),
        shown=kind != _NONE or bool(text),
    )
    return found, at + 2 + 2 * length
