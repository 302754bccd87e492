"""OFD, in which offices exchange finished papers: a zip of pages with every letter in its place.

Templates are read beneath their pages, as they are seen; remarks and seals are not.
Source: GB/T 33190-2016; encrypted files: GM/T 0099-2020.
"""

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tanzhao.engines.likeness.extract.elements import Element, elements
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.lines import Line, Page, text_of
from tanzhao.engines.likeness.extract.ofd_page import Box, Drawn, Matrix, Picture, box_of, read_page
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.refusals import Unreadable, page_ranges
from tanzhao.engines.likeness.texts import Extracted

_A4 = (0.0, 0.0, 210.0, 297.0)  # millimetres
_FEW_LETTERS = 25  # a stamp, a number: no page of text
_COVERED = 0.3  # of a page, by a picture
_READ_BY_OCR = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*")


@dataclass
class _Document:
    """What Document.xml and the lists of resources say. Parts by their names in the package."""

    box: Box = _A4
    pages: list[str] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    resources: list[str] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    units: dict[str, list[Element]] = field(default_factory=dict)  # drawings used by pages


def read_ofd(
    package: Package, limits: Limits, scans: bool, more_time: Callable[[int], None]
) -> Extracted:
    """Read an OFD file; its scanned pages by OCR, if that is done here.

    Raises: Unreadable if it is damaged, protected, or has scans that are not read here.
    """
    package.left = limits.most_unpacked_bytes
    file = _File(package)
    pages: list[Page] = []
    pictures: dict[int, tuple[str, Picture]] = {}
    letters = 0
    for document in file.documents():
        if len(pages) + len(document.pages) > limits.most_pages:
            raise Unreadable("too_many_pages", {"most": limits.most_pages})
        drawn_before: dict[str, Drawn] = {}
        for part in document.pages:
            page, scan = _page(file, document, part, len(pages) + 1, drawn_before, limits)
            letters += sum(len(line.text) for line in page.lines)
            if letters > limits.most_characters:
                raise Unreadable("too_long", {"most": limits.most_characters})
            if scan is not None:
                pictures[len(pages)] = document.pictures.get(scan.resource, ""), scan
            pages.append(page)
    if pictures:
        _read_scans(file, pages, pictures, limits, scans, more_time)
    return text_of(pages, "ofd", limits, "ocr" if pictures else "layer")


def _page(
    file: "_File",
    document: _Document,
    part: str,
    number: int,
    templates: dict[str, Drawn],
    limits: Limits,
) -> tuple[Page, Picture | None]:
    """Give the lines of a page, and the picture that it is, if it is a scan."""
    drawn = read_page(elements(file.pieces(part), "ofd"), document.units, limits)
    lines: list[Line] = []
    for name in drawn.templates:
        if name not in templates and (template := document.templates.get(name)):
            seen = elements(file.pieces(template), "ofd")
            templates[name] = read_page(seen, document.units, limits)
        if name in templates:
            lines += templates[name].lines
    lines += drawn.lines
    left, top, width, height = _turned(drawn.box or document.box, drawn.turn)
    placed = tuple(
        replace(
            line,
            left=line.left - left,
            right=line.right - left,
            baseline=line.baseline - top,
            cell=line.cell and line.cell - left,
        )
        for line in lines
    )
    page = Page(number, width, height, placed)
    largest = max(drawn.pictures, key=lambda one: one.width * one.height, default=None)
    if largest is None or largest.width * largest.height < _COVERED * width * height:
        return page, None
    if sum(len(line.text) for line in drawn.lines) >= _FEW_LETTERS:
        return page, None
    return replace(page, lines=()), largest


