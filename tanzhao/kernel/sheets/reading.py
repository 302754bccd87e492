"""Reading a whole workbook: its sheets, rows and faults."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tanzhao.kernel.sheets.body import Body, Row, read_body
from tanzhao.kernel.sheets.checks import check_rows
from tanzhao.kernel.sheets.faults import Fault, fault, unreadable
from tanzhao.kernel.sheets.files import Grid, open_grids
from tanzhao.kernel.sheets.headings import Headings, find_headings
from tanzhao.kernel.sheets.pack import HeadingPack
from tanzhao.kernel.sheets.package import column_letters
from tanzhao.kernel.sheets.text import fold, is_blank

Known = Callable[[str], bool] | Collection[str]

# Another kind fits far better if it reads so many times the headings, and so many more.
FAR_BETTER = 2
MORE_HEADINGS = 4
ALIKE = 0.75  # share of fields two sheets must have in common to be read as one


@dataclass
class SheetReading:
    """What stands in a workbook. Every row of data is in `rows` or refused in `faults`."""

    sheet: str
    columns: dict[str, str | None] = field(default_factory=dict)  # heading to field, as they stand
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)  # by row; refusals and queries
    notes: list[Fault] = field(default_factory=list)  # nothing to do: hidden rows, other sheets
    # Rows passed over and why: "total", "banner", "heading", "note", "unused".
    passed_over: list[tuple[str, int, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Give the reading as plain JSON values, without the counts of an import."""
        return {
            "sheet": self.sheet,
            "columns": self.columns,
            "rows": [{"row": row.number, "fields": row.fields} for row in self.rows],
            "faults": [
                {"row": f.row, "column": f.column, "code": f.code, "message": f.message}
                for f in self.faults
            ],
        }


def read_workbook(
    path: Path,
    kind: HeadingPack,
    *,
    known: Known | None = None,
    others: Sequence[HeadingPack] = (),
) -> SheetReading:
    """Read an office's workbook (.xlsx, .xls, .csv, tab-separated text) as a careful clerk would.

    Visible sheets with the same headings are read one after the other; the others are named
    in `notes`. Row numbers are Excel's.

    Args:
        known: The names of all units, or a function that tells whether a name is a unit's.
            Without it no workplace and no unit is called unknown.
        others: The kinds it could be by mistake. One whose headings fit far better is refused.

    Raises:
        Unreadable: With one sentence for the person, if the file cannot be read at all.
    """
    grids = open_grids(path)
    if not any(grid.visible and grid.rows for grid in grids):
        raise unreadable("no_table")
    chosen = _choose(grids, kind)
    if not chosen:
        expected = "、".join(one.headings[0] for one in list(kind.fields.values())[:5])
        raise unreadable("no_headings", expected=expected)
    _refuse_other_kind(grids, chosen, others)
    knows = _knower(known)
    reading = SheetReading("、".join(grid.name for grid, _ in chosen))
    for grid, headings in chosen:
        for column, title in sorted(headings.titles().items()):
            reading.columns.setdefault(title, headings.fields.get(column))
        body = read_body(grid, headings, kind, knows)
        reading.faults.extend(_heading_faults(grid, headings, body))
        reading.rows.extend(body.rows)
        reading.faults.extend(body.faults)
        reading.passed_over.extend(body.passed_over)
    if not reading.rows and not reading.faults:
        raise unreadable("no_rows")
    by_sheet = {grid.name: _titles_by_field(headings) for grid, headings in chosen}
    reading.rows, found = check_rows(
        reading.rows, reading.faults, pack=kind, titles=by_sheet, known=knows
    )
    order = {grid.name: index for index, (grid, _) in enumerate(chosen)}
    reading.faults = sorted(found, key=lambda f: (order.get(f.sheet, 0), f.row))
    reading.notes = _notes(grids, chosen, kind)
    return reading


def _titles_by_field(headings: Headings) -> dict[str, str]:
    titles = headings.titles()
    return {one: titles[column] for column, one in headings.fields.items() if one}


