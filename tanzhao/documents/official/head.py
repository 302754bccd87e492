"""What stands above the body: secrecy, red head, number, title, addressee."""

from docx.oxml.xmlchemy import BaseOxmlElement

from tanzhao.documents.official.paper import OfficialPaper
from tanzhao.documents.official.styles import (
    CHARACTER,
    FANGSONG,
    KAITI,
    RED,
    RED_HEAD_LINE,
    Style,
)
from tanzhao.documents.official.text import blank, paragraph, title, title_width
from tanzhao.documents.official.titles import width_of
from tanzhao.documents.official.xml import TWIPS_A_POINT, node, run, twips

LINE_CHARACTERS = 28
LARGEST = 56  # points
NARROW, WIDE = 66, 90  # per cent of the letters' width: long names are set narrow, as is custom


def head(paper: OfficialPaper) -> list[BaseOxmlElement]:
    """Make everything above the body, in the order and at the distances of GB/T 9704-2012, 7.2."""
    made = [paragraph(Style.MARK, run(mark)) for mark in (paper.secrecy, paper.urgency) if mark]
    if paper.issuer:
        # The letters' upper edge is 35 mm below the type area's: three lines are 30.6 mm, and
        # the line of the head is higher than its letters.
        made += blank(3 - len(made))
        made += [_issuer(paper.issuer), *blank(2), _number(paper.number, paper.signer), *blank(2)]
    elif paper.number:
        made += [paragraph(Style.NUMBER, run(paper.number)), *blank()]
    elif not made:
        made += blank()
    width = title_width(is_landscape=paper.is_landscape)
    made += [title(paper.title, width), *blank()]
    if paper.addressee:
        made.append(paragraph(Style.FLUSH, run(paper.addressee.rstrip("：:") + "：")))
    return made


def _issuer(issuer: str) -> BaseOxmlElement:
    scale = NARROW if width_of(issuer) > 8 else WIDE
    # A little less than the line, so that rounding never breaks it.
    room = LINE_CHARACTERS * CHARACTER / TWIPS_A_POINT * 0.97
    size = min(LARGEST, int(room / (width_of(issuer) * scale / 100)))
    look = (node("w", val=scale), node("sz", val=size * 2), node("szCs", val=size * 2))
    line = round(size * RED_HEAD_LINE) * TWIPS_A_POINT
    lower = node("spacing", before=twips(1), after=0, line=line, lineRule="exact")
    return paragraph(Style.RED_HEAD, run(issuer, *look), before=[lower])


def _number(number: str, signer: str) -> BaseOxmlElement:
    """Make the 发文字号 over the red rule, with the 签发人 beside it in a paper to a superior."""
    rule = node("pBdr", node("bottom", val="single", sz=12, space=11, color=RED))
    if not signer:
        return paragraph(Style.NUMBER, run(number), before=[rule])
    stop = (LINE_CHARACTERS - 1) * CHARACTER
    tabs = node("tabs", node("tab", val="right", pos=stop))
    words = (run(f"{number}\t签发人：", font=FANGSONG), run(signer, font=KAITI))
    return paragraph(Style.FLUSH, *words, before=[rule, tabs], leftChars=100, left=CHARACTER)
