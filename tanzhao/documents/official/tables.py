"""Lists and forms, in the body or in an annex."""

from docx.oxml.xmlchemy import BaseOxmlElement

from tanzhao.documents.official.paper import Align, Cell, Form, Line, Table
from tanzhao.documents.official.styles import Style
from tanzhao.documents.official.text import paragraph
from tanzhao.documents.official.xml import node, run, twips

PADDING = twips(1.4)
# A row with more text than this may run on over the page: kept whole it would leave a large gap.
WHOLE_ROW = 300  # characters


def table(block: Table) -> BaseOxmlElement:
    """Make a list whose headings come again on each page; all but very long rows stay whole."""
    heads = node("tr", node("trPr", node("cantSplit"), node("tblHeader")))
    for column in block.columns:
        heads.append(_cell(column.heading, column.width, style=Style.CELL_HEADING))
    rows = [heads]
    for values in block.rows:
        row = node("tr", node("trPr"))
        if max(map(len, values)) <= WHOLE_ROW:
            row[0].append(node("cantSplit"))
        for value, column in zip(values, block.columns, strict=True):
            row.append(_cell(value, column.width, align=column.align))
        rows.append(row)
    return _grid([column.width for column in block.columns], rows)


def form(block: Form) -> BaseOxmlElement:
    """Make a form: labels in the middle of their cells, long answers from the top."""
    return _grid(list(block.widths), [_form_row(cells, block.widths) for cells in block.rows])


def line(block: Line) -> BaseOxmlElement:
    """Make a small line over a form, with a text at each end."""
    stop = node("tabs", node("tab", val="right", pos=twips(156)))
    return paragraph(Style.CELL_LINE, run(f"{block.left}\t{block.right}"), before=[stop])


def _form_row(cells: tuple[Cell, ...], widths: tuple[float, ...]) -> BaseOxmlElement:
    height = twips(max(cell.least_height for cell in cells))
    look = node("trPr")
    if max(len(cell.text) for cell in cells) <= WHOLE_ROW:
        look.append(node("cantSplit"))
    look.append(node("trHeight", val=height, hRule="atLeast"))
    row = node("tr", look)
    place = 0
    for cell in cells:
        width = sum(widths[place : place + cell.span])
        place += cell.span
        row.append(_form_cell(cell, width))
    return row


def _form_cell(cell: Cell, width: float) -> BaseOxmlElement:
    if cell.is_label:
        return _cell(cell.text, width, span=cell.span, style=Style.CELL_HEADING)
    is_short = len(cell.text) <= 30 and "\n" not in cell.text and not cell.closing
    made = _cell(cell.text, width, span=cell.span, align=cell.align or "left", is_centred=is_short)
    for words in cell.closing.splitlines():
        made.append(_words(words, Style.CELL, "right"))
    return made


def _cell(
    text: str,
    width: float,
    *,
    span: int = 1,
    style: Style = Style.CELL,
    align: Align | None = None,
    is_centred: bool = True,
) -> BaseOxmlElement:
    look = node("tcPr", node("tcW", w=twips(width), type="dxa"))
    if span > 1:
        look.append(node("gridSpan", val=span))
    look.append(node("vAlign", val="center" if is_centred else "top"))
    lines = text.splitlines() or [""]
    return node("tc", look, *(_words(words, style, align) for words in lines))


def _words(text: str, style: Style, align: Align | None) -> BaseOxmlElement:
    made = paragraph(style, run(text))
    if align:
        made[0].append(node("jc", val=align))
    return made


def _grid(widths: list[float], rows: list[BaseOxmlElement]) -> BaseOxmlElement:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = [node(side, val="single", sz=4, space=0, color="auto") for side in sides]
    padding = [
        node("top", w=PADDING // 2, type="dxa"),
        node("left", w=PADDING, type="dxa"),
        node("bottom", w=PADDING // 2, type="dxa"),
        node("right", w=PADDING, type="dxa"),
    ]
    look = node(
        "tblPr",
        node("tblW", w=twips(sum(widths)), type="dxa"),
        node("jc", val="center"),
        node("tblBorders", *borders),
        node("tblLayout", type="fixed"),
        node("tblCellMar", *padding),
    )
    columns = node("tblGrid", *(node("gridCol", w=twips(width)) for width in widths))
    return node("tbl", look, columns, *rows)
