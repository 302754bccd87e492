"""Lines with their places on pages become paragraphs: for PDF and for OCR, which know only lines.

What runs along the head or foot of page after page is left out. A sentence that goes on in the
next line, or on the next page, is one sentence again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tanzhao.engines.likeness.extract.cells import Cells
from tanzhao.engines.likeness.extract.cleaning import checked, clean
from tanzhao.engines.likeness.extract.columns import gutter_of, side_of
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.symbols import symbol
from tanzhao.engines.likeness.texts import Extracted, Part


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. Lengths in one unit for all, down from the top of the page.

    Attributes:
        baseline: from the top of the page.
        size: of its letters; a Chinese letter is about as wide.
        cell: where the last cell of a row begins; 0 if it is no row.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    cell: float = 0.0

    @property
    def last_cell(self) -> float:
        """Where it begins, or the last cell of it."""
        return self.cell or self.left


@dataclass(frozen=True)
class Page:
    """The lines of a page, in the order of reading as its file has them."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


_EDGE = 0.13  # of the height: where what runs along pages stands
_BETWEEN_NUMBERS = r"[\s—–―\-－·•~_]*"
_PAGE_NUMBER = re.compile(
    rf"{_BETWEEN_NUMBERS}(?:第\s*)?(?:[pP]age\s*)?(\d{{1,4}}|[ivxIVX]{{1,5}})\s*页?{_BETWEEN_NUMBERS}"
    rf"(?:(?:/|of|，|,|共)\s*(?:共\s*)?\d{{1,4}}\s*页?)?{_BETWEEN_NUMBERS}"
)
_WIDEST_TITLE = 2.8  # of its letters' size, from line to line: large letters on a grid take two
_NARROW = 10  # letters: lines of a list, a table, a form; not of a paragraph
_NUMBERED = re.compile(
    r"^\s*(?:[（(第]?[\d一二三四五六七八九十百.．]{1,7}[）)、.．条章节]?|[①-⑳]|[^\w\s])\s*\t"
)
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")
# A place in a font of pictures, which of them nobody says; at the head of a line it is a bullet.
_PICTURE_SIGN = re.compile("^[\uf020-\uf0ff](?=\\s)")
_SOFT_HYPHENS = ("\x02", "\ufffe", "\xad")
# Between two of these a broken line stood for a blank; between Chinese letters for nothing.
_WESTERN = re.compile("[!-~\xa1-\u024f\u0370-\u04ff]")
_NEVER_FIRST = "、，。；：！？”’）》】〉」』％"
# What programs do not break at the end of a line: a word or a letter, stops, a number behind them.
_UNBROKEN = re.compile(f"(?:[!-~\xa1-\u024f\u0370-\u04ff]+|.)[{_NEVER_FIRST}]*[!-~]*")
_HEADING = re.compile(
    "[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第[一二三四五六七八九十百]{1,4}[条章节]"
)
_NEW_ITEM = re.compile(r"[（(]?\d{1,2}[）)、]|\d{1,2}[.．]\D|[①-⑳]")


