"""What kind of file this is, told by its content. The name is believed in nothing but text."""

import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from tanzhao.documents.states import FileKind

CONTENT_TYPES: dict[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.GIF: "image/gif",
    FileKind.WEBP: "image/webp",
    FileKind.TIFF: "image/tiff",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.DOC: "application/msword",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.CSV: "text/csv",
    FileKind.TEXT: "text/plain",
    FileKind.ZIP: "application/zip",
    FileKind.OTHER: "application/octet-stream",
}
EXTENSIONS: dict[FileKind, tuple[str, ...]] = {
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.TIFF: (".tif", ".tiff"),
    FileKind.DOC: (".doc", ".wps"),
}
_HEADS = (
    (b"%PDF-", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\x00asm")
_PROGRAMS_IN_OLE = {"_VBA_PROJECT_CUR", "_VBA_PROJECT"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CHUNK = 1 << 20
_LONGEST_DIRECTORY = 4 << 20  # of a zip: some 40,000 entries, before they become objects
_LONGEST_LIST = 1 << 20  # of [Content_Types].xml


@dataclass(frozen=True)
class Content:
    """The kind, and what speaks against the file whatever its kind."""

    kind: FileKind
    program: bool = False
    macros: bool = False
    protected: bool = False
    damaged: bool = False


def content_of(file: BinaryIO, name: str) -> Content:
    """Tell what a file is. The file must be seekable, and is left at its beginning.

    Memory does not grow with the file: at most a few megabytes of it are looked at at once.
    """
    file.seek(0)
    head = file.read(8192)
    try:
        return _content(file, head, name)
    finally:
        file.seek(0)


def fitting_name(name: str, kind: FileKind) -> str:
    """Give the name without folders and control characters, ending as its content does.

    At most 120 characters.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    path = PurePath("".join(c for c in last if c.isprintable()).strip(" .") or "file")
    endings = EXTENSIONS.get(kind, (f".{kind.value}",))
    if kind == FileKind.OTHER:
        return path.name[-120:]
    suffix = path.suffix if path.suffix.lower() in endings else endings[0]
    known = {f".{kind.value}" for kind in FileKind} | {".jpg", ".tif", ".wps"}
    stem = path.stem if path.suffix.lower() in known else path.name
    return stem[: 120 - len(suffix)] + suffix


def _content(file: BinaryIO, head: bytes, name: str) -> Content:
    for start, kind in _HEADS:
        if head.startswith(start):
            return Content(kind)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Content(FileKind.WEBP)
    if head.startswith(b"PK\x03\x04"):
        return _zip(file)
    if head.startswith(_OLE):
        return _ole(file)
    if head.startswith(_PROGRAMS):
        return Content(FileKind.OTHER, program=True)
    if head and _is_text(file):
        table = name.lower().endswith((".csv", ".tsv"))
        return Content(FileKind.CSV if table else FileKind.TEXT)
    return Content(FileKind.OTHER)


def _zip(file: BinaryIO) -> Content:
    damaged = Content(FileKind.ZIP, damaged=True)
    try:
        if _directory_length(file) > _LONGEST_DIRECTORY:
            return damaged
        with zipfile.ZipFile(file) as package:
            parts = {part.filename: part for part in package.infolist()}
            kind = _package_kind(parts)
            protected = any(part.flag_bits & 1 for part in parts.values())
            listed = b""
            if kind != FileKind.ZIP and not protected:
                with package.open("[Content_Types].xml") as stream:
                    listed = stream.read(_LONGEST_LIST)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, EOFError):
        return damaged
    # A document with macros renamed .docx still lists what it is, and still carries them.
    macros = kind != FileKind.ZIP and (
        b"macroEnabled" in listed or any("vbaproject" in part.lower() for part in parts)
    )
    return Content(kind, macros=macros, protected=protected)


def _directory_length(file: BinaryIO) -> int:
    size = file.seek(0, 2)
    file.seek(max(size - 65557, 0))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0


def _package_kind(parts: dict[str, zipfile.ZipInfo]) -> FileKind:
    if "[Content_Types].xml" in parts:
        if "word/document.xml" in parts:
            return FileKind.DOCX
        if "xl/workbook.xml" in parts:
            return FileKind.XLSX
    return FileKind.ZIP


def _ole(file: BinaryIO) -> Content:
    names = {
        word: word.encode("utf-16-le") + b"\0\0"
        for word in ("Workbook", "Book", "WordDocument", "EncryptedPackage", *_PROGRAMS_IN_OLE)
    }
    found: set[str] = set()
    kept = b""
    file.seek(0)
    while chunk := file.read(_CHUNK):
        kept = kept[-64:] + chunk
        found |= {word for word, spelt in names.items() if spelt in kept}
    if "EncryptedPackage" in found:
        return Content(FileKind.OTHER, protected=True)
    kind = FileKind.OTHER
    if "WordDocument" in found:
        kind = FileKind.DOC
    elif found & {"Workbook", "Book"}:
        kind = FileKind.XLS
    return Content(kind, macros=bool(found & _PROGRAMS_IN_OLE))


def _is_text(file: BinaryIO) -> bool:
    """Text as Chinese offices write it: UTF-8 or GB18030, or UTF-16 with its mark."""
    file.seek(0)
    sample = file.read(_CHUNK)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(sample, "utf-16")
    control = set(range(32)) - {9, 10, 12, 13}
    if control & set(sample):
        return False
    return _decodes(sample, "utf-8") or _decodes(sample, "gb18030")


def _decodes(sample: bytes, encoding: str) -> bool:
    for cut in range(4):  # the sample may end in the middle of a character
        try:
            sample[: len(sample) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
