"""The page of GB/T 9704-2012, measured on what LibreOffice prints."""

import re
from itertools import pairwise

import pytest

from tanzhao.documents.official import Paragraph, render
from tests.documents.pages import printed
from tests.documents.papers import report

LEFT, RIGHT, TOP, BOTTOM = 28, 184, 37, 262  # edges of the type area
LINE = 28.95 * 25.4 / 72
CHARACTER = 15.75 * 25.4 / 72
PAGE_NUMBER = re.compile(r"—\d+—")
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
SHORT = {"annexes": (), "issuer": "", "number": "", "secrecy": "", "urgency": "", "addressee": ""}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    return printed({"report": render(report())}, tmp_path_factory.mktemp("report"))["report"]


def _body(page):
    return [line for line in page if not PAGE_NUMBER.fullmatch(line.text)]


def test_a_full_page_has_22_lines_at_equal_distance(pages):
    counts = [len(_body(page)) for page in pages[1:5]]
    steps = [
        after.base - before.base for page in pages[1:5] for before, after in pairwise(_body(page))
    ]

    assert max(counts) == 22
    assert counts.count(22) >= 2
    assert steps == pytest.approx([LINE] * len(steps), abs=0.1)


def test_a_full_line_has_28_characters(pages):
    lines = [line for page in pages[:2] for line in _body(page)]
    full = [line for line in lines if CHINESE.fullmatch(line.text) and line.right > 180][1:]

    assert len(full) > 12
    # The first line of the paragraph is indented by two.
    assert {len(line.text) for line in full} == {26, 28}
    assert [len(line.text) for line in full].count(26) == 1


def test_the_text_keeps_to_the_type_area(pages):
    lines = [line for page in pages[1:6] for line in _body(page)]
    flush = [line.left for line in lines if line.left < 32]

    assert len(flush) > 40
    assert flush == pytest.approx([LEFT] * len(flush), abs=1)
    assert max(line.right for line in lines) <= RIGHT + 1
    assert max(line.right for line in lines) >= RIGHT - 1
    for page in pages[1:5]:
        first, last = _body(page)[0], _body(page)[-1]
        assert TOP + 4 < first.base < TOP + LINE
        assert last.base < BOTTOM


def test_paragraphs_and_headings_are_indented_by_two_characters(pages):
    lines = [line for page in pages[:6] for line in _body(page)]
    starts = [
        line.left
        for line in lines
        if re.match(r"[一二三]、|（[一二三四五]）|[12]\.(?!巡察工作)|（1）", line.text)
    ]

    assert len(starts) >= 3 + 5 + 10 + 1
    assert starts == pytest.approx([LEFT + 2 * CHARACTER] * len(starts), abs=0.7)


def test_page_numbers_stand_outside_below_the_type_area(pages):
    numbers = [line for page in pages[:6] for line in page if PAGE_NUMBER.fullmatch(line.text)]

    assert [line.text for line in numbers] == [f"—{number}—" for number in range(1, 7)]
    for number, line in enumerate(numbers, start=1):
        if number % 2:
            assert line.right == pytest.approx(RIGHT - CHARACTER, abs=1.5)
        else:
            assert line.left == pytest.approx(LEFT + CHARACTER, abs=1.5)
        # The dash stands 7 mm below the type area, and less than 2 mm above the base line.
        assert line.base - 2 < BOTTOM + 7 < line.base


def test_a_landscape_annex_bears_its_number_where_the_upright_page_has_it(pages):
    # The head of a turned page lies at the left edge of the upright one.
    seen = {}
    for number in (7, 8):
        letters = [
            letter for line in pages[number - 1] for letter in line.letters if letter.left < 33
        ]
        seen[number] = (letters, [letter.base for letter in letters])

    for number, (letters, bases) in seen.items():
        assert sorted(letter.text for letter in letters) == sorted(f"—{number}—")
        assert {round(letter.left) for letter in letters} <= set(range(24, 30))
        if number % 2:
            assert max(bases) == pytest.approx(210 - 26 - CHARACTER, abs=6)
        else:
            assert min(bases) == pytest.approx(28 + CHARACTER, abs=6)


def test_the_red_head_stands_35_mm_below_the_top_of_the_type_area(pages):
    head = next(line for line in pages[0] if line.text.endswith("小组文件"))
    number = next(line for line in pages[0] if line.text.startswith("岚巡组"))
    height = max(letter.right - letter.left for letter in head.letters) / 0.66

    assert head.base - 0.88 * height == pytest.approx(TOP + 35, abs=3)
    assert head.left - LEFT == pytest.approx(RIGHT - head.right, abs=2)
    assert number.left - LEFT == pytest.approx(RIGHT - number.right, abs=2)


def test_the_date_stands_four_characters_in_and_the_name_over_its_middle(pages):
    day = next(line for page in pages for line in page if line.text == "2026年5月8日")
    name = next(
        line for page in pages for line in page if line.text == "县委第一巡察组" and line.left > 90
    )

    # LibreOffice puts air between digits and 汉字, though told not to: half a character each side.
    assert RIGHT - day.right == pytest.approx(3.5 * CHARACTER, abs=0.5 * CHARACTER)
    assert (name.left + name.right) / 2 == pytest.approx((day.left + day.right) / 2, abs=1)
    assert day.base - name.base == pytest.approx(LINE, abs=0.2)


def test_headings_of_a_list_come_again_on_each_page_and_rows_stay_whole(pages):
    listed = pages[6:-1]

    assert len(listed) > 3
    for page in listed:
        text = "".join(line.text for line in page)
        assert text.count("问题表述") == 1
        assert text.count("经查") == text.count("重要领导责任。") > 0


def test_the_copy_block_sinks_to_the_foot_wherever_the_text_ends(tmp_path):
    papers = {
        f"lines{count}": render(report(**SHORT, body=(Paragraph("\n".join(["正文"] * count)),)))
        for count in range(1, 24)
    }

    for name, pages in printed(papers, tmp_path).items():
        last = _body(pages[-1])
        texts = [line.text for line in last]
        assert texts[-1].endswith("2026年5月9日印发"), name
        assert texts[-3].startswith("抄送：市委巡察办，"), name
        assert BOTTOM - 5 < last[-1].base < BOTTOM, name
        # The signature is on the same page, never alone, and nothing lies over anything.
        day = texts.index("2026年5月8日")
        assert texts[day - 2 : day] == ["正文", "县委第一巡察组"], name
        assert min(b.base - a.base for a, b in pairwise(last)) > 7, name
