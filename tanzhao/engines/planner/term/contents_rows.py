"""What the contents of different rounds share, as rows over items in rounds and open clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tanzhao.engines.planner.term.contents import RoundContents
from tanzhao.engines.planner.term.frame import Bools, Frame
from tanzhao.engines.planner.term.worths import Cut

INF = float("inf")

type ItemInRound = tuple[int, int]
type ClusterInRound = tuple[int, int]


@dataclass(frozen=True)
class SharedRow:
    """`low` <= sum over items in rounds and over clusters open in rounds <= `high`."""

    items: Mapping[ItemInRound, float]
    opened: Mapping[ClusterInRound, float] = field(default_factory=dict)
    low: float = -INF
    high: float = INF


def shared_rows(
    frame: Frame, cuts: Sequence[Cut], contents: Sequence[RoundContents]
) -> list[SharedRow]:
    """List what every plan keeps and no single content knows: each item once, coverage, gaps of
    look-backs, worths; skills and numbers of visits where the contents do not count them."""
    allowed = frame.allowed
    may = [np.flatnonzero(allowed[:, r]).tolist() for r in range(frame.n_rounds)]
    rows = [
        SharedRow({(j, r): 1.0 for r in np.flatnonzero(allowed[j]).tolist()}, low=1.0, high=1.0)
        for j in range(frame.n_items)
    ]
    for year, wanted in enumerate(frame.problem.coverage):
        firsts = {
            (j, r): float(frame.firsts[j])
            for r in range(frame.n_rounds)
            if frame.years[r] <= year
            for j in may[r]
            if frame.firsts[j]
        }
        rows.append(SharedRow(firsts, low=float(wanted)))
    rows += _gap_rows(frame)
    for cut in cuts:
        worths = frame.of_size @ cut.worth.values
        for r in cut.rounds.tolist():
            terms = {(j, r): float(worths[j]) for j in may[r] if worths[j] > 0}
            rows.append(SharedRow(terms, high=float(frame.teams[r])))
    for r, content in enumerate(contents):
        for k in range(len(frame.skill_names)):
            if k not in content.counted_skills:
                terms = {(j, r): float(frame.skills[j, k]) for j in may[r] if frame.skills[j, k]}
                rows.append(SharedRow(terms, high=float(frame.skill_caps[k, r])))
        if not content.counts_visits:
            terms = {(j, r): float(frame.counts[j]) for j in may[r]}
            rows.append(SharedRow(terms, high=float(frame.max_units[r])))
    return rows


def _gap_rows(frame: Frame) -> list[SharedRow]:
    """Gaps between first visits and look-backs: whoever is in a span of rounds has its other visit
    in the rounds that fit one of them. For spans, this says all that can be said in rows (Hall)."""
    rows = []
    for later in np.flatnonzero(frame.follows >= 0).tolist():
        first = int(frame.follows[later])
        fits = frame.gap_fits & frame.allowed[first][:, None] & frame.allowed[later][None, :]
        rows += _hall_rows(later, first, fits.T)
        rows += _hall_rows(first, later, fits)
    return rows


def _hall_rows(item: int, other: int, fits: Bools) -> list[SharedRow]:
    """Rows that `item` in a span of rounds needs `other` in those that fit: [of item, of other].

    Of spans with the same rounds that fit, the widest only.
    """
    mine = np.flatnonzero(fits.any(axis=1)).tolist()
    theirs = set(np.flatnonzero(fits.any(axis=0)).tolist())
    widest: dict[frozenset[int], list[int]] = {}
    for begin in range(len(mine)):
        for end in range(begin + 1, len(mine) + 1):
            span = mine[begin:end]
            near = frozenset(np.flatnonzero(fits[span].any(axis=0)).tolist())
            if len(near) < len(theirs) and len(span) > len(widest.get(near, ())):
                widest[near] = span
    return [
        SharedRow(
            {(other, q): 1.0 for q in sorted(near)} | {(item, r): -1.0 for r in span}, low=0.0
        )
        for near, span in widest.items()
    ]
