"""The text of rich text (RTF), which offices' systems often call .doc. Source: RTF 1.9.1."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from tanzhao.engines.likeness.extract.edges import without_page_numbers
from tanzhao.engines.likeness.extract.numbering import NUMBER_END, bullet, set_numbers
from tanzhao.engines.likeness.extract.refusals import Unreadable

_MOST_BEHIND = 64  # bytes behind the last brace; more of them were meant to be inside
_DEEPEST = 1000  # groups in groups
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([\r\n]+)"
    rb"|([^\\{}\r\n]+)",
    re.S,
)
# Groups whose text is none of the document's.
_LEFT_OUT = {
    "colortbl", "stylesheet", "info", "pict", "objdata", "fldinst", "themedata", "datastore",
    "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "filetbl", "revtbl",
    "bkmkstart", "bkmkend", "annotation", "atnid", "atnauthor", "nonshppict",
    "latentstyles", "datafield", "nonesttables", "sp",
}  # fmt: skip
_EDGES = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footer"),
    "footnote": "note",
    **dict.fromkeys(("listtext", "pntext"), "number"),
}
_SIGNS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "nestrow": "\n",
    "cell": "\t", "nestcell": "\t", "tab": "\t", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ",
    "enspace": " ",
}  # fmt: skip
_PARAGRAPH_ENDS = {"par", "sect", "row"}
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 204: "cp1251", 238: "cp1250"}
_CODE_PAGES = {936: "gb18030", 54936: "gb18030", 950: "cp950", 932: "cp932", 949: "cp949"}


@dataclass(frozen=True)
class _Group:
    """What holds within a pair of braces. `to` is where its text goes; "" is nowhere."""

    to: str = "body"
    out: str = ""  # why it is not shown: hidden_text, deleted_text
    fallback: int = 1  # signs after a \\u that stand for it in old readers
    font: int = -1
    fonts: bool = False  # within the table of fonts


def paragraphs_of_rich(content: bytes, left_out: Counter[str] | None = None) -> list[str]:
    """Give the paragraphs: letterhead once, the body, notes, footers; rows with tabs.

    left_out: characters of hidden_text and deleted_text are counted in it.

    Raises: Unreadable if it is cut off, or nested as no program does.
    """
    reader = _Reader()
    reader.read(content)
    if left_out is not None:
        left_out.update(reader.left_out)
    texts = {key: "".join(pieces) for key, pieces in reader.texts.items()}
    if any("\ud800" <= sign <= "\udfff" for sign in texts["body"]):
        raw = texts["body"].encode("utf-16-le", "surrogatepass")
        texts["body"] = raw.decode("utf-16-le", "replace")
    lines = {
        key: [line.rstrip("\t") for line in set_numbers(text).split("\n")]
        for key, text in texts.items()
    }
    headers = without_page_numbers(lines["header"])
    footers = [line for line in without_page_numbers(lines["footer"]) if line not in headers]
    return [*headers, *lines["body"], *lines["note"], *footers]


class _Reader:
    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {"body": [], "header": [], "footer": [], "note": []}
        self.texts["number"] = []  # of the paragraph that begins
        self.texts["box"] = []  # hangs on the paragraph that is open, and comes after it
        self.group = _Group()
        self.above: list[_Group] = []
        self.left_out: Counter[str] = Counter()
        self.charsets: dict[int, str] = {}
        self.usual = "cp1252"
        self.raw = bytearray()  # bytes whose letter is not whole yet
        self.to_skip = 0

    def read(self, content: bytes) -> None:
        at, end = 0, len(content)
        while at < end:
            token = _TOKEN.match(content, at)
            if token is None:
                raise Unreadable("damaged", {"kind": "rtf"})
            at = token.end()
            word, number, code, symbol, brace, _ends, plain = token.groups()
            if code:
                self._byte(int(code, 16))
                continue
            if plain:
                self._plain(plain)
                continue
            if word == b"bin":
                at += max(int(number or 0), 0)
            self._flush()
            if brace == b"{":
                self.above.append(self.group)
                if len(self.above) > _DEEPEST:
                    raise Unreadable("nested", {"kind": "rtf"})
            elif brace:
                if not self.above:
                    raise Unreadable("damaged", {"kind": "rtf"})
                self._leave()
                if not self.above:
                    self._put("\n")
                    self._put_boxes()
                    if len(content[at:].strip(b"\0\r\n\t ")) > _MOST_BEHIND:
                        raise Unreadable("damaged", {"kind": "rtf"})
                    return
            elif word:
                self._word(word.decode("ascii"), int(number) if number else None)
            elif symbol == b"*":
                self.group = replace(self.group, to="")
            elif symbol:
                self._put(_SYMBOLS.get(symbol, ""))
        raise Unreadable("damaged", {"kind": "rtf"})

    def _leave(self) -> None:
        if self.group.to == "number" != self.above[-1].to:
            number = "".join(self.texts["number"]).strip()
            self.texts["number"].clear()
            self.group = self.above[-1]
            self._put(number and _seen(number) + NUMBER_END)
        if self.group.to != self.above[-1].to and self.group.to in ("header", "footer", "note"):
            self.texts[self.group.to].append("\n")
        self.group = self.above.pop()
        self.to_skip = 0

    def _word(self, word: str, number: int | None) -> None:
        group = self.group
        if word == "u" and number is not None:
            self._put(chr(number & 0xFFFF))
            self.to_skip = group.fallback
        elif word in _SIGNS:
            self._put(_SIGNS[word])
            if word in _PARAGRAPH_ENDS and group.to == "body":
                self._put_boxes()
        elif word == "uc":
            self.group = replace(group, fallback=min(max(number or 0, 0), 8))
        elif word == "ansicpg":
            self.usual = _CODE_PAGES.get(number or 0, f"cp{number}")
        elif word == "fonttbl":
            self.group = replace(group, to="", fonts=True)
        elif word in ("f", "deff") and number is not None:
            self.group = replace(group, font=number)
        elif word == "fcharset" and group.fonts:
            if charset := _CHARSETS.get(number or 0):
                self.charsets[group.font] = charset
        elif word in ("v", "deleted"):
            kind = "hidden_text" if word == "v" else "deleted_text"
            self.group = replace(group, out="" if number == 0 else kind)
        elif word == "plain":
            self.group = replace(group, out="")
        elif word in _LEFT_OUT:
            self.group = replace(group, to="")
        elif word == "shptxt":
            # What draws the shape is no text; what stands in it is, wherever the shape hangs.
            around = next((one.to for one in reversed(self.above) if one.to), "")
            self.group = replace(group, to="box" if around == "body" else around, out="")
        elif word in _EDGES and self.above and self.above[-1].to:
            self.group = replace(group, to=_EDGES[word])

    def _put_boxes(self) -> None:
        if self.texts["box"]:
            self.texts["body"] += (*self.texts["box"], "\n")
            self.texts["box"].clear()

    def _byte(self, code: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        else:
            self.raw.append(code)

    def _plain(self, plain: bytes) -> None:
        skipped = min(self.to_skip, len(plain))
        self.to_skip -= skipped
        # The second byte of a letter may be a sign that needs no escape.
        self.raw += plain[skipped:]
        self._flush()

    def _flush(self) -> None:
        if self.raw:
            codec = self.charsets.get(self.group.font, self.usual)
            self._put(_decoded(bytes(self.raw), codec))
            self.raw.clear()

    def _put(self, text: str) -> None:
        if self.group.out and self.group.to:
            self.left_out[self.group.out] += len(text.strip())
        elif text and self.group.to:
            self.texts[self.group.to].append(text)


def _seen(number: str) -> str:
    return bullet(number, "Wingdings") if len(number) == 1 else number


def _decoded(raw: bytes, codec: str) -> str:
    # Programs name a Western font for Chinese bytes, and the other way round.
    for one in (codec, "gb18030", "cp1252"):
        try:
            return raw.decode(one)
        except (UnicodeDecodeError, LookupError):  # a code page that is none
            continue
    return raw.decode("gb18030", "replace")
