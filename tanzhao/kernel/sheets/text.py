"""Making the text of a cell plain: widths, spaces, brackets, words that mean nothing."""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

Cell = str | float | int | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

_CJK = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff（）、，《》“”·"
_SPACE_AT_CJK = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")
_ANY_CJK = re.compile(rf"[{_CJK}]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0b-\x1f]")
_EXCEL_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SPACES = re.compile(r"[^\S\n]+")
_NOT_WORD = re.compile(r"[\W_]+")
_ONLY_MARKS = re.compile(r"[\-‐-―−－_/／\\|.。·*＊…~～、,，:：?？]+")
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●．", "·"))
_WIDE_RANGES = ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B))  # digits, A to Z, a to z
_WIDE = {code: code - 0xFEE0 for ends in _WIDE_RANGES for code in range(*ends)}
_LIST_MARKS = "、，,；;/／\\|｜→\n\t"
_DITTO = frozenset(("同上", "同前", "（同上）", "〃", "″", "”", "“", '"', "''"))
_ABOUT_PERSON = re.compile(
    r"（(?:女|男|[^（）]{1,4}族|兼|代|[^（）]*(?:主持|工作|书记|[长任员兼]))）$|(?<=..)同志$|[:：,，]*1\d{10}$"
)
_AND_SO_ON = re.compile(r"(?<=..)等(?:等|[多\d]*[个家]?(?:单位|部门)?)$")
_NUMBER_OF_PART = re.compile(r"(^|[、，,；;/\s])（?\d{1,2}[.．、）)](?=[^\d\s])")
_BRACKETS = str.maketrans("[]【】〔〕［］()", "（）（）（）（）（）")


def plain(cell: Cell) -> str:
    """Give the text of a cell as a person reads it, without padding or invisible characters.

    Full-width digits and letters become ordinary ones; punctuation and the
    line breaks inside a text stay. Whole numbers lose their ".0".
    """
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return _plain_text(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e21 else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time(0):
        return cell.date().isoformat()
    return str(cell)


@lru_cache(maxsize=1 << 15)
def _plain_text(text: str) -> str:
    text = _EXCEL_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", text).translate(_WIDE)
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    return "\n".join(lines).strip()


def name(cell: Cell) -> str:
    """Give a name on one line: no padding between its characters, full-width brackets."""
    return _name(cell) if isinstance(cell, str) else plain(cell)


@lru_cache(maxsize=1 << 15)
def _name(text: str) -> str:
    text = " ".join(_plain_text(text).split())
    if not _ANY_CJK.search(text):
        return text
    return _SPACE_AT_CJK.sub("", text.translate(_BRACKETS))


def person(cell: Cell) -> str:
    """Give a person's name: one kind of middle dot, and no remark such as （女） behind it."""
    text = _ABOUT_PERSON.sub("", name(cell))
    return re.sub(r"\s*·\s*", "·", text.translate(_DOTS))


@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """Give what is left of a text for comparing: no widths, spaces, brackets, marks or case."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()


def without_number(text: str) -> str:
    """Drop the number in front: 一、, （二）, 3."""
    text = re.sub(r"^[（(]?[一二三四五六七八九十百\d]+[）)]?\s*[、.．:：]\s*(?!\d)", "", text)
    return re.sub(r"^[（(][一二三四五六七八九十]+[）)]", "", text)


def without_brackets(text: str) -> str:
    """Drop what stands in brackets, as in 党员数（名）. Unpaired brackets stay."""
    text = text.translate(_BRACKETS)
    return re.sub(r"（[^（）]*）", "", text)


def is_blank(cell: Cell) -> bool:
    """Tell whether there is nothing at all in the cell, or only spaces."""
    if isinstance(cell, str):
        return not cell or (len(cell) < 200 and not _plain_text(cell))
    return cell is None


def is_ditto(cell: Cell) -> bool:
    """Tell whether a cell says that the same stands here as above: 同上, 〃."""
    return isinstance(cell, str) and len(cell) < 12 and name(cell) in _DITTO


def means_nothing(text: str, words: frozenset[str] = frozenset()) -> bool:
    """Tell whether a plain text is empty, a dash or slash, or one of these (folded) words."""
    return not text or bool(_ONLY_MARKS.fullmatch(text)) or fold(text) in words


def split_list(text: str) -> list[str]:
    """Split at 、，；/ and line breaks, but never inside brackets. Leading numbers are dropped."""
    text = text.translate(_BRACKETS)
    if re.match(r"（?1[.．、）](?!\d)", text):  # 1.县财政局2.县审计局
        text = re.sub(r"(?<!\d)（?\d{1,2}[.．、）](?=[^\d\s])", "、", text)
    text = _NUMBER_OF_PART.sub(r"\1", text)
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth = max(0, depth + (character == "（") - (character == "）"))
        if not depth and character in _LIST_MARKS:
            parts.append(text[start:index])
            start = index + 1
    parts.append(_AND_SO_ON.sub("", text[start:].rstrip()))
    if len(parts) == 1 and all(len(word) > 1 for word in text.split(" ")):
        parts = text.split(" ")
    bare = (re.sub(r"^\s*[(（]?\d{1,2}[.．)）、]\s*", "", part) for part in parts)
    return list(dict.fromkeys(name(part).rstrip("。") for part in bare if name(part)))
