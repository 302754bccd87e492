"""Web pages and web archives (html, mht), which offices' systems often call .doc.

Only what the file itself says is read; nothing is fetched.
"""

import email
import email.policy
import re
from html.parser import HTMLParser

from tanzhao.engines.likeness.extract.plain_text import decoded
from tanzhao.engines.likeness.extract.refusals import Unreadable

_LEFT_OUT = {"script", "style", "head", "template", "noscript", "svg", "math", "object", "select"}
_BLOCKS = {
    "p", "div", "br", "tr", "table", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "blockquote", "pre", "center", "section", "article", "header", "footer",
    "form", "caption", "body", "html", "title",
}  # fmt: skip
# Taken out beforehand, also where they never end: the parser would begin anew at each of them.
_NOT_SHOWN = re.compile(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)", re.I | re.S)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{1,40})""", re.I)
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "hz-gb-2312"}
_BLANKS = re.compile("[ \t\r\n\f]+")
_MOST_PARTS = 1000  # of a web archive


def text_of_page(content: bytes, kind: str) -> str:
    """Give the text of a page, a block a line, cells of a row separated by tabs.

    Raises: Unreadable if a web archive has no page, or no encoding fits.
    """
    reader = _Reader()
    page = _page_of(content) if kind == "mht" else _written(content)
    reader.feed(_NOT_SHOWN.sub("", page))
    reader.close()
    return "".join(reader.pieces)


class _Reader(HTMLParser):
    """Collects what is shown. `out` counts the elements that are not, from within."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.out = ""
        self.depth = 0

    def handle_starttag(self, tag: str, _values: list[tuple[str, str | None]]) -> None:
        if self.out:
            self.depth += tag == self.out
        elif tag in _LEFT_OUT:
            self.out, self.depth = tag, 1
        elif tag in ("td", "th"):
            self.pieces.append("\t")
        elif tag in _BLOCKS or tag.endswith(":p"):
            self.pieces.append("\n")
        # A page that forgets to end its head has a body all the same.
        if self.out == "head" and tag == "body":
            self.out = ""

    def handle_startendtag(self, tag: str, _values: list[tuple[str, str | None]]) -> None:
        if not self.out and tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.out:
            self.depth -= tag == self.out
            if not self.depth:
                self.out = ""
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.out:
            self.pieces.append(_BLANKS.sub(" ", data))


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
