"""Small real files for evidence: a workbook, a document, a PDF, a picture like a photograph."""

import io
import random
import struct
import zlib
from collections.abc import Sequence

import docx
import xlsxwriter

WIDTH, HEIGHT = 480, 320


def file_of(form: str, name: str, lines: Sequence[str]) -> bytes:
    """Make a file of `form` (xlsx, docx, pdf or png) that is called `name` and says `lines`.

    In a workbook the cells of a line are parted by |, and the first line is the heading.
    """
    match form:
        case "xlsx":
            return workbook(name, lines)
        case "docx":
            return document(name, lines)
        case "pdf":
            return pdf([name, "", *lines])
    return picture(name)


def workbook(title: str, lines: Sequence[str]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("Sheet1")
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4"})
    plain = book.add_format({"border": 1})
    sheet.write(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.set_column(0, 8, 16)
    for row, line in enumerate(lines, 1):
        for column, cell in enumerate(line.split("|")):
            sheet.write(row, column, _value(cell), bold if row == 1 else plain)
    book.close()
    return file.getvalue()


def _value(cell: str) -> str | float:
    try:
        return float(cell)
    except ValueError:
        return cell


def document(title: str, lines: Sequence[str]) -> bytes:
    file = io.BytesIO()
    paper = docx.Document()
    paper.add_heading(title, level=1)
    for line in lines:
        paper.add_paragraph(line)
    paper.save(file)
    return file.getvalue()


def pdf(lines: Sequence[str]) -> bytes:
    """Make a PDF of one page. Its font is one that every reader has for Chinese; none is inside."""
    drawn = ["BT /F1 13 Tf 20 TL 64 770 Td"]
    for line in lines:
        drawn += [f"<{line.encode('utf-16-be').hex()}> Tj", "T*"]
    content = "\n".join([*drawn, "ET", "48 56 499 740 re S"]).encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        (
            b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
            b"/DescendantFonts[6 0 R]>>"
        ),
        (
            b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
            b"/DW 1000/W[1 95 500 814 907 500]/FontDescriptor 7 0 R"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>"
        ),
        (
            b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
            b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
        ),
    ]
    return _pdf_of(objects)


def _pdf_of(objects: Sequence[bytes]) -> bytes:
    file = io.BytesIO()
    file.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.writelines(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    file.write(trailer % (len(objects) + 1, start))
    return file.getvalue()


def picture(name: str) -> bytes:
    """Make a picture of a sky, a row of houses and a road; the same name gives the same picture."""
    chance = random.Random(name)  # noqa: S311  a picture is no secret
    houses = [
        (left, left + chance.randint(40, 90), chance.randint(90, 190), chance.randbytes(3))
        for left in range(0, WIDTH, 70)
    ]
    rows = (b"\0" + _row(y, houses, chance) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _row(y: int, houses: Sequence[tuple[int, int, int, bytes]], chance: random.Random) -> bytes:
    if y > HEIGHT * 3 // 4:
        shade = 96 + (y * 7 + chance.randint(0, 9)) % 24
        return bytes((shade, shade, shade - 6)) * WIDTH
    row = bytearray(bytes((150 + y // 4, 185 + y // 6, 225)) * WIDTH)
    for left, right, top, colour in houses:
        if y < top:
            continue
        right = min(right, WIDTH)
        row[left * 3 : right * 3] = bytes(96 + part // 3 for part in colour) * (right - left)
        if (y - top) % 28 in range(8, 20):
            for window in range(left + 8, right - 12, 22):
                row[window * 3 : (window + 10) * 3] = bytes((60, 72, 88)) * 10
    return bytes(row)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
