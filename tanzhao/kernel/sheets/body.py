"""Reading the rows under the headings: values carried down, sections, cells, faults of cells."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeGuard

from tanzhao.kernel.sheets.cells import nothing, read_cell
from tanzhao.kernel.sheets.faults import Fault, fault
from tanzhao.kernel.sheets.files import Grid
from tanzhao.kernel.sheets.headings import Headings
from tanzhao.kernel.sheets.layout import Kind, Line, lines_of
from tanzhao.kernel.sheets.numbers import Reading, read_round, rounds_of_terms, term_of
from tanzhao.kernel.sheets.pack import Field, HeadingPack
from tanzhao.kernel.sheets.service import split_post
from tanzhao.kernel.sheets.text import Cell, fold, is_blank, is_ditto, name, plain

Known = Callable[[str], bool] | None

LONGEST_REMEMBERED = 24
MOST_REMEMBERED = 20_000

# 县财政局巡察反馈问题整改台账, but not 县委巡察…: that is whose inspection it was.
_OF_UNIT = re.compile(
    r"^(?:中共)?(.{1,20}?(?:局|办公室|委员会|院|中心|联社|公司|学校|[中小]学|[镇乡村部]))"
    r"(?:党组|党委|党总支|党支部)?(?=关于|落实|贯彻|第|十|巡察|反馈|整改)"
)
_ROUND = re.compile(r"第[\d一二三四五六七八九十]+[轮批]")


@dataclass
class Row:
    """One row of data: Excel's number, field to value, and what else was learnt on the way."""

    number: int
    fields: dict[str, Any]
    # "service": past workplaces with years; "term": the term named with the round;
    # "month_year": the year of a month that could be January or October.
    extras: dict[str, Any] = field(default_factory=dict)
    sheet: str = ""


