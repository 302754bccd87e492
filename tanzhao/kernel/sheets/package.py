"""What calamine does not tell of an .xlsx: hidden rows, formulas without a result, formats.

Each part is read once as a stream of at most a megabyte at a time, with patterns
instead of an XML parser, so that a million cells cost a second and a few megabytes.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

_CHUNK = 1 << 20
_LONGEST_CELL = 8 << 20
_SMALL_PART = 8 << 20

_P = rb"(?:\w+:)?"
_HIDDEN_ROW = re.compile(
    rb"<" + _P + rb"row\b(?=[^>]*\bhidden=[\"'](?:1|true))[^>]*?\br=[\"'](\d+)"
)
_HIDDEN_COLUMN = re.compile(rb"<" + _P + rb"col\b(?=[^>]*\bhidden=[\"'](?:1|true))[^>]*>")
_ERROR = re.compile(rb"<" + _P + rb"c\b(?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Z]+\d+)\"")
_FORMULA = re.compile(
    rb"<" + _P + rb"c\b([^>]*)>\s*<" + _P + rb"f\b[^>]*(?:/>|>[^<]*</" + _P + rb"f>)\s*"
    rb"(?:<" + _P + rb"v\s*/>|<" + _P + rb"v>\s*</" + _P + rb"v>)?\s*</" + _P + rb"c>"
)
_TENTH = re.compile(
    rb"<" + _P + rb"c\b([^>]*)>(?:<" + _P + rb"f\b[^>]*(?:/>|>[^<]*</" + _P + rb"f>))?"
    rb"<" + _P + rb"v>(?:19|20)?\d\d\.10?</"
)
_REFERENCE = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")
_STYLE = re.compile(rb"\bs=\"(\d+)\"")
_BUILT_IN = {2: "0.00", 4: "#,##0.00", 39: "#,##0.00", 40: "#,##0.00"}

Place = tuple[int, int]  # Excel's row number, column counted from 0


@dataclass
class SheetFacts:
    """What stands in one sheet's part beside the values."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    uncomputed: set[Place] = field(default_factory=set)
    errors: set[Place] = field(default_factory=set)
    formats: dict[Place, str] = field(default_factory=dict)  # of numbers such as 2022.1 only


def sheet_facts(path: Path, sheets: list[str]) -> dict[str, SheetFacts]:
    """Read the facts of these sheets of an .xlsx; a sheet whose part is not found has none."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = _parts(package)
            formats = _formats(package)
            return {
                sheet: _facts(package, parts[sheet], formats) for sheet in sheets if sheet in parts
            }
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, EOFError, OSError):
        return {}  # calamine has read the values all the same


def column_index(letters: str) -> int:
    """Count a column from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """Name a column counted from 0 as Excel does."""
    letters = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def _small(package: zipfile.ZipFile, part: str) -> ElementTree.Element:
    if package.getinfo(part).file_size > _SMALL_PART:
        raise ValueError(part)
    content = package.read(part)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError(part)
    return ElementTree.fromstring(content)  # noqa: S314  small, and without entities


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    targets: dict[str, str] = {}
    for relation in _small(package, "xl/_rels/workbook.xml.rels"):
        target = relation.get("Target", "")
        targets[relation.get("Id", "")] = target[1:] if target[:1] == "/" else f"xl/{target}"
    found: dict[str, str] = {}
    for element in _small(package, "xl/workbook.xml").iter():
        if _local(element) == "sheet":
            keys = [value for key, value in element.items() if key.endswith("}id")]
            found[element.get("name", "")] = targets.get(keys[0] if keys else "", "")
    names = set(package.namelist())
    return {sheet: part for sheet, part in found.items() if part in names}


def _formats(package: zipfile.ZipFile) -> list[str]:
    if "xl/styles.xml" not in package.namelist():
        return []
    root = _small(package, "xl/styles.xml")
    own = {
        int(element.get("numFmtId", 0)): element.get("formatCode", "")
        for element in root.iter()
        if _local(element) == "numFmt"
    }
    styles = [element for element in root if _local(element) == "cellXfs"]
    numbers = [int(style.get("numFmtId", 0)) for group in styles for style in group]
    return [own.get(number, _BUILT_IN.get(number, "")) for number in numbers]


def _pieces(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Give the part in pieces that never cut a cell in two."""
    kept = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            kept += chunk
            cut = max(
                kept.rfind(b"<c "), kept.rfind(b":c "), kept.rfind(b"<row"), kept.rfind(b"<col")
            )
            cut = len(kept) if cut <= 0 and len(kept) > _LONGEST_CELL else max(cut - 8, 0)
            cut = kept.rfind(b">", 0, cut) + 1
            yield kept[:cut]
            kept = kept[cut:]
    yield kept


def _facts(package: zipfile.ZipFile, part: str, formats: list[str]) -> SheetFacts:
    facts = SheetFacts()
    for piece in _pieces(package, part):
        facts.hidden_rows.extend(int(found[1]) for found in _HIDDEN_ROW.finditer(piece))
        for column in _HIDDEN_COLUMN.finditer(piece):
            facts.hidden_columns.extend(_span(column[0]))
        facts.errors.update(p for found in _ERROR.finditer(piece) for p in _places(found[0] + b'"'))
        if b"<f" in piece or b":f" in piece:
            # A formula that gave an empty text has t="str" and is computed.
            empty = (f[1] for f in _FORMULA.finditer(piece) if b't="str"' not in f[1])
            facts.uncomputed.update(place for found in empty for place in _places(found))
        for found in _TENTH.finditer(piece):
            style = _STYLE.search(found[1])
            number = int(style[1]) if style else 0
            for place in _places(found[1]):
                facts.formats[place] = formats[number] if number < len(formats) else ""
    return facts


def _places(attributes: bytes) -> Iterator[Place]:
    if found := _REFERENCE.search(attributes):
        yield int(found[2]), column_index(found[1].decode())


def _span(column: bytes) -> range:
    ends = {key: int(value) for key, value in re.findall(rb"\b(min|max)=[\"'](\d+)", column)}
    first, last = ends.get(b"min", 1), ends.get(b"max", 0)
    return range(first - 1, min(last, first + 200))