def _turned(box: Box, turn: Matrix) -> Box:
    """Give where a page is once it has been turned."""
    left, top, width, height = box
    xs, ys = zip(turn.at(left, top), turn.at(left + width, top + height), strict=True)
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _read_scans(
    file: "_File",
    pages: list[Page],
    pictures: dict[int, tuple[str, Picture]],
    limits: Limits,
    scans: bool,
    more_time: Callable[[int], None],
) -> None:
    """Put the lines that OCR reads into the pages that are pictures."""
    from tanzhao.engines.likeness.extract.pictures import frames_of
    from tanzhao.engines.likeness.extract.scans import is_installed, read_scan

    if not scans or not is_installed():
        numbers = [index + 1 for index in pictures]
        raise Unreadable("needs_ocr", {"pages": page_ranges(numbers)})
    if len(pictures) > limits.most_scans:
        raise Unreadable("too_many_scans", {"most": limits.most_scans})
    for index, (part, place) in pictures.items():
        content = b"".join(file.pieces(part))
        if not content.startswith(_READ_BY_OCR):
            raise Unreadable("ofd")
        more_time(limits.scan_seconds)
        for array in frames_of(content):
            found = read_scan(array, place.width, place.height)
            pages[index] = replace(pages[index], lines=found)
            break
    if not any(page.lines for page in pages):
        raise Unreadable("ocr_found_nothing")


class _File:
    """The parts of the package by the paths that they are called by in it."""

    def __init__(self, package: Package):
        self.package = package
        self.names = {_plain(name): name for name in package.names}
        if any(name.casefold().endswith("encryptions.xml") for name in self.names):
            raise Unreadable("encrypted", {"kind": "ofd"})

    def pieces(self, part: str) -> Iterator[bytes]:
        """Give a part. Raises: Unreadable if there is none or it is damaged."""
        if part not in self.names:
            raise Unreadable("damaged", {"kind": "ofd"})
        return self.package.pieces(self.names[part])

    def documents(self) -> Iterator[_Document]:
        """Give the documents in the file: one, as a rule."""
        roots = [
            self._at("", one.text)
            for one in elements(self.pieces("OFD.xml"), "ofd")
            if one.name == "DocRoot" and not one.begins
        ]
        if not roots:
            raise Unreadable("damaged", {"kind": "ofd"})
        for root in roots:
            document = self._document(root)
            for part in dict.fromkeys(document.resources):
                if part in self.names:
                    self._resources(part, document)
            yield document

    def _document(self, root: str) -> _Document:
        document = _Document()
        folder = posixpath.dirname(root)
        for name, begins, values, text in elements(self.pieces(root), "ofd"):
            place = self._at(folder, values.get("BaseLoc", ""))
            if begins and name == "Page" and "BaseLoc" in values:
                document.pages.append(place)
            elif begins and name == "TemplatePage":
                document.templates[values.get("ID", "")] = place
            elif not begins and name in ("PublicRes", "DocumentRes"):
                document.resources.append(self._at(folder, text))
            elif not begins and name == "PhysicalBox":
                document.box = box_of(text) or document.box
        return document

    def _resources(self, part: str, document: _Document) -> None:
        """Take pictures, and drawings that pages use, from a list of resources."""
        folder = posixpath.dirname(part)
        picture = unit = ""
        for element in elements(self.pieces(part), "ofd"):
            name, begins, values, text = element
            if begins and name == "Res":
                folder = self._at(folder, values.get("BaseLoc", ""))
            elif begins and name == "MultiMedia":
                picture = values.get("ID", "")
            elif not begins and name == "MediaFile":
                document.pictures[picture] = self._at(folder, text)
            elif name == "CompositeGraphicUnit":
                unit = values.get("ID", "") if begins else ""
                if unit:
                    document.units[unit] = []
            elif unit:
                document.units[unit].append(element)

    def _at(self, folder: str, path: str) -> str:
        """Give the part that a path leads to, from a folder or, with /, from the top."""
        path = path.strip().replace("\\", "/")
        return _plain(path if path.startswith("/") else posixpath.join(folder, path))


def _plain(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/")).lstrip("/")
