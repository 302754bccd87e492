"""The page of GB/T 9704-2012: A4, margins 37/28/26/35 mm, a grid of 22 lines, page numbers."""

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer
from docx.shared import Mm

from tanzhao.documents.official.styles import CHARACTER, GRID_LINE, Style
from tanzhao.documents.official.xml import field, node, run, twips

SHORT, LONG = 210, 297
TOP, LEFT, RIGHT, BOTTOM = 37, 28, 26, 35
NUMBER_BELOW = 7  # millimetres from the type area down to the dash of the page number
NUMBER_LINE = 16 / 72 * 25.4  # height of its line, the dash about half way down


def add_settings(document: Document) -> None:
    """Make odd and even pages differ, and Word lay out as it does now, uncompressed."""
    document.settings.odd_and_even_pages_header_footer = True
    settings = document.settings.element
    spacing = settings.find(qn("w:characterSpacingControl"))
    if spacing is not None:
        spacing.set(qn("w:val"), "doNotCompress")
    compatibility = settings.find(qn("w:compat"))
    if compatibility is None:
        return
    office = "http://schemas.microsoft.com/office/word"
    for old in compatibility.findall(qn("w:compatSetting")):
        compatibility.remove(old)
    compatibility.append(node("compatSetting", name="compatibilityMode", uri=office, val=15))


def set_page(section: Section, *, is_landscape: bool) -> None:
    """Give a section its paper, margins, grid and page numbers.

    A landscape page is the upright one turned with its head to the left edge, so its margins
    go round, and its page number stays where it is on the upright page.
    """
    margins = (LEFT, BOTTOM, TOP, RIGHT) if is_landscape else (TOP, LEFT, RIGHT, BOTTOM)
    top, left, right, bottom = map(Mm, margins)
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (
        (Mm(LONG), Mm(SHORT)) if is_landscape else (Mm(SHORT), Mm(LONG))
    )
    section.top_margin, section.bottom_margin = top, bottom
    section.left_margin, section.right_margin = left, right
    section.header_distance = Mm(15)
    section.footer_distance = Mm(BOTTOM - NUMBER_BELOW - NUMBER_LINE / 2)
    _set_grid(section)
    for footer, is_odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        if is_landscape:
            _write_turned_number(footer, is_odd=is_odd)
        else:
            _write_number(footer, is_odd=is_odd)


def _set_grid(section: Section) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    # "linesAndChars" makes LibreOffice give each character two cells.
    properties.append(node("docGrid", type="lines", linePitch=GRID_LINE))


def _number_paragraph(look: dict[str, int], align: str) -> BaseOxmlElement:
    paragraph = node(
        "p",
        node(
            "pPr", node("pStyle", val=Style.PAGE_NUMBER), node("ind", **look), node("jc", val=align)
        ),
    )
    paragraph.append(run("— "))
    paragraph.extend(field("PAGE"))
    paragraph.append(run(" —"))
    return paragraph


def _write_number(footer: _Footer, *, is_odd: bool) -> None:
    """Odd numbers stand one character in from the right edge, even ones from the left."""
    side = "right" if is_odd else "left"
    blank = {f"{side}Chars": 100, side: CHARACTER}
    _replace(footer, _number_paragraph(blank, side))


def _write_turned_number(footer: _Footer, *, is_odd: bool) -> None:
    """Set the number upright for the reader of the bound paper: at the left, turned by 90°."""
    height = twips(SHORT - LEFT - RIGHT) - 2 * CHARACTER
    width = twips(NUMBER_LINE + 2)
    position: dict[str, str | int] = {
        "vertAnchor": "page",
        "horzAnchor": "page",
        "tblpX": twips(BOTTOM - NUMBER_BELOW) - width // 2,
        "tblpY": twips(LEFT) + CHARACTER,
        "leftFromText": 0,
        "rightFromText": 0,
    }
    margins = [node(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right")]
    table = node(
        "tbl",
        node(
            "tblPr",
            node("tblpPr", **position),
            node("tblW", w=width, type="dxa"),
            node("tblLayout", type="fixed"),
            node("tblCellMar", *margins),
        ),
        node("tblGrid", node("gridCol", w=width)),
        node(
            "tr",
            node("trPr", node("trHeight", val=height, hRule="exact")),
            node(
                "tc",
                node(
                    "tcPr",
                    node("tcW", w=width, type="dxa"),
                    node("textDirection", val="tbRl"),
                    node("vAlign", val="center"),
                ),
                _number_paragraph({}, "right" if is_odd else "left"),
            ),
        ),
    )
    _replace(footer, table, node("p", node("pPr", node("pStyle", val=Style.PAGE_NUMBER))))


def _replace(footer: _Footer, *blocks: BaseOxmlElement) -> None:
    element = footer._element
    for old in list(element):
        element.remove(old)
    element.extend(blocks)
