"""Forgetting documents: their texts, prints and pairs leave the store."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.comparing import Comparison
from tanzhao.engines.likeness.keeping import writing
from tanzhao.engines.likeness.keeping.adding import By, commit
from tanzhao.engines.likeness.keeping.growing import Growing
from tanzhao.engines.likeness.keeping.locking import alone
from tanzhao.engines.likeness.keeping.looking_up import KnownDocuments
from tanzhao.engines.likeness.known import Known
from tanzhao.engines.likeness.store import Batch, Store, must_fit, open_store
from tanzhao.engines.likeness.texts import Pair

# Prints whose holders are counted at a time, so that memory does not grow with what is judged.
COUNTED_AT_ONCE = 20_000


def forget(folder: Path, keys: Iterable[str], by: By) -> Store:
    """Remove documents from the store in `folder`, with their texts, prints and pairs.

    All of them are removed or, if anything goes wrong or the process ends, none. The pairs left
    are those of one scan of the documents left. Keys that are not in it are passed over.

    Raises: NoStore if the folder is no store, or somebody else is changing it.
    """
    with alone(folder):
        store = open_store(folder)
        must_fit(store, by.settings, by.wording)
        writing.remove_unnamed(store)
        known = KnownDocuments(store)
        gone = [key for key in dict.fromkeys(keys) if key in known]
        return _without(store, known, gone, by) if gone else store


def _without(store: Store, known: KnownDocuments, gone: Sequence[str], by: By) -> Store:
    pairs = [one for one in known.pairs() if one.left not in gone and one.right not in gone]
    growing = Growing(known, pairs, without=gone)
    comparison = Comparison(growing, by.settings, by.allowed, by.templates)
    for (left, right), pair in _judged(comparison, _touched(comparison, known, gone)):
        growing.replace([pair] if pair else [], [] if pair else [(left, right)])
    name = f"{store.changes + 1:06}"
    owners = sorted(known.owner(key) for key in gone)
    batches: list[Batch] = []
    for batch in store.batches:
        least, most = known.owners_of(batch)
        if mine := [owner for owner in owners if least <= owner <= most]:
            batch = writing.merge(store, [batch], f"{name}-{len(batches)}", without=mine)
        if batch.documents:
            batches.append(batch)
    return commit(store.changed(batches=tuple(batches)), growing.pairs)


def _touched(
    comparison: Comparison, known: KnownDocuments, gone: Sequence[str]
) -> list[tuple[str, str]]:
    """Give two documents each that share wording which counts for more now: only what they show
    can have changed."""
    documents = [comparison.document(key, known.text(key)) for key in gone]
    hashes = np.unique(np.concatenate([one.distinct for one in documents]))
    hashes = hashes[~np.isin(hashes, comparison.of_templates)]
    postings = known.postings(hashes)
    keys = list(postings.keys)
    left_out = np.isin(postings.owners, [keys.index(key) for key in gone])
    before = _counts(postings.hashes, postings.owners, hashes)
    rest = ~left_out
    after = _counts(postings.hashes[rest], postings.owners[rest], hashes)
    steps = (comparison.settings.few, comparison.settings.cap)
    crossed = hashes[np.searchsorted(steps, before) != np.searchsorted(steps, after)]
    rest &= np.isin(postings.hashes, crossed)
    rows = _holders(postings.hashes[rest], postings.owners[rest])
    groups = np.split(rows[:, 1], np.flatnonzero(np.diff(rows[:, 0])) + 1)
    sharing = {tuple(group.tolist()) for group in groups}
    touched = {pair for owners in sharing for pair in combinations(owners, 2)}
    named = ((keys[one], keys[other]) for one, other in touched)
    return sorted((min(pair), max(pair)) for pair in named)


def _judged(
    comparison: Comparison, touched: Sequence[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], Pair | None]]:
    """Judge pairs as one scan of the documents that are left would."""
    known = comparison.known
    names = sorted({key for pair in touched for key in pair})
    prints = {key: comparison.document(key, known.text(key)).distinct for key in names}
    if not names:
        return
    hashes = np.unique(np.concatenate(list(prints.values())))
    counts = _held(known, hashes)
    for left, right in touched:
        shared = np.intersect1d(prints[left], prints[right], assume_unique=True)
        weights = comparison.weights(shared, counts[np.searchsorted(hashes, shared)])
        texts = (left, known.text(left)), (right, known.text(right))
        yield (left, right), comparison.judged(*texts, shared, weights)


def _held(known: Known, hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give how many documents have each of these prints, which ascend."""
    counts = []
    for at in range(0, len(hashes), COUNTED_AT_ONCE):
        some = hashes[at : at + COUNTED_AT_ONCE]
        postings = known.postings(some)
        counts.append(_counts(postings.hashes, postings.owners, some))
    return np.concatenate(counts)


def _holders(hashes: NDArray[np.int64], owners: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give rows (hash, owner), each once, in order."""
    both = np.sort(hashes << 31 | owners)
    both = both[np.diff(both, prepend=-1) != 0]
    return np.stack([both >> 31, both & 0x7FFFFFFF], axis=1)


def _counts(
    hashes: NDArray[np.int64], owners: NDArray[np.int32], wanted: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Give how many documents have each of the prints `wanted`, which ascend."""
    found = _holders(hashes, owners)[:, 0]
    return np.searchsorted(found, wanted, side="right") - np.searchsorted(found, wanted)
