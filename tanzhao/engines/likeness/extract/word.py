"""The text of a .docx or .docm, streamed: paragraphs, tables, text boxes, notes, letterhead.

An XML parser that expands nothing and fetches nothing (expat, to which an entity is an error)
tells of one element after another; no tree is built. Source: ECMA-376 part 1, section 17.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from tanzhao.engines.likeness.extract.edges import without_page_numbers
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.symbols import symbol

_DEEPEST = 1000  # elements in elements; Word's own documents have some thirty
_NAMESPACES = (
    "wordprocessingml/2006/main ",
    "ooxml/wordprocessingml/main ",  # of a strict document
    "office/word/2003/wordml ",
    "officeDocument/2006/math ",
    "ooxml/officeDocument/math ",
    "markup-compatibility/2006 ",
)
# Left out with all that is in them: deleted or moved away, another rendering of the same, what
# was before a change of format, a reading aid above the letters, instructions of a field.
_LEFT_OUT = {
    "del", "moveFrom", "Fallback", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange",
    "trPrChange", "tcPrChange", "rt", "instrText", "delText",
}  # fmt: skip
_PICTURE = re.compile(r"word/media/[^/]+\.(?:png|jpe?g|tiff?)", re.I)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = {"0", "false", "off"}
_EDGES = ("header", "footer")
_NOTES = ("footnotes", "endnotes")


def paragraphs_of(package: Package, limits: Limits) -> Iterator[str]:
    """Give the paragraphs in the order of reading, one row of a table as one.

    Headers come once, before the body; footnotes, endnotes and footers, without what is but a
    page number, after it. What is hidden or deleted is left out, what was inserted is there.

    Raises: Unreadable if the package or a part of it is damaged or built to do harm.
    """
    package.left = limits.most_unpacked_bytes
    main = package.main_part("word/") or "word/document.xml"
    others: dict[str, list[str]] = {}
    for kind, part in package.relations(main):
        if part in package.names and part not in others.setdefault(kind, []):
            others[kind].append(part)
    hidden = frozenset(
        style
        for part in others.get("styles", [])
        for style in _styles_that_hide(package.pieces(part))
    )
    body = read_part(package, main, hidden)
    headers, footers = (_edges(package, others.get(kind, [])) for kind in _EDGES)
    yield from headers
    yield from body
    for kind in _NOTES:
        for part in others.get(kind, []):
            yield from read_part(package, part)
    yield from (line for line in footers if line not in set(headers))


def pictures_of(package: Package) -> list[str]:
    """Name the parts that are pictures which can be scans, in the order they were put in."""
    names = [name for name in package.names if _PICTURE.fullmatch(name)]
    return sorted(names, key=lambda name: (len(name.rpartition(".")[0]), name))


def paragraphs_of_xml(content: bytes) -> list[str]:
    """Give the paragraphs of a Word document in one XML file, as Word 2003 and templates write it.

    Raises: Unreadable if it is damaged or built to do harm.
    """
    return _paragraphs((content,), "wordxml")


def read_part(package: Package, part: str, hidden: frozenset[str] = frozenset()) -> list[str]:
    """Give the paragraphs of one part of the package. `hidden`: styles whose text is not shown."""
    if part not in package.names:
        raise Unreadable("damaged", {"kind": "docx"})
    return _paragraphs(package.pieces(part), "docx", hidden)


def _styles_that_hide(pieces: Iterable[bytes]) -> set[str]:
    """Name the styles that hide their text, such as what Word puts around a pasted form."""
    found: set[str] = set()
    style = ""

    def start(name: str, values: dict[str, str]) -> None:
        nonlocal style
        local = name.rpartition(" ")[2]
        if local == "style":
            style = next((value for key, value in values.items() if key.endswith(" styleId")), "")
        elif local == "vanish" and style and not _OFF & set(values.values()):
            found.add(style)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EntityDeclHandler = _refuse_entity
    try:
        for piece in pieces:
            parser.Parse(piece, False)
    except expat.ExpatError:  # without its styles a document can be read all the same
        return set()
    return found


def _refuse_entity(*_values: object) -> None:
    raise Unreadable("entities", {"kind": "docx"})


def _paragraphs(
    pieces: Iterable[bytes], kind: str, hidden: frozenset[str] = frozenset()
) -> list[str]:
    reader = _Reader(kind, hidden)
    try:
        for piece in pieces:
            reader.feed(piece)
        return reader.end()
    except expat.ExpatError as error:
        raise Unreadable("damaged", {"kind": kind}) from error


def _edges(package: Package, parts: list[str]) -> list[str]:
    return without_page_numbers(line for part in parts for line in read_part(package, part))


class _Paragraph:
    """Text as it comes in, and where it goes once it has ended."""

    __slots__ = ("at", "fields", "goes_on", "hidden", "pieces", "place")

    def __init__(self, place: list[str]):
        self.pieces: list[str] = []
        self.place, self.at = place, len(place)
        self.goes_on = False  # its end was deleted: the next one belongs to it
        self.hidden = False  # by its style
        self.fields: list[bool] = []  # begun here: whether what comes is the field's instruction
        place.append("")


class _Reader:
    """The state between two elements. Nested paragraphs are text boxes: they come after."""

    def __init__(self, kind: str, hidden: frozenset[str]):
        self.kind, self.styles_that_hide = kind, hidden
        self.body: list[str] = []
        self.places: list[list[str]] = [self.body]  # where finished paragraphs go: body, cells
        self.rows: list[list[list[str]]] = []  # the cells of the rows that are open
        self.open: list[_Paragraph] = []
        self.before = ""  # of a paragraph whose end was deleted
        self.depth = self.out_below = 0
        self.hidden = self.in_text = False
        self.in_mark = False  # of a paragraph's end, in its properties
        self.controls: list[bool] = []  # those that are open: whether nobody has filled them in
        self.starts = {
            "p": self._start_paragraph,
            "tr": self._start_row,
            "tc": self._start_cell,
            "t": self._start_text,
            "r": self._start_run,
            "vanish": self._vanish,
            "pStyle": self._start_style,
            "rStyle": self._start_style,
            "sym": self._symbol,
            "fldChar": self._field,
            "sdt": self._start_control,
            "showingPlcHdr": self._not_filled_in,
            "pPr": self._start_mark,
            "footnote": self._start_note,
            "endnote": self._start_note,
            "altChunk": self._refuse_chunk,
        }
        self.ends: dict[str, Callable[[], None]] = {
            "p": self._end_paragraph,
            "tr": self._end_row,
            "tc": self._end_cell,
            "t": self._end_text,
            "pPr": self._end_mark,
            "sdt": self._end_control,
        }
        self.known: dict[str, str] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse_entities
        self.parser.EntityDeclHandler = self._refuse_entities

    def feed(self, piece: bytes) -> None:
        """Take a piece of the part."""
        self.parser.Parse(piece, False)

    def end(self) -> list[str]:
        """Say that there is no more. Gives the paragraphs that are not blank."""
        self.parser.Parse(b"", True)
        if self.before:
            self.body.append(self.before)
        return [line for line in self.body if line and not line.isspace()]

    def _local(self, name: str) -> str:
        """Give the name without its namespace; "" if it is in one that is not read."""
        start, _blank, local = name.rpartition(" ")
        known = f"{start} ".endswith(_NAMESPACES)
        self.known[name] = local if known else ""
        if len(self.known) > 10_000:
            raise Unreadable("damaged", {"kind": self.kind})
        return self.known[name]

    def _start(self, name: str, values: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unreadable("nested", {"kind": self.kind})
        if self.out_below:
            return
        local = self.known.get(name)
        if local is None:
            local = self._local(name)
        if action := self.starts.get(local):
            action(values)
        elif local in _LEFT_OUT:
            self._leave_out(local)
        elif local in _SIGNS and not self.in_mark:
            self._put(_SIGNS[local])

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.out_below:
            if self.depth < self.out_below:
                self.out_below = 0
            return
        if action := self.ends.get(self.known.get(name, "")):
            action()

    def _text(self, text: str) -> None:
        if self.in_text and not self.out_below:
            self._put(text)

    def _put(self, text: str) -> None:
        if self.hidden or not self.open or True in self.controls:
            return
        paragraph = self.open[-1]
        if not paragraph.hidden and True not in paragraph.fields:
            paragraph.pieces.append(text)

    def _leave_out(self, local: str) -> None:
        self.out_below = self.depth
        if local == "del" and self.in_mark and self.open:
            self.open[-1].goes_on = True

    def _start_paragraph(self, _values: dict[str, str]) -> None:
        # One inside another stands in a text box: its line comes after the other's.
        self.open.append(_Paragraph(self.places[-1]))
        self.hidden = self.in_mark = False

    def _end_paragraph(self) -> None:
        if not self.open:
            return
        paragraph = self.open.pop()
        text = "".join(paragraph.pieces)
        self.hidden = False
        if self.open:
            paragraph.place[paragraph.at] = text
        elif paragraph.goes_on:
            self.before += text
        else:
            paragraph.place[paragraph.at] = self.before + text
            self.before = ""

    def _start_row(self, _values: dict[str, str]) -> None:
        self.rows.append([])

    def _end_row(self) -> None:
        if not self.rows:
            return
        cells = self.rows.pop()
        texts = ("\n".join(line for line in cell if line.strip()) for cell in cells)
        row = "\t".join(texts).rstrip("\t")
        self.places[-1].append(row)

    def _start_cell(self, _values: dict[str, str]) -> None:
        if self.rows:
            self.rows[-1].append([])
            self.places.append(self.rows[-1][-1])

    def _end_cell(self) -> None:
        if self.rows and len(self.places) > 1:
            self.places.pop()

    def _start_text(self, _values: dict[str, str]) -> None:
        self.in_text = True

    def _end_text(self) -> None:
        self.in_text = False

    def _start_run(self, _values: dict[str, str]) -> None:
        self.hidden = False

    def _start_mark(self, _values: dict[str, str]) -> None:
        self.in_mark = True

    def _end_mark(self) -> None:
        self.in_mark = False

    def _vanish(self, values: dict[str, str]) -> None:
        if not self.in_mark:
            self.hidden = not any(value in _OFF for value in values.values())

    def _start_style(self, values: dict[str, str]) -> None:
        if self.styles_that_hide and not self.styles_that_hide.isdisjoint(values.values()):
            if not self.in_mark:
                self.hidden = True
            elif self.open:
                self.open[-1].hidden = True

    def _symbol(self, values: dict[str, str]) -> None:
        named = {key.rpartition(" ")[2]: value for key, value in values.items()}
        self._put(symbol(named.get("font", ""), named.get("char", "")))

    def _field(self, values: dict[str, str]) -> None:
        """Follow a field, which may stand in another's instruction, as a name in a condition."""
        if not self.open:
            return
        fields = self.open[-1].fields
        kinds = values.values()
        if "begin" in kinds:
            fields.append(True)
        elif "separate" in kinds and fields:
            fields[-1] = False
        elif "end" in kinds and fields:
            fields.pop()

    def _start_control(self, _values: dict[str, str]) -> None:
        self.controls.append(False)

    def _not_filled_in(self, values: dict[str, str]) -> None:
        if self.controls and not _OFF & set(values.values()):
            self.controls[-1] = True

    def _end_control(self) -> None:
        if self.controls:
            self.controls.pop()

    def _start_note(self, values: dict[str, str]) -> None:
        kinds = [value for key, value in values.items() if key.endswith(" type")]
        if kinds and kinds != ["normal"]:  # the line above notes
            self.out_below = self.depth

    def _refuse_chunk(self, _values: dict[str, str]) -> None:
        raise Unreadable("foreign_part", {"kind": self.kind})

    def _refuse_entities(self, *_values: object) -> None:
        raise Unreadable("entities", {"kind": self.kind})
