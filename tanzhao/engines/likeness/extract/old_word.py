"""The text of a .doc, also one called .wps, as [MS-DOC] describes it: Word 97 and later.

Whatever was deleted while changes were tracked, hidden, or an instruction of a field is left out.
"""

import re
import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tanzhao.engines.likeness.extract.compound import Compound
from tanzhao.engines.likeness.extract.edges import without_page_numbers
from tanzhao.engines.likeness.extract.numbering import List, set_numbers
from tanzhao.engines.likeness.extract.old_lists import PLANS, Numbered, with_numbers
from tanzhao.engines.likeness.extract.refusals import Unreadable

_WORD_97 = 0xC1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
# Sprms, see [MS-DOC] 2.6: what is set with a byte of 1.
_DELETED, _HIDDEN, _ROW_END = 0x0800, 0x083C, 0x2417
_OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LONG_OPERANDS = {0xD608, 0xD606}
# Signs of ours in the place of one that must not be counted on any more: nothing, end of a row.
_NOTHING, _ROW = "\0", "\6"
_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
_MOST_NESTED = 20
_ENDS = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": None, "\0": None}
)
_HEADERS = (0, 1, 4)  # of the six stories of a section: even, odd, first; the others are footers

Range = tuple[int, int]


class NotWord97(Exception):
    """A .doc of Word 6 or 95, which has another shape."""


def paragraphs_of_old(content: bytes, left_out: Counter[str] | None = None) -> Iterator[str]:
    """Give the paragraphs as `word.paragraphs_of` does; text boxes come after the body.

    left_out: characters of hidden_text and deleted_text are counted in it.

    Raises: Unreadable if it is damaged or protected; NotWord97.
    """
    compound = Compound(content, kind="doc")
    stream = compound.stream("WordDocument")
    if len(stream) < 0x1AA:
        raise compound.damaged()
    number, flags = struct.unpack_from("<H6xH", stream, 2)
    if flags & _ENCRYPTED:
        raise Unreadable("encrypted", {"kind": "doc"})
    if number < _WORD_97:
        raise NotWord97
    try:
        table = compound.stream("1Table" if flags & _TABLE_1 else "0Table")
        text = whole_text(stream, table, Counter() if left_out is None else left_out)
        yield from _stories(text, stream, table)
    except (struct.error, IndexError) as error:
        raise compound.damaged() from error


def _stories(text: str, stream: bytes, table: bytes) -> Iterator[str]:
    body, notes, edges, _macros, remarks, ends, boxes = struct.unpack_from("<7i", stream, 0x4C)
    counts = (body, notes, edges, remarks, ends, boxes)
    if min(counts) < 0 or sum(counts) > len(text) + 1:
        raise Unreadable("damaged", {"kind": "doc"})
    at_edges = body + notes
    at_ends = at_edges + edges + remarks
    at_boxes = at_ends + ends + boxes
    headers, footers = _edges(text[at_edges : at_edges + edges], stream, table)
    yield from headers
    stories = ((0, body), (body, at_edges), (at_ends, at_ends + ends), (at_ends + ends, at_boxes))
    lists, places = _numbers(text, stream, table)
    for begin, end in stories:
        own = {at - begin: listed for at, listed in places.items() if begin <= at < end}
        yield from _lines(with_numbers(text[begin:end], own, lists))
    yield from (line for line in footers if line not in set(headers))


def _numbers(
    text: str, stream: bytes, table: bytes
) -> tuple[Mapping[str, List], dict[int, tuple[int, int]]]:
    """Find the lists, and where in the text a numbered paragraph ends: its list and level."""
    try:
        (begin,) = struct.unpack_from("<I", stream, 0x9A + 8 * PLANS)
        numbered = Numbered(stream, lambda index: _plc(stream, table, index), table[begin:])
    except (struct.error, IndexError, Unreadable):  # without its lists it can be read all the same
        return {}, {}
    places: dict[int, tuple[int, int]] = {}
    if numbered.ranges:
        for piece in _pieces(stream, table):
            for at in range(piece.at, piece.at + piece.length):
                if text[at] in "\r\7" and (listed := numbered.at(piece.place(at))):
                    places[at] = listed
    return numbered.lists, places


def _edges(text: str, stream: bytes, table: bytes) -> tuple[list[str], list[str]]:
    """Give the headers and the footers of all sections, each line once."""
    places = struct.unpack(f"<{len(plc := _plc(stream, table, 11)) // 4}I", plc[: len(plc) & ~3])
    headers: list[str] = []
    footers: list[str] = []
    for number in range(6, len(places) - 2):
        story = text[places[number] : places[number + 1]]
        (headers if number % 6 in _HEADERS else footers).extend(_lines(story))
    return without_page_numbers(headers), without_page_numbers(footers)


def _plc(stream: bytes, table: bytes, index: int) -> bytes:
    at, length = struct.unpack_from("<II", stream, 0x9A + 8 * index)
    if at + length > len(table):
        raise Unreadable("damaged", {"kind": "doc"})
    return table[at : at + length]


class _Piece(NamedTuple):
    """So many characters from `at` on, and where in the stream they stand."""

    at: int
    length: int
    start: int
    narrow: bool

    @property
    def width(self) -> int:
        """Bytes of a character."""
        return 1 if self.narrow else 2

    def place(self, at: int) -> int:
        """Give where a character stands in the stream."""
        return self.start + self.width * (at - self.at)


