"""Text files in the encodings of Chinese offices: UTF-8, UTF-16, GB18030."""

import codecs

from tanzhao.engines.likeness.extract.cleaning import clean, readable_share
from tanzhao.engines.likeness.extract.refusals import Unreadable

_SAMPLE = 4096  # characters that decide between encodings
_ALL_CONTROLS = bytes({*range(32)} - {9, 10, 11, 12, 13, 26, 27})


def decoded(content: bytes) -> str:
    """Give the text of a text file.

    Its mark decides if it has one; then UTF-8, to which nothing else conforms by chance; then
    UTF-16 without a mark, if there are zeros; then GB18030, to which nearly anything conforms.

    Raises: Unreadable if it is in none of them.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(content, "utf-16")
    if content.startswith(codecs.BOM_UTF8):
        return _strict(content, "utf-8-sig")
    if b"\0" in content:
        return _without_mark(content)
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    # A file cut off in the middle of a character is whole but for that.
    for cut in (1, 2, 3):
        for encoding in ("utf-8", "gb18030"):
            try:
                return content[:-cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Unreadable("encoding")


def is_text(head: bytes) -> bool:
    """Tell whether a file that begins so can be text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF8)):
        return True
    if b"\0" in head:
        return _utf16_order(head) != ""
    return len(head.translate(None, _ALL_CONTROLS)) == len(head)


def _strict(content: bytes, encoding: str) -> str:
    for cut in range(4):
        try:
            return content[: len(content) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def _without_mark(content: bytes) -> str:
    order = _utf16_order(content[: 2 * _SAMPLE])
    if not order:
        raise Unreadable("encoding")
    return _strict(content, order)


def _utf16_order(head: bytes) -> str:
    """Say which order of bytes makes a readable text of it; "" if none."""
    best, share = "", 0.9
    for order in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) & ~1].decode(order, "replace")
        raw = text.count("\0") + text.count("\ufffd")
        if raw <= len(text) // 100 and (found := readable_share(clean(text))) > share:
            best, share = order, found
    return best
