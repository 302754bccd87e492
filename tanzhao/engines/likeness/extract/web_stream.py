"""The elements of a web page become lines, as a browser shows them: rows, numbered lists."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tanzhao.engines.likeness.extract.numbering import with_number
from tanzhao.engines.likeness.extract.numerals import numeral
from tanzhao.engines.likeness.extract.refusals import Unreadable

type Values = list[tuple[str, str | None]]

_LEFT_OUT = {
    "script", "style", "head", "template", "noscript", "svg", "math", "object", "select", "del",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "br", "tr", "table", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "blockquote", "pre", "center", "section", "article", "header", "footer",
    "form", "caption", "body", "html", "title",
}  # fmt: skip
_EMPTY = {
    "br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "param", "source",
}  # fmt: skip
# Elements that end without saying so, and what ends them besides themselves.
_ROWS = {"td", "th", "tr"}
_ITEMS = {"li", "dt", "dd"}
_OPEN_ENDED = {
    "p": _BLOCKS - {"br"},
    "tr": {"tr"},
    **dict.fromkeys(("td", "th"), _ROWS),
    **dict.fromkeys(_ITEMS, _ITEMS),
}
_HOLDERS = {"table", "ul", "ol", "dl"}
_AROUND = _HOLDERS | {"tr", "div", "body", "html", "form"}
_HIDES = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.I)
_REMARKS = re.compile(r"mso-element\s*:\s*comment-list|mso-element\s*:\s*comment\b", re.I)
_REMARK_CLASS = "msocommentreference"
_CSS_REMARK = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.S)
_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:([.#])([\w-]+))?", re.I)
_BLANKS = re.compile("[ \t\r\n\f]+")
_MOST_UNENDED = 8  # a page that is cut off has one
_DEEPEST_TABLE = 30  # tables in tables; deeper ones lose their rows, not their text
_LIST_KIND = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.I)
_LIST_KINDS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter", "lower-roman": "lowerRoman", "upper-roman": "upperRoman",
    "decimal-leading-zero": "decimalZero", "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting", "trad-chinese-informal": "chineseCounting",
    "cjk-decimal": "ideographDigital", "simp-chinese-formal": "chineseLegalSimplified",
    "cjk-heavenly-stem": "ideographTraditional", "none": "none",
}  # fmt: skip


def hiding_rules(styles: Iterable[str]) -> frozenset[str]:
    """Name what the styles of a page hide on a screen: "p", ".x", "p.x", "#x"."""
    found: set[str] = set()
    for style in styles:
        for selectors, rules in _rules(_CSS_REMARK.sub("", style)):
            if _HIDES.search(rules):
                names = (name.strip() for name in selectors.split(","))
                found.update(name.casefold() for name in names if _SELECTOR.fullmatch(name))
    return frozenset(found - {""})


def _rules(style: str) -> Iterator[tuple[str, str]]:
    """Give selectors and what is said of them, without what holds for print or phones only."""
    above = 0  # blocks such as @media that are open
    for part in style.split("}"):
        heads = part.split("{")
        above += len(heads) - 2
        if above == 0 and len(heads) == 2:
            yield heads[0].rpartition(";")[2], heads[1]
        above = max(above, 0)


@dataclass
class _Table:
    """A table that is open: the cells of its row, and what stands in the cell that is open."""

    row: list[str] = field(default_factory=list)
    cell: list[str] | None = None


@dataclass
class _Items:
    """A list that is open; `kind` is "" where its items have no numbers."""

    kind: str
    next: int = 1


class PageReader(HTMLParser):
    """Collects what is shown."""

    def __init__(self, hiding: frozenset[str], kind: str = "html") -> None:
        super().__init__(convert_charrefs=True)
        self.hiding, self.kind = hiding, kind
        self.unended = 0  # tags that begin and never end
        self.body: list[str] = []
        self.tables: list[_Table] = []
        self.deeper = 0  # tables that are too deep
        self.lists: list[_Items] = []
        self.number = ""  # that waits for the text of its item
        self.out = ""  # the element that is left out; `depth` of it, `inner` tables and lists
        self.depth = self.inner = 0
        self.left_out: Counter[str] = Counter()

    def text(self) -> str:
        """Give what is shown, once all has been fed."""
        while self.tables:
            self._end_table()
        return "".join(self.body)

    def check_for_whole_start_tag(self, i: int) -> int:
        """Look for the end of a tag, as the parser asks. Raises: Unreadable after some in vain.

        For each that has no end the parser looks through all that follows.
        """
        end = super().check_for_whole_start_tag(i)
        self.unended += end < 0
        if self.unended > _MOST_UNENDED:
            raise Unreadable("unended", {"kind": self.kind})
        return end

    def handle_starttag(self, tag: str, values: Values) -> None:
        if self.out and not self._ended_by(tag):
            self.depth += tag == self.out
            self.inner += tag in _HOLDERS
            return
        if tag in _LEFT_OUT or (tag not in _EMPTY and self._is_hidden(tag, values)):
            self.out, self.depth, self.inner = tag, 1, 0
            return
        if tag == "input":
            said = dict(values)
            if (said.get("type") or "text").casefold() == "text":
                self.handle_data(said.get("value") or "")
        elif tag in ("td", "th"):
            self._start_cell()
        else:
            if tag in _BLOCKS or tag.endswith(":p"):
                self._put("\n")
            self._start_holder(tag, values)

    def handle_startendtag(self, tag: str, values: Values) -> None:
        if tag in _EMPTY:
            self.handle_starttag(tag, values)
        elif not self.out and tag in _BLOCKS:
            self._put("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.out:
            if self.out in _OPEN_ENDED and tag in _AROUND and not self.inner:
                self.out = ""
            else:
                self.depth -= tag == self.out
                self.inner -= tag in _HOLDERS
                if not self.depth:
                    self.out = ""
                return
        if tag == "table":
            self._end_table()
        elif tag == "tr" and self.tables:
            self._end_row(self.tables[-1])
        elif tag in ("td", "th") and self.tables:
            _end_cell(self.tables[-1])
        elif tag in ("ol", "ul") and self.lists:
            self.lists.pop()
        if tag in _BLOCKS:
            self._put("\n")

    def handle_data(self, data: str) -> None:
        if self.out:
            if self.out not in _LEFT_OUT or self.out == "del":
                kind = "deleted_text" if self.out == "del" else "hidden_text"
                self.left_out[kind] += len(data.strip())
            return
        shown = _BLANKS.sub(" ", data)
        if self.number and shown.strip():
            number, self.number = self.number, ""
            shown = with_number(number, shown.lstrip())
        self._put(shown)

    def _ended_by(self, tag: str) -> bool:
        """Tell whether a begin ends what is left out: a paragraph, a cell, a head without end."""
        ended = tag in _OPEN_ENDED.get(self.out, ()) and not self.inner
        # A page that forgets to end its head has a body all the same.
        if ended or (self.out == "head" and tag == "body"):
            self.out = ""
            return True
        return False

    def _is_hidden(self, tag: str, values: Values) -> bool:
        said = dict(values)
        style = said.get("style") or ""
        if "hidden" in said or _HIDES.search(style) or _REMARKS.search(style):
            return True
        classes = (said.get("class") or "").casefold().split()
        if _REMARK_CLASS in classes:
            return True
        if not self.hiding:
            return False
        marks = [f".{one}" for one in classes] + [f"#{(said.get('id') or '').casefold()}"]
        return not self.hiding.isdisjoint([tag, *marks, *(tag + mark for mark in marks)])

    def _start_holder(self, tag: str, values: Values) -> None:
        if tag == "table":
            if len(self.tables) < _DEEPEST_TABLE:
                self.tables.append(_Table())
            else:
                self.deeper += 1
        elif tag == "tr" and self.tables:
            self._end_row(self.tables[-1])
        elif tag in ("ol", "ul"):
            self.lists.append(_items(tag, dict(values)))
        elif tag == "li" and self.lists:
            items = self.lists[-1]
            items.next = _whole(dict(values).get("value"), items.next)
            number = numeral(items.next, items.kind) if items.kind else ""
            mark = "、" if items.kind.startswith(("chinese", "ideograph")) else "."
            self.number = number and number + mark
            items.next += 1

    def _start_cell(self) -> None:
        self.number = ""
        if self.tables and not self.deeper:
            _end_cell(self.tables[-1])
            self.tables[-1].cell = []
        else:
            self._put("\t")

    def _end_row(self, table: _Table) -> None:
        if self.deeper:
            return
        _end_cell(table)
        row, table.row = "\t".join(table.row).rstrip("\t"), []
        if row:
            self._put(f"\n{row}\n")

    def _end_table(self) -> None:
        if self.deeper:
            self.deeper -= 1
        elif self.tables:
            self._end_row(self.tables[-1])
            self.tables.pop()

    def _put(self, text: str) -> None:
        """Put text into the innermost cell that is open, or into the page."""
        for table in reversed(self.tables):
            if table.cell is not None:
                table.cell.append(text)
                return
        self.body.append(text)


def _end_cell(table: _Table) -> None:
    if table.cell is not None:
        lines = (line.strip() for line in "".join(table.cell).split("\n"))
        table.row.append("\n".join(line for line in lines if line))
        table.cell = None


def _items(tag: str, values: dict[str, str | None]) -> _Items:
    style = _LIST_KIND.search(values.get("style") or "")
    said = style[1].lower() if style else values.get("type") or ("1" if tag == "ol" else "")
    usual = "decimal" if tag == "ol" else ""
    return _Items(_LIST_KINDS.get(said, usual), _whole(values.get("start"), 1))


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,6}", value.strip()) else otherwise
