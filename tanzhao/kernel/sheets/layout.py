"""Telling the rows of a sheet apart: data, totals, section banners, repeated headings, notes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tanzhao.kernel.sheets.files import Grid
from tanzhao.kernel.sheets.headings import Headings
from tanzhao.kernel.sheets.numbers import chinese_number
from tanzhao.kernel.sheets.pack import HeadingPack
from tanzhao.kernel.sheets.text import (
    Cell,
    fold,
    is_blank,
    name,
    plain,
    without_brackets,
    without_number,
)

LONGEST_BANNER = 30
LONGEST_MARK = 60
MOST_MERGES = 50_000


_SERIALS = frozenset(("序号", "编号", "序列", "号", "顺序号", "序"))

_EXAMPLES = frozenset(("例", "示例", "样例", "例如", "例子", "填写示例"))


class Kind(StrEnum):
    """What a row under the headings is."""

    DATA = "data"
    TOTAL = "total"
    BANNER = "banner"
    HEADING = "heading"
    NOTE = "note"
    UNUSED = "unused"  # nothing in the columns that are read
    UNCLEAR = "unclear"


@dataclass
class Line:
    """One row under the headings. `cells` has merged cells filled down; `own` has not."""

    number: int
    kind: Kind
    cells: list[Cell]
    own: list[Cell]
    banner: str = ""
    total_column: int = 0

    def cell(self, column: int | None) -> Cell:
        """Give the cell of a column, or None where the row is shorter."""
        return self.cells[column] if column is not None and column < len(self.cells) else None


def lines_of(grid: Grid, headings: Headings, pack: HeadingPack) -> Iterator[Line]:
    """Go through the rows under the headings, each with what it is."""
    sorter = _Sorter(grid, headings, pack)
    rows = [row for row in grid.rows if row[0] > headings.last_row]
    present = {number for number, _ in rows}
    used = {column for column, one in headings.fields.items() if one}
    lost = {row for row, column in grid.facts.uncomputed if column in used} - present
    rows.extend((row, []) for row in lost if row > headings.last_row)
    rows.sort(key=lambda row: row[0])
    for place, (number, own, cells) in enumerate(_merged(rows, grid, headings)):
        kind, column = sorter.kind_of(number, own, is_first=place == 0)
        if number in lost:
            kind = Kind.DATA
        banner = banner_text(_texts(own)[0][1]) if kind is Kind.BANNER else ""
        if kind is Kind.BANNER and sorter.numbered_banner(own):
            banner = banner_text(name(own[sorter.main]))
        yield Line(number, kind, cells, own, banner, column)


def _merged(
    rows: list[tuple[int, list[Cell]]], grid: Grid, headings: Headings
) -> Iterator[tuple[int, list[Cell], list[Cell]]]:
    """Fill cells merged down the side with the value that stands at the top."""
    down = sorted(
        merge
        for merge in grid.merges[:MOST_MERGES]
        if merge[2] > merge[0] and headings.fields.get(merge[1]) and merge[2] > headings.last_row
    )
    active: dict[int, tuple[int, Cell]] = {}  # column to the last row and the value
    upcoming = 0
    for number, own in rows:
        while upcoming < len(down) and down[upcoming][0] <= number:
            top, column, bottom, _right = down[upcoming]
            value = own[column] if top == number and column < len(own) else None
            active[column] = (bottom, value)
            upcoming += 1
        cells = own
        for column, (bottom, value) in list(active.items()):
            if number > bottom:
                del active[column]
            elif not is_blank(value) and (column >= len(cells) or is_blank(cells[column])):
                cells = cells if cells is not own else list(own)
                cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = value
        yield number, own, cells


def banner_text(text: str) -> str:
    """Drop the number in front of a section's title and the count behind it."""
    text = without_number(text)
    text = re.sub(r"（[^（）]*\d[^（）]*）$|[:：]$|[:：]?(?:共计?)?\d+[个名家件条项]$", "", text)
    return name(text).strip("：:")


