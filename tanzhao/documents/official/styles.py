"""The looks of an official paper, as named Word styles a clerk can change afterwards."""

from dataclasses import dataclass
from enum import StrEnum

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tanzhao.documents.official.paper import Align
from tanzhao.documents.official.xml import TWIPS_A_POINT, node

# Two of these are licensed: they are named and never shipped (GB/T 9704-2012 fixes the kinds).
FANGSONG = "仿宋_GB2312"
KAITI = "楷体_GB2312"
HEITI = "黑体"
SONGTI = "宋体"
TITLE_SONG = "方正小标宋简体"
LATIN = "Times New Roman"
RED = "FF0000"
RED_HEAD_LINE = 1.25  # line of the red head over its size
BODY_SIZE = 16  # points, 三号
# 22 lines of 28.95 pt fit 225 mm (637.8 pt); with 29 pt LibreOffice sets 21.
LINE = 28.95
# 28 characters of 16 pt are 158 mm, 2 mm too wide; each is set a quarter point closer.
CLOSER = -0.25
CHARACTER = round((BODY_SIZE + CLOSER) * TWIPS_A_POINT)  # one character of the body, in twips
COPY_SIZE, COPY_LINE = 14, 24  # 四号
GRID_LINE = round(LINE * TWIPS_A_POINT)


class Style(StrEnum):
    """The names as Word lists them."""

    BODY = "公文正文"
    FLUSH = "公文顶格"
    TITLE = "公文标题"
    HEADING_1 = "公文一级标题"
    HEADING_2 = "公文二级标题"
    HEADING_3 = "公文三级标题"
    HEADING_4 = "公文四级标题"
    MARK = "公文密级"
    RED_HEAD = "公文红头"
    NUMBER = "公文字号"
    SIGNATURE = "公文落款"
    CELL = "公文表格"
    CELL_HEADING = "公文表头"
    CELL_LINE = "公文表前行"
    COPY = "公文版记"
    PAGE_NUMBER = "公文页码"


@dataclass(frozen=True, slots=True)
class _Look:
    font: str = FANGSONG
    size: float = BODY_SIZE
    line: float = LINE
    align: Align = "both"
    indent: int = 0  # characters, first line
    outline: int | None = None
    is_bold: bool = False
    is_gridded: bool = True
    colour: str = ""


LOOKS = {
    Style.BODY: _Look(indent=2),
    Style.FLUSH: _Look(),
    # Off the grid: LibreOffice would give each of its lines two lines of the grid.
    Style.TITLE: _Look(TITLE_SONG, size=22, align="center", is_gridded=False),
    Style.HEADING_1: _Look(HEITI, indent=2, outline=0),
    Style.HEADING_2: _Look(KAITI, indent=2, outline=1),
    Style.HEADING_3: _Look(indent=2, outline=2, is_bold=True),
    Style.HEADING_4: _Look(indent=2, outline=3),
    Style.MARK: _Look(HEITI, align="left"),
    Style.RED_HEAD: _Look(TITLE_SONG, size=42, line=52, align="center", colour=RED),
    Style.NUMBER: _Look(align="center"),
    Style.SIGNATURE: _Look(align="center"),
    Style.CELL: _Look(size=12, line=18, is_gridded=False),
    Style.CELL_HEADING: _Look(HEITI, size=12, line=18, align="center", is_gridded=False),
    Style.CELL_LINE: _Look(size=12, line=22, align="left", is_gridded=False),
    Style.COPY: _Look(size=COPY_SIZE, line=COPY_LINE, is_gridded=False),
    Style.PAGE_NUMBER: _Look(SONGTI, size=14, line=16, is_gridded=False),
}
HEADINGS = {
    1: Style.HEADING_1,
    2: Style.HEADING_2,
    3: Style.HEADING_3,
    4: Style.HEADING_4,
}


def add_styles(document: Document) -> None:
    """Put the looks of official papers into a new document."""
    styles = document.styles.element
    language = styles.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")
    normal = document.styles["Normal"]
    normal.font.name = LATIN
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)
    for style, look in LOOKS.items():
        styles.append(_style(style, look))


def _style(style: Style, look: _Look) -> BaseOxmlElement:
    return node(
        "style",
        node("name", val=style),
        node("basedOn", val="Normal"),
        node("qFormat"),
        _paragraph_look(look),
        _run_look(look),
        type="paragraph",
        customStyle=1,
        styleId=style,
    )


def _paragraph_look(look: _Look) -> BaseOxmlElement:
    keep = [node("keepNext"), node("keepLines")] if look.outline is not None else []
    # Word's widow control, and its air between 汉字 and digits, would break the grid of 22 lines
    # by 28 characters. LibreOffice reads overflowPunct the wrong way round: 1 keeps its marks
    # inside the type area, and lets Word hang one out, as it does when nobody says anything.
    switches = {
        "widowControl": 0,
        "overflowPunct": 1,
        "autoSpaceDE": 0,
        "autoSpaceDN": 0,
        "adjustRightInd": 0,
    }
    look_nodes = [node(name, val=value) for name, value in switches.items()]
    if not look.is_gridded:
        look_nodes.append(node("snapToGrid", val=0))
    line = round(look.line * TWIPS_A_POINT)
    look_nodes.append(node("spacing", before=0, after=0, line=line, lineRule="exact"))
    if look.indent:
        indent = {"firstLineChars": look.indent * 100, "firstLine": look.indent * CHARACTER}
        look_nodes.append(node("ind", **indent))
    look_nodes.append(node("jc", val=look.align))
    if look.outline is not None:
        look_nodes.append(node("outlineLvl", val=look.outline))
    return node("pPr", *keep, *look_nodes)


def _run_look(look: _Look) -> BaseOxmlElement:
    fonts = node("rFonts", ascii=LATIN, hAnsi=LATIN, cs=LATIN, eastAsia=look.font)
    if look.font == SONGTI:
        fonts = node("rFonts", ascii=SONGTI, hAnsi=SONGTI, eastAsia=SONGTI)
    made = node("rPr", fonts)
    if look.is_bold:
        made.extend([node("b"), node("bCs")])
    if look.colour:
        made.append(node("color", val=look.colour))
    if look.size == BODY_SIZE:
        made.append(node("spacing", val=round(CLOSER * TWIPS_A_POINT)))
    made.extend([node("sz", val=round(look.size * 2)), node("szCs", val=round(look.size * 2))])
    return made
