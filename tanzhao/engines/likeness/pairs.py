"""All pairs of many documents at once, and the wording that is common to too many of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.candidates import Ahead, ahead_of
from tanzhao.engines.likeness.gathering import Gathered, gather, own_letters, spans_of
from tanzhao.engines.likeness.joining import Joined, join
from tanzhao.engines.likeness.judging import judge_from, measures_of, weights_of
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.parting import Parted
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.stretches import COLUMNS, EQUAL, L0, L1, R0, R1
from tanzhao.engines.likeness.texts import Found, Pair, Passage, Span, many_of
from tanzhao.engines.likeness.widely_held import common_passages_of


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
    texts = _texts(documents, keys, templates, names)
    rooms = Rooms()
    prints = Parted(len(keys) + len(names), rooms)
    gathered = gather(texts, len(keys) + len(names), settings, ready, rooms, prints)
    joined = join(prints, gathered.letter_starts, len(keys), settings.cap, settings.repeats, rooms)
    weights = weights_of(joined, settings.few)
    ahead = ahead_of(joined, weights, rooms)
    pairs = tuple(_pairs(documents, keys, gathered, joined, ahead, weights, settings))
    # What is common is looked for by document.
    rooms.give_back(ahead.rows, joined.held, joined.group_starts)
    common = common_passages_of(documents, keys, names, gathered, joined, settings, rooms)
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
    ahead: Ahead,
    weights: NDArray[np.int8],
    settings: Settings,
) -> Iterator[Pair]:
    pairs = np.empty((1 << 14, 3), dtype=np.int32)
    stretches = np.empty((1 << 16, COLUMNS), dtype=np.int32)
    document = 0
    while document < len(keys):
        before = document
        document, count, size = judge_from(
            document, len(keys), gathered.signs, gathered.widths, gathered.letter_starts, joined,
            ahead, weights, measures_of(settings), pairs, stretches,
        )  # fmt: skip
        if document == before:
            # One document alone has more to show than there is room for.
            pairs = np.empty((2 * len(pairs), 3), dtype=np.int32)
            stretches = np.empty((2 * len(stretches), COLUMNS), dtype=np.int32)
        else:
            yield from in_characters(
                keys, gathered, pairs[:count], stretches[:size], lambda one: documents[keys[one]]
            )


def in_characters(
    keys: Sequence[str],
    gathered: Gathered,
    pairs: NDArray[np.int32],
    stretches: NDArray[np.int32],
    text_of: Callable[[int], str],
) -> Iterator[Pair]:
    """Give pairs in characters from their stretches in letters, as `judge_from` wrote them."""
    counts = np.diff(pairs[:, 2], prepend=0)
    sides = (
        spans_of(gathered, np.repeat(pairs[:, side], counts), stretches[:, columns], text_of)
        for side, columns in ((0, slice(L0, L1 + 1)), (1, slice(R0, R1 + 1)))
    )
    lefts, rights = (many_of(Span, one[:, 0].tolist(), one[:, 1].tolist()) for one in sides)
    letters = stretches[:, L1] - stretches[:, L0] + stretches[:, R1] - stretches[:, R0]
    same = np.round(2 * stretches[:, EQUAL] / letters, 4).tolist()
    passages = list(many_of(Passage, lefts, rights, same))
    end = 0
    for left, right, after in pairs.tolist():
        begin, end = end, after
        here = stretches[begin:end]
        yield Pair(
            keys[left],
            keys[right],
            _share(here[:, L0 : L1 + 1], own_letters(gathered, left)),
            _share(here[:, R0 : R1 + 1], own_letters(gathered, right)),
            tuple(passages[begin:end]),
        )


def _share(stretches: NDArray[np.int32], size: int) -> float:
    """Give the share of letters that stretches cover, which may overlap."""
    covered = last = 0
    for begin, end in sorted(stretches.tolist()):
        covered += max(0, end - max(begin, last))
        last = max(last, end)
    return round(covered / size, 4) if size else 0.0
