"""The elements of a Word document become paragraphs, one after another: no tree is built.

Source: ECMA-376 part 1, section 17.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from xml.parsers import expat

from tanzhao.engines.likeness.extract.numbering import Counters, with_number
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.styles import NO_LIST, OFF, Looks
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
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Elements of other namespaces that are read, by names of ours.
_OTHERS = {
    ("http://schemas.microsoft.com/office/word/2003/auxHint", "t"): "number",
    ("urn:schemas-microsoft-com:vml", "textpath"): "textpath",
}
_LEVELS = frozenset("012345678")


def paragraphs_in(
    pieces: Iterable[bytes], kind: str, looks: Looks, left_out: Counter[str]
) -> list[str]:
    """Give the paragraphs of a part, or of a Word document in one XML file.

    left_out: characters of hidden_text and deleted_text are counted in it.

    Raises: Unreadable if it is damaged or built to do harm.
    """
    reader = _Reader(kind, looks, left_out)
    try:
        for piece in pieces:
            reader.feed(piece)
        return reader.end()
    except expat.ExpatError as error:
        raise Unreadable("damaged", {"kind": kind}) from error


class _Paragraph:
    """Text as it comes in, and where it goes once it has ended."""

    __slots__ = (
        "at", "fields", "goes_on", "hidden", "level", "list", "number", "pieces", "place", "style",
        "unmarked",
    )  # fmt: skip

    def __init__(self, place: list[str], style: str):
        self.pieces: list[str] = []
        self.place, self.at = place, len(place)
        self.goes_on = False  # its end was deleted: the next one belongs to it
        self.hidden = False  # by its style
        self.unmarked = False  # its end is hidden
        self.fields: list[bool] = []  # begun here: whether what comes is the field's instruction
        self.style = style
        self.list = ""
        self.level: int | None = None  # of the list
        self.number = ""  # that the file has ready
        place.append("")


class _Reader:
    """The state between two elements. Nested paragraphs are text boxes: they come after."""

    def __init__(self, kind: str, looks: Looks, left_out: Counter[str]):
        self.kind, self.looks, self.left_out = kind, looks, left_out
        self.deleted = False  # what is left out now
        self.counters = Counters(looks.lists)
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
            "rStyle": self._run_style,
            "sym": self._symbol,
            "fldChar": self._field,
            "sdt": self._start_control,
            "showingPlcHdr": self._not_filled_in,
            "pPr": self._start_mark,
            "footnote": self._start_note,
            "endnote": self._start_note,
            "altChunk": self._refuse_chunk,
            "numId": self._in_list,
            "ilvl": self._at_level,
            "number": self._numbered,
            "textpath": self._drawn,
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
        if f"{start} ".endswith(_NAMESPACES):
            self.known[name] = local
        else:
            self.known[name] = _OTHERS.get((start, local), "")
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
        elif self.out_below and self.deleted:
            self.left_out["deleted_text"] += len(text.strip())

    def _put(self, text: str) -> None:
        if not self.open or True in self.controls or True in self.open[-1].fields:
            return
        paragraph = self.open[-1]
        if self.hidden or paragraph.hidden:
            self.left_out["hidden_text"] += len(text.strip())
        else:
            paragraph.pieces.append(text)

    def _leave_out(self, local: str) -> None:
        self.out_below = self.depth
        self.deleted = local == "del"
        if local == "del" and self.in_mark and self.open:
            self.open[-1].goes_on = True

    def _start_paragraph(self, _values: dict[str, str]) -> None:
        # One inside another stands in a text box: its line comes after the other's.
        self.open.append(_Paragraph(self.places[-1], self.looks.usual))
        self.hidden = self.in_mark = False

    def _end_paragraph(self) -> None:
        if not self.open:
            return
        paragraph = self.open.pop()
        text = "".join(paragraph.pieces)
        self.hidden = False
        if self.open:
            paragraph.place[paragraph.at] = self._with_number(paragraph, text)
        elif paragraph.goes_on:
            self.before += text
        else:
            paragraph.place[paragraph.at] = self._with_number(paragraph, self.before + text)
            self.before = ""

    def _with_number(self, paragraph: _Paragraph, text: str) -> str:
        """Put the number before a paragraph that Word sets there; in an empty one it may stand
        alone, as in the first column of a ledger.
        """
        blank = not text or text.isspace()
        if paragraph.hidden or (blank and paragraph.unmarked):
            return text
        number = paragraph.number
        name, level = self.looks.listed.get(paragraph.style, (NO_LIST, 0))
        name = paragraph.list or name
        if not number and name != NO_LIST:
            number = self.counters.next(name, level if paragraph.level is None else paragraph.level)
        return text if blank and not self.rows else with_number(number, text)

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
        hidden = not any(value in OFF for value in values.values())
        if not self.in_mark:
            self.hidden = hidden
        elif self.open:
            self.open[-1].unmarked = hidden

    def _in_list(self, values: dict[str, str]) -> None:
        if self.in_mark and self.open:
            self.open[-1].list = next(iter(values.values()), "")

    def _at_level(self, values: dict[str, str]) -> None:
        level = next(iter(values.values()), "")
        if self.in_mark and self.open and level in _LEVELS:
            self.open[-1].level = int(level)

    def _numbered(self, values: dict[str, str]) -> None:
        if self.in_mark and self.open:
            ready = [value for key, value in values.items() if key.endswith(" val")]
            self.open[-1].number = ready[0].strip() if ready else ""

    def _drawn(self, values: dict[str, str]) -> None:
        """Take letters that are drawn as a shape, as letterheads often are."""
        self._put(values.get("string", ""))

    def _start_style(self, values: dict[str, str]) -> None:
        if self.in_mark and self.open:
            paragraph = self.open[-1]
            paragraph.style = next(iter(values.values()), "")
            paragraph.hidden = paragraph.style in self.looks.hides

    def _run_style(self, values: dict[str, str]) -> None:
        if not self.in_mark and not self.looks.hides.isdisjoint(values.values()):
            self.hidden = True

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
        if self.controls and not OFF & set(values.values()):
            self.controls[-1] = True

    def _end_control(self) -> None:
        if self.controls:
            self.controls.pop()

    def _start_note(self, values: dict[str, str]) -> None:
        kinds = [value for key, value in values.items() if key.endswith(" type")]
        if kinds and kinds != ["normal"]:  # the line above notes
            self.out_below, self.deleted = self.depth, False

    def _refuse_chunk(self, _values: dict[str, str]) -> None:
        raise Unreadable("foreign_part", {"kind": self.kind})

    def _refuse_entities(self, *_values: object) -> None:
        raise Unreadable("entities", {"kind": self.kind})
