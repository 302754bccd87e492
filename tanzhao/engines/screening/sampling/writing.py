"""A sample as a workbook for people: the rows to look at, and how they were drawn."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import xlsxwriter

from tanzhao.engines.screening.hits import harmless

SAMPLE = pa.schema(
    [
        ("number", pa.int32()),
        ("stratum", pa.string()),
        ("amount_cents", pa.int64()),
        ("certain", pa.bool_()),
        ("file", pa.string()),
        ("sheet", pa.string()),
        ("row_number", pa.int32()),
        ("cells", pa.string()),  # JSON: heading to text, in the order of the sheet
    ]
)
SHOWN = ("number", "file", "sheet", "row_number")


def write_workbook(
    file: Path,
    lines: pa.Table,
    facts: Mapping[str, str],
    titles: Mapping[str, str],
    hide: Callable[[str], str],
) -> None:
    """Write the rows, each cell of the file in a column of its own, and a sheet of facts.

    Args:
        hide: what to do with text that may hold secret numbers.
        titles: what to call the two sheets (`sample`, `how`), columns and facts.
    """
    rows = lines.to_pylist()
    cells = [json.loads(row["cells"]) for row in rows]
    headings = list(dict.fromkeys(name for one in cells for name in one))
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(titles.get("sample", "sample"))
        sheet.freeze_panes(1, 0)
        for place, name in enumerate((*SHOWN, *headings)):
            words = titles.get(name, name) if place < len(SHOWN) else harmless(name)
            sheet.write_string(0, place, words, bold)
        for at, (row, one) in enumerate(zip(rows, cells, strict=True), 1):
            for place, value in enumerate(
                (*(row[name] for name in SHOWN), *map(one.get, headings))
            ):
                if isinstance(value, int):
                    sheet.write_number(at, place, value)
                elif value:
                    sheet.write_string(at, place, harmless(hide(value)), text)
        how = book.add_worksheet(titles.get("how", "how"))
        for at, (name, value) in enumerate(facts.items()):
            how.write_string(at, 0, titles.get(name, name), bold)
            how.write_string(at, 1, harmless(value), text)
