"""From an official paper to the bytes of a Word file."""

from datetime import UTC, datetime, time
from io import BytesIO
from itertools import chain
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from tanzhao.documents.official.copies import copy_block
from tanzhao.documents.official.foot import annex_note, signature
from tanzhao.documents.official.head import head
from tanzhao.documents.official.page import add_settings, set_page
from tanzhao.documents.official.paper import (
    Annex,
    Block,
    Form,
    Heading,
    Line,
    OfficialPaper,
    Paragraph,
    Table,
)
from tanzhao.documents.official.styles import Style, add_styles
from tanzhao.documents.official.tables import form, line, table
from tanzhao.documents.official.text import (
    blank,
    body,
    heading,
    kept,
    paragraph,
    speck,
    title,
    title_width,
)
from tanzhao.documents.official.xml import clean, node, run

# Nothing of the moment of printing goes into the file, so that its hash speaks of its content.
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
SHORT_TEXT = 4 * 28  # characters, four lines
ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def render(paper: OfficialPaper) -> bytes:
    """Set a paper by GB/T 9704-2012 and give it as a .docx file.

    The same paper gives the same bytes. Fonts are named, not embedded: 方正小标宋简体,
    仿宋_GB2312, 楷体_GB2312, 黑体, 宋体.
    """
    document = docx.Document()
    add_styles(document)
    add_settings(document)
    set_page(document.sections[0], is_landscape=paper.is_landscape)
    printed = [annex for annex in paper.annexes if annex.blocks]
    _write(document, [*head(paper), *_blocks(paper.body), *annex_note(paper.annexes)])
    signed = signature(paper)
    _keep_last(document, signed)
    _write(document, signed)
    was_landscape = paper.is_landscape
    for annex in printed:
        number = paper.annexes.index(annex) + 1 if len(paper.annexes) > 1 else 0
        _write_annex(document, annex, number, turns=annex.is_landscape != was_landscape)
        was_landscape = annex.is_landscape
    _write_copies(document, paper, is_landscape=was_landscape)
    _write_properties(document, paper)
    return _packed(document)


def _write(document: Document, blocks: list[BaseOxmlElement]) -> None:
    end = document.element.body.sectPr
    for made in blocks:
        end.addprevious(made)


def _blocks(blocks: tuple[Block, ...]) -> list[BaseOxmlElement]:
    counts = [0, 0, 0, 0]
    made: list[list[BaseOxmlElement]] = []
    for block in blocks:
        match block:
            case Heading(level=level):
                counts[level - 1] += 1
                counts[level:] = [0] * (4 - level)
                made.append([heading(block, counts[level - 1])])
            case Paragraph(text=text, is_indented=is_indented):
                made.append(body(text, is_indented=is_indented))
            case Table():
                made.append([table(block)])
            case Form():
                made.append([form(block)])
            case Line():
                made.append([line(block)])
    return list(chain.from_iterable(made))


def _write_annex(document: Document, annex: Annex, number: int, *, turns: bool) -> None:
    """Write an annex from a new page, turning the paper for a landscape one."""
    width = title_width(is_landscape=annex.is_landscape)
    mark = paragraph(Style.MARK, run(f"附件{number or ''}"), before=kept())
    if turns:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        _shrink_break(document)
        set_page(section, is_landscape=annex.is_landscape)
    else:
        mark[0].insert(3, node("pageBreakBefore"))
    _write(document, [mark, *blank(), title(annex.title, width), *blank(), *_blocks(annex.blocks)])


def _shrink_break(document: Document) -> None:
    """Move a new section's break into the last paragraph: its own could start a page."""
    end = document.element.body.sectPr
    breaker = end.getprevious()
    last = breaker.getprevious()
    if last.tag == qn("w:p"):
        last.pPr.append(breaker.pPr.sectPr)
        breaker.getparent().remove(breaker)
    else:
        small = speck()
        small[0].append(breaker.pPr.sectPr)
        breaker.getparent().replace(breaker, small)


def _write_copies(document: Document, paper: OfficialPaper, *, is_landscape: bool) -> None:
    """Write the 版记 at the foot of the last page, upright even after a landscape annex."""
    block = copy_block(paper)
    if block is None:
        return
    if is_landscape:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        _shrink_break(document)
        set_page(section, is_landscape=False)
    _copies_anchor(document, paper).pPr.addnext(block)


def _copies_anchor(document: Document, paper: OfficialPaper) -> BaseOxmlElement:
    """Find the paragraph on whose page the 版记 goes."""
    if not paper.signature or not paper.dated or any(annex.blocks for annex in paper.annexes):
        last = speck()
        _write(document, [last])
        return last
    *_above, text, blank_line, _blank, _name, day = document.element.body.iterchildren(qn("w:p"))
    # From the text above it, a short one, LibreOffice takes the whole signature along to the
    # next page; from the day it would take the day alone.
    if len(text.text) > SHORT_TEXT or text.getnext() is not blank_line:
        return cast(BaseOxmlElement, day)
    if text.pPr.find(qn("w:keepLines")) is None:
        text.pPr.find(qn("w:keepNext")).addnext(node("keepLines"))
    return cast(BaseOxmlElement, text)


def _keep_last(document: Document, signed: list[BaseOxmlElement]) -> None:
    """Keep the last of the text with the signature, which never stands on a page alone."""
    last = document.element.body.sectPr.getprevious()
    if (
        signed
        and last is not None
        and last.tag == qn("w:p")
        and last.pPr.find(qn("w:keepNext")) is None
    ):
        last.pPr.insert(1, node("keepNext"))


def _write_properties(document: Document, paper: OfficialPaper) -> None:
    day = datetime.combine(paper.dated, time(), UTC) if paper.dated else NO_DAY
    properties = document.core_properties
    properties.title = clean(paper.name)[:255]
    properties.author = clean(paper.signature or paper.printed_by)[:255]
    properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = day
    relations = document.part.package.rels
    for key in [
        key for key, one in relations.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL
    ]:
        relations.pop(key)


def _packed(document: Document) -> bytes:
    loose, packed = BytesIO(), BytesIO()
    document.save(loose)
    with ZipFile(loose) as before, ZipFile(packed, "w") as after:
        for name in before.namelist():
            entry = ZipInfo(name, ZIP_DAY)
            entry.compress_type = ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return packed.getvalue()
