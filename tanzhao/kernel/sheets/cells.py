"""Reading one cell as the value of one field."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tanzhao.kernel.sheets.identity import read_id_number, read_phone
from tanzhao.kernel.sheets.numbers import (
    Reading,
    read_count,
    read_month,
    read_round,
    read_rounds,
)
from tanzhao.kernel.sheets.pack import BARE_ANSWERS, LIST_TYPES, TEXT_TYPES, Field, word_key
from tanzhao.kernel.sheets.service import read_service
from tanzhao.kernel.sheets.text import (
    Cell,
    fold,
    means_nothing,
    name,
    person,
    plain,
    split_list,
    without_brackets,
    without_number,
)

Known = Callable[[str], bool]

LONGEST_PHRASE = 20
LONGEST_CELL = 32767  # characters that Excel allows
_LESS = re.compile("[未没不无否仅待]|部分|申请")
_COUNT_BEHIND = re.compile(r"\s*[（(]\s*共?计?\s*\d+\s*[个家名人件项]?\s*[）)]\s*$")
_RELATIVE = re.compile(r".{0,8}?在(.+?)(?:工作|任职|上班|就职|供职)?")
_REMARK = re.compile(
    r"（[^）]*(?:配偶|妻|夫|父|母|子女|儿|亲|兄|弟|姐|妹|本人|任职|工作|现任|曾任|年)[^）]*）$"
)
_SHARE = re.compile(r"(\d{1,3})(?:\.\d+)?\s*[%％]")
_MARKS_OF_UNIT = re.compile(r"^[\s*★☆▲△●○◆◇■□※#]+|[\s*★☆▲△●○◆◇■□※#]+$|^\d{1,3}\s*[.．、)）]\s*")


def nothing(field: Field) -> Any:
    """Give the value of an empty cell: no items, no text, or None."""
    if field.type in LIST_TYPES:
        return []
    return "" if field.type in TEXT_TYPES else None


def read_cell(
    cell: Cell,
    field: Field,
    *,
    empty: frozenset[str] = frozenset(),
    shown: str = "",
    heading: str = "",
    known: Known | None = None,
) -> Reading:
    """Read a cell as `field` says.

    Args:
        empty: Folded words that mean "nothing" in every field, such as 无.
        shown: The cell's number format.
        heading: The heading as written; 是 under 是否抽调 is the opposite of 是 under 是否专职.
        known: Tells whether a name is a unit's; only used to part names joined without a mark.
    """
    text = plain(cell)
    if field.carried and field.type in ("choice", "name") and isinstance(cell, str):
        cell = text = without_number(text)
    if field.type in ("choice", "yes_no") and (reading := _read_word(text, field, heading)):
        return reading
    # 无（本人申报） says nothing too.
    said = (without_brackets(text) or text) if field.type in LIST_TYPES else text
    if means_nothing(said, empty | field.empty):
        return Reading(nothing(field))
    if field.type in ("choice", "yes_no"):
        if field.closed:
            return Reading(nothing(field), "unknown_value", {"value": text})
        return Reading(name(text))
    if field.carried and isinstance(cell, str):
        cell = _COUNT_BEHIND.sub("", cell)
    if field.type == "month":
        return read_month(cell, last=field.last, shown=shown)
    if field.type in ("round", "rounds"):
        reader = read_round if field.type == "round" else read_rounds
        return reader(cell, highest=field.highest)
    if field.type in ("units", "service"):
        return _read_units(text, known) if field.type == "units" else read_service(text, known)
    return _SIMPLE[field.type](cell)


def _read_text(cell: Cell) -> Reading:
    text = plain(cell)
    if isinstance(cell, str) and len(cell) >= LONGEST_CELL:
        return Reading(text, "cut_off")
    return Reading(text)


def unit_name(cell: Cell) -> str:
    """Give a unit's name without marks such as ★ and without a number in front."""
    return name(_MARKS_OF_UNIT.sub("", name(cell)))


_SIMPLE: Mapping[str, Callable[[Cell], Reading]] = {
    "text": _read_text,
    "name": lambda cell: Reading(name(cell)),
    "unit": lambda cell: Reading(unit_name(cell)),
    "person": lambda cell: Reading(person(cell)),
    "count": read_count,
    "phone": read_phone,
    "id_number": read_id_number,
    "list": lambda cell: Reading(split_list(plain(cell))),
}


def _read_word(text: str, field: Field, heading: str) -> Reading | None:
    value = field.values.get(word_key(text))
    if value is None and not field.closed:
        value = field.values.get(word_key(without_brackets(text)))
    if value is None and field.closed:
        value = _value_inside(text, field)
    if value is None or field.type == "choice":
        return None if value is None else Reading(value)
    # 否 under 是否抽调 means 专职, but 抽调 means itself under any heading.
    turned = fold(heading) in field.reversed_headings and word_key(text) in BARE_ANSWERS
    return Reading((value == "yes") != turned)


def _value_inside(text: str, field: Field) -> str | None:
    """Find the known words in a short text, or one at the start of a long one.

    They must agree, and no "not" may be left over: 未完成 holds 完成, and is its opposite.
    """
    if len(text) > LONGEST_PHRASE:
        return field.values.get(fold(re.split(r"[。；;，,：:\n]", text)[0]))
    outside = field.values.get(word_key(without_brackets(text)))
    if outside and not re.search("部分|基本|阶段|尚|仅", text):
        return outside
    if (share := _SHARE.search(text)) and "100" in field.values:  # 已完成80% is not done
        return outside or field.values["100" if int(share[1]) >= 100 else "0"]
    rest, found = fold(text), set()
    for word in sorted(field.values, key=len, reverse=True):
        if len(word) > 1 and word in rest:
            found.add(field.values[word])
            rest = rest.replace(word, " ")
    return found.pop() if len(found) == 1 and not _LESS.search(rest) else None


def _read_units(text: str, known: Known | None) -> Reading:
    units: list[str] = []
    for part in split_list(text):
        units.extend(_parted(_without_remark(unit_name(part), known), known))
    return Reading(list(dict.fromkeys(units)))


def _without_remark(text: str, known: Known | None) -> str:
    """Drop what is said about a unit behind its name: 县财政局（配偶在该单位）."""
    if known is not None and (found := _RELATIVE.fullmatch(text)) and known(found[1]):
        return found[1]
    bare = without_brackets(text)
    if not bare or bare == text or (known is not None and known(text)):
        return text
    return bare if _REMARK.search(text) or (known is not None and known(bare)) else text


def _parted(text: str, known: Known | None) -> list[str]:
    """Part 县教育局和县财政局, but never 县住房和城乡建设局."""
    if known is None or known(text):
        return [text]
    for joint in re.finditer("[和及与]|以及", text):
        left, right = text[: joint.start()], text[joint.end() :]
        if known(left) and (rest := _parted(right, known)) and all(known(one) for one in rest):
            return [left, *rest]
    return [text]
