"""Opening a file of an extract: told by its content, opened, or refused with a reason."""

from dataclasses import dataclass
from pathlib import Path

from tanzhao.engines.screening.loading.report import Refused
from tanzhao.engines.screening.loading.sheets import Sheet
from tanzhao.engines.screening.loading.texts import open_text
from tanzhao.engines.screening.loading.workbooks import open_workbook

_ZIP, _OLE = b"PK", bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass(frozen=True)
class Book:
    """The sheets of a file that can be seen, and the names of those that cannot."""

    sheets: list[Sheet]
    hidden: list[str]


def opened(file: Path) -> Book:
    """Open a file by what it holds, whatever its name ends in.

    Raises: Refused.
    """
    with file.open("rb") as stream:
        head = stream.read(8192)
    if not head:
        raise Refused("empty_file")
    if head.startswith((_ZIP, _OLE)):
        sheets, hidden = open_workbook(file)
        return Book(sheets, hidden)
    return Book([open_text(file)], [])
