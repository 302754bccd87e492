"""Whole documents whose letters were left out, put in or replaced everywhere are still found."""

import random

import pytest

from tanzhao.engines.likeness import passages_between, scan
from tanzhao.engines.likeness.settings import Settings

PACK = Settings()
RATE = 0.3


def text_of(number, letters=1500):
    """Wording that nobody else has, in sentences of 12 to 30 letters."""
    dice = random.Random(number)
    text = ""
    while len(text) < letters:
        length = dice.randint(12, 30)
        text += "".join(chr(0x4E00 + dice.randrange(20_000)) for _ in range(length)) + "。"
    return text


def left_out(text, dice):
    return "".join(one for one in text if dice.random() >= RATE)


def put_in(text, dice):
    return "".join(
        one + (chr(0x4E00 + dice.randrange(20_000)) if dice.random() < RATE else "") for one in text
    )


def replaced(text, dice):
    return "".join(
        chr(0x4E00 + dice.randrange(20_000)) if one != "。" and dice.random() < RATE else one
        for one in text
    )


@pytest.mark.parametrize("edit", [left_out, put_in, replaced])
def test_letters_edited_everywhere_hide_no_copy(edit):
    dice = random.Random(7)
    documents = {}
    for number in range(30):
        documents[f"{number:02d}-own"] = text_of(number)
        documents[f"{number:02d}-sent"] = edit(documents[f"{number:02d}-own"], dice)

    pairs = scan(documents, PACK).pairs

    assert [(pair.left, pair.right) for pair in pairs] == [
        (f"{number:02d}-own", f"{number:02d}-sent") for number in range(30)
    ]
    assert sum(pair.left_share for pair in pairs) / 30 > 0.8


def test_shared_wording_that_stands_in_another_order_is_no_edited_copy():
    words = ["".join(chr(0x4E00 + 500 * k + letter) for letter in range(9)) for k in range(12)]
    dice = random.Random(3)
    left = "".join(word + text_of(50 + k, 60) for k, word in enumerate(words))
    dice.shuffle(words)
    right = "".join(word + text_of(80 + k, 60) for k, word in enumerate(words))

    assert passages_between(left, right, PACK) == ()


def test_what_was_replaced_is_gone_over_and_a_sentence_put_in_is_not():
    sentences = text_of(1, 240).split("。")[:8]
    whole = "".join(one + "。" for one in sentences)
    long = max(sentences, key=len)
    other = text_of(2, 40).replace("。", "")[: len(long) - 8]
    replaced_within = whole.replace(long, long[:4] + other + long[-4:])
    put_between = whole.replace(long, other + "。" + long)

    (passage,) = passages_between(whole, replaced_within, PACK)
    two = passages_between(whole, put_between, PACK)

    assert (passage.left.start, passage.left.end) == (0, len(whole) - 1)
    assert (passage.right.start, passage.right.end) == (0, len(replaced_within) - 1)
    assert passage.same < 0.95
    assert len(two) == 2


def test_a_letter_between_two_marks_is_no_sentence_put_in():
    whole = text_of(1, 400)

    (passage,) = passages_between(whole, whole.replace("。", "。\n一\n"), PACK)

    assert (passage.left.start, passage.left.end) == (0, len(whole) - 1)
