"""What kind of file this is, told by its content. Names are not asked."""

import re

from tanzhao.engines.likeness.extract.compound import stream_names
from tanzhao.engines.likeness.extract.packages import Package
from tanzhao.engines.likeness.extract.plain_text import is_text
from tanzhao.engines.likeness.extract.refusals import Unreadable

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"II*\0": "tif",
    b"MM\0*": "tif",
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\0asm")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\5\6")
_OTHERS = {
    b"GIF8": "picture",
    b"BM": "picture",
    b"\0\0\1\0": "picture",
    b"8BPS": "picture",
    b"ID3": "sound",
    b"OggS": "sound",
    b"fLaC": "sound",
    b"\x1aE\xdf\xa3": "film",
    b"FLV": "film",
    b"SQLite format 3\0": "database",
}
_WEB = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div)"
    rb"[\s>]",
    re.I | re.S,
)
_MAIL = re.compile(rb"(?:[A-Za-z-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*MIME-Version:", re.I)
# What a program writes that fills in a template: one XML file, saved as .doc.
_WORD_XML = (b"schemas.microsoft.com/office/word/2003/wordml", b"office/2006/xmlPackage")
_HEAD = 8192


def kind_of(content: bytes) -> tuple[str, Package | None]:
    """Say what it is: docx, doc, xlsx, xls, pdf, png, jpg, tif, html, mht, wordxml,
    rtf, ofd or txt.

    With docx, xlsx and ofd comes the package, opened.

    Raises: Unreadable if it is something else, protected or nothing that is known.
    """
    head = content[:_HEAD]
    if not content:
        raise Unreadable("empty")
    if head.startswith(b"PK\3\4"):
        return _kind_of_package(content)
    return _kind_of_other(content, head), None


def _kind_of_other(content: bytes, head: bytes) -> str:
    if head.startswith(OLE):
        return _kind_of_compound(content)
    if head[:5] == b"%PDF-" or (b"%PDF-" in head[:1024] and b"\0" not in head[:8]):
        return "pdf"
    for start, kind in _PICTURES.items():
        if head.startswith(start):
            return kind
    if head.startswith(_PROGRAMS) and (head[:2] != b"MZ" or b"\0" in head):
        raise Unreadable("program")
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        raise Unreadable("archive")
    if head.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> str:
    for start, kind in _OTHERS.items():
        if head.startswith(start) and (start != b"BM" or b"\0" in head[:32]):
            raise Unreadable("not_a_document", {"kind": kind})
    if head[:4] == b"RIFF" or head[4:8] == b"ftyp":
        kind = "picture" if head[8:12] in (b"WEBP", b"heic", b"mif1", b"avif") else "film"
        raise Unreadable("not_a_document", {"kind": kind})
    without_mark = head.removeprefix(b"\xef\xbb\xbf")
    plain = head.replace(b"\0", b"")[2:] if head[:2] in (b"\xff\xfe", b"\xfe\xff") else without_mark
    if plain.lstrip().startswith(b"<?xml"):
        if any(namespace in plain for namespace in _WORD_XML):
            return "wordxml"
        if not _WEB.match(plain):
            raise Unreadable("not_a_document", {"kind": "xml"})
    if _WEB.match(plain):
        return "html"
    if _MAIL.match(plain):
        return "mht"
    if is_text(head):
        return "txt"
    raise Unreadable("unknown")


def _kind_of_package(content: bytes) -> tuple[str, Package]:
    # What is cut off has no directory any more that would say it.
    begins = {b"word/": "docx", b"xl/": "xlsx", b"OFD.xml": "ofd"}
    kind = next((kind for name, kind in begins.items() if name in content), "zip")
    package = Package(content, kind=kind)
    names = package.names
    if "word/vbaProject.bin" in names or package.main_part("word/") or "word/document.xml" in names:
        package.kind = "docx"
        return "docx", package
    if any(name.startswith("xl/workbook.") for name in names):
        package.kind = "xlsx"
        return "xlsx", package
    if "OFD.xml" in names:
        package.kind = "ofd"
        return "ofd", package
    if any(name.startswith("ppt/") for name in names):
        raise Unreadable("not_a_document", {"kind": "slides"})
    if "mimetype" in names and "content.xml" in names:
        raise Unreadable("not_a_document", {"kind": "opendocument"})
    if "AndroidManifest.xml" in names or "META-INF/MANIFEST.MF" in names:
        raise Unreadable("program")
    raise Unreadable("archive")


def _kind_of_compound(content: bytes) -> str:
    names = stream_names(content)
    if {"EncryptedPackage", "EncryptionInfo"} & names:
        raise Unreadable("encrypted", {"kind": ""})
    if "WordDocument" in names:
        return "doc"
    if {"Workbook", "Book"} & names:
        return "xls"
    if "PowerPoint Document" in names:
        raise Unreadable("not_a_document", {"kind": "slides"})
    if any(name.startswith(("__substg1.0_", "__nameid")) for name in names):
        raise Unreadable("not_a_document", {"kind": "mail"})
    raise Unreadable("unknown")
