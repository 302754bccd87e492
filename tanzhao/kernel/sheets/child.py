"""The reading of one workbook by calamine, in a process of its own that may fall over alone.

Run as ``python -I child.py FILE``; prints one JSON document a line.
A hostile workbook can make any parser take all memory (two cells at opposite corners are
enough) or stop the process; here it meets a limit and only this process ends.
"""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, load_workbook

MEMORY_LIMIT = 1536 << 20  # bytes of address space
SECONDS_LIMIT = 120  # of processor time
MOST_CELLS = 3_000_000  # with something in them
MOST_CHARACTERS = 64 << 20
BATCH_ROWS = 500


def main() -> None:
    """Print the sheets and then the rows of the workbook named on the command line."""
    limit_this_process()
    try:
        with Path(sys.argv[1]).open("rb") as stream, load_workbook(stream) as book:
            for message in _messages(book):
                sys.stdout.write(json.dumps(message, ensure_ascii=False, default=_encode) + "\n")
    except PasswordError:
        _end("encrypted")
    except (CalamineError, OSError, ValueError):
        _end("damaged")
    except MemoryError:
        _end("too_large")
    # calamine's panics are no Exception; a panic is a file that it did not expect.
    except BaseException:
        _end("damaged")


def limit_this_process() -> None:
    """Set the limits where the system knows them; Windows has none to set."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _messages(book: CalamineWorkbook) -> Iterator[dict[str, Any]]:
    cells = characters = 0
    for index, about in enumerate(book.sheets_metadata):
        visible = str(about.visible).endswith(".Visible")
        if not str(about.typ).endswith("WorkSheet"):
            continue
        if not visible:
            yield {"sheet": about.name, "visible": False, "merges": []}
            continue
        sheet = book.get_sheet_by_index(index)
        yield {"sheet": about.name, "visible": True, "merges": sheet.merged_cell_ranges or []}
        left = [""] * (sheet.start[1] if sheet.start else 0)
        batch: list[tuple[int, list[Any]]] = []
        for number, row in enumerate(sheet.iter_rows(), start=1):
            while row and row[-1] == "":
                row.pop()
            if row:
                cells += len(row)
                characters += sum(len(cell) for cell in row if isinstance(cell, str))
                batch.append((number, left + row))
            if cells > MOST_CELLS or characters > MOST_CHARACTERS:
                raise MemoryError
            if len(batch) == BATCH_ROWS:
                yield {"rows": batch}
                batch = []
        yield {"rows": batch}
    yield {"end": "read"}


def _encode(value: object) -> object:
    if isinstance(value, dt.date):
        return {"at": value.isoformat()}
    return str(value)


def _end(word: str) -> None:
    sys.stdout.write(json.dumps({"end": word}) + "\n")


if __name__ == "__main__":
    main()