@dataclass
class Body:
    """The rows of one sheet, their faults, and the rows that hold no data."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    passed_over: list[tuple[str, int, str]] = field(default_factory=list)


def read_body(grid: Grid, headings: Headings, pack: HeadingPack, known: Known) -> Body:
    """Read every row under the headings. A row that lacks what it must have is refused."""
    body = Body()
    reader = _Reader(grid, headings, pack, known)
    lines = list(lines_of(grid, headings, pack))
    reader.written_throughout, reader.named_anew = _ways_of_writing(lines, reader.carried)
    reader.two_decimals = {c for c in reader.months if _has_two_decimals(lines, c)}
    for line in lines:
        if line.kind is Kind.DATA:
            row, faults = reader.read(line)
            body.faults.extend(faults)
            if row is not None:
                body.rows.append(row)
                reader.names.update(fold(row.fields[one.id]) for one in reader.unit_fields)
            continue
        if line.kind is Kind.BANNER:
            reader.open_section(line.banner)
        elif line.kind is Kind.TOTAL:
            reader.close_blocks(line)
        elif line.kind is Kind.UNCLEAR:
            text = next(plain(cell) for cell in line.own if not is_blank(cell))
            body.faults.append(fault("unclear_row", row=line.number, sheet=grid.name, value=text))
        if line.kind is not Kind.UNCLEAR:
            body.passed_over.append((grid.name, line.number, line.kind.value))
    return body


def _ways_of_writing(lines: list[Line], carried: dict[int, Field]) -> tuple[set[int], set[int]]:
    """Find the grouping columns written in every row with a few gaps, and those with hardly any.

    A gap in such a column is no block: where a value is written once for a block, two
    neighbours are never equal.
    """
    throughout, anew = set(), set()
    for column, one in carried.items():
        texts = [_own_text(line, column) for line in lines if line.kind is Kind.DATA]
        equal = sum(bool(a) and a == b for a, b in pairwise(texts))
        gaps = sum(not text for text in texts)
        if gaps and equal >= gaps * (1 if one.closed else 5):
            throughout.add(column)
        if gaps * 20 <= len(texts):
            anew.add(column)
    return throughout, anew


def _has_two_decimals(lines: list[Line], column: int) -> bool:
    """Tell whether months kept as numbers are written 2022.03: then 2022.1 is October.

    Where 2022.3 stands too, January would be 2022.1 as well, and nothing is known.
    """
    cells = (line.cell(column) for line in lines if line.kind is Kind.DATA)
    decimals = [f"{cell:.6f}".rstrip("0").partition(".")[2] for cell in cells if _is_number(cell)]
    padded = sum(len(one) == 2 and one[0] == "0" for one in decimals)
    return padded > 0 and not any(len(one) == 1 and one != "1" for one in decimals)


def _is_number(cell: Cell) -> TypeGuard[float]:
    return isinstance(cell, float) and not cell.is_integer()


def _own_text(line: Line, column: int) -> str:
    return name(line.own[column]) if column < len(line.own) else ""


class _Reader:
    def __init__(self, grid: Grid, headings: Headings, pack: HeadingPack, known: Known) -> None:
        self.grid, self.headings, self.pack, self.known = grid, headings, pack, known
        self.titles = headings.titles()
        self.columns = {
            column: pack.fields[one] for column, one in sorted(headings.fields.items()) if one
        }
        self.column_of = {one.id: column for column, one in self.columns.items()}
        main = min(self.column_of.get(one.id, 0) for one in pack.required)
        self.carried = {
            c: one for c, one in self.columns.items() if one.carried or (one.leading and c < main)
        }
        self.months = [c for c, one in self.columns.items() if one.type == "month"]
        self.banners = [one for one in pack.fields.values() if one.banner]
        self.unit_fields = [one for one in pack.required if one.type == "unit"]
        self.names: set[str] = set()  # units read so far
        self.carry: dict[str, Cell] = {}
        self.above: dict[str, Cell] = {}  # the row before, for what says "the same as above"
        self.section: dict[str, str] = _given_above(grid, headings, pack, known)
        self.remembered: dict[tuple[str, str, Cell], Reading] = {}
        self.written_throughout: set[int] = set()
        self.two_decimals: set[int] = set()
        self.named_anew: set[int] = set()

    def open_section(self, text: str) -> None:
        """Let a banner's text stand for one field in the rows below it."""
        one = self._field_of_banner(text)
        if one is None:
            return
        for smaller in self.banners[self.banners.index(one) :]:
            self.section.pop(smaller.id, None)
            self.carry.pop(smaller.id, None)
        self.section[one.id] = text

    def _field_of_banner(self, text: str) -> Field | None:
        for one in self.banners:
            if one.type == "round" and re.search("[轮批]", text) and read_round(text).value:
                return one
            if fold(text) in one.values:
                return one
            if one.type == "unit" and self._is_unit(text):
                return one
        found = set(self.headings.fields.values())
        open_ones = [one for one in self.banners if one.type != "round" and not one.closed]
        return next((one for one in open_ones if one.id not in found), next(iter(open_ones), None))

    def _is_unit(self, text: str) -> bool:
        return fold(text) in self.names or (self.known is not None and self.known(text))

    def _is_place(self, text: str) -> bool:
        office = fold(text) in self.pack.office_names
        return office or (self.known is not None and self.known(text))

    def close_blocks(self, line: Line) -> None:
        """End the blocks that a total ends: its own column's and those to the right of it."""
        right = [one for column, one in self.carried.items() if column >= line.total_column]
        in_grouping = line.total_column in self.carried
        for one in right if in_grouping else right[-1:]:
            self.carry.pop(one.id, None)

    def read(self, line: Line) -> tuple[Row | None, list[Fault]]:
        cells = self._carried_cells(line)
        row = Row(line.number, {}, sheet=self.grid.name)
        faults: list[Fault] = []
        for one in self.pack.fields.values():
            column = self.column_of.get(one.id)
            cell = cells.get(one.id)
            if is_blank(cell):
                cell = self.section.get(one.id)
            faults.extend(self._read_field(row, one, column, cell))
        self._part_posts(row)
        for one in self.pack.required:
            if row.fields[one.id] in ("", None, []):
                column = self.headings.column_of(one.id)
                heading = self.titles[column] if column is not None else one.headings[0]
                faults.append(self._fault("missing", row, heading))
                return None, faults
        return row, faults

    def _read_field(self, row: Row, one: Field, column: int | None, cell: Cell) -> Iterator[Fault]:
        heading = self.titles.get(column, "") if column is not None else ""
        place = (row.number, column if column is not None else -1)
        facts = self.grid.facts
        if is_blank(cell) or (place in facts.errors and not isinstance(cell, str)):
            row.fields[one.id] = nothing(one)
            if place in facts.uncomputed or place in facts.errors:
                code = "not_computed" if place in facts.uncomputed else "error_value"
                yield self._fault(code, row, heading)
            return
        shown = "0.00" if column in self.two_decimals else facts.formats.get(place, "")
        reading = self._reading(cell, one, heading=heading, shown=shown)
        value = reading.value
        row.fields[one.id] = list(value) if isinstance(value, list) else value
        if reading.code:
            yield self._fault(reading.code, row, heading, **reading.details)
        if reading.code == "ambiguous_month":
            row.extras.setdefault("month_year", {})[one.id] = reading.details["year"]
        if "service" in reading.details:
            row.extras["service"] = reading.details["service"]
        if one.type == "round" and (term := term_of(cell)):
            row.extras["term"] = term
        if one.type == "rounds" and (pairs := rounds_of_terms(cell)):
            row.extras["terms"] = [list(pair) for pair in pairs]

    def _part_posts(self, row: Row) -> None:
        """Part what stands in one cell under a heading such as 工作单位及职务."""
        for column, one in self.columns.items():
            if one.joined and fold(self.titles[column]) in one.joined_headings:
                unit, post = split_post(row.fields[one.id], self._is_place)
                row.fields[one.id] = unit
                row.fields[one.joined] = row.fields[one.joined] or post

    def _reading(self, cell: Cell, one: Field, *, heading: str, shown: str) -> Reading:
        """Read a cell, a short text only once in each column: most columns repeat a few."""
        short = isinstance(cell, str) and len(cell) <= LONGEST_REMEMBERED
        if short and (again := self.remembered.get((one.id, heading, cell))):
            return again
        reading = read_cell(
            cell, one, empty=self.pack.empty, shown=shown, heading=heading, known=self.known
        )
        if short and len(self.remembered) < MOST_REMEMBERED:
            self.remembered[one.id, heading, cell] = reading
        return reading

    def _carried_cells(self, line: Line) -> dict[str, Cell]:
        """Give the cells by field, grouping columns filled from the rows above."""
        cells = {one.id: line.cell(column) for column, one in self.columns.items()}
        for key, cell in cells.items():
            if is_ditto(cell):
                cells[key] = self.above.get(key)
        self.above = cells
        for column, one in self.carried.items():
            cell = cells[one.id]
            if not is_blank(cell):
                if not self._is_same(cell, self.carry.get(one.id), one):
                    self._forget_right_of(column)
                self.carry[one.id] = cell
                self.section.pop(one.id, None)
            elif column not in self.written_throughout:
                cells[one.id] = self.carry.get(one.id)
        return cells

    def _is_same(self, cell: Cell, before: Cell, one: Field) -> bool:
        """Tell whether two cells say the same: 第三轮 under 3 begins no new block."""
        if is_blank(before) or name(cell) == name(before):
            return not is_blank(before)
        values = [self._reading(each, one, heading="", shown="").value for each in (cell, before)]
        return bool(values[0] == values[1])

    def _forget_right_of(self, column: int) -> None:
        """End the smaller blocks. What every row names anew (a round) ends no block of units."""
        if self.carried[column].leading:
            return
        for other, one in self.carried.items():
            if other > column and not (one.required and column in self.named_anew):
                self.carry.pop(one.id, None)

    def _fault(self, code: str, row: Row, heading: str, **details: object) -> Fault:
        return fault(code, row=row.number, column=heading, sheet=self.grid.name, **details)


