"""The streams of an OLE compound file, in which .doc and .xls stand; built to meet broken ones."""

import struct

from tanzhao.engines.likeness.extract.refusals import Unreadable

_END, _HIGHEST = 0xFFFFFFFE, 0xFFFFFFFA
_ENTRY = 128
_STREAM, _ROOT = 2, 5


class Compound:
    """The directory and the chains of a compound file.

    Every chain is as long as the file at most, so a chain in a circle ends.
    Source: [MS-CFB], version 3 and 4.

    Raises: Unreadable if the header, the table of sectors or the directory is broken.
    """

    def __init__(self, content: bytes, *, kind: str):
        self.content, self.kind = content, kind
        if len(content) < 512:
            raise self.damaged()
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise self.damaged()
        self.sector = 1 << shift
        first_directory, _sign, self.cutoff, first_mini, _minis, difat, _difats = (
            struct.unpack_from("<7I", content, 48)
        )
        self.fat = self._table(list(struct.unpack_from("<109I", content, 76)), difat)
        self.entries = self._directory(first_directory)
        root = self.entries.get("Root Entry", (0, _END, 0))
        self.mini = self._chain(root[1], root[2]) if root[1] < _HIGHEST else b""
        minis = self._chain(first_mini, None) if first_mini < _HIGHEST else b""
        self.mini_fat = struct.unpack(f"<{len(minis) // 4}I", minis[: len(minis) & ~3])

    def damaged(self) -> Unreadable:
        """Give the refusal that says so."""
        return Unreadable("damaged", {"kind": self.kind})

    def stream(self, name: str) -> bytes:
        """Give a stream whole. Raises: Unreadable if there is none or its chain is broken."""
        if name not in self.entries:
            raise self.damaged()
        _kind, first, size = self.entries[name]
        if size >= self.cutoff:
            return self._chain(first, size)
        pieces: list[bytes] = []
        while first < _HIGHEST and len(pieces) * 64 < size:
            if first >= len(self.mini_fat) or len(pieces) > len(self.mini_fat):
                raise self.damaged()
            pieces.append(self.mini[first * 64 : first * 64 + 64])
            first = self.mini_fat[first]
        stream = b"".join(pieces)[:size]
        if len(stream) < size:
            raise self.damaged()
        return stream

    def _table(self, places: list[int], more: int) -> tuple[int, ...]:
        per_sector = self.sector // 4
        seen = 0
        while more < _HIGHEST:
            numbers = struct.unpack(f"<{per_sector}I", self._sector(more))
            places.extend(numbers[:-1])
            more = numbers[-1]
            seen += 1
            if seen * self.sector > len(self.content):
                raise self.damaged()
        fat: list[int] = []
        for place in places:
            if place < _HIGHEST:
                fat.extend(struct.unpack(f"<{per_sector}I", self._sector(place)))
        return tuple(fat)

    def _directory(self, first: int) -> dict[str, tuple[int, int, int]]:
        """Give (kind, first sector, size) of what stands at the top: not of embedded documents."""
        raw = self._chain(first, None)
        if len(raw) < _ENTRY or raw[66] != _ROOT:
            raise self.damaged()
        entries = {"Root Entry": (_ROOT, *struct.unpack_from("<II", raw, 116))}
        ahead, seen = [struct.unpack_from("<I", raw, 76)[0]], set()
        while ahead:
            number = ahead.pop()
            at = number * _ENTRY
            if number in seen or at + _ENTRY > len(raw):
                continue
            seen.add(number)
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            left, right = struct.unpack_from("<II", raw, at + 68)
            ahead += (left, right)
            if 2 <= length <= 64:
                name = raw[at : at + length - 2].decode("utf-16-le", "replace")
                entries[name] = (kind, *struct.unpack_from("<II", raw, at + 116))
        return entries

    def _chain(self, sector: int, size: int | None) -> bytes:
        """Give a chain of sectors; with `size` only as much, and all of it."""
        pieces: list[bytes] = []
        while sector < _HIGHEST and (size is None or len(pieces) * self.sector < size):
            if sector >= len(self.fat) or len(pieces) > len(self.fat):
                raise self.damaged()
            pieces.append(self._sector(sector, last=size is not None))
            sector = self.fat[sector]
        chain = b"".join(pieces)
        if size is None:
            return chain
        if len(chain) < size:
            raise self.damaged()
        return chain[:size]

    def _sector(self, number: int, *, last: bool = False) -> bytes:
        at = (number + 1) * self.sector
        sector = self.content[at : at + self.sector]
        # The last sector of a file is not always written to its end.
        if len(sector) < self.sector and not (last and sector):
            raise self.damaged()
        return sector


def stream_names(content: bytes) -> set[str]:
    """Name the streams of a compound file. Raises: Unreadable if it is damaged."""
    return {
        name
        for name, (kind, _f, _s) in Compound(content, kind="ole").entries.items()
        if kind == _STREAM
    }
