"""Reading where somebody worked before, with the years where they are given."""

import re
import unicodedata
from collections.abc import Callable

from tanzhao.kernel.sheets.numbers import Reading
from tanzhao.kernel.sheets.text import name, split_list

_POINT = r"(?:19|20)\d{2}(?:[年./-](?:0?[1-9]|1[0-2])(?!\d))?[月年]?"
_SPAN = re.compile(rf"({_POINT})(?:[-—–―~～至到]+({_POINT}|今|现在|至今))?(?:期间|起|间)?[:：]?")
_LEAD = re.compile(
    r"^(?:以?前|近[一二三四五两\d]{1,2}年(?:来|内)?[:,]?)?(?:曾?先?后?(?:历任|担任|在|于|任)|曾)*"
)
_TAIL = re.compile(r"(?:工作|任职|挂职|就职|供职|上班)(?:过|多年|\d+年)?$")
_POST = re.compile(r"|.{0,9}(?:[长员任记股科室队]|干部|干事|会计|文书|[一二三四]级)")
# A unit's name ends in one of these; what follows is a post: 县财政局预算股股长.
_UNIT_END = re.compile(
    r"^(.{2,}?(?:局|委员会|办公室|法院|检察院|中心|联社|集团|公司|[镇乡]))(?=[^、]*[长员任记])"
)


def read_service(text: str, known: Callable[[str], bool] | None) -> Reading:
    """Read past workplaces as a list of unit names.

    2018—2021年在县财政局工作 and 县财政局（2016.5-2019.8） both give 县财政局.
    The details hold `service`: for each that has years, unit, from and until (as far as written).
    """
    text = unicodedata.normalize("NFKC", text).replace("，", "、")
    text = re.sub(r"(\d{4})/(\d)", r"\1.\2", text)
    units: list[str] = []
    service: list[dict[str, str]] = []
    for part in split_list(text):
        unit, start, end = _one(part, known)
        if not unit:
            continue
        units.append(unit)
        if start:
            service.append({"unit": unit, "from": start, "until": end})
    return Reading(list(dict.fromkeys(units)), details={"service": service} if service else {})


def _one(part: str, known: Callable[[str], bool] | None) -> tuple[str, str, str]:
    found = _SPAN.search(part)
    start, end = (_point(found[1]), _point(found[2] or "")) if found else ("", "")
    bare = _SPAN.sub("", part) if found else part
    bare = re.sub(r"[（(][\s,、]*[）)]", "", bare).strip(" ,、:：")
    bare = name(_TAIL.sub("", _LEAD.sub("", bare)))
    return _unit_of(bare, known), start, end


def split_post(text: str, known: Callable[[str], bool] | None) -> tuple[str, str]:
    """Part 县财政局预算股股长 into the unit and the post; the post is empty where none is told."""
    unit = _unit_of(text, known or (lambda _: False))
    return unit, text[len(unit) :].strip("，、, ")


def _unit_of(text: str, known: Callable[[str], bool] | None) -> str:
    if known is None:
        return text
    for length in range(len(text), 1, -1):
        if known(text[:length]) and _POST.fullmatch(text[length:]):
            return text[:length]
    found = _UNIT_END.match(text)
    return found[1] if found else text


def _point(text: str) -> str:
    digits = re.findall(r"\d+", text)
    if not digits:
        return ""
    return digits[0] if len(digits) == 1 else f"{digits[0]}-{int(digits[1]):02d}"
