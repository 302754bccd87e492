"""Packages and compound files that came from outside: each with the codes that are right for it.

"read" stands for a text. Some may end in more than one way: what counts is that they end.
"""

import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

from tests.engines.likeness.ofd_files import document, ofd, page, resources, row
from tests.engines.likeness.office_files import (
    NAMESPACES,
    SENTENCE,
    docx,
    paragraph,
    part,
    table,
    zipped,
)

FILES = Path(__file__).parent / "files"
OLD = (FILES / "report.doc").read_bytes()
PROTECTED = Path(__file__).parents[2] / "kernel/files/protected.xlsx"
GOOD = docx(paragraph(SENTENCE) * 20)
MANY = 100_000
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def packages():
    """Give name → (content, codes)."""
    laugh = f'<!DOCTYPE w [<!ENTITY l0 "哈">{LAUGHS}]>'
    outside = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    parameter = '<!DOCTYPE w [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'
    found = {
        "laughs.docx": (docx(document=part("document", paragraph("&l9;"), laugh)), "entities"),
        "outside.docx": (docx(document=part("document", paragraph("&x;"), outside)), "entities"),
        "parameter.docx": (docx(document=part("document", "", parameter)), "entities"),
        "dtd.docx": (docx(document=part("document", "", "<!DOCTYPE w SYSTEM 'x'>")), "entities"),
        "nested.docx": (docx("<w:x>" * MANY + "</w:x>" * MANY), "nested"),
        "nested-paragraphs.docx": (docx("<w:p>" * MANY + "</w:p>" * MANY), "nested"),
        "nested-tables.docx": (docx(_tables(240)), "read"),
        "never-closed.docx": (docx("<w:p><w:r><w:t>甲"), "damaged"),
        "unknown-encoding.docx": (
            docx(document=part("document", "", '<?xml version="1.0" encoding="utf-7"?>')),
            "damaged",
        ),
        "utf-16.docx": (
            docx(
                document=part(
                    "document",
                    paragraph(SENTENCE),
                    '<?xml version="1.0" encoding="UTF-16"?>',
                ).encode("utf-16")
            ),
            "read",
        ),
        "half-a-character.docx": (
            docx(document=part("document", "").encode() + b"\xe5"),
            "damaged",
        ),
        "surrogate.docx": (docx(paragraph("&#xD800;甲乙丙")), "damaged"),
        "control.docx": (docx(paragraph("甲&#1;乙")), "damaged"),
        "private-use.docx": (docx(paragraph("\ue000\ue001\uf8ff甲" * 50)), "garbage"),
        "no-text.docx": (docx(paragraph(" ")), "no_text"),
        "empty-paragraphs.docx": (docx("<w:p/>" * 300_000), "no_text"),
        "too-long.docx": (docx(paragraph("甲" * 5000) * 100), "too_long"),
        "many-names.docx": (docx("".join(f"<x{n}/>" for n in range(20_000))), "damaged no_text"),
        "no-document.docx": (zipped(("word/document.xml.bak", "")), "archive"),
        "leads-nowhere.docx": (
            docx(paragraph(SENTENCE), related=[("header", "../../../etc/passwd")]),
            "read",
        ),
        "header-is-itself.docx": (
            docx(paragraph(SENTENCE), related=[("header", "document.xml")] * 1000),
            "read",
        ),
        "absolute.docx": (
            docx(
                paragraph(SENTENCE), parts=[("/etc/passwd", "x"), ("../../x", "x"), ("C:\\x", "x")]
            ),
            "read",
        ),
        "inserted.docx": (docx("<w:altChunk/>"), "foreign_part"),
        "macros.docm": (
            docx(paragraph(SENTENCE), parts=[("word/vbaProject.bin", OLD)]),
            "read",
        ),
        "two-documents.docx": (_twice(), "read"),
        "bomb.docx": (_bomb(b"word/document.xml", 1 << 30, ("_rels/.rels", "")), "bomb"),
        "bomb-beside.docx": (
            docx(paragraph(SENTENCE), parts=[("word/media/x.bmp", bytes(40 << 20))]),
            "read",
        ),
        "many-parts.docx": (_many_parts(90_000), "bomb"),
        "overlapping.docx": (_overlapping(), "damaged"),
        "lying-size.docx": (_changed(GOOD, _sizes), "read damaged"),
        "wrong-sum.docx": (_changed(GOOD, _sums), "damaged"),
        "method.docx": (_changed(GOOD, _method), "damaged"),
        "locked.docx": (_changed(GOOD, _lock), "encrypted"),
        "only-an-end.zip": (b"PK\5\6" + bytes(18), "archive"),
        "bomb.xlsx": (_bomb(b"xl/workbook.xml", 1 << 30, ("x", "")), "bomb"),
        "corners.xlsx": (_corners(), "read too_hungry crashed damaged too_slow"),
        "not-a.xlsx": (zipped(("xl/workbook.xml", "<x")), "damaged"),
        "binary.xlsb": (zipped(("xl/workbook.bin", "x")), "not_a_document damaged"),
        "zip-in-zip.zip": (_zip_in_zip(40), "archive"),
        "slides.pptx": (zipped(("ppt/presentation.xml", "")), "not_a_document"),
        "text.odt": (
            zipped(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "")),
            "not_a_document",
        ),
        "program.jar": (zipped(("META-INF/MANIFEST.MF", "x")), "program"),
    }
    found |= {f"cut-{n}.docx": (GOOD[: len(GOOD) * n // 10], "damaged") for n in range(1, 10)}
    return found | _papers() | _old_files()


def _papers():
    """OFD files: bombs, places beyond any page, files that lead nowhere or to themselves."""
    line = row(28, 60, SENTENCE)
    good = ofd(page(line))
    steps = row(28, 60, SENTENCE, step="g 999999999 5 " * 1000)
    far = row(28, 60, SENTENCE, more=' CTM="1e308 0 0 1e308 nan inf"')
    itself = '<ofd:Template TemplateID="7"/>' * 1000
    loop = '<ofd:TemplatePage ID="7" BaseLoc="Pages/Page_0/Content.xml"/>'
    uses = '<ofd:CompositeObject ResourceID="8"/>' * 100
    unit = f'<ofd:CompositeGraphicUnit ID="8">{uses}</ofd:CompositeGraphicUnit>'
    shapes = '<ofd:PathObject Boundary="0 0 9 9"/>' * 200_000
    return {
        "good.ofd": (good, "read"),
        "no-root.ofd": (zipped(("OFD.xml", "<x/>")), "damaged"),
        "no-xml.ofd": (zipped(("OFD.xml", b"\0\1\2" * 99)), "damaged"),
        "steps.ofd": (ofd(page(steps)), "read"),
        "far.ofd": (ofd(page(far)), "read damaged no_text"),
        "template-of-itself.ofd": (ofd(page(line, before=itself), common=loop), "read"),
        "drawings-in-drawings.ofd": (
            ofd(
                page(line, uses),
                common="<ofd:PublicRes>r.xml</ofd:PublicRes>",
                parts=[("Doc_0/r.xml", resources(unit))],
            ),
            "read",
        ),
        "shapes.ofd": (ofd(page(line, shapes)), "read"),
        "one-line-of-all.ofd": (ofd(page(line * 20_000)), "too_long read"),
        "nested.ofd": (ofd("<x>" * MANY + "</x>" * MANY), "nested"),
        "bomb.ofd": (
            _bomb(
                b"Doc_0/Pages/Page_0/Content.xml",
                1 << 30,
                ("OFD.xml", "<x><DocRoot>d.xml</DocRoot></x>"),
                ("d.xml", document(["Doc_0/Pages/Page_0/Content.xml"])),
            ),
            "bomb",
        ),
        "leads-out.ofd": (ofd(main=document(["../../../etc/passwd"])), "damaged"),
    } | {f"cut-{n}.ofd": (good[: len(good) * n // 10], "damaged") for n in range(1, 10)}


def _old_files():
    """Compound files, made of one that is whole by changing a few bytes of it."""
    damaged = "damaged unknown"
    place = OLD.index("WordDocument".encode("utf-16-le"))
    stream = 512 * (1 + struct.unpack_from("<I", OLD, place + 116)[0])
    fat = 512 * (1 + struct.unpack_from("<I", OLD, 76)[0])
    directory = 512 * (1 + struct.unpack_from("<I", OLD, 48)[0])
    root = directory + 68
    circle = struct.pack("<128I", *range(128))
    back = struct.pack("<128I", *([0] * 128))
    last = len(OLD) // 512 - 1
    table = struct.unpack_from("<H", OLD, stream + 10)[0]
    return {
        "locked.doc": (_put(OLD, stream + 10, struct.pack("<H", table | 0x100)), "encrypted"),
        "word-6.doc": (_put(OLD, stream + 2, struct.pack("<H", 0x65)), "old_word"),
        "fat-of-itself.doc": (_put(OLD, fat, circle), damaged),
        "fat-in-a-circle.doc": (_put(OLD, fat, back), damaged),
        "difat-in-a-circle.doc": (
            _put(OLD, 68, struct.pack("<I", last)) + b"\xff" * 508 + struct.pack("<I", last),
            damaged,
        ),
        "directory-in-a-circle.doc": (
            _put(_put(OLD, root, struct.pack("<3I", 0, 0, 0)), root + 128, bytes(12)),
            damaged,
        ),
        "directory-outside.doc": (_put(OLD, 48, struct.pack("<I", 0xFFFF)), damaged),
        "sectors-of-2-to-the-200.doc": (_put(OLD, 30, b"\xc8\0"), damaged),
        "pieces-outside.doc": (_put(OLD, stream + 0x1A2, b"\xff\xff\xff\x7f"), "damaged"),
        "negative-counts.doc": (_put(OLD, stream + 0x4C, b"\xff" * 8), "damaged"),
        "noise.doc": (OLD[:512] + random.Random(5).randbytes(20_000), damaged),
        "locked.xlsx": (PROTECTED.read_bytes(), "encrypted"),
    } | {f"cut-{n}.doc": (OLD[: len(OLD) * n // 10], damaged) for n in range(1, 10)}  # fmt: skip


def _put(content, at, these):
    return content[:at] + these + content[at + len(these) :]


def _tables(deep):
    inner = paragraph(SENTENCE)
    for _level in range(deep):
        inner = table([inner])
    return inner


def _bomb(name, size, *others):
    """Give a package one part of which unpacks to so many blanks; nobody ever holds them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(b"<w:document %s>" % NAMESPACES.encode())
    start += packer.flush(zlib.Z_FULL_FLUSH)
    once = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    body = start + once * (size >> 20) + packer.flush()
    made = zipped(*others)
    at = made.index(b"PK\1\2")
    count, length, place = struct.unpack("<HII", made[-12:-2])
    about = struct.pack("<HHHHIIIHH", 0, 8, 0, 33, 0, len(body), size, len(name), 0)
    entry = b"PK\1\2" + struct.pack("<HH", 20, 20) + about + bytes(10) + struct.pack("<I", place)
    end = struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, length + len(entry) + len(name), 0, 0)
    end = end[:12] + struct.pack("<I", place + 30 + len(name) + len(body)) + bytes(2)
    local = b"PK\3\4" + struct.pack("<H", 20) + about + name + body
    return made[:at] + local + made[at:-22] + entry + name + b"PK\5\6" + end


def _twice():
    made = io.BytesIO(GOOD)
    with zipfile.ZipFile(made, "a") as package:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            package.writestr("word/document.xml", part("document", paragraph("乙" + SENTENCE)))
    return made.getvalue()


def _many_parts(count):
    entry = b"PK\1\2" + struct.pack(
        "<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 33, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0
    )
    directory = b"".join(entry + b"%04x" % (n & 0xFFFF) for n in range(count))
    end = struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), 34, 0)
    return b"PK\3\4" + bytes(30) + directory + b"PK\5\6" + end


def _overlapping():
    """All entries of the directory lead to the same bytes."""
    made = bytearray(GOOD)
    at = made.index(b"PK\1\2")
    while at >= 0:
        made[at + 42 : at + 46] = bytes(4)
        at = made.find(b"PK\1\2", at + 4)
    return bytes(made)


def _changed(content, change):
    made = bytearray(content)
    at = made.index(b"PK\1\2")
    while at >= 0:
        change(made, at)
        at = made.find(b"PK\1\2", at + 4)
    return bytes(made)


def _sizes(made, at):
    made[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)


def _sums(made, at):
    made[at + 16 : at + 20] = b"abcd"


def _method(made, at):
    made[at + 10 : at + 12] = struct.pack("<H", 9)


def _lock(made, at):
    made[at + 8] |= 1


def _zip_in_zip(deep):
    made = bytes(1 << 20)
    for _level in range(deep):
        made = zipped(*((f"{n}.zip", made) for n in range(2 if _level < 4 else 1)))
    return made


def _corners():
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, SENTENCE)
        sheet.write(1_048_575, 16_383, SENTENCE)
    return made.getvalue()
