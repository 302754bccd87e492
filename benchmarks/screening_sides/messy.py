"""A made-up county as the files that clerks hand over: other headings, encodings and spellings.

Whatever is changed here still means the same, so a load must give every planted hit all the same.
"""

import csv
import io
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter

from benchmarks.screening_sides.county import County
from benchmarks.screening_sides.writing import names_in, texts
from tanzhao.engines.screening.tables import Column, Datasets, Kind, Table

DAYS = ("%Y-%m-%d", "%Y/%-m/%-d", "%Y年%-m月%-d日", "%Y.%m.%d", "%Y%m%d")
WORKBOOK_ROWS = 3000  # larger tables are text files


def put_files(county: County, folder: Path, datasets: Datasets) -> str:
    """Write every table as one or more files below `folder`, and give the MAP.toml for them."""
    folder.mkdir(parents=True)
    the_map = [
        "[order]",
        'purpose = "核查惠民惠农补贴资金发放"',
        'approver = "沈主任"',
        'legal_basis = "县委巡察办〔2026〕12号"',
        "expires = 2030-12-31",
    ]
    for table in datasets.tables.values():
        if table.name not in county.pieces:
            continue
        rows = names_in(county, table, county.table(table.name))
        if table.name == "payments":
            parts = rows.partition_by("programme", maintain_order=True)
        else:
            parts = [rows]
        for number, part in enumerate(parts):
            name = f"{table.label_zh}{number}"
            suffix = _put(county, table, part, folder / name)
            the_map += ["[[source]]", f'files = "{name}.{suffix}"', f'table = "{table.name}"']
    return "\n".join(the_map) + "\n"


def _put(county: County, table: Table, rows: pl.DataFrame, file: Path) -> str:
    random = county.random
    cells: dict[str, list[str | None]] = {}
    for column in table.columns:
        if rows[column.name].null_count() == len(rows) and not column.needed:
            continue  # a sheet rarely has a column with nothing in it
        words = (column.label_zh, *column.synonyms)
        heading = words[random.integers(0, len(words))]
        heading = heading if heading not in cells else column.label_zh
        cells[heading] = _spelt(county, column, rows[column.name]).to_list()
    lines = [list(cells), *map(list, zip(*cells.values(), strict=True))]
    if len(lines) < WORKBOOK_ROWS and random.random() < 0.5:
        _workbook(table, lines, file.with_name(file.name + ".xlsx"))
        return "xlsx"
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    encoding = ("utf-8", "utf-8-sig", "gb18030")[random.integers(0, 3)]
    file.with_name(file.name + ".csv").write_bytes(text.getvalue().encode(encoding))
    return "csv"


def _workbook(table: Table, lines: list[list[str | None]], file: Path) -> None:
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(table.label_zh)
        sheet.write_string(0, 0, f"兰水县{table.label_zh}表")
        for number, line in enumerate(lines, 1):
            for at, cell in enumerate(line):
                if cell is not None:
                    sheet.write_string(number, at, cell)


def _spelt(county: County, column: Column, values: pl.Series) -> pl.Series:
    """Spell the cells of a column in one of the ways in which clerks do."""
    random = county.random
    plain = texts(county, column, values)
    style = int(random.integers(0, 5))
    match column.kind:
        case Kind.DATE:
            return values.dt.to_string(DAYS[style])
        case Kind.MONEY if style == 0:
            return "￥" + plain
        case Kind.PERSON if style < 3:
            return plain.str.replace("X", "x", literal=True)
        case Kind.NAME if style < 3:
            blanks = pl.Series(np.where(random.random(len(values)) < 0.3, "\u3000", ""))
            return plain + blanks
        case Kind.MONTH if style < 3:
            return plain.str.slice(0, 4) + "年" + plain.str.slice(4, 2) + "月"
        case _:
            return plain
