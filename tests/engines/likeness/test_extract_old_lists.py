"""Numbers of lists in .doc and .rtf: in the one they are computed, in the other written down."""

import struct

from tanzhao.engines.likeness.extract.numbering import set_numbers
from tanzhao.engines.likeness.extract.old_lists import Numbered, with_numbers
from tanzhao.engines.likeness.extract.rich_text import paragraphs_of_rich

_SIMPLE = 1
OUTLINE = (("%1、", 39), ("（%2）", 39), ("%1.%3", 0))  # 39: 一 二 三


def level(text, kind, *, start=1, flags=0, limit=0):
    """Give a level as a LVL: what is set for its paragraphs stands before its text."""
    signs = b"".join(
        struct.pack("<H", int(sign) - 1) if at and text[at - 1] == "%" else sign.encode("utf-16-le")
        for at, sign in enumerate(text)
        if sign != "%"
    )
    head = struct.pack("<iBB9sBii", start, kind, flags, bytes(9), 0, 0, 0)
    sizes = struct.pack("<BBBB", 3, 2, limit, 0)
    return head + sizes + b"ppggg" + struct.pack("<H", len(signs) // 2) + signs


def plans(*lists):
    """Give lists, each (number, levels); one of a single level is a simple one."""
    heads = b"".join(
        struct.pack("<ii18sBB", number, 0, bytes(18), _SIMPLE if len(levels) == 1 else 0, 0)
        for number, levels in lists
    )
    made = struct.pack("<H", len(lists)) + heads
    for _number, levels in lists:
        more = [("", 255)] * (0 if len(levels) == 1 else 9 - len(levels))
        made += b"".join(level(*one) for one in (*levels, *more))
    return made


def uses(*lists):
    """Give what paragraphs name: (number of the list, changes)."""
    heads = b"".join(
        struct.pack("<iiiBBBB", number, 0, 0, len(changes), 0, 0, 0) for number, changes in lists
    )
    data = b"".join(b"\xff" * 4 + b"".join(changes) for _number, changes in lists)
    return struct.pack("<I", len(lists)) + heads + data


def start_at(number, at=0):
    return struct.pack("<iI", number, at | 0x10)


def said(of_list=None, at=None):
    """Give properties of a paragraph, after one that is passed over."""
    made = struct.pack("<HB", 0x2403, 1)
    if at is not None:
        made += struct.pack("<HB", 0x260A, at)
    return made + (b"" if of_list is None else struct.pack("<HH", 0x460B, of_list))


def styles(*named):
    """Give styles, each (what it is based on, its properties)."""
    made = struct.pack("<HHH", 6, len(named), 10) + bytes(2)
    for parent, properties in named:
        base = struct.pack("<HHHHH", 0, parent << 4 | 1, 0, 0, 0)
        name = struct.pack("<H", 1) + "甲".encode("utf-16-le") + bytes(2)
        own = struct.pack("<HH", len(properties) + 2, 0) + properties
        style = base + name + own
        made += struct.pack("<H", len(style)) + style
    return made


def numbered(text, properties, plan, use, sheet=b""):
    """Number a text whose paragraphs have these (style, properties), one page of them."""
    ends = [at for at, sign in enumerate(text) if sign in "\r\7"]
    places = [0, *(2 * at + 2 for at in ends)]
    runs = len(ends)
    block = bytearray(512)
    struct.pack_into(f"<{runs + 1}I", block, 0, *places)
    free = 510
    for run, (style, own) in enumerate(properties):
        body = struct.pack("<H", style) + own
        body += b"\0" * (1 - len(body) % 2)
        free -= (len(body) + 1) & ~1
        block[free : free + 1 + len(body)] = bytes([(len(body) + 1) // 2]) + body
        block[4 * (runs + 1) + 13 * run] = free // 2
    block[511] = runs
    tables = {1: sheet, 13: struct.pack("<III", 0, places[-1], 1), 74: use}
    found = Numbered(bytes(512) + bytes(block), lambda index: tables[index], plan)
    at = {end: found.at(2 * end) for end in ends if found.at(2 * end)}
    whole = with_numbers(text, at, found.lists).translate({13: "\n", 7: "\t"})
    return set_numbers(whole).rstrip("\n").split("\n")


def test_paragraphs_are_numbered_as_word_shows_them():
    own = [(0, said(1, 0)), (0, said(1, 1)), (0, said(1, 1)), (0, said()), (0, said(1, 2)),
           (0, said(1, 0)), (0, said(1, 1)), (0, said(2, 0)), (0, said(0))]  # fmt: skip

    found = numbered(
        "甲\r乙\r丙\r文\r丁\r戊\r己\r庚\r辛\r", own,
        plans((70, OUTLINE), (71, (("%1)", 1),))), uses((70, ()), (71, (start_at(4),))),
    )  # fmt: skip

    assert found == [
        "一、甲", "（一）乙", "（二）丙", "文", "一.1 丁", "二、戊", "（一）己", "IV)庚", "辛",
    ]  # fmt: skip


def test_styles_say_it_for_their_paragraphs():
    sheet = styles((0xFFF, b""), (0, said(1, 0)), (1, said(None, 1)))
    own = [(1, said()), (2, said()), (1, said(0)), (2, said()), (0, said())]

    assert numbered("甲\r乙\r丙\r丁\r戊\r", own, plans((70, OUTLINE)), uses((70, ())), sheet) == [
        "一、甲", "（一）乙", "丙", "（二）丁", "戊",
    ]  # fmt: skip


def test_cells_show_their_numbers_alone_and_other_paragraphs_do_not():
    own = [(0, said(1, 0))] * 4

    assert numbered("\7白条\7\r末\r", own, plans((70, (("%1", 0),))), uses((70, ()))) == [
        "1\t2 白条\t", "4 末",
    ]  # fmt: skip


def test_damaged_lists_are_told_of_or_cost_only_numbers():
    own = [(0, said(1, 0))]
    plan, use = plans((70, (("%1、", 39),))), uses((70, (start_at(2),)))
    sheet = styles((0xFFF, b""), (0, said(1, 0)))
    ends = set()
    for cut in range(1, 100):
        for less in (
            (plan[:-cut], use, sheet),
            (plan, use[:-cut], sheet),
            (plan, use, sheet[:-cut]),
        ):
            try:
                (line,) = numbered("甲\r", own, *less)
                ends.add(line)
            except (struct.error, IndexError):
                ends.add("told")

    assert ends == {"told", "甲", "二、甲"}


def test_a_box_in_rich_text_comes_after_its_paragraph():
    box = r"{\shp{\*\shpinst{\sp{\sn x}}{\shptxt in\par the box\par}}{\shprslt{\*\do again}}}"
    rich = rf"{{\rtf1 before{box} and after\par next{{\header{box}}}{box}}}"

    assert [line for line in paragraphs_of_rich(rich.encode()) if line] == [
        "in", "the box", "before and after", "in", "the box", "next", "in", "the box",
    ]  # fmt: skip


def test_rich_text_has_its_numbers_ready():
    rich = (
        r"{\rtf1\ansi{\listtable{\list{\listlevel{\leveltext 9}}}}"
        r"{\listtext\pard\plain\f0  \u19968\'3f\u12289\'3f\tab}\ls1 \u24773\'3f\par "
        r"{\listtext\tab 1.\tab}2026\par {\pntext\f1\u-3988\'6c\tab}\u29978\'3f\par "
        r"{\v{\listtext 9.\tab}hidden\par}{\header{\listtext 1)\tab}head}"
        r"{\listtext 3\tab}\cell two\cell\row{\listtext 4.}\par}"
    )

    assert [line for line in paragraphs_of_rich(rich.encode()) if line] == [
        "1) head", "一、情", "1. 2026", "● 甚", "3\ttwo", "4.",
    ]  # fmt: skip
