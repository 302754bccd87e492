"""Writing a volume: plain values and open files in, one zip out. Same input, same bytes."""

import datetime as dt
import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

from tanzhao.archive.form import (
    CATALOGUE,
    CHUNK,
    DIGEST_LENGTH,
    DIGESTS,
    ENVELOPE,
    FORM,
    HOW_TO_CHECK,
    SHEET,
    TRAIL,
    dump,
    piece_name,
)

FILE_MODE = 0o100644 << 16
UNIX = 3


@dataclass(frozen=True)
class Piece:
    """One piece 件 of a volume, not yet written. `ending` carries its dot; `open` gives bytes."""

    folder: str
    title: str
    ending: str
    open: Callable[[], BinaryIO]
    responsible: str = ""
    number: str = ""
    day: dt.date | None = None
    remark: str = ""


@dataclass(frozen=True)
class WrittenPiece:
    """One piece as the catalogue lists it. `position` is the piece number 件号, from 1."""

    position: int
    path: str
    piece: Piece
    size: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """Give what catalogue.json says about the piece."""
        return {
            "position": self.position,
            "path": self.path,
            "stage": self.piece.folder,
            "title": self.piece.title,
            "responsible": self.piece.responsible,
            "number": self.piece.number,
            "date": self.piece.day.isoformat() if self.piece.day else "",
            "remark": self.piece.remark,
            "size": self.size,
            "sha256": self.sha256,
        }


@dataclass
class _Writer:
    package: zipfile.ZipFile
    moment: tuple[int, int, int, int, int, int]
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, source: BinaryIO) -> tuple[int, str]:
        """Add a file under `name`; give its size and SHA-256."""
        entry = zipfile.ZipInfo(name, self.moment)
        # Stored, not packed: evidence is packed already, and damage stays within one file.
        entry.compress_type, entry.external_attr = zipfile.ZIP_STORED, FILE_MODE
        entry.create_system = UNIX
        sha256, size = hashlib.sha256(), 0
        with self.package.open(entry, "w", force_zip64=False) as target:
            while chunk := source.read(CHUNK):
                sha256.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self.digests[name] = sha256.hexdigest()
        return size, self.digests[name]


def write_volume(
    file: BinaryIO,
    *,
    about: Mapping[str, Any],
    pieces: Iterable[Piece],
    trail: Mapping[str, Any],
    sheet: Callable[[list[WrittenPiece]], bytes],
    how_to_check: str,
    at: dt.datetime,
) -> list[WrittenPiece]:
    """Write a volume into `file`, which must be seekable, readable and empty.

    Args:
        about: what the catalogue says of the whole volume, as plain JSON.
        pieces: in the order of the catalogue.
        trail: {"scope": key, "head": {"position", "hash"}, "entries": […]}, entries in order.
        sheet: makes the catalogue as a workbook from the pieces as written.
        at: the moment of sealing; every entry of the zip carries it.
    """
    moment = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        writer = _Writer(package, moment)
        written = [_add_piece(writer, n, piece) for n, piece in enumerate(pieces, 1)]
        catalogue = {
            "form": FORM,
            "about": dict(about),
            "trail": {"head": trail["head"], "entries": len(trail["entries"])},
            "pieces": [one.as_json() for one in written],
        }
        writer.add(SHEET, BytesIO(sheet(written)))
        writer.add(CATALOGUE, BytesIO(dump(catalogue)))
        writer.add(TRAIL, BytesIO(dump(trail)))
        writer.add(HOW_TO_CHECK, BytesIO(how_to_check.encode()))
        lines = (f"{digest}  {name}\n" for name, digest in writer.digests.items())
        writer.add(DIGESTS, BytesIO("".join(lines).encode()))
        package.comment = ENVELOPE + b"0" * DIGEST_LENGTH
    _close_envelope(file)
    return written


def _add_piece(writer: _Writer, position: int, piece: Piece) -> WrittenPiece:
    path = piece_name(piece.folder, position, piece.title, piece.ending)
    with piece.open() as source:
        size, sha256 = writer.add(path, source)
    return WrittenPiece(position, path, piece, size, sha256)


def _close_envelope(file: BinaryIO) -> None:
    end = file.seek(0, 2) - DIGEST_LENGTH
    file.seek(0)
    sha256, left = hashlib.sha256(), end
    while left and (chunk := file.read(min(CHUNK, left))):
        sha256.update(chunk)
        left -= len(chunk)
    file.seek(end)
    file.write(sha256.hexdigest().encode())
    file.flush()