def _given_above(grid: Grid, headings: Headings, pack: HeadingPack, known: Known) -> dict[str, str]:
    """Find what a title or note above the headings, or the sheet's name, says for all rows.

    Only for grouping fields that have no column: 被巡察单位：县财政局, or a sheet called 第三轮.
    """
    above = [
        plain(c) for n, row in grid.rows if n < headings.first_row for c in row if not is_blank(c)
    ]
    given = {}
    for one in pack.fields.values():
        if (one.banner or one.carried) and headings.column_of(one.id) is None:
            text = _labelled(above, one) or _told(above, name(grid.name), one, known)
            if text:
                given[one.id] = text
    return given


def _labelled(texts: list[str], one: Field) -> str:
    words = {fold(word) for word in one.headings}
    for text in texts:
        for label, value in re.findall(r"([^\s:：]+)\s*[:：]\s*([^\s:：]+)", text):
            if fold(label) in words:
                return str(value)
    return ""


def _told(above: list[str], sheet: str, one: Field, known: Known) -> str:
    if one.type == "round":
        found = (_ROUND.search(text) for text in [*above, sheet])
        return next((match[0] for match in found if match), "")
    if fold(sheet) in one.values:
        return sheet
    if one.type != "unit":
        return ""
    for text in [sheet, *above]:
        for length in range(min(len(text), LONGEST_REMEMBERED), 3, -1):
            if known is not None and known(text[:length]):
                return text[:length]
    found = (_OF_UNIT.match(text) for text in [*above, sheet])
    return next((match[1] for match in found if match and "巡察" not in match[1]), "")
