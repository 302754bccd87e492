"""The parts of a package (docx, xlsx: a zip), given as bytes, with what a bomb costs bounded."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator

from tanzhao.engines.likeness.extract.refusals import Unreadable

_LONGEST_DIRECTORY = 4 << 20  # some 40,000 entries, before they become objects
_CHUNK = 1 << 16
_SMALL = 4 << 20  # of a part that only says where others are
_ERRORS = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, NotImplementedError,
    RuntimeError, OverflowError,
)  # fmt: skip
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_VALUE = re.compile(rb"""\b(Id|Target|Type|TargetMode)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Package:
    """A zip that says it is an office file.

    Raises: Unreadable if it cannot be opened, or is protected.
    """

    def __init__(self, content: bytes, *, kind: str):
        self.kind = kind
        self.left = _SMALL  # bytes that may still be unpacked: whoever reads on sets it
        if _directory_length(content) > _LONGEST_DIRECTORY:
            raise Unreadable("bomb", {"kind": kind})
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(content))
        except _ERRORS as error:
            raise Unreadable("damaged", {"kind": kind}) from error
        # The last of several parts of one name counts, as in a zip that was added to.
        self.names = {info.filename: info for info in self.zip.infolist()}
        if any(info.flag_bits & 1 for info in self.zip.infolist()):
            raise Unreadable("encrypted", {"kind": kind})

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give a part piece by piece; nothing of what its directory says of it is believed.

        Raises: Unreadable if it is damaged, or all parts together are larger than may be.
        """
        try:
            with self.zip.open(self.names[name]) as stream:
                while piece := stream.read(_CHUNK):
                    self.left -= len(piece)
                    if self.left < 0:
                        raise Unreadable("bomb", {"kind": self.kind})
                    yield piece
        except _ERRORS as error:
            raise Unreadable("damaged", {"kind": self.kind}) from error

    def small(self, name: str) -> bytes:
        """Give a small part whole, or as much of it as is small; nothing if there is none."""
        if name not in self.names:
            return b""
        body = b""
        for piece in self.pieces(name):
            body += piece
            if len(body) > _SMALL:
                break
        return body

    def whole(self, name: str) -> bytes:
        """Give a part whole. Raises: Unreadable as `pieces` does."""
        return b"".join(self.pieces(name))

    def main_part(self, folder: str) -> str:
        """Name the part that the package says is its document, if it is in that folder."""
        for kind, target in self.relations(""):
            if kind == "officeDocument" and target.startswith(folder) and target in self.names:
                return target
        return ""

    def relations(self, part: str) -> Iterator[tuple[str, str]]:
        """Give (kind, part) for what a part refers to inside the package."""
        for _name, kind, target in self.named_relations(part):
            yield kind, target

    def named_relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Give (name, kind, part), where the name is what the part itself calls it by."""
        folder, name = posixpath.split(part)
        body = self.small(posixpath.join(folder, "_rels", f"{name}.rels"))
        for relation in _RELATION.findall(body):
            values = {
                key.decode(): (one or two).decode("utf-8", "replace")
                for key, one, two in _VALUE.findall(relation)
            }
            target = values.get("Target", "")
            if values.get("TargetMode") == "External":
                continue
            if target.startswith("/"):
                target = posixpath.normpath(target[1:])
            else:
                target = posixpath.normpath(posixpath.join(folder, target))
            yield values.get("Id", ""), values.get("Type", "").rsplit("/", 1)[-1], target


def _directory_length(content: bytes) -> int:
    end = content.rfind(b"PK\5\6", max(len(content) - 65557, 0))
    return int.from_bytes(content[end + 12 : end + 16], "little") if end >= 0 else 0
