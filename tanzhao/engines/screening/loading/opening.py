"""Opening a file of an extract: told by its content, opened, or refused with a reason."""

import re
from dataclasses import dataclass
from pathlib import Path

from tanzhao.engines.screening.loading.report import Refused
from tanzhao.engines.screening.loading.sheets import Sheet
from tanzhao.engines.screening.loading.texts import open_text
from tanzhao.engines.screening.loading.workbooks import open_xls, open_xlsx

_ZIP, _OLE = b"PK", bytes.fromhex("d0cf11e0a1b11ae1")
# What stands at the beginning of files that hold no table.
_FOREIGN = {
    b"%PDF": "pdf",
    b"\xff\xd8\xff": "picture",
    b"\x89PNG": "picture",
    b"GIF8": "picture",
    b"II*\0": "picture",
    b"MM\0*": "picture",
    b"Rar!": "zip",
    b"7z\xbc\xaf": "zip",
    b"\x1f\x8b": "zip",
    b"{\\rtf": "docx",
    b"MIME-Version": "html",
    b"SQLite format 3": "database",
}
_WEB = re.compile(
    rb"\s*(\xef\xbb\xbf)?\s*<(!doctype|html|head|table|meta|\?xml|style|script)", re.I
)
# Names of streams of an OLE file, as they stand in its directory.
_STREAMS = {
    "encrypted": ("EncryptedPackage", "EncryptionInfo"),
    "workbook": ("Workbook", "Book"),
    "docx": ("WordDocument",),
    "pptx": ("PowerPoint Document",),
}


@dataclass(frozen=True)
class Book:
    """The sheets of a file that can be seen, and the names of those that cannot."""

    sheets: list[Sheet]
    hidden: list[str]


def opened(file: Path) -> Book:
    """Open a file by what it holds, whatever its name ends in.

    Raises: Refused.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(8192)
        if not head:
            raise Refused("empty_file")
        if head.startswith(_ZIP):
            return Book(*open_xlsx(file))
        if head.startswith(_OLE):
            _refuse_other_ole(file)
            return Book(*open_xls(file))
        if kind := _foreign(head):
            raise Refused("not_a_table", kind=kind)
        return Book([open_text(file)], [])
    except OSError as error:
        raise Refused("unreadable", why=error.strerror or str(error)) from error


def _foreign(head: bytes) -> str:
    for start, kind in _FOREIGN.items():
        if head.startswith(start):
            return kind
    return "html" if _WEB.match(head) else ""


def _refuse_other_ole(file: Path) -> None:
    content = file.read_bytes()
    found = {
        kind
        for kind, names in _STREAMS.items()
        if any(name.encode("utf-16-le") + b"\0\0" in content for name in names)
    }
    if "encrypted" in found:
        raise Refused("encrypted")
    if "workbook" not in found:
        for kind in ("docx", "pptx"):
            if kind in found:
                raise Refused("not_a_table", kind=kind)
        raise Refused("damaged")
