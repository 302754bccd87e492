"""A workbook of the old kind (.xls), made of bytes: BIFF8 records in a compound file.

[MS-XLS] 2.4 and [MS-CFB] 2.2 say what stands where; only what a reader needs is written.
"""

import struct

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def old_workbook(rows, *, first_row=0, first_column=0, stream="Workbook", merged=()):
    """Give the bytes of an .xls with one sheet; texts and numbers, None for an empty cell.

    Args:
        merged: (first row, last row, first column, last column), from 0.
    """
    cells = b"".join(
        _cell(first_row + r, first_column + c, value)
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value is not None
    )
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells
    if merged:
        ranges = b"".join(struct.pack("<HHHH", *one) for one in merged)
        sheet += _record(0x00E5, struct.pack("<H", len(merged)) + ranges)
    sheet += _record(0x000A)
    name = "补贴".encode("utf-16-le")
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    length = len(begin) + (4 + 8 + len(name)) + 4
    bound = _record(0x0085, struct.pack("<IBBBB", length, 0, 0, 2, 1) + name)
    return _compound(begin + bound + _record(0x000A) + sheet, stream)


def _record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def _cell(row, column, value):
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        return _record(0x0204, place + struct.pack("<HB", len(value), 1) + text)
    return _record(0x0203, place + struct.pack("<d", value))


def _compound(content, name):
    # Streams under 4,096 bytes would lie elsewhere, in a stream of their own.
    content = content.ljust(4096, b"\0")
    content += b"\0" * (-len(content) % _SECTOR)
    count = len(content) // _SECTOR
    fat = [_FAT, _END, *range(3, count + 2), _END]
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0)
    directory += _entry(name, 2, child=_FREE, start=2, size=len(content))
    directory += _entry("", 0, child=_FREE, start=0, size=0) * 2
    return header + struct.pack(f"<{_SECTOR // 4}I", *fat) + directory + content


def _entry(name, kind, *, child, start, size):
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    body = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    body += struct.pack("<III", _FREE, _FREE, child) + b"\0" * 36
    return body + struct.pack("<IQ", start, size)