def text_of(pages: Sequence[Page], kind: str, limits: Limits, how: str = "layer") -> Extracted:
    """Make the text of a document of the lines of its pages.

    A part begins with each paragraph and, where one goes on, with each page; paragraphs are
    counted on each page.

    Raises: Unreadable if it is no text.
    """
    running = _running(pages)
    gutters = {
        page.number: gutter_of(
            [line for line in page.lines if (page.number, line) not in running], page.width
        )
        for page in pages
    }
    settings = _settings(pages, running, gutters)
    pieces: list[str] = []
    parts: list[Part] = []
    at = 0
    before: Line | None = None
    setting = _NO_SETTING
    for page in pages:
        paragraph = side = 0
        same_page = False
        cells = Cells(page.lines)
        for line in _in_order(page):
            if (page.number, line) in running:
                continue
            text = clean(line.text).replace("\n", " ").strip(" \t\u3000\xa0")
            text = _PICTURE_SIGN.sub(_bullet, text)
            if not text:
                continue
            side_before, side = side, side_of(line, gutters[page.number])
            setting_before, setting = (
                setting,
                settings[_format(page), gutters[page.number] is not None, side],
            )
            beside = before is not None and same_page and side == side_before
            next_cell = beside and before is not None and cells.is_next(before, line)
            # The head of a column goes on with the foot of another as that of a page does.
            goes_on = next_cell or (
                before is not None
                and _goes_on(before, line, setting_before, setting, same_page=beside, cells=cells)
            )
            cells.take(before if same_page else None, line)
            if not goes_on or not same_page:
                paragraph += 1
            if next_cell:
                between = "\t"
            elif goes_on and before is not None:
                between = _between(before.text, text)
                if before.text.rstrip().endswith(_SOFT_HYPHENS) and pieces[-1].endswith("-"):
                    pieces[-1] = pieces[-1][:-1]
                    at -= 1
            else:
                between = "\n" if pieces else ""
            at += len(between)
            if not goes_on or not same_page:
                parts.append(Part(at, page.number, paragraph))
            pieces.append(between + text)
            at += len(text)
            before, same_page = line, True
    return checked("".join(pieces), parts, kind, limits, how)


def _running(pages: Sequence[Page]) -> set[tuple[int, Line]]:
    """Find what runs along: the same words, numbers apart, at the same height of many pages."""
    places: defaultdict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    found: set[tuple[int, Line]] = set()
    for page in pages:
        for line in page.lines:
            share = line.baseline / page.height if page.height else 0.5
            if _EDGE < share < 1 - _EDGE:
                continue
            words = _BLANKS.sub("", line.text)
            if share > 0.5 and _is_page_number(words, page.number):
                found.add((page.number, line))
            # As far from the edge on wide pages as on high ones. The same place for two lines a
            # point apart; kept twice where it lies between two.
            unit = max(page.width, page.height) / 200
            place = int((line.baseline if share < 0.5 else line.baseline - page.height) / unit)
            for near in (place, place + 1):
                places[_DIGITS.sub("#", words), near].append((page.number, line))
    most = Counter(_format(page) for page in pages)
    for holders in places.values():
        numbers = {number for number, _line in holders}
        least = max(2, min(3, len(pages)), round(0.3 * max(most.values())))
        if len(numbers) >= least:
            found.update(holders)
    return found


def _is_page_number(words: str, number: int) -> bool:
    match = _PAGE_NUMBER.fullmatch(words)
    if not match:
        return False
    # A bare number at the foot may be the last line of a table; beside dashes it is not.
    return not words.isdecimal() or abs(int(words) - number) <= 20


def _format(page: Page) -> tuple[int, int]:
    return round(page.width), round(page.height)


@dataclass(frozen=True)
class _Setting:
    """How most lines of a column are set: where they begin and end, and how far apart."""

    left: float
    right: float
    pitch: float
    size: float


_NO_SETTING = _Setting(0.0, 0.0, 0.0, 0.0)

# The format of a page, whether it has two columns, and which of them.
type _Column = tuple[tuple[int, int], bool, int]


def _settings(
    pages: Sequence[Page], running: set[tuple[int, Line]], gutters: Mapping[int, float | None]
) -> defaultdict[_Column, _Setting]:
    columns: defaultdict[_Column, list[list[Line]]] = defaultdict(list)
    for page in pages:
        sides: tuple[list[Line], ...] = ([], [], [])
        for line in page.lines:
            if (page.number, line) not in running:
                sides[side_of(line, gutters[page.number])].append(line)
        for side, lines in enumerate(sides):
            columns[_format(page), gutters[page.number] is not None, side].append(lines)
    found = {key: _setting(groups) for key, groups in columns.items()}
    return defaultdict(lambda: _NO_SETTING, found)


