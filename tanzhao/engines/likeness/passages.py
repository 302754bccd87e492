"""Passages of two documents, near duplicates, and common passages alone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.gathering import gather
from tanzhao.engines.likeness.joining import join
from tanzhao.engines.likeness.judging import judge_pair
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.pairs import in_characters, scan
from tanzhao.engines.likeness.parting import Parted
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.stretches import RARE
from tanzhao.engines.likeness.texts import CommonPassage, Pair, Passage


def passages_between(
    left: str, right: str, settings: Settings, *, allowed: Iterable[str] = ()
) -> tuple[Passage, ...]:
    """Find the passages that two texts share, in the order of the left.

    Nothing is known of other documents, so that all wording counts in full. Passages do not
    overlap on the left; one sentence of the right may be shown twice.
    """
    rooms = Rooms()
    prints = Parted(2, rooms)
    gathered = gather((left, right), 2, settings, Allowed(allowed, settings), rooms, prints)
    joined = join(prints, gathered.letter_starts, 2, 2, settings.repeats, rooms)
    weights = np.full(len(joined.group_starts) - 1, RARE, dtype=np.int8)
    stretches = judge_pair(gathered, joined, weights, 0, 1, settings)
    pairs = np.array([[0, 1, len(stretches)]], dtype=np.int32)
    (pair,) = in_characters(("", ""), gathered, pairs, stretches, (left, right).__getitem__)
    return pair.passages


def near_duplicates(
    texts: Mapping[str, str], *, least: float = 0.8, settings: Settings | None = None
) -> list[Pair]:
    """Find the pairs of which one document is covered by the other to `least`, 0 to 1.

    Returns: most alike first, by the larger share, then by their keys. Of wording that more than
        `cap` documents have no pairs are made: see `common_passages`.
    """
    pairs = [
        pair
        for pair in scan(texts, settings or Settings()).pairs
        if max(pair.left_share, pair.right_share) >= least
    ]
    return sorted(
        pairs, key=lambda pair: (-max(pair.left_share, pair.right_share), pair.left, pair.right)
    )


def common_passages(
    texts: Mapping[str, str],
    settings: Settings,
    *,
    allowed: Iterable[str] = (),
    templates: Mapping[str, str] | None = None,
) -> tuple[CommonPassage, ...]:
    """Find the wording that more than `cap` texts share, those with most holders first."""
    # No pair has so many letters to show.
    alone = replace(settings, least_letters=1 << 24)
    return scan(texts, alone, allowed=allowed, templates=templates).common
