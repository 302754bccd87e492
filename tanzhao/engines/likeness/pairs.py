"""All pairs of many documents at once, and the wording that is common to too many of them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.alignment import EQUAL, L0, L1, R0, R1
from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.common import common_passages_of
from tanzhao.engines.likeness.gathering import Gathered, gather
from tanzhao.engines.likeness.joining import Joined, join
from tanzhao.engines.likeness.judging import judge_from, measures_of, weights_of
from tanzhao.engines.likeness.letters import Letters, letters_of
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.texts import Found, Pair, Passage, Span


def scan(
    documents: Mapping[str, str],
    settings: Settings,
    *,
    allowed: Iterable[str] = (),
    templates: Mapping[str, str] | None = None,
) -> Found:
    """Find every pair of documents that share passages, and the common passages.

    documents: key to text, in the order in which they came. A mapping that reads its texts when
        asked is enough: they are read once, and those of pairs again.
    allowed: texts that anybody may use; what stands in one is left out of everything.
    templates: name to text; wording that stands in one makes no pairs and is common.

    Returns: pairs by their keys; common passages, those with most holders first.
    """
    templates = templates or {}
    keys = sorted(documents)
    names = sorted(templates)
    ready = Allowed(allowed, settings)
    gathered = gather(_texts(documents, keys, templates, names), settings, ready)
    joined = join(gathered.hashes, gathered.places, gathered.print_starts, settings.repeats)
    weights = weights_of(joined, len(keys), settings)
    pairs = tuple(_pairs(documents, keys, gathered, joined, weights, settings))
    common = common_passages_of(documents, keys, names, gathered, joined, weights, settings)
    return Found(pairs, common)


def _texts(
    documents: Mapping[str, str],
    keys: list[str],
    templates: Mapping[str, str],
    names: list[str],
) -> Iterator[str]:
    for key in keys:
        yield documents[key]
    for name in names:
        yield templates[name]


def _pairs(
    documents: Mapping[str, str],
    keys: list[str],
    gathered: Gathered,
    joined: Joined,
    weights: NDArray[np.int8],
    settings: Settings,
) -> Iterator[Pair]:
    @lru_cache(maxsize=256)
    def letters(document: int) -> Letters:
        return letters_of(documents[keys[document]])

    pairs = np.empty((1 << 14, 3), dtype=np.int32)
    stretches = np.empty((1 << 16, 6), dtype=np.int32)
    document = 0
    while document < len(keys):
        before = document
        document, count, _ = judge_from(
            document, len(keys), gathered.signs, gathered.letter_starts, joined.group_starts,
            joined.holders, joined.document_starts, joined.groups, joined.places, weights,
            measures_of(settings), pairs, stretches,
        )  # fmt: skip
        if document == before:
            # One document alone has more to show than there is room for.
            pairs = np.empty((2 * len(pairs), 3), dtype=np.int32)
            stretches = np.empty((2 * len(stretches), 6), dtype=np.int32)
        ends = [0, *pairs[:count, 2].tolist()]
        for (left, right, _), (begin, end) in zip(
            pairs[:count].tolist(), pairwise(ends), strict=True
        ):
            yield pair_of_stretches(
                (keys[left], letters(left), int(gathered.sizes[left])),
                (keys[right], letters(right), int(gathered.sizes[right])),
                stretches[begin:end],
            )


def pair_of_stretches(
    left: tuple[str, Letters, int],
    right: tuple[str, Letters, int],
    stretches: NDArray[np.int32],
) -> Pair:
    """Give a pair in characters from its stretches in letters.

    `left`, `right`: key, letters and how many of them are not allowed text.
    """
    left_key, left_letters, left_size = left
    right_key, right_letters, right_size = right
    return Pair(
        left_key,
        right_key,
        _share(stretches[:, L0], stretches[:, L1], left_size),
        _share(stretches[:, R0], stretches[:, R1], right_size),
        passages_of_stretches(left_letters, right_letters, stretches),
    )


def passages_of_stretches(
    left: Letters, right: Letters, stretches: NDArray[np.int32]
) -> tuple[Passage, ...]:
    """Give stretches in letters as passages in characters."""
    passages = []
    for row in stretches.tolist():
        letters = (row[L1] - row[L0]) + (row[R1] - row[R0])
        passages.append(
            Passage(
                Span(int(left.starts[row[L0]]), int(left.ends[row[L1] - 1])),
                Span(int(right.starts[row[R0]]), int(right.ends[row[R1] - 1])),
                round(2 * row[EQUAL] / letters, 4),
            )
        )
    return tuple(passages)


def _share(begins: NDArray[np.int32], ends: NDArray[np.int32], size: int) -> float:
    """Give the share of letters that stretches cover, which may overlap."""
    covered = last = 0
    for begin, end in sorted(zip(begins.tolist(), ends.tolist(), strict=True)):
        covered += max(0, end - max(begin, last))
        last = max(last, end)
    return round(covered / size, 4) if size else 0.0
