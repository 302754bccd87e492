"""The common passages of a document that comes last are those that one scan tells of it."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tanzhao.engines.likeness import compare_with, prints_of, scan
from tanzhao.engines.likeness.settings import Settings
from tests.engines.likeness.remembered import Remembered

TIGHT = Settings(cap=8, few=3)


def sentence(dice, least=10):
    return (
        "".join(chr(0x4E00 + dice.randrange(20_000)) for _ in range(dice.randint(least, 30))) + "。"
    )


def both(documents):
    """Give the common passages of the last document, as comparing it tells them and as a scan."""
    *rest, last = documents
    known = Remembered(TIGHT)
    known.texts = {key: documents[key] for key in rest}
    known.prints = {key: prints_of(documents[key], TIGHT) for key in rest}
    compared = compare_with(known, last, documents[last], TIGHT).common
    whole = scan(documents, TIGHT).common
    return compared, tuple(one for one in whole if last in {holder.key for holder in one.holders})


@given(
    seed=st.integers(0, 10**9),
    sentences=st.integers(1, 5),
    others=st.integers(9, 14),
    lines=st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_a_common_passage_is_told_of_whole_by_comparing_as_by_a_scan(
    seed, sentences, others, lines
):
    dice = random.Random(seed)
    shared = [sentence(dice, 14) for _ in range(sentences)]
    documents = {}
    for number in range(others + 1):
        own = [sentence(dice) for _ in range(dice.randint(2, 6))]
        if dice.random() < 0.9 or number == others:
            own[(at := dice.randint(0, len(own))) : at] = shared
        documents[f"{number:02}"] = ("\n" if lines else "").join(own)

    compared, scanned = both(documents)

    assert compared == scanned


def test_what_lies_within_a_longer_passage_is_not_told_of_by_itself_and_short_wording_never_is():
    dice = random.Random(3)
    shared, short = "".join(sentence(dice, 20) for _ in range(4)), "多出的838.34万元已"
    documents = {
        f"{number:02}": f"{sentence(dice)}{short}{sentence(dice)}{shared}{sentence(dice)}"
        for number in range(12)
    }

    compared, scanned = both(documents)

    assert compared == scanned
    assert [one.text for one in compared] == [shared[:-1]]
