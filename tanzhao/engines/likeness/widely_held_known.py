"""The common passages of one new document, from the places that a store gives."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.known import Known, Postings
from tanzhao.engines.likeness.prints import Prints
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.texts import CommonPassage, Holder, Span
from tanzhao.engines.likeness.widely_held import NEAR, Runs, in_order, passages_of_rows, rows_of


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

    The texts of the holders are not read, so that a passage begins and ends with a print.
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
    found = []
    mine_only = np.array([len(keys) - 1])
    for held in passages_of_rows(rows_of(runs, len(common), mine_only, settings)):
        of_templates = held[held[:, 1] >= len(keys)]
        held = held[held[:, 1] < len(keys)]
        mine = held[held[:, 1] == len(keys) - 1]
        if not len(mine) or (len(held) <= settings.cap and not len(of_templates)):
            continue
        if mine[0, 3] - mine[0, 2] < settings.least_common:
            continue
        holders = tuple(Holder(keys[row[1]], Span(row[2], row[3])) for row in held.tolist())
        first = holders[0]
        whole = text if first.key == key else known.text(first.key)
        template = templates[int(of_templates[0, 1]) - len(keys)][0] if len(of_templates) else ""
        ordered = tuple(sorted(holders))
        found.append(
            CommonPassage(whole[first.at.start : first.at.end], ordered, first.key, template)
        )
    return in_order(found)


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
