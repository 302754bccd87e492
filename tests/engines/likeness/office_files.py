"""Office files made of bytes: packages of XML, PDFs of objects, pictures; for tests of reading."""

import io
import struct
import zipfile
import zlib

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
SENTENCE = "县委第三巡察组反馈意见后，局党组立即召开会议研究部署整改工作。"


def paragraph(text, properties=""):
    return f"<w:p>{properties}{run(text)}</w:p>"


def run(text, properties=""):
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows):
    cells = "".join(
        f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl>{cells}</w:tbl>"


def part(root, body, head='<?xml version="1.0" encoding="UTF-8"?>'):
    """Give a part of a Word document: `root` is document, hdr, ftr, footnotes or endnotes."""
    inner = f"<w:body>{body}</w:body>" if root == "document" else body
    return f"{head}<w:{root} {NAMESPACES}>{inner}</w:{root}>"


def relations(*pairs, office=_OFFICE):
    inner = "".join(
        f'<Relationship Id="r{n}" Type="{office}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(pairs)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{inner}</Relationships>'


def docx(body="", *, document=None, parts=(), related=(), main="word/document.xml"):
    """Give the bytes of a .docx.

    Args:
        body: the XML in its body; or `document`, the whole main part.
        parts: (name, content) of more parts; related: (kind, target) of what is referred to.
    """
    document = part("document", body) if document is None else document
    return zipped(
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", relations(("officeDocument", main))),
        (main, document),
        ("word/_rels/document.xml.rels", relations(*related)),
        *parts,
    )


def zipped(*parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def pdf(*objects, root=1, more=b"", xref=True):
    """Give the bytes of a PDF of these objects, numbered from 1; a tuple is (entries, stream)."""
    made = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        if isinstance(content, tuple):
            entries, stream = content
            content = b"<<%s /Length %d>>\nstream\n%s\nendstream" % (entries, len(stream), stream)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    if xref:
        made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<</Size %d /Root %d 0 R %s>>\n" % (len(objects) + 1, root, more)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def chinese_pdf(*pages, box=(595, 842), turned=0):
    """Give a PDF whose pages are lists of (x, y, size, text); a font that every reader has.

    The font is not in the file: its code points are UCS-2, which is how the text is found.
    """
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(count))
    font = b"/Type/Font/BaseFont/STSong-Light/Subtype/"
    collection = b"<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<<%sType0/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>" % font,
        b"<<%sCIDFontType0/DW 1000/CIDSystemInfo %s>>" % (font, collection),
    ]
    for n, lines in enumerate(pages):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Rotate %d" % (*box, turned)
        page += b"/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>" % (6 + 2 * n)
        drawn = b"".join(
            b"BT /F %d Tf %d %d Td <%s> Tj ET\n"
            % (size, x, y, text.encode("utf-16-be").hex().encode())
            for x, y, size, text in lines
        )
        objects += [page, (b"", drawn)]
    return pdf(*objects)


def png(width, height, *, whole=True):
    """Give a white PNG; without `whole` only its head is there."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    )
    rows = zlib.compress((b"\0" + b"\xff" * ((width + 7) // 8)) * (height if whole else 1), 9)
    return head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