def _texts(row: list[Cell]) -> list[tuple[int, str]]:
    texts = []
    for column, cell in enumerate(row):
        # Long prose decides nothing here, and making names of it is dear.
        text = cell.strip() if isinstance(cell, str) and len(cell) > LONGEST_MARK else name(cell)
        if text:
            texts.append((column, text))
    return texts


class _Sorter:
    def __init__(self, grid: Grid, headings: Headings, pack: HeadingPack) -> None:
        self.headings, self.pack = headings, pack
        self.used = {column for column, one in headings.fields.items() if one}
        self.required = [headings.column_of(one.id) for one in pack.required]
        self.main = next((column for column in self.required if column is not None), 0)
        self.telling = [
            headings.column_of(one.id) or 0
            for one in pack.required
            if not one.carried and headings.column_of(one.id) is not None
        ]
        self.heading_texts = {fold(part) for path in headings.paths.values() for part in path}
        above = (row for number, row in grid.rows if number < headings.first_row)
        self.titles = {fold(text) for row in above for _, text in _texts(row)}
        self.wide = {
            top: right - left + 1
            for top, left, _bottom, right in grid.merges
            if right > left and top > headings.last_row
        }
        words = "|".join(sorted(map(re.escape, pack.totals), key=len, reverse=True)) or "(?!)"
        things = "单位|部门|党组织|支部|党员|干部|人员|对象|问题|事项|任务|乡镇|学校|村|社区"
        units = "[个名人家件项条户份元所%]*"
        count = rf"[共约]?(?:\d+(?:\.\d+)?{units}(?:{things})?|{units})"
        self.total = re.compile(
            rf"(?:.{{0,12}}(?:{words})(?:[（:：].*|{count})?|共[计有]?\d+.{{0,6}}|计)"
        )
        self.count = re.compile(rf"{count}|[\W_]*")
        notes = "|".join(map(re.escape, pack.footnotes)) or "(?!)"
        self.note = re.compile(
            rf"[*※★（]*(?:{notes})(?:[\d一二三四五六七八九十]*[:：、.）].*|)", re.DOTALL
        )
        found = set(headings.fields.values())
        self.sections = [one for one in pack.fields.values() if one.banner]
        self.open = [one for one in self.sections if one.id not in found and not one.closed]
        self.serial = self._serial_column(grid)
        self.values = {word for one in pack.fields.values() if one.banner for word in one.values}

    def _serial_column(self, grid: Grid) -> int | None:
        """Find the column that numbers (nearly) all rows: a row without a number is no data."""
        paths = self.headings.paths.items()
        column = next((c for c, path in paths if fold(path[-1]) in _SERIALS), None)
        if column is None:
            return None
        rows = [row for number, row in grid.rows if number > self.headings.last_row]
        long = [row for row in rows if sum(cell not in ("", None) for cell in row) > 3]
        numbered = sum(plain(row[column]).isdigit() for row in long if column < len(row))
        return column if long and numbered >= 0.9 * len(long) else None

    def kind_of(self, number: int, own: list[Cell], *, is_first: bool) -> tuple[Kind, int]:
        if not is_first and self._is_plainly_data(own):
            return Kind.DATA, 0
        texts = _texts(own)
        if self._is_heading(texts) or (is_first and self._is_numbering(texts)):
            return Kind.HEADING, 0
        if (column := self._total_column(own, texts)) is not None:
            return Kind.TOTAL, column
        if self._is_note(texts):
            return Kind.NOTE, 0
        if self._is_banner(number, own, texts):
            short = len(texts[-1][1]) <= LONGEST_BANNER
            return (Kind.BANNER if short else Kind.UNCLEAR), 0
        if not any(column in self.used for column, _ in texts):
            return Kind.UNUSED, 0
        return Kind.DATA, 0

    def _is_plainly_data(self, own: list[Cell]) -> bool:
        """Recognise most rows quickly: long, and the columns that tell hold no mark of any kind."""
        if not self.telling or sum(cell not in ("", None) for cell in own) < 4:
            return False
        first = next(cell for cell in own if cell not in ("", None))
        if isinstance(first, str) and self.note.fullmatch(name(first)):
            return False
        for column in self.telling:
            cell = own[column] if column < len(own) else None
            if isinstance(cell, str) and len(cell) > LONGEST_MARK:
                continue
            text = name(cell)
            if self.count.fullmatch(text) or self.total.fullmatch(text):
                return False
            if fold(text) in self.heading_texts:
                return False
        return True

    def _is_heading(self, texts: list[tuple[int, str]]) -> bool:
        folded = {fold(text) for _, text in texts} - {""}
        same = folded & self.heading_texts
        if len(texts) == 1 and folded and folded <= self.titles:
            return True
        return len(same) >= 2 and len(same) >= 0.6 * len(folded)

    def _is_numbering(self, texts: list[tuple[int, str]]) -> bool:
        """Recognise the row under the headings that numbers the columns: 甲 乙 1 2 3."""
        marks = [re.sub(r"[（）()栏列]", "", text) for _, text in texts]
        odd = [m for m in marks if not re.fullmatch(r"\d{1,2}|[甲乙丙丁戊己庚辛壬癸]|[A-Z]", m)]
        return len(marks) >= 3 and not odd and len(set(marks)) == len(marks)

    def _total_column(self, own: list[Cell], texts: list[tuple[int, str]]) -> int | None:
        marked = [column for column, text in texts if len(text) < 30 and self.total.fullmatch(text)]
        if not marked:
            return None
        for column in self.required:
            text = name(own[column]) if column is not None and column < len(own) else ""
            if not (self.total.fullmatch(text) or self.count.fullmatch(text)):
                return None
        return marked[0]

    def _is_note(self, texts: list[tuple[int, str]]) -> bool:
        if texts and texts[0][1] in _EXAMPLES and texts[0][0] not in self.used:
            return True
        if not texts or len(texts) > 6:
            return False
        return bool(self.note.fullmatch(texts[0][1])) and (
            len(texts) == 1
            or texts[0][0] not in self.used
            or not {column for column, _ in texts} & set(self.telling)
            or all("：" in t or ":" in t for _, t in texts)
        )

    def numbered_banner(self, own: list[Cell]) -> bool:
        """Recognise 一 | 县直部门（37个）: a Chinese numeral in front, only the name after it."""
        texts = [(c, t) for c, t in _texts(own) if not re.fullmatch(r"[\d.]+", t)]
        return (
            len(texts) == 2
            and texts[1][0] == self.main
            and texts[0][0] not in self.used
            and not texts[0][1].isascii()
            and chinese_number(texts[0][1].strip("、（）.")) is not None
        )

    def _is_banner(self, number: int, own: list[Cell], texts: list[tuple[int, str]]) -> bool:
        if self.numbered_banner(own):
            return True
        if len(texts) != 1:
            return False
        column, text = texts[0]
        if not isinstance(own[column], str) or text.isdigit():
            return False
        if self.wide.get(number, 1) >= 3 and not plain(own[column]).isdigit():
            return True
        if fold(banner_text(text)) in self.values and not self._belongs(column, text):
            return True
        if column not in self.used and column < self.main:
            return True
        if column == self.main and self.open and self.serial is not None:
            return True
        return column in (self.main, 0) and bool(
            re.match(r"^(?:[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+[、.．])", text)
        )

    def _belongs(self, column: int, text: str) -> bool:
        """Tell whether a lone text is a value of its own column: a category before its rows."""
        one = self.headings.fields.get(column)
        return (
            bool(one)
            and one != self.headings.fields.get(self.main)
            and bool(fold(without_brackets(text)))
        )
