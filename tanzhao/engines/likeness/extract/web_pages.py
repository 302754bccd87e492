"""Web pages and web archives (html, mht), which offices' systems often call .doc.

Only what the file itself says is read; nothing is fetched.
"""

import email
import email.policy
import re
from collections import Counter

from tanzhao.engines.likeness.extract.plain_text import decoded
from tanzhao.engines.likeness.extract.refusals import Unreadable
from tanzhao.engines.likeness.extract.web_stream import PageReader, hiding_rules

# Taken out beforehand, also where they never end: the parser would begin anew at each of them.
_NOT_SHOWN = re.compile(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)", re.I | re.S)
_STYLES = re.compile(r"<style\b[^>]{0,1000}>(.*?)(?:</style\s*>|$)", re.I | re.S)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{1,40})""", re.I)
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "hz-gb-2312"}
_MOST_PARTS = 1000  # of a web archive


def text_of_page(content: bytes, kind: str, left_out: Counter[str] | None = None) -> str:
    """Give the text of a page, a block a line, cells of a row separated by tabs.

    What its own styles hide, and what was deleted while changes were tracked, is left out; lists
    are numbered as they are seen.

    left_out: characters of hidden_text and deleted_text are counted in it.

    Raises: Unreadable if a web archive has no page, no encoding fits, or its tags have no end.
    """
    page = _page_of(content) if kind == "mht" else _written(content)
    reader = PageReader(hiding_rules(style[1] for style in _STYLES.finditer(page)), kind)
    reader.feed(_NOT_SHOWN.sub("", page))
    reader.close()
    if left_out is not None:
        left_out.update(reader.left_out)
    return reader.text()


def _page_of(content: bytes) -> str:
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    for count, part in enumerate(message.walk()):
        if count > _MOST_PARTS:
            break
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body:
                return _written(body, part.get_content_charset() or "")
    raise Unreadable("no_text", {"kind": "mht"})


def _written(content: bytes, charset: str = "") -> str:
    """Decode a page: as it says if that fits, otherwise as any text."""
    said = _CHARSET.search(content[:4096])
    charset = (said[1].decode("ascii") if said else charset).lower()
    if charset in _CHINESE:
        charset = "gb18030"
    if charset and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError, ValueError):
            pass
    return decoded(content)
