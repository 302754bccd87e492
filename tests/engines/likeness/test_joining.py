"""The join: every print that two documents have, with its holders and its places."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanzhao.engines.likeness import plain
from tanzhao.engines.likeness.joining import join
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.parting import CHUNK, Parted

# One part, a few, all of them.
MANY = st.sampled_from([2, 300, 50_000])
# A print, and whether it touches allowed text.
PRINTS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=8)


def joined_of(documents, *, texts, templates=0, cap=100, repeats=2, batch=2):
    """Join documents, each a list of (print, allowed), whose prints begin at each letter."""
    prints = Parted(texts, Rooms())
    letter_starts = np.concatenate(([0], np.cumsum([len(held) for held in documents])))
    for begin in range(0, len(documents), batch):
        held = documents[begin : begin + batch]
        starts = np.concatenate(([0], np.cumsum([len(one) for one in held]))).astype(np.int64)
        hashes = np.array([one for some in held for one, _ in some], dtype=np.uint32)
        places = np.array(
            [-1 - k if allowed else k for some in held for k, (_, allowed) in enumerate(some)],
            dtype=np.int32,
        )
        prints.take(hashes, places, starts, letter_starts[begin : begin + batch + 1], 1.0)
    size = len(documents) - templates
    return join(prints, letter_starts.astype(np.int64), size, cap, repeats, Rooms())


def rows_of(joined, document):
    part = slice(joined.document_starts[document], joined.document_starts[document + 1])
    return list(zip(joined.groups[part].tolist(), joined.places[part].tolist(), strict=True))


@given(st.lists(PRINTS, max_size=6), MANY, st.integers(0, 2), st.integers(2, 4))
@settings(max_examples=200, deadline=None)
def test_the_join_gives_every_print_its_holders_and_every_document_its_prints(
    documents, texts, templates, cap
):
    # Spread over all parts of the join.
    spread = [[(one * 357_913_941 % 2**32, allowed) for one, allowed in held] for held in documents]
    templates = min(templates, len(spread))

    joined = joined_of(spread, texts=texts, templates=templates, cap=cap)

    everybody = plain.holders_of({k: [one for one, _ in held] for k, held in enumerate(spread)})
    common = {
        one
        for one, holders in everybody.items()
        if len(holders) > cap or max(holders) >= len(spread) - templates
    }
    ordered = [one for one in everybody if one not in common]
    open_ = [[one for one, allowed in held if not allowed] for held in spread]
    places = [[k for k, (_, allowed) in enumerate(held) if not allowed] for held in spread]
    assert joined.common == len(common)
    for group, one in enumerate(ordered):
        begin, end = joined.group_starts[group : group + 2]
        assert joined.held[begin:end].tolist() == [
            [holder, places[holder][open_[holder].index(one)] if one in open_[holder] else -1]
            for holder in everybody[one]
        ]
    ordered += [one for one in everybody if one in common]
    for document, held in enumerate(open_):
        expected = [
            (group, place)
            for group, one in enumerate(ordered)
            for place in [places[document][k] for k, other in enumerate(held) if other == one][:2]
        ]
        assert rows_of(joined, document) == expected
        of_common = joined.common_starts[document] - joined.document_starts[document]
        assert all((row[0] >= len(everybody) - len(common)) for row in expected[of_common:])
        assert all((row[0] < len(everybody) - len(common)) for row in expected[:of_common])


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 7])
@pytest.mark.parametrize("texts", [2, 50_000])
def test_a_part_may_have_any_number_of_prints(size, texts):
    documents = [[(7, False)] * size, [(9, False), (7, False)], [(7, True)] * size, [(9, True)]]

    joined = joined_of(documents, texts=texts, repeats=3, batch=1)

    assert joined.held.tolist() == [[0, 0], [1, 1], [2, -1], [1, 0], [3, -1]]
    assert rows_of(joined, 0) == [(0, 0), (0, 1), (0, 2)]
    assert rows_of(joined, 1) == [(0, 1), (1, 0)]
    assert rows_of(joined, 2) == rows_of(joined, 3) == []
