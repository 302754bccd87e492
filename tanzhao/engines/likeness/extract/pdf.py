"""The text layer of a PDF, by pdfium: lines with their places. A page without one is a scan."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tanzhao.engines.likeness.extract.cleaning import clean, readable_share
from tanzhao.engines.likeness.extract.limits import Limits
from tanzhao.engines.likeness.extract.lines import Line, Page, text_of
from tanzhao.engines.likeness.extract.refusals import Unreadable, page_ranges
from tanzhao.engines.likeness.extract.runs import Run, last_cell, with_gaps
from tanzhao.engines.likeness.texts import Extracted

_FEW_LETTERS = 50  # a stamp of the scanner's maker, a number: no page of text
_MOST_OBJECTS = 2000  # of a page, looked at to tell a scan
_MANY_SHAPES = 200  # letters drawn as shapes
_SOME_LETTERS = 60  # of a page, that tell how it is turned
_COVERED = 0.3  # of a page, by pictures
_TAIL = 8192  # bytes at the end of a file, among which its end is marked
_LINEARIZED = re.compile(rb"/Linearized\b[^>]*?/L\s+(\d{1,12})")
_BLANK = re.compile(" ")
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
        from tanzhao.engines.likeness.extract.scans import is_installed, read_scan

        if not scans or not is_installed():
            raise Unreadable("needs_ocr", {"pages": page_ranges([index + 1 for index in pictures])})
        if len(pictures) > limits.most_scans:
            raise Unreadable("too_many_scans", {"most": limits.most_scans})
        for index in pictures:
            more_time(limits.scan_seconds)
            page = pages[index]
            lines = read_scan(rendered(document, index), page.width, page.height)
            pages[index] = Page(page.number, page.width, page.height, lines)
        if not any(page.lines for page in pages):
            raise Unreadable("ocr_found_nothing")
        return text_of(pages, "pdf", limits, "ocr")
    finally:
        document.close()


def _opened(content: bytes) -> Any:
    # pdfium mends a file that was cut off, and gives what is left: half a text.
    length = _LINEARIZED.search(content[:1024])
    if b"%%EOF" not in content[-_TAIL:] or (length and int(length[1]) > len(content)):
        raise Unreadable("damaged", {"kind": "pdf"})
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
    except pypdfium2.PdfiumError as error:
        raise Unreadable("damaged", {"kind": "pdf"}) from error
    try:
        textpage = page.get_textpage()
        try:
            if (angle := _angle(textpage, page.get_rotation())) != page.get_rotation():
                # Letters that lie on their side, as wide tables printed on high pages do.
                textpage.close()
                page.set_rotation(angle)
                textpage = page.get_textpage()
            width, height = page.get_size()
            lines = _lines(textpage, _Turn(page.get_rotation(), page.get_bbox()), limits)
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


def _angle(textpage: Any, now: int) -> int:
    """Say by how many degrees a page must be turned so that most of its letters stand upright.

    now: how it is turned, which counts where it has no letters.
    """
    count = pdfium.FPDFText_CountChars(textpage)
    found: Counter[int] = Counter()
    matrix = pdfium.FS_MATRIX()
    for place in range(0, count, count // _SOME_LETTERS + 1):
        if not _is_made(textpage, place) and pdfium.FPDFText_GetMatrix(textpage, place, matrix):
            a, b = matrix.a, matrix.b
            upright = abs(a) >= abs(b)
            found[(0 if a >= 0 else 180) if upright else (90 if b > 0 else 270)] += 1
    return max(found, key=lambda angle: found[angle], default=now)


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


def _lines(textpage: Any, turn: "_Turn", limits: Limits) -> tuple[Line, ...]:
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
            lines.append(_line(textpage, words, first, last, turn))
        at += length + 1
    return tuple(_rejoined(lines))


def _rejoined(lines: list[Line]) -> list[Line]:
    """Put together what pdfium has as several lines, such as a date in two fonts: 2026, 年, 9."""
    whole: list[Line] = []
    for line in lines:
        before = whole[-1] if whole else None
        if before is None or not _goes_on_in_row(before, line):
            whole.append(line)
            continue
        runs = [Run(one.left, one.right, one.text) for one in (before, line)]
        size = max(before.size, line.size)
        text = with_gaps(runs, size)
        cell = line.cell or before.cell
        whole[-1] = Line(text, before.left, line.right, before.baseline, size, cell)
    return whole


def _goes_on_in_row(before: Line, line: Line) -> bool:
    size = max(before.size, line.size)
    gap = line.left - before.right
    return abs(before.baseline - line.baseline) < 0.1 * size and -0.3 * size < gap < size


def _line(textpage: Any, words: str, first: int, last: int, turn: "_Turn") -> Line:
    """Make a line of the units from `first` to `last` of the text."""
    place = pdfium.FPDFText_GetCharIndexFromTextIndex
    at = place(textpage, first)
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, at, matrix)
    size = pdfium.FPDFText_GetFontSize(textpage, at) * math.hypot(matrix.c, matrix.d)
    left, baseline = turn.begin(textpage, at)
    right = turn.end(textpage, place(textpage, last))
    if " " not in words or len(words) != last + 1 - first:
        return Line(words, left, right, baseline, size)
    runs = _runs(textpage, words, first, turn)
    gaps = [after[0] - before[1] for before, after in pairwise(runs)]
    # Some signs, such as quotes of another font, are drawn after their neighbours: pdfium has
    # them out of order, which shows in steps back and in gaps as wide as a letter.
    if any(gap < -0.3 * size or 0.7 * size < gap < 1.6 * size for gap in gaps):
        runs = _signs(textpage, words, first, turn)
    end = max(run.right for run in runs)
    return Line(with_gaps(runs, size), runs[0].left, end, baseline, size, last_cell(runs, size))


def _runs(textpage: Any, words: str, first: int, turn: "_Turn") -> list[Run]:
    """Part a line where pdfium made a blank of a gap."""
    place = pdfium.FPDFText_GetCharIndexFromTextIndex
    runs: list[Run] = []
    begun = 0
    for blank in [*(found.start() for found in _BLANK.finditer(words)), len(words)]:
        if blank < len(words) and not _is_made(textpage, place(textpage, first + blank)):
            continue
        if run := words[begun:blank]:
            left = turn.begin(textpage, place(textpage, first + begun))[0]
            right = turn.end(textpage, place(textpage, first + blank - 1))
            runs.append(Run(left, right, run))
        begun = blank + 1
    return runs


def _signs(textpage: Any, words: str, first: int, turn: "_Turn") -> list[Run]:
    """Give the signs of a line from left to right."""
    signs = []
    for number, sign in enumerate(words):
        at = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, first + number)
        if sign != " " or not _is_made(textpage, at):
            signs.append(Run(turn.begin(textpage, at)[0], turn.end(textpage, at), sign))
    return sorted(signs, key=lambda sign: sign.left)


def _is_made(textpage: Any, place: int) -> bool:
    return bool(pdfium.FPDFText_IsGenerated(textpage, place) == 1)


class _Turn:
    """Where signs stand on a page as it is seen: it may be turned by a quarter."""

    def __init__(self, rotation: int, box: tuple[float, float, float, float]):
        self.rotation = rotation
        self.left, self.bottom, self.right, self.top = box
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.box = pdfium.FS_RECTF()

    def begin(self, textpage: Any, place: int) -> tuple[float, float]:
        """Give where a sign begins, from the left, and its baseline, from the top."""
        pdfium.FPDFText_GetCharOrigin(textpage, place, self.x, self.y)
        x, y = self.x.value, self.y.value
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def end(self, textpage: Any, place: int) -> float:
        """Give where a sign ends, from the left."""
        pdfium.FPDFText_GetLooseCharBox(textpage, place, self.box)
        if self.rotation == 90:
            return float(self.box.top) - self.bottom
        if self.rotation == 180:
            return self.right - float(self.box.left)
        if self.rotation == 270:
            return self.top - float(self.box.bottom)
        return float(self.box.right) - self.left


def rendered(document: Any, index: int) -> Any:
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
