"""The text of a .docx or .docm, streamed: paragraphs, tables, text boxes, notes, letterhead.

An XML parser that expands nothing and fetches nothing (expat, to which an entity is an error)
tells of one element after another; no tree is built. Source: ECMA-376 part 1, section 17.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tanzhao.engines.likeness.extract.drawings import drawn_text
from tanzhao.engines.likeness.extract.edges import without_page_numbers
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.numbering import List, read_numbering
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.styles import Looks, read_styles
from tanzhao.engines.likeness.extract.word_stream import paragraphs_in

_PICTURE = re.compile(r"word/media/[^/]+\.(?:png|jpe?g|tiff?)", re.I)
_NO_LOOKS = Looks()
_PACKAGE = b"office/2006/xmlPackage"
_HEAD = 8192
_CHUNK = 1 << 16
_EDGES = ("header", "footer")
_NOTES = ("footnotes", "endnotes")


def paragraphs_of(
    package: Package, limits: Limits, left_out: Counter[str] | None = None
) -> Iterator[str]:
    """Give the paragraphs in the order of reading, one row of a table as one.

    Headers come once, before the body; footnotes, endnotes and footers, without what is but a
    page number, after it. What is hidden or deleted is left out, what was inserted is there.
    Drawings of words (SmartArt) come after the body.

    left_out: characters of hidden_text and deleted_text are counted in it.

    Raises: Unreadable if the package or a part of it is damaged or built to do harm.
    """
    left_out = Counter() if left_out is None else left_out
    package.left = limits.most_unpacked_bytes
    main = package.main_part("word/") or "word/document.xml"
    others: dict[str, list[str]] = {}
    for kind, part in package.relations(main):
        if part in package.names and part not in others.setdefault(kind, []):
            others[kind].append(part)
    looks = _looks(package, others)

    def read(part: str) -> list[str]:
        return paragraphs_in(package.pieces(part), "docx", looks, left_out)

    if main not in package.names:
        raise Unreadable("damaged", {"kind": "docx"})
    body = read(main)
    headers, footers = (
        without_page_numbers(line for part in others.get(kind, []) for line in read(part))
        for kind in _EDGES
    )
    yield from headers
    yield from body
    for part in others.get("diagramData", []):
        yield from drawn_text(package.pieces(part), "docx")
    for kind in _NOTES:
        for part in others.get(kind, []):
            yield from read(part)
    yield from (line for line in footers if line not in set(headers))


def pictures_of(package: Package) -> list[str]:
    """Name the parts that are pictures which can be scans, in the order they were put in."""
    names = [name for name in package.names if _PICTURE.fullmatch(name)]
    return sorted(names, key=lambda name: (len(name.rpartition(".")[0]), name))


def paragraphs_of_xml(content: bytes, left_out: Counter[str] | None = None) -> list[str]:
    """Give the paragraphs of a Word document in one XML file, as Word 2003 and templates write it.

    Raises: Unreadable if it is damaged or built to do harm.
    """
    looks = _NO_LOOKS
    if _PACKAGE in content[:_HEAD]:  # its parts stand in one file, in any order
        looks = read_styles(_cut(content), read_numbering(_cut(content), "wordxml"))
    left_out = Counter() if left_out is None else left_out
    return paragraphs_in(_cut(content), "wordxml", looks, left_out)


def _looks(package: Package, parts: Mapping[str, list[str]]) -> Looks:
    lists: dict[str, List] = {}
    for part in parts.get("numbering", []):
        try:
            lists |= read_numbering(package.pieces(part), "docx")
        except Unreadable as refusal:
            if refusal.code != "damaged":
                raise
    looks = Looks(lists=lists)
    for part in parts.get("styles", []):
        looks = read_styles(package.pieces(part), lists)
    return looks


def _cut(content: bytes) -> Iterator[bytes]:
    return (content[at : at + _CHUNK] for at in range(0, len(content), _CHUNK))
