"""Allowed text is masked letter by letter as a plain look at every place of it says."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanzhao.engines.likeness import scan
from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.letters import MASKED
from tanzhao.engines.likeness.settings import Settings


def plainly_covered(text, allowed, run):
    covered = [False] * len(text)
    for one in allowed:
        gram = min(len(one), run)
        grams = {one[at : at + gram] for at in range(len(one) - gram + 1)}
        for at in range(len(text) - gram + 1):
            if text[at : at + gram] in grams:
                covered[at : at + gram] = [True] * gram
    return covered


def some_letters(dice, alphabet, number):
    return "".join(dice.choice(alphabet) for _ in range(number))


@given(
    seed=st.integers(0, 10**9),
    run=st.sampled_from([1, 2, 3, 4, 5, 8, 12]),
    size=st.sampled_from([2, 3, 5, 60]),
)
@settings(max_examples=300, deadline=None)
def test_what_is_masked_is_what_a_plain_look_at_every_place_finds(seed, run, size):
    dice = random.Random(seed)
    alphabet = [chr(0x4E00 + number) for number in range(size)]
    allowed = [some_letters(dice, alphabet, dice.randint(1, 20)) for _ in range(dice.randint(1, 4))]
    texts = []
    for _ in range(dice.randint(1, 4)):
        text = some_letters(dice, alphabet, dice.randint(0, 30))
        for _ in range(dice.randint(0, 3)):
            quoted = dice.choice(allowed)
            begin = dice.randint(0, len(quoted))
            text += quoted[begin : begin + dice.randint(0, 20)]
            text += some_letters(dice, alphabet, dice.randint(0, 5))
        texts.append(text)
    signs = np.array([ord(letter) for text in texts for letter in text], dtype=np.uint16)
    starts = np.cumsum([0, *map(len, texts)])

    rows = Allowed(allowed, replace(Settings(), allowed_run=run)).mask(signs, starts)

    expected = [one for text in texts for one in plainly_covered(text, allowed, run)]
    assert (signs == MASKED).tolist() == expected
    told = np.zeros(len(signs), dtype=int)
    for begin, end in rows:
        told[begin:end] += 1
    assert told.tolist() == [int(one) for one in expected], "each letter is told of once"
    assert rows[:, 0].tolist() == sorted(rows[:, 0].tolist())


@pytest.mark.parametrize(
    "allowed", ["", "县委巡察工作领导小组办公室关于开展本届第三轮常规巡察的通知"]
)
def test_allowed_text_beside_a_few_shared_words_makes_no_more_of_them(allowed):
    documents = {}
    for key in "ab":
        dice = random.Random(key)
        own = ["".join(chr(0x4E00 + dice.randrange(20_000)) for _ in range(20)) for _ in range(8)]
        shared = f"{allowed}，退还多收押金九千元整并道歉"
        documents[key] = "。".join([*own[:4], f"{own[4]}{shared}", *own[5:]])

    assert not scan(documents, Settings(least_letters=4), allowed=[allowed]).pairs
