"""The text layer of a PDF, by pdfium: lines with their places. A page without one is a scan."""

import ctypes
import math
from collections.abc import Callable
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tanzhao.engines.likeness.extract.cleaning import clean, readable_share
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.lines import Line, Page, text_of
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.texts import Extracted

_FEW_LETTERS = 50  # a stamp of the scanner's maker, a number: no page of text
_MOST_OBJECTS = 2000  # of a page, looked at to tell a scan
_MANY_SHAPES = 200  # letters drawn as shapes
_COVERED = 0.3  # of a page, by pictures
_STAMPS = ("扫描全能王", "CamScanner", "扫描王", "夸克扫描")


def read_pdf(
    content: bytes, limits: Limits, scans: bool, more_time: Callable[[int], None]
) -> Extracted:
    """Read a PDF; its scanned pages by OCR, if that is done here.

    Raises: Unreadable, with `needs_ocr` and the pages if there are scans and no OCR.
    """
    document = _opened(content)
    try:
        if len(document) > limits.most_pages:
            raise Unreadable("too_many_pages", {"most": limits.most_pages})
        if not len(document):
            raise Unreadable("damaged", {"kind": "pdf"})
        pages: list[Page] = []
        pictures: list[int] = []
        letters = 0
        for index in range(len(document)):
            page, is_scan = _page(document, index, limits)
            pages.append(page)
            letters += sum(len(line.text) for line in page.lines)
            if letters > limits.most_characters:
                raise Unreadable("too_long", {"most": limits.most_characters})
            if is_scan:
                pictures.append(index)
        if not pictures:
            return text_of(pages, "pdf", limits)
        if not scans:
            raise Unreadable("needs_ocr", {"pages": _ranges([index + 1 for index in pictures])})
        from tanzhao.engines.likeness.extract.scans import read_scan

        if len(pictures) > limits.most_scans:
            raise Unreadable("too_many_scans", {"most": limits.most_scans})
        for index in pictures:
            more_time(limits.scan_seconds)
            page = pages[index]
            lines = read_scan(_rendered(document, index), page.width, page.height)
            pages[index] = Page(page.number, page.width, page.height, lines)
        if not any(page.lines for page in pages):
            raise Unreadable("ocr_found_nothing")
        return text_of(pages, "pdf", limits, "ocr")
    finally:
        document.close()


def _opened(content: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "assword" in str(error):
            raise Unreadable("encrypted", {"kind": "pdf"}) from error
        raise Unreadable("damaged", {"kind": "pdf"}) from error


def _page(document: Any, index: int, limits: Limits) -> tuple[Page, bool]:
    """Give the lines of a page, and whether it is a scan."""
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        # A number in the list of pages that leads to none: readers show an empty page too.
        return Page(index + 1, 0, 0, ()), False
    try:
        width, height = page.get_size()
        textpage = page.get_textpage()
        try:
            lines = _lines(textpage, page.get_rotation(), page.get_bbox(), limits)
        finally:
            textpage.close()
        text = clean("".join(line.text for line in lines))
        for stamp in _STAMPS:
            text = text.replace(stamp, "")
        garbled = len(text) > 0 and readable_share(text) < limits.least_readable
        if len(text) >= _FEW_LETTERS and not garbled:
            return Page(index + 1, width, height, lines), False
        if garbled or _is_drawn(page, width * height):
            few = garbled or len(text) < _FEW_LETTERS // 2
            return Page(index + 1, width, height, () if few else lines), few
        return Page(index + 1, width, height, lines), False
    finally:
        page.close()


def _is_drawn(page: Any, area: float) -> bool:
    """Tell whether pictures or shapes make up what is seen of the page."""
    covered = shapes = 0.0
    for count, item in enumerate(page.get_objects(max_depth=3)):
        if count > _MOST_OBJECTS:
            break
        shapes += item.type == pdfium.FPDF_PAGEOBJ_PATH
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(right - left, 0) * max(top - bottom, 0)
    return shapes >= _MANY_SHAPES or covered >= _COVERED * area > 0


def _lines(
    textpage: Any, rotation: int, box: tuple[float, float, float, float], limits: Limits
) -> tuple[Line, ...]:
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return ()
    if count > limits.most_characters:
        raise Unreadable("too_long", {"most": limits.most_characters})
    units = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, units)
    text = bytes(units)[: 2 * max(written - 1, 0)].decode("utf-16-le", "surrogatepass")
    one_each = len(text) == written - 1
    lines: list[Line] = []
    at = 0  # in units of text
    for raw in text.split("\n"):
        length = len(raw) if one_each else len(raw.encode("utf-16-le", "surrogatepass")) // 2
        words = raw.strip()
        if words and words.strip("\u3000\xa0"):
            lead = len(raw) - len(raw.lstrip())
            trail = len(raw) - len(raw.rstrip())
            first, last = at + lead, at + length - 1 - trail
            lines.append(_line(textpage, words, first, last, rotation, box))
        at += length + 1
    return tuple(lines)


def _line(
    textpage: Any,
    words: str,
    first: int,
    last: int,
    rotation: int,
    box: tuple[float, float, float, float],
) -> Line:
    first = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, first)
    last = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, last)
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, first, x, y)
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, first, matrix)
    size = pdfium.FPDFText_GetFontSize(textpage, first) * math.hypot(matrix.c, matrix.d)
    end = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(textpage, last, end)
    left, bottom, right, top = box
    if rotation == 90:
        return Line(words, y.value - bottom, end.top - bottom, x.value - left, size)
    if rotation == 180:
        return Line(words, right - x.value, right - end.left, y.value - bottom, size)
    if rotation == 270:
        return Line(words, top - y.value, top - end.bottom, right - x.value, size)
    return Line(words, x.value - left, end.right - left, top - y.value, size)


def _rendered(document: Any, index: int) -> Any:
    """Draw a page for OCR, at 200 points an inch or as many as a picture may have."""
    from tanzhao.engines.likeness.extract.scans import MOST_POINTS

    page = document[index]
    try:
        width, height = page.get_size()
        scale = min(200 / 72, math.sqrt(MOST_POINTS / max(width * height, 1)))
        # pdfium fails on a side of no points.
        scale = max(scale, 1 / max(min(width, height), 1e-3))
        if width * scale * height * scale > 2 * MOST_POINTS:
            raise Unreadable("picture_too_large", {"most": MOST_POINTS // 1_000_000})
        return page.render(scale=scale, rev_byteorder=False).to_numpy()
    finally:
        page.close()


def _ranges(numbers: list[int]) -> str:
    """Write sorted numbers as people do: 1, 3–5."""
    told: list[list[int]] = []
    for number in numbers:
        if told and told[-1][-1] == number - 1:
            told[-1][1:] = [number]
        else:
            told.append([number])
    return ", ".join("–".join(map(str, run)) for run in told)