def _pieces(stream: bytes, table: bytes) -> list[_Piece]:
    pieces = _piece_table(_plc(stream, table, 33))
    count = (len(pieces) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", pieces)
    found: list[_Piece] = []
    at = 0
    for number in range(count):
        length = places[number + 1] - places[number]
        (start,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * number + 2)
        if length < 0:
            raise Unreadable("damaged", {"kind": "doc"})
        narrow = bool(start & 0x40000000)
        start = (start & 0x3FFFFFFF) // (2 if narrow else 1)
        found.append(_Piece(at, length, start, narrow))
        at += length
    return found


def whole_text(stream: bytes, table: bytes, left_out: Counter[str]) -> str:
    """Put the pieces together, a character for each that Word counts."""
    out = {
        kind: _ranges(stream, _plc(stream, table, 12), {sprm}, paragraphs=False)
        for kind, sprm in (("deleted_text", _DELETED), ("hidden_text", _HIDDEN))
    }
    rows = _ranges(stream, _plc(stream, table, 13), {_ROW_END}, paragraphs=True)
    whole: list[str] = []
    for piece in _pieces(stream, table):
        start, width = piece.start, piece.width
        raw = stream[start : start + width * piece.length]
        if len(raw) < width * piece.length:
            raise Unreadable("damaged", {"kind": "doc"})
        text = raw.decode("cp1252", "replace") if piece.narrow else _units(raw)
        text = _marked(text, start, width, rows, "\7", _ROW)
        for kind, ranges in out.items():
            before = text.count(_NOTHING)
            text = _marked(text, start, width, ranges, "", _NOTHING)
            left_out[kind] += text.count(_NOTHING) - before
        whole.append(text)
    return "".join(whole)


def _units(raw: bytes) -> str:
    """Decode UTF-16 into a character for each unit, so that Word's places are ours."""
    text = raw.decode("utf-16-le", "surrogatepass")
    if len(text) == len(raw) // 2:
        return text
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def _piece_table(clx: bytes) -> bytes:
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<h", clx, at + 1)[0]
        if at <= 0:
            break
    if not 0 <= at < len(clx) or clx[at] != 2:
        raise Unreadable("damaged", {"kind": "doc"})
    (length,) = struct.unpack_from("<I", clx, at + 1)
    table = clx[at + 5 : at + 5 + length]
    if len(table) < max(length, 16):
        raise Unreadable("damaged", {"kind": "doc"})
    return table


def _ranges(stream: bytes, plc: bytes, wanted: set[int], *, paragraphs: bool) -> list[Range]:
    """Find the stretches of the stream whose properties set one of these; sorted."""
    count = (len(plc) - 4) // 8
    found: list[Range] = []
    for number in range(max(count, 0)):
        (page,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)
        page = 512 * (page & 0x3FFFFF)
        block = stream[page : page + 512]
        if len(block) < 512:
            raise Unreadable("damaged", {"kind": "doc"})
        runs = block[511]
        places = struct.unpack_from(f"<{runs + 1}I", block)
        for run in range(runs):
            at = 4 * (runs + 1) + run * (13 if paragraphs else 1)
            if _sets(_properties(block, 2 * block[at], paragraphs=paragraphs), wanted):
                found.append((places[run], places[run + 1]))
    return sorted(found)


def _properties(block: bytes, at: int, *, paragraphs: bool) -> bytes:
    if at == 0:
        return b""
    length = block[at]
    if not paragraphs:
        return block[at + 1 : at + 1 + length]
    # After the length stands the number of the style.
    if length == 0:
        return block[at + 4 : at + 2 + 2 * block[at + 1]]
    return block[at + 3 : at + 2 * length]


def _sets(properties: bytes, wanted: set[int]) -> bool:
    at = 0
    while at + 3 <= len(properties):
        (sprm,) = struct.unpack_from("<H", properties, at)
        at += 2
        if sprm in wanted and properties[at] & 1:
            return True
        kind = sprm >> 13
        if kind != 6:
            at += _OPERANDS[kind]
        elif sprm in _LONG_OPERANDS:
            at += 1 + struct.unpack_from("<H", properties + b"\0", at)[0]
        else:
            at += 1 + properties[at]
    return False


def _marked(text: str, start: int, width: int, ranges: list[Range], only: str, mark: str) -> str:
    """Put `mark` in the place of every character in `ranges`, or of those that are `only`."""
    end = start + width * len(text)
    number = max(bisect_right(ranges, (start, 0)) - 1, 0)
    pieces: list[str] = []
    done = 0
    for first, last in ranges[number:]:
        if first >= end:
            break
        left = max((first - start) // width, done)
        right = min((last - start) // width, len(text))
        if right <= left:
            continue
        inside = text[left:right]
        pieces += (text[done:left], inside.replace(only, mark) if only else mark * len(inside))
        done = right
    return "".join(pieces) + text[done:] if pieces else text


def _lines(text: str) -> list[str]:
    """Give the paragraphs of a story; a row of a table is one, its cells parted by tabs."""
    for _level in range(_MOST_NESTED):
        text, fields = _FIELD.subn(lambda found: found[1] or "", text)
        if not fields:
            break
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    # A cell ends with 7; the end of the row has a mark of its own.
    text = text.replace(f"\7{_ROW}", "\n").replace(_ROW, "\n").replace("\7", "\t")
    text = set_numbers(text.translate(_ENDS))
    return [line.rstrip("\t") for line in text.split("\n") if line.strip()]
