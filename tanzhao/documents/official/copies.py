"""The 版记: copies to, printed by, printed on, at the foot of the last page."""

from math import ceil
from typing import NamedTuple

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tanzhao.documents.official.paper import TEXT_WIDTH, OfficialPaper
from tanzhao.documents.official.styles import COPY_LINE, COPY_SIZE, Style
from tanzhao.documents.official.text import paragraph, speck
from tanzhao.documents.official.titles import width_of
from tanzhao.documents.official.words import date_chinese
from tanzhao.documents.official.xml import TWIPS_A_POINT, node, run, twips

THICK, THIN = 8, 6  # eighths of a point: 0.35 and 0.26 mm
CHARACTER = COPY_SIZE * TWIPS_A_POINT
EMU_A_POINT = 12700
EMU_A_MILLIMETRE = 36000
# A text box, because LibreOffice lets neither frames nor floating tables sink to the foot.
BOX = """
<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1"
 behindDoc="0" locked="0" layoutInCell="1" allowOverlap="0">
<wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="{width}" cy="{height}"/><wp:wrapTopAndBottom/>
<wp:docPr id="1" name="版记"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>
<a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent/></wps:txbx>
<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"/></wps:wsp>
</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>
"""


class _Row(NamedTuple):
    text: str
    hanging: int = 0  # characters under which further lines stand
    lines: int = 1


def copy_block(paper: OfficialPaper) -> BaseOxmlElement | None:
    """Make the 版记, a run to stand in a paragraph of the page at whose foot it goes."""
    rows = []
    if paper.copy_to:
        text = "抄送：" + "，".join(paper.copy_to).rstrip("。") + "。"
        room = twips(TEXT_WIDTH) // CHARACTER - 5
        rows.append(_Row(text, hanging=3, lines=ceil((width_of(text) - 3) / room)))
    if paper.printed_by or paper.printed_on:
        day = f"{date_chinese(paper.printed_on)}印发" if paper.printed_on else ""
        rows.append(_Row(f"{paper.printed_by}\t{day}"))
    if not rows:
        return None
    height = round((sum(row.lines for row in rows) * COPY_LINE + 6) * EMU_A_POINT)
    box = BOX.format(width=TEXT_WIDTH * EMU_A_MILLIMETRE, height=height)
    made = parse_xml(box.replace("\n", ""))
    for content in made.iter(qn("w:txbxContent")):
        content.extend([_table(rows), speck()])
    return made


def _table(rows: list[_Row]) -> BaseOxmlElement:
    width = twips(TEXT_WIDTH)
    borders = [
        node(side, val="single", sz=size, space=0, color="auto")
        for side, size in (("top", THICK), ("bottom", THICK), ("insideH", THIN))
    ]
    margins = [node(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right")]
    look = node(
        "tblPr",
        node("tblW", w=width, type="dxa"),
        node("tblBorders", *borders),
        node("tblLayout", type="fixed"),
        node("tblCellMar", *margins),
    )
    cells = [
        node("tc", node("tcPr", node("tcW", w=width, type="dxa")), _words(row)) for row in rows
    ]
    columns = node("tblGrid", node("gridCol", w=width))
    return node("tbl", look, columns, *(node("tr", cell) for cell in cells))


def _words(row: _Row) -> BaseOxmlElement:
    tabs = node("tabs", node("tab", val="right", pos=twips(TEXT_WIDTH) - CHARACTER))
    sides = {"left": (1 + row.hanging) * CHARACTER, "right": CHARACTER}
    hanging = {"hanging": row.hanging * CHARACTER} if row.hanging else {}
    return paragraph(Style.COPY, run(row.text), before=[tabs], **sides, **hanging)
