"""Forgetting a document: its text, its prints and its pairs leave the store."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from tanzhao.engines.likeness import compare_with, prints_of
from tanzhao.engines.likeness.keeping import writing
from tanzhao.engines.likeness.keeping.adding import By, commit
from tanzhao.engines.likeness.keeping.growing import Growing
from tanzhao.engines.likeness.keeping.locking import alone
from tanzhao.engines.likeness.keeping.looking_up import KnownDocuments
from tanzhao.engines.likeness.store import Store, must_fit, open_store


def forget(folder: Path, keys: Iterable[str], by: By) -> Store:
    """Remove documents from the store in `folder`, with their texts, prints and pairs.

    The pairs left are those of one scan of the documents left. Keys that are not in it are passed
    over.

    Raises: NoStore if the folder is no store, or somebody else is changing it.
    """
    with alone(folder):
        store = open_store(folder)
        must_fit(store, by.settings, by.wording)
        writing.remove_unnamed(store)
        for key in dict.fromkeys(keys):
            known = KnownDocuments(store)
            if key in known:
                store = _without(store, known, key, by)
        return store


def _without(store: Store, known: KnownDocuments, key: str, by: By) -> Store:
    pairs = [one for one in known.pairs() if key not in (one.left, one.right)]
    growing = Growing(known, pairs, without=key)
    for other in _less_held(growing, known, key, by):
        found = compare_with(
            _Unpaired(growing),
            other,
            known.text(other),
            by.settings,
            allowed=by.allowed,
            templates=by.templates,
        )
        before = [sorted((other, one)) for one in growing.partners(other)]
        now = [one for one in found.pairs if other in (one.left, one.right)]
        growing.replace(now, [(left, right) for left, right in before])
    name = f"{store.changes + 1:06}"
    owner = known.owner(key)
    batches = []
    for batch in store.batches:
        least, most = known.owners_of(batch)
        if least <= owner <= most:
            batch = writing.merge(store, [batch], name, without=[owner])
        if batch.documents:
            batches.append(batch)
    return commit(store.changed(batches=tuple(batches)), growing.pairs)


class _Unpaired:
    """What is known, without pairs: only those of the document asked about are judged."""

    def __init__(self, growing: Growing) -> None:
        self.postings = growing.postings
        self.text = growing.text

    def partners(self, _key: str) -> tuple[str, ...]:
        return ()


def _less_held(growing: Growing, known: KnownDocuments, key: str, by: By) -> Iterator[str]:
    """Give the documents with wording that counts for more now that `key` is gone."""
    text = known.text(key)
    prints = prints_of(text, by.settings)
    left = growing.postings(prints.hashes)
    both = np.unique(left.hashes << 31 | left.owners.astype(np.int64))
    hashes, counts = np.unique(both >> 31, return_counts=True)
    # One more held them before.
    crossed = hashes[np.isin(counts, (by.settings.few, by.settings.cap))]
    owners = np.unique(both[np.isin(both >> 31, crossed)] & 0x7FFFFFFF)
    yield from sorted(left.keys[owner] for owner in owners.tolist())