def _knower(known: Known | None) -> Callable[[str], bool] | None:
    if known is None or callable(known):
        return known
    names = {fold(one) for one in known}
    return lambda one: fold(one) in names


def _choose(grids: list[Grid], kind: HeadingPack) -> list[tuple[Grid, Headings]]:
    """Choose the sheet whose headings match best, and those with (nearly) the same headings."""
    found: list[tuple[Grid, Headings]] = []
    for grid in grids:
        skipped = any(fold(word) in fold(grid.name) for word in kind.skipped_sheets)
        if grid.visible and grid.rows and not (skipped and len(grids) > 1):
            headings = find_headings(grid, kind)
            if headings:
                found.append((grid, headings))
    if not found:
        return []
    best = max(found, key=lambda pair: (pair[1].score, len(pair[0].rows)))
    fields = {one for one in best[1].fields.values() if one}
    return [pair for pair in found if _alike(fields, pair[1]) >= ALIKE]


def _refuse_other_kind(
    grids: list[Grid], chosen: list[tuple[Grid, Headings]], others: Sequence[HeadingPack]
) -> None:
    """Refuse a talent pool that was sent as a list of units: a few of its headings fit both."""
    own = len(_titles_by_field(chosen[0][1]))
    for other in others:
        theirs = _choose(grids, other)
        titles = _titles_by_field(theirs[0][1]) if theirs else {}
        if len(titles) >= max(FAR_BETTER * own, own + MORE_HEADINGS):
            raise unreadable("other_kind", headings="、".join(list(titles.values())[:6]))


def _alike(fields: set[str], headings: Headings) -> float:
    others = {one for one in headings.fields.values() if one}
    return len(fields & others) / len(fields | others)


def _heading_faults(grid: Grid, headings: Headings, body: Body) -> list[Fault]:
    titles = headings.titles()
    row = headings.last_row
    passed = {number for _, number, _ in body.passed_over}
    faults = [
        fault(
            "ambiguous_heading",
            row=row,
            column=titles[column],
            sheet=grid.name,
            value=titles[column],
            other=titles[owner],
        )
        for column, owner in sorted(headings.rivals.items())
    ]
    filled = {
        column
        for number, cells in grid.rows
        if number > row and number not in passed
        for column, cell in enumerate(cells)
        if column not in titles and not is_blank(cell)
    }
    for column in sorted(filled):
        letters = column_letters(column)
        faults.append(fault("no_heading", row=row, column=letters, sheet=grid.name, letter=letters))
    return faults


def _notes(
    grids: list[Grid], chosen: list[tuple[Grid, Headings]], kind: HeadingPack
) -> list[Fault]:
    read = {grid.name: headings for grid, headings in chosen}
    notes: list[Fault] = []
    for grid in grids:
        if grid.name not in read and (grid.rows or not grid.visible):
            code = "other_sheet" if grid.visible else "hidden_sheet"
            notes.append(fault(code, row=0, sheet=grid.name, value=grid.name))
    for grid, headings in chosen:
        notes.extend(_notes_of_sheet(grid, headings, kind))
    return notes


def _notes_of_sheet(grid: Grid, headings: Headings, kind: HeadingPack) -> Iterator[Fault]:
    row, sheet = headings.last_row, grid.name
    present = {number for number, _ in grid.rows if number > row}
    hidden = sorted(set(grid.facts.hidden_rows) & present)
    if hidden:
        yield fault("hidden_rows", row=hidden[0], sheet=sheet, count=len(hidden))
    titles = headings.titles()
    columns = [titles[c] for c in grid.facts.hidden_columns if headings.fields.get(c)]
    if columns:
        yield fault("hidden_columns", row=row, sheet=sheet, value="、".join(columns))
    found = set(headings.fields.values())
    missing = [one.headings[0] for one in kind.fields.values() if one.id not in found]
    if missing:
        yield fault("missing_column", row=row, sheet=sheet, value="、".join(missing))
