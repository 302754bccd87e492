"""Letters and prints: what does not matter is folded away, and a print hangs on its sentence."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanzhao.engines.likeness import plain, prints_of
from tanzhao.engines.likeness.letters import LINE, NUMBER, SENTENCE, WITHIN, letters_of
from tanzhao.engines.likeness.settings import BadSettings, Settings

# What stands in reports, and what breaks programs.
ODD = (
    "整改落实情况甲乙丙第１2３.,;；。！\n\t 　abcAB'é\u0301ﬁ㎡①½ﷺ…〇Ⅳ"
    "\U00020000\U0001f600\u200d\ud800"
)
TEXTS = st.text(st.sampled_from(ODD), max_size=60) | st.text(max_size=20)


def signs(text):
    return letters_of(text).signs.tolist()


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_letters_are_those_of_the_plain_version(text):
    assert list(zip(*(column.tolist() for column in letters_of(text)), strict=True)) == (
        plain.letters_of(text)
    )


@given(TEXTS, st.integers(2, 5), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_prints_are_those_of_the_plain_version(text, gram, window):
    letters = plain.letters_of(text)
    expected = [
        (one, letters[begin].start, letters[end - 1].end)
        for one, begin, end in plain.prints_of(text, gram, window)
    ]

    found = prints_of(text, Settings(gram=gram, window=window, least_stretch=gram))

    assert list(zip(*(column.tolist() for column in found), strict=True)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("整改第12条", "整改第３４５条"),
        ("共10,000.5元", "共7元"),
        ("党 委、会（议）", "党委会议"),
        ("ＡＢＣ", "abc"),
        ("Café", "Cafe\u0301"),
        ("ﬁne", "FINE"),
        ("2023-01-05前", "1前"),
    ],
)
def test_spelling_spacing_and_numbers_do_not_matter(one, other):
    assert signs(one) == signs(other) != signs(one + "后")


def test_a_word_is_one_letter_and_a_number_is_one_sign():
    assert len(signs("the village committee")) == 3
    assert signs("甲12乙")[1] == NUMBER
    assert signs("the") != signs("committee")


def test_a_letter_knows_its_characters():
    letters = letters_of("第 12.5 条：ab㎡")

    spans = list(zip(letters.starts.tolist(), letters.ends.tolist(), strict=True))
    assert spans == [(0, 1), (2, 6), (7, 8), (9, 12), (11, 12)]


def test_marks_end_sentences_and_lines_are_told_from_them():
    letters = letters_of("标题\n一是整改。二是 3.5 亿. Next one")

    begins = {letters.starts[k].item(): letters.first[k].item() for k in range(len(letters.signs))}
    assert {start: kind for start, kind in begins.items() if kind != WITHIN} == {
        0: LINE,
        3: SENTENCE,
        8: SENTENCE,
        18: LINE,
    }


def test_a_sentence_has_the_same_prints_wherever_it_stands():
    pack = Settings()
    sentence = "镇党委召开专题会议研究部署整改落实工作。"

    alone = prints_of(sentence, pack).hashes.tolist()
    within = prints_of("前面还有一句别的话说得很长很长。" + sentence + "后面也有一句。", pack)

    before = len(prints_of("前面还有一句别的话说得很长很长。", pack).hashes)
    assert within.hashes[before : before + len(alone)].tolist() == alone
    assert within.starts[before].item() >= 16


def test_no_gram_goes_over_the_end_of_a_sentence():
    pack = Settings(gram=4, window=1, least_stretch=4)

    assert len(prints_of("甲乙丙丁戊己庚辛", pack).hashes) == 5
    assert len(prints_of("甲乙丙丁。戊己庚辛", pack).hashes) == 2
    # Shorter than a gram, a sentence is one print; of two letters it says nothing.
    assert len(prints_of("甲乙丙。戊己", pack).hashes) == 1


def test_equal_wording_as_long_as_gram_and_window_has_a_print_in_common():
    pack, dice = Settings(), random.Random(5)
    for _ in range(50):
        common = "".join(dice.choices("甲乙丙丁戊己庚辛壬癸", k=pack.gram + pack.window - 1))
        one, other = (
            "".join(dice.choices("子丑寅卯辰巳午未", k=dice.randrange(9))) + common for _ in "ab"
        )

        shared = set(prints_of(one, pack).hashes.tolist()) & set(
            prints_of(other + "申酉戌亥", pack).hashes.tolist()
        )
        assert shared


def test_a_text_of_one_character_has_one_print_in_a_window():
    prints = prints_of("的" * 1000, Settings(gram=6, window=4))

    assert len(set(prints.hashes.tolist())) == 1
    assert len(prints.hashes) == -(-(1000 - 6 + 1 - 3) // 4)


def test_prints_fit_a_database_and_depend_on_gram():
    text = "镇党委召开专题会议研究部署整改落实工作" * 20

    hashes = prints_of(text, Settings()).hashes

    assert hashes.dtype == np.int64
    assert 0 <= hashes.min() <= hashes.max() < 2**32
    assert set(hashes.tolist()).isdisjoint(prints_of(text, Settings(gram=7)).hashes.tolist())


def test_settings_that_cannot_work_are_refused():
    with pytest.raises(BadSettings) as refused:
        Settings(gram=1)

    assert (refused.value.name, refused.value.least) == ("gram", 2)
    with pytest.raises(BadSettings):
        Settings(gram=9, least_stretch=8)
