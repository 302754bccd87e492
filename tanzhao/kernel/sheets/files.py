"""Opening a file that should be a workbook: told by its content, read, or refused in a sentence."""

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.kernel.sheets.faults import Unreadable, unreadable
from tanzhao.kernel.sheets.package import SheetFacts, sheet_facts
from tanzhao.kernel.sheets.text import Cell

MOST_BYTES = 100 << 20  # of the file
MOST_UNPACKED_BYTES = 768 << 20  # of all parts of an .xlsx, by its directory
MOST_OLD_BYTES = 40 << 20  # of an .xls, which cannot be measured before it is opened
MOST_TEXT_BYTES = 64 << 20  # of a text file

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENDS = {"damaged", "encrypted", "too_large"}


@dataclass
class Grid:
    """One sheet as it stands: rows that hold something, by Excel's number, columns from A."""

    name: str
    visible: bool = True
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    # First row, first column, last row, last column; rows by Excel's number, columns from 0.
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    facts: SheetFacts = field(default_factory=SheetFacts)


def open_grids(path: Path) -> list[Grid]:
    """Read every sheet of a workbook (.xlsx, .xls) or the one table of a text file.

    Memory is bounded: by the size of the file and of its unpacked parts, checked before it
    is opened; by the address space of the process that parses it (1.5 GB); by the number of
    cells (3 million) and characters that are taken over from there.

    Raises:
        Unreadable: The file is no workbook, is damaged, protected or too large.
    """
    try:
        if not path.is_file():
            raise unreadable("missing_file")
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8192)
    except OSError as error:
        raise unreadable("missing_file") from error
    if not size:
        raise unreadable("empty_file")
    if size > MOST_BYTES:
        raise unreadable("too_large")
    if head.startswith(b"PK"):
        return _open_zip(path)
    if head.startswith(_OLE):
        return _open_ole(path, size)
    if kind := _foreign_kind(head):
        raise unreadable("not_a_workbook", kind=kind)
    return [_open_text(path, size)]


def _open_zip(path: Path) -> list[Grid]:
    try:
        with zipfile.ZipFile(path) as package:
            parts = {info.filename: info for info in package.infolist()}
            mimetype = package.read("mimetype")[:60] if "mimetype" in parts else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise unreadable("damaged") from error
    if any(info.flag_bits & 1 for info in parts.values()):
        raise unreadable("encrypted")
    if "xl/workbook.xml" not in parts:
        raise _refuse_package(set(parts), mimetype)
    if sum(info.file_size for info in parts.values()) > MOST_UNPACKED_BYTES:
        raise unreadable("too_large")
    grids = _read_apart(path)
    facts = sheet_facts(path, [grid.name for grid in grids if grid.visible])
    for grid in grids:
        grid.facts = facts.get(grid.name, grid.facts)
    return grids


def _refuse_package(parts: set[str], mimetype: bytes) -> Unreadable:
    if b"opendocument.spreadsheet" in mimetype:
        return unreadable("old_format", kind="ODS")
    if "xl/workbook.bin" in parts:
        return unreadable("old_format", kind="XLSB")
    kinds = {
        "word/": _("a Word document"),
        "ppt/": _("a presentation"),
        "OFD.xml": _("an OFD file"),
    }
    for start, kind in kinds.items():
        if any(part.startswith(start) for part in parts):
            return unreadable("not_a_workbook", kind=kind)
    return unreadable("not_a_workbook", kind=_("a compressed folder"))


def _open_ole(path: Path, size: int) -> list[Grid]:
    if size > MOST_OLD_BYTES:
        raise unreadable("too_large")
    content = path.read_bytes()
    streams = {
        "encrypted": ("EncryptedPackage", "EncryptionInfo"),
        "workbook": ("Workbook", "Book"),
        "word": ("WordDocument",),
        "slides": ("PowerPoint Document",),
    }
    found = {
        kind
        for kind, names in streams.items()
        if any(name.encode("utf-16-le") + b"\0\0" in content for name in names)
    }
    if "encrypted" in found:
        raise unreadable("encrypted")
    if "workbook" in found:
        return _read_apart(path)
    if "word" in found:
        raise unreadable("not_a_workbook", kind=_("a Word document"))
    if "slides" in found:
        raise unreadable("not_a_workbook", kind=_("a presentation"))
    raise unreadable("damaged")


def _foreign_kind(head: bytes) -> str:
    starts = {
        b"%PDF": _("a PDF"),
        b"\xff\xd8\xff": _("a picture"),
        b"\x89PNG": _("a picture"),
        b"GIF8": _("a picture"),
        b"BM": _("a picture"),
        b"II*\0": _("a picture"),
        b"MM\0*": _("a picture"),
        b"Rar!": _("a compressed folder"),
        b"7z\xbc\xaf": _("a compressed folder"),
        b"\x1f\x8b": _("a compressed folder"),
        b"{\\rtf": _("a Word document"),
        b"MIME-Version": _("a web page"),
    }
    for start, kind in starts.items():
        if head.startswith(start) and (start != b"BM" or b"\0" in head[:32]):
            return kind
    if re.match(
        rb"\s*(\xef\xbb\xbf)?\s*<(!doctype|html|head|table|meta|\?xml|style|script)", head, re.I
    ):
        return _("a web page")
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    return _("a file of another kind") if b"\0" in head and not utf16 else ""


def _read_apart(path: Path) -> list[Grid]:
    """Let a child process parse the workbook; see child.py for the reason."""
    script = Path(__file__).with_name("child.py")
    # -I: the folder of the script is not searched for modules.
    command = [sys.executable, "-I", "-X", "utf8", str(script), str(path.resolve())]
    grids: list[Grid] = []
    end = ""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    ) as child:
        for line in child.stdout or ():
            if not line.endswith(b"\n"):
                break
            message = json.loads(line)
            if "sheet" in message:
                grids.append(_grid(message))
            elif "rows" in message:
                grids[-1].rows.extend((number, _decode(row)) for number, row in message["rows"])
            else:
                end = message["end"]
    if end in _ENDS:
        raise unreadable(end)
    if end != "read":  # it was ended by a limit
        raise unreadable("too_large")
    return grids


def _grid(message: dict[str, Any]) -> Grid:
    merges = [(first[0] + 1, first[1], last[0] + 1, last[1]) for first, last in message["merges"]]
    return Grid(message["sheet"], visible=message["visible"], merges=merges)


def _decode(row: list[Any]) -> list[Cell]:
    return [_moment(cell["at"]) if type(cell) is dict else cell for cell in row]


def _moment(text: str) -> dt.date:
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _open_text(path: Path, size: int) -> Grid:
    if size > MOST_TEXT_BYTES:
        raise unreadable("too_large")
    text = _decoded(path.read_bytes())
    delimiter = _delimiter(text)
    rows: list[tuple[int, list[Cell]]] = []
    csv.field_size_limit(1 << 20)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            cells: list[Cell] = [re.sub(r'^="(.*)"$', r"\1", cell) for cell in row]
            if any(row):
                rows.append((number, cells))
    except csv.Error as error:
        raise unreadable("damaged") from error
    return Grid(path.stem, rows=rows)


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search("[\0-\x08\x0e-\x1a]", text):
            return text
    raise unreadable("encoding")


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in ",\t;|"}
    return max(counts, key=lambda mark: counts[mark])
