"""Paragraphs of the body: blank lines, titles, headings, text."""

from collections.abc import Sequence

from docx.oxml.xmlchemy import BaseOxmlElement

from tanzhao.documents.official.paper import Heading
from tanzhao.documents.official.styles import HEADINGS, LOOKS, Style
from tanzhao.documents.official.titles import LINE_WIDTH, title_lines
from tanzhao.documents.official.words import level_number
from tanzhao.documents.official.xml import node, run

LANDSCAPE_LINE = 28  # characters of a title


def paragraph(
    style: Style, *runs: BaseOxmlElement, before: Sequence[BaseOxmlElement] = (), **indent: int
) -> BaseOxmlElement:
    """Make a paragraph. `before` are properties that stand before its indent in Word's order."""
    look = node("pPr", node("pStyle", val=style), *before)
    if indent:
        look.append(node("ind", **indent))
    return node("p", look, *runs)


def kept() -> list[BaseOxmlElement]:
    """Say that a paragraph stands on the page of the next one."""
    return [node("keepNext"), node("keepLines")]


def blank(count: int = 1, *, is_kept: bool = False) -> list[BaseOxmlElement]:
    """Make blank lines of the grid, on the page of what follows if asked."""
    return [paragraph(Style.FLUSH, before=kept() if is_kept else ()) for _ in range(count)]


def title_width(*, is_landscape: bool) -> int:
    """Say how many characters of a title fit a line."""
    return LANDSCAPE_LINE if is_landscape else LINE_WIDTH


def title(words: str | tuple[str, ...], width: int) -> BaseOxmlElement:
    """Make a title in one paragraph, broken into lines of good shape."""
    first, *others = title_lines(words, width)
    runs = [run(first)]
    for line in others:
        broken = run(line)
        broken.insert(1, node("br"))
        runs.append(broken)
    return paragraph(Style.TITLE, *runs, before=kept())


def heading(block: Heading, number: int) -> BaseOxmlElement:
    """Make a numbered heading, with the text that runs on after it."""
    words = level_number(block.level, number) + block.text.strip()
    if not block.following:
        return paragraph(HEADINGS[block.level], run(words))
    look = LOOKS[HEADINGS[block.level]]
    bold = (node("b"), node("bCs")) if look.is_bold else ()
    lead = run(words, *bold, font=look.font)
    return paragraph(Style.BODY, lead, run(block.following.strip()))


def body(text: str, *, is_indented: bool = True) -> list[BaseOxmlElement]:
    """Make a paragraph of each line of a text."""
    style = Style.BODY if is_indented else Style.FLUSH
    return [paragraph(style, run(line.strip())) for line in text.splitlines() if line.strip()]


def speck() -> BaseOxmlElement:
    """Make a paragraph too small to take a line, where Word must have one."""
    height = node("spacing", before=0, after=0, line=20, lineRule="exact")
    return paragraph(Style.CELL, before=[height])