def _setting(groups: list[list[Line]]) -> _Setting:
    """Give the outermost left and right that several lines share, so that no single one decides."""
    lines = [line for group in groups for line in group]
    if not lines:
        return _NO_SETTING
    several = min(len(lines) - 1, max(1, len(lines) // 20))
    size = median(line.size for line in lines)
    downs = sorted(
        down
        for group in groups
        for upper, lower in pairwise(group)
        if 0.5 * size < (down := lower.baseline - upper.baseline) < 3 * size
    )
    return _Setting(
        sorted(line.left for line in lines)[several],
        sorted((line.right for line in lines), reverse=True)[several],
        # Between paragraphs lines may be further apart than within: the narrow quarter counts.
        downs[len(downs) // 4] if downs else 2 * size,
        size,
    )


def _in_order(page: Page) -> Sequence[Line]:
    """Give the lines as the file has them, or from top to bottom where none stands beside another.

    Programs write text boxes and frames last; with columns or tables only the file knows.
    """
    falling = sorted(page.lines, key=lambda line: line.baseline)
    if any(_stand_beside(upper, lower) for upper, lower in pairwise(falling)):
        return page.lines
    return falling


def _stand_beside(upper: Line, lower: Line) -> bool:
    size = min(upper.size, lower.size)
    down = lower.baseline - upper.baseline
    apart = upper.right < lower.left or lower.right < upper.left
    return down < (1.5 if apart else 0.5) * size


def _goes_on(
    before: Line,
    line: Line,
    usual_before: _Setting,
    usual: _Setting,
    *,
    same_page: bool,
    cells: Cells,
) -> bool:
    """Tell whether `line` goes on with the paragraph that `before` stands in.

    same_page: they stand in one column of one page.
    """
    size = max(before.size, line.size)
    down = line.baseline - before.baseline
    if abs(before.size - line.size) > 0.15 * size:
        return False
    if same_page and _same_title(before, line, usual):
        return True
    words = line.text.lstrip()
    room = cells.room(before, line) if same_page else None
    if room is not None and line.left > usual.left + 1.2 * size:
        fits = room > _width(words, size) + size
        return not (fits or _HEADING.match(words) or _NEW_ITEM.match(words))
    if same_page and not 0.5 * size < down < max(1.25 * usual.pitch, 1.2 * size):
        return False
    if before.right - before.left < _NARROW * size:
        return False
    if line.left > usual.left + 1.2 * size:  # it is set in
        return False
    if "\t" in line.text or "\t" in _NUMBERED.sub("", before.text):  # the row of a table
        return False
    if words[:1] in _NEVER_FIRST:
        return True
    # Its first word would have found room behind the line before: that one was ended on purpose.
    room = usual_before.right - before.right
    if room > _width(words, size) + size:
        return False
    if _HEADING.match(words) and before.text.rstrip()[-1:] not in "、，":
        return False
    return same_page or not _NEW_ITEM.match(words)


def _same_title(before: Line, line: Line, usual: _Setting) -> bool:
    """Tell whether these are two lines of one heading: large, and one below the other's middle."""
    apart = abs(before.left + before.right - line.left - line.right) / 2
    down = line.baseline - before.baseline
    return line.size > 1.2 * usual.size > 0 and apart < line.size < down < _WIDEST_TITLE * line.size


def _bullet(sign: re.Match[str]) -> str:
    return symbol("Wingdings", f"{ord(sign[0]):X}") or "•"


def _width(words: str, size: float) -> float:
    """Estimate how wide what cannot be broken at the beginning of a line is."""
    word = _UNBROKEN.match(words)
    return sum(0.6 if sign < "\u1100" else 1.0 for sign in word[0]) * size if word else size


def _between(before: str, text: str) -> str:
    last = before.rstrip()[-1:]
    if last in _SOFT_HYPHENS or not last:
        return ""
    return " " if _WESTERN.match(last) and _WESTERN.match(text[0]) else ""
