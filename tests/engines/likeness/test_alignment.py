"""Equal letters are followed, past letters replaced, left out and put in, as plain Python does."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tanzhao.engines.likeness import plain
from tanzhao.engines.likeness.alignment import FURTHER, extended
from tanzhao.engines.likeness.letters import MASKED


def edited(dice, letters, kinds):
    """Give a copy with some letters replaced, left out or put in, and now and then masked."""
    copy = []
    every = dice.choice((4, 8, 16, 30))
    left_out = 0
    for letter in letters:
        left_out -= 1
        chosen = dice.random() * every
        if chosen < 0.3:
            left_out = dice.choice((1, 2, 6, 7, 13))
        if left_out > 0:
            continue
        if chosen > every - 0.3:
            copy += [dice.randrange(2, kinds) for _ in range(dice.choice((1, 2, 6, 7, 13)))]
        replaced = every - 0.8 < chosen < every - 0.3
        copy.append(dice.randrange(2, kinds) if replaced else letter)
        if chosen < 0.31 and dice.random() < 0.03:
            copy[-1] = MASKED
    return copy


@given(st.integers(0, 2**32))
@settings(max_examples=1000, deadline=None)
def test_letters_met_are_those_of_the_plain_version(seed):
    dice = random.Random(seed)
    # Of few letters, where many ways are worth the same, and of many as in a text.
    kinds = dice.choice((4, 6, 12, 60))
    a = [dice.randrange(2, kinds) for _ in range(dice.randrange(1, 160))]
    b = edited(dice, a, kinds)
    for _ in range(dice.choice((0, 0, 1, 2))):
        a[dice.randrange(len(a))] = MASKED
    covered = [dice.random() < 0.003 for _ in a]
    step = dice.choice((-1, 1))
    i, j = (0, 0) if step > 0 else (len(a) - 1, len(b) - 1)
    i, j = i + step * dice.choice((-1, 0, 0, 0, 3)), j + step * dice.choice((0, 0, 0, 2))
    sure = dice.choice((0, 17, 18, 30))
    scores = np.empty(FURTHER + 2, dtype=np.int32)
    trace = np.empty((FURTHER + 1, FURTHER + 1), dtype=np.uint8)
    lefts, rights = (np.empty(len(a) + len(b) + 1, dtype=np.int32) for _ in range(2))

    count = extended(
        np.array(a, dtype=np.uint16), np.array(b, dtype=np.uint16), np.array(covered), i, j, step,
        scores, trace, lefts, rights, 0, sure,
    )  # fmt: skip

    met = zip(lefts[:count].tolist(), rights[:count].tolist(), strict=True)
    assert list(met) == plain.extended(a, b, covered, i, j, step, sure)
