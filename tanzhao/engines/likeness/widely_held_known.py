"""The common passages of one new document, from the places that a store gives."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.gathering import gather
from tanzhao.engines.likeness.known import Known, Postings
from tanzhao.engines.likeness.letters import letters_of
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.parting import InOrder
from tanzhao.engines.likeness.pieces import NEAR, Runs, passages_of
from tanzhao.engines.likeness.prints import Prints
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.texts import CommonPassage, Holder, Span
from tanzhao.engines.likeness.told_once import within_others
from tanzhao.engines.likeness.widely_held import in_order, widen

# So many holders of a passage are read, to find where it begins and ends.
MOST_READ = 24


def common_passages_with(
    new: tuple[str, str, Prints],
    known: Known,
    postings: Postings,
    templates: Sequence[tuple[str, Prints]],
    common: NDArray[np.int64],
    settings: Settings,
) -> tuple[CommonPassage, ...]:
    """Stitch the common prints of a new document into passages, with everybody who holds them.

    new: key, text and prints of the document. postings: who else has its prints. common: those
    of its prints that are common, ascending.

    Its ends are found in the texts of some of the holders. What the new document has not of a
    passage is not told of: one scan of all documents may tell of more.
    """
    key, text, prints = new
    keys = [*postings.keys, key]
    owners = [postings.owners.astype(np.int64), np.full(len(prints.hashes), len(keys) - 1)]
    columns = [postings[:1] + postings[2:4], prints]
    for at, (_, one) in enumerate(templates):
        owners.append(np.full(len(one.hashes), len(keys) + at))
        columns.append(one)
    owner = np.concatenate(owners)
    hashes, starts, ends = (np.concatenate(column) for column in zip(*columns, strict=True))
    inside = np.isin(hashes, common)
    runs = _runs(
        owner[inside],
        np.searchsorted(common, hashes[inside]),
        starts[inside],
        ends[inside],
        len(keys) + len(templates),
    )
    mine_only = np.array([len(keys) - 1])
    kept: list[tuple[NDArray[np.int32], str]] = []
    texts = {key: text}

    def text_of(owner: int) -> str:
        one = keys[owner]
        if one not in texts:
            texts[one] = known.text(one)
        return texts[one]

    passages = passages_of(runs, len(common), mine_only, settings, Rooms())
    for start, stop in zip(passages.starts, passages.stops, strict=True):
        held = passages.rows[start:stop]
        of_templates = held[held[:, 1] >= len(keys)]
        held = held[held[:, 1] < len(keys)]
        if held[-1:, 1].tolist() != [len(keys) - 1]:
            continue
        if len(held) <= settings.cap and not len(of_templates):
            continue
        held, letters = _widened(held, text_of, settings)
        if letters < settings.least_common:
            continue
        template = templates[int(of_templates[0, 1]) - len(keys)][0] if len(of_templates) else ""
        kept.append((held, template))
    within = within_others([held for held, _ in kept])
    return in_order(
        _worded(held, template, keys, text_of)
        for (held, template), inside in zip(kept, within, strict=True)
        if not inside
    )


def _worded(
    held: NDArray[np.int32], template: str, keys: Sequence[str], text_of: Callable[[int], str]
) -> CommonPassage:
    holders = [Holder(keys[row[1]], Span(row[2], row[3])) for row in held.tolist()]
    first = holders[0]
    text = text_of(int(held[0, 1]))[first.at.start : first.at.end]
    return CommonPassage(text, tuple(sorted(holders)), first.key, template)


def _widened(
    held: NDArray[np.int32], text_of: Callable[[int], str], settings: Settings
) -> tuple[NDArray[np.int32], int]:
    """Move the ends out to where most holders still say the same, as far as one print reaches
    beyond another: further on, text that anybody may use might stand.

    `held`: rows (passage, document, begin, end) in characters. Of many holders some are read, the
    first and the last among them; the others keep the ends of their prints. Also gives how many
    letters the first one has.
    """
    read = np.unique(np.linspace(0, len(held) - 1, MOST_READ).astype(np.int64))
    texts = [text_of(int(owner)) for owner in held[read, 1]]
    letters = [letters_of(text) for text in texts]
    gathered = gather(texts, len(texts), settings, Allowed((), settings), Rooms(), InOrder())
    rows = held[read].copy()
    rows[:, 1] = np.arange(len(read))
    for row, one in zip(rows, letters, strict=True):
        row[2:] = np.searchsorted(one.starts, row[2:])
    widen(
        rows, gathered.signs, gathered.widths, gathered.letter_starts,
        settings.gram + settings.window,
    )  # fmt: skip
    found = held.copy()
    for at, row, one in zip(read.tolist(), rows.tolist(), letters, strict=True):
        found[at, 2:] = one.starts[row[2]], one.ends[row[3] - 1]
    return found, int(rows[0, 3] - rows[0, 2])


def _runs(
    owners: NDArray[np.int64],
    groups: NDArray[np.int64],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    documents: int,
) -> Runs:
    """Put places in order: the first of each print in each document."""
    order = np.lexsort((starts, groups, owners))
    first = np.ones(len(order), dtype=np.bool_)
    for column in (owners[order], groups[order]):
        first[1:] &= column[1:] == column[:-1]
    first[1:] = ~first[1:]
    order = order[first]
    order = order[np.lexsort((starts[order], owners[order]))]
    owners, groups = owners[order], groups[order]
    starts, ends = starts[order], ends[order]
    near = np.zeros(len(owners), dtype=np.bool_)
    near[:-1] = (owners[1:] == owners[:-1]) & (starts[1:] - starts[:-1] <= NEAR)
    return Runs(
        np.searchsorted(owners, np.arange(documents + 1)),
        groups.astype(np.int32),
        starts.astype(np.int32),
        ends.astype(np.int32),
        near,
    )
