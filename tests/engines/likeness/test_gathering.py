"""Documents made ready for the join: whatever they are, one behind the other."""

import random
from itertools import pairwise

import numpy as np
import pytest

from tanzhao.engines.likeness import prints_of, scan
from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.gathering import gather
from tanzhao.engines.likeness.letters import letters_of
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.parting import InOrder, Parted
from tanzhao.engines.likeness.settings import Settings

SETTINGS = Settings()
NOTHING = Allowed((), SETTINGS)


def of_each(gathered, columns, starts):
    bounds = getattr(gathered, starts)
    for begin, end in pairwise(bounds):
        yield [getattr(gathered, column)[begin:end].tolist() for column in columns]


@pytest.mark.parametrize(
    "texts",
    [
        ["\u337f" * 20_000, "项目", ""],  # one sign folds to four letters
        ["\ufdfa" * 5000, "整改报告。" * 40],  # to eighteen
        ["\u337f", "项目整改已经完成。" * 30_000, "\ufdfa" * 4000, "甲"],
        ["", "", ""],
        [],
    ],
    ids=["four", "eighteen", "several batches", "empty", "none"],
)
def test_letters_and_prints_are_those_of_each_text_alone(texts):
    prints = InOrder()
    gathered = gather(texts, len(texts), SETTINGS, NOTHING, Rooms(), prints)

    letters = [letters_of(text) for text in texts]
    assert [signs for (signs,) in of_each(gathered, ["signs"], "letter_starts")] == [
        one.signs.tolist() for one in letters
    ]
    for text, one, (hashes, places) in zip(
        texts, letters, of_each(prints, ["hashes", "places"], "starts"), strict=True
    ):
        alone = prints_of(text, SETTINGS)
        assert hashes == alone.hashes.tolist()
        assert one.starts[places].tolist() == alone.starts.tolist()


def test_a_long_first_text_takes_no_room_for_as_long_ones_behind_it():
    texts = ["整改落实。" * 100_000, "项目"]

    gathered = gather(texts, 50_000, SETTINGS, NOTHING, Rooms(), InOrder())

    assert gathered.signs.base.nbytes <= 1 << 28


def test_prints_of_a_long_first_text_take_no_room_for_as_many_behind_it():
    prints = Parted(50_000, Rooms())

    gather(["整改落实。" * 100_000, "项目"], 50_000, SETTINGS, NOTHING, Rooms(), prints)

    assert prints.values.nbytes <= 1 << 30


@pytest.mark.parametrize("gap", ["", "的确", "某"])
def test_a_print_that_only_stands_near_allowed_text_keeps_its_place(gap):
    allowed = Allowed(["中共某某县委员会文件"], SETTINGS)

    text, prints = f"特此报告。{gap}中共某某县委员会文件", InOrder()
    gathered = gather([text], 1, SETTINGS, allowed, Rooms(), prints)

    assert prints.places.tolist()[0] == 0
    assert (prints.places[1:] < 0).all()
    assert np.count_nonzero(gathered.signs) == 4 + len(gap)


def own_words(dice):
    return "".join(chr(0x4E00 + dice.randrange(9000)) for _ in range(30)) + "。"


def test_a_common_passage_ends_with_its_last_sentence():
    dice = random.Random(1)
    common = "以上整改情况已经党委会议集体研究并在本单位范围内公示。特此报告。"
    documents = {f"{k:02}": own_words(dice) + common + own_words(dice) for k in range(25)}

    found = scan(documents, SETTINGS).common

    assert [one.text for one in found] == [common[:-1]]
