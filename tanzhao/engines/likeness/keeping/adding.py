"""Adding documents to a store: whole or not at all, by one at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tanzhao.engines.likeness import compare_with, prints_of, scan
from tanzhao.engines.likeness.keeping import writing
from tanzhao.engines.likeness.keeping.growing import Growing
from tanzhao.engines.likeness.keeping.layout import pair_rows, write_rows
from tanzhao.engines.likeness.keeping.locking import alone
from tanzhao.engines.likeness.keeping.looking_up import KnownDocuments
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.store import (
    FILE,
    Batch,
    NoStore,
    Store,
    must_fit,
    open_store,
    wording_of,
    write_store,
)
from tanzhao.engines.likeness.texts import CommonPassage, Extracted, Pair

# Comparing one document with a large store costs about what scanning a hundred does.
SCAN_FROM = 100
# A batch is put together with those before it that are not at least so many times as large.
GROWTH = 4


@dataclass(frozen=True)
class By:
    """What a store is made by: settings, allowed texts and templates, and the pack's name."""

    settings: Settings
    allowed: tuple[str, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)
    pack: str = ""

    @property
    def wording(self) -> str:
        return wording_of(self.allowed, self.templates)


@dataclass(frozen=True)
class Added:
    """What came of adding documents.

    Attributes:
        store: as it is now.
        keys: the documents added, in order.
        pairs: those in which an added document is.
        common: common passages that an added document has.
        already: documents that were there already, with the same text.
        clashing: names that a document with another text has; those were not added.
    """

    store: Store
    keys: tuple[str, ...]
    pairs: tuple[Pair, ...]
    common: tuple[CommonPassage, ...]
    already: tuple[str, ...] = ()
    clashing: tuple[str, ...] = ()


def must_be_free(folder: Path) -> None:
    """Refuse a folder that holds other things than a store, or what a crash left of one.

    Raises: NoStore("no_store").
    """
    ours = {"lock", "store.json.draft", "pairs", *writing.TABLES}
    if (folder / FILE).exists() or not folder.exists():
        return
    if not folder.is_dir() or {file.name for file in folder.iterdir()} - ours:
        raise NoStore("no_store", folder=str(folder))


def begin_or_open(folder: Path, by: By) -> Store:
    """Open the store in `folder`, or give a new one that is not written yet.

    Raises: NoStore if there is one of another format or made by something else.
    """
    if not (folder / FILE).exists():
        return Store(folder, by.settings, by.wording, by.pack)
    store = open_store(folder)
    must_fit(store, by.settings, by.wording)
    return store


def add(
    folder: Path,
    documents: Iterable[tuple[str, Extracted]],
    by: By,
    *,
    scan_from: int = SCAN_FROM,
    on_progress: Callable[[int], None] = lambda _compared: None,
) -> Added:
    """Add documents to the store in `folder`, which is begun if it is missing.

    All of them are added or, if anything goes wrong or the process ends, none. The pairs of the
    store are then those of one scan of all its documents, however they were added.

    Args:
        documents: (key, text), in the order in which they came.
        scan_from: added to a store of fewer than so many times as many documents, all are scanned
            at once instead of compared one by one; the outcome is the same.
        on_progress: told how many documents have been compared.
    Raises: NoStore if the folder cannot be used, or somebody else is changing it.
    """
    must_be_free(folder)
    with alone(folder):
        store = begin_or_open(folder, by)
        writing.remove_unnamed(store)
        known = KnownDocuments(store)
        new, already, clashing = _sorted_out(known, documents)
        if not new:
            return Added(store, (), (), (), already, clashing)
        if store.documents < scan_from * len(new):
            pairs, common = _scanned(known, new, by)
            on_progress(len(new))
        else:
            pairs, common = _compared(known, new, by, on_progress)
        changed = _write(store, new, pairs)
        mine = tuple(one for one in pairs if one.left in new or one.right in new)
        held = tuple(one for one in common if any(holder.key in new for holder in one.holders))
        return Added(changed, tuple(new), mine, held, already, clashing)


def _sorted_out(
    known: KnownDocuments, documents: Iterable[tuple[str, Extracted]]
) -> tuple[dict[str, Extracted], tuple[str, ...], tuple[str, ...]]:
    new: dict[str, Extracted] = {}
    already: list[str] = []
    clashing: list[str] = []
    for key, one in documents:
        if key in known:
            same = known.text(key) == one.text.encode("utf-8", "replace").decode()
            (already if same else clashing).append(key)
        elif key in new:
            (already if new[key].text == one.text else clashing).append(key)
        else:
            new[key] = one
    return new, tuple(already), tuple(clashing)


def _scanned(
    known: KnownDocuments, new: Mapping[str, Extracted], by: By
) -> tuple[tuple[Pair, ...], tuple[CommonPassage, ...]]:
    texts = {key: one.text for key, one in known.texts()}
    texts |= {key: one.text for key, one in new.items()}
    found = scan(texts, by.settings, allowed=by.allowed, templates=by.templates)
    return found.pairs, found.common


def _compared(
    known: KnownDocuments,
    new: Mapping[str, Extracted],
    by: By,
    on_progress: Callable[[int], None],
) -> tuple[tuple[Pair, ...], tuple[CommonPassage, ...]]:
    growing = Growing(known, known.pairs())
    common: dict[str, CommonPassage] = {}
    for number, (key, one) in enumerate(new.items(), 1):
        found = compare_with(
            growing, key, one.text, by.settings, allowed=by.allowed, templates=by.templates
        )
        growing.take(key, one.text, prints_of(one.text, by.settings), found.pairs, found.gone)
        # What was common with an earlier one has more holders now.
        common |= {passage.text: passage for passage in found.common}
        on_progress(number)
    return growing.pairs, tuple(common[text] for text in sorted(common))


def _write(
    store: Store,
    new: Mapping[str, Extracted],
    pairs: Sequence[Pair],
) -> Store:
    name = f"{store.changes + 1:06}"
    own = f"{name}.new"
    with writing.BatchWriter(store, own) as batch:
        for place, (key, one) in enumerate(new.items(), store.following):
            # Printed once more: the prints of all of them would take more room than their texts.
            batch.put(place, key, one, prints_of(one.text, store.settings))
        fresh = batch.finish()
    kept, merged = _tail(store.batches, fresh)
    if merged:
        made = writing.merge(store, [*merged, fresh], name)
    else:
        for table in writing.TABLES:
            store.file(table, own).rename(store.file(table, name))
        made = Batch(name, fresh.documents, fresh.prints)
    return commit(store.changed(
        batches=(*kept, made), following=store.following + len(new)
    ), pairs)  # fmt: skip


def _tail(batches: Sequence[Batch], fresh: Batch) -> tuple[tuple[Batch, ...], tuple[Batch, ...]]:
    """Part the batches into those that stay and those that the new one is put together with."""
    size = fresh.prints + 1
    at = len(batches)
    while at and batches[at - 1].prints + 1 < GROWTH * size:
        at -= 1
        size += batches[at].prints + 1
    return tuple(batches[:at]), tuple(batches[at:])


def commit(store: Store, pairs: Sequence[Pair]) -> Store:
    """Write the pairs, then store.json, which makes the change count; remove what it replaced."""
    store.pairs.parent.mkdir(exist_ok=True)
    write_rows(store.pairs, pair_rows(pairs), group=10_000)
    write_store(store)
    writing.remove_unnamed(store)
    return store
