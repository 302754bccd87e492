"""Names and numbers as they are compared: what is equal at which level, and what is not."""

from pathlib import Path

import pyarrow as pa
import pytest

from tanzhao.engines.screening.linking.numbers import clean_number, swaps
from tanzhao.engines.screening.linking.sounds import read_sounds, speller

SPELLER = speller(read_sounds(Path(__file__).parents[3] / "packs/sounds/chinese"))
COLUMNS = ("characters", "pinyin", "folded", "in_order")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("张伟明", "张伟明", "characters pinyin folded in_order"),
        # Variant forms, and one surname written for another.
        ("張偉明", "张伟明", "characters pinyin folded in_order"),
        ("傅强", "付強", "characters pinyin folded in_order"),
        ("张伟明", "章卫名", "pinyin folded in_order"),
        # zh/z, -ng/-n, n/l, f/h.
        ("张伟明", "臧伟民", "folded in_order"),
        ("宁芳", "林芳", "folded in_order"),
        ("黄飞", "方飞", "folded in_order"),
        ("张伟明", "张明伟", "in_order"),
        # Readings of surnames; inside a name the usual one.
        ("单红", "善红", "pinyin folded in_order"),
        ("曾国", "增国", "pinyin folded in_order"),
        ("王曾", "王增", ""),
        # A dot, blanks, full width and capitals are no part of a name.
        ("买买提·艾力", "买买提 艾力", "characters pinyin folded in_order"),
        ("ＪＯＨＮ", "John", "characters pinyin folded in_order"),
        ("张伟明", "李伟明", ""),
    ],
)
def test_two_spellings_are_equal_in_what_they_share(one, other, equal):
    pair = SPELLER.spell(one), SPELLER.spell(other)

    shared = [column for column in COLUMNS if len({getattr(name, column) for name in pair}) == 1]
    assert shared == equal.split()


def test_a_compound_surname_is_one_and_the_same_letters_elsewhere_are_not():
    assert SPELLER.spell("欧阳建国").surname == "ou yan"
    assert SPELLER.spell("欧阳").surname == "ou"
    assert SPELLER.spell("李欧阳").surname == "li"
    assert SPELLER.spell("").surname == ""


def test_what_is_looked_up_once_is_spelled_as_the_first_time():
    names = ["單小红", "解放", "小解", "欧阳解", "𠮷野", "张A"]

    first = SPELLER.spell_all(names)

    assert SPELLER.spell_all(names) == first
    assert [list(spelled) for spelled in zip(*first.values(), strict=True)] == [
        list(SPELLER.spell(name)) for name in names
    ]
    assert all("".join(column).isascii() for column in first.values())


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("420621196503120014", "420621196503120014"),
        (" ４２０６２１１９６５０３１２００１ｘ ", "42062119650312001X"),
        ("42062119650312001", "42062119650312001"),
        # Cut by Excel after fifteen digits; what a sheet shows in short says too little.
        ("420621196503120000", "420621196503120???"),
        ("4.20621196503120E+17", "420621196503120???"),
        ("4.20621E+17", None),
        ("不详", None),
        ("", None),
        (None, None),
    ],
)
def test_what_is_written_as_a_number_keeps_what_can_be_compared(written, number):
    assert clean_number(written) == number


def test_swapped_neighbours_differ_in_one_sum_and_other_changes_do_not():
    number = "420621196503120014"
    swapped = number[:6] + number[7] + number[6] + number[8:]
    far = number[8] + number[1:8] + number[0] + number[9:]
    summed = number[:2] + "1" + "5" + number[4:]  # 0 and 6: another pair with the same sum

    sums, digits = (
        column.to_pylist() for column in swaps(pa.array([number, swapped, far, summed]))
    )

    def differing(place):
        return sum(a != b for a, b in zip(sums[0], sums[place], strict=True))

    assert (differing(1), digits[1] == digits[0]) == (1, True)
    assert differing(2) > 1
    assert (differing(3), digits[3] == digits[0]) == (1, False)
