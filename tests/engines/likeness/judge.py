"""Judge what likeness found against what was planted: plain functions over the JSON of format.md.

It reads `{"pairs": […], "common": […]}` of docs/operations/likeness-format.md, section 5, and the
truth of generator.py (`Corpus.truth`, or its `.truth.json` through `read_truth`), so the output of
`tanzhao likeness scan --json` is judged as the engine's is:

    python -m tests.engines.likeness.judge DIR.truth.json OUT/pairs.json

What the figures mean (each is right, of how many):

- pairs: found pairs of which some passage overlaps what was planted between the two, on both
  sides. A pair that was found through decoys only overlaps nothing, and is wrong.
- passages: found passages of which, on both sides, half of the characters or more were planted
  between the two.
- recall: planted copies of which some found passage overlaps what was planted, on both sides.
- iou: over the copies that were recalled, the mean of |found ∩ true| / |found ∪ true|, as sets of
  characters of both documents together. Quoted regulations count on neither side.
- common: planted common passages that are reported with every holder, each at its place; held:
  the same by holder. A holder has its place if half of the characters of a true one are in it: it
  is enough to name one place of each paper.
- pieces: in how many common passages the first holder of a planted one has it, on average: 1 is
  best.
- origins: planted common passages, of those reported with any holder, that are said to be first
  where they are first (word by word, or in an edited copy of it before that), and to come from the
  template they come from, or from none.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.engines.likeness.generator import Common, Truth
from tests.engines.likeness.planting import Copy, Span


class Share(NamedTuple):
    """`right` of `of`."""

    right: float
    of: int

    @property
    def value(self) -> float:
        """The share; 1.0 of nothing."""
        return self.right / self.of if self.of else 1.0

    def __str__(self) -> str:
        return f"{self.value:.4f} of {self.of}"


class Figures(NamedTuple):
    """What a judge found. `recall`, `iou`: by kind, as `kind_of` calls it. `wrong`: by decoy."""

    pairs: Share
    passages: Share
    recall: dict[str, Share]
    iou: dict[str, Share]
    common: Share
    held: Share
    origins: Share
    pieces: Share
    decoy_pairs: int
    wrong: dict[str, list[tuple[str, str]]]

    def recall_of(self, kind: str = "", *, most: float = 1.0) -> Share:
        """Recall over the kinds whose names begin so, with edits of at most this rate."""
        return _sum(self.recall[name] for name in self._kinds(kind, most))

    def iou_of(self, kind: str = "", *, most: float = 1.0) -> Share:
        """Mean IoU over the kinds whose names begin so, with edits of at most this rate."""
        return _sum(self.iou[name] for name in self._kinds(kind, most))

    def _kinds(self, kind: str, most: float) -> list[str]:
        names = [name for name in self.recall if name.startswith(kind)]
        return [name for name in names if "/" not in name or float(name.split("/")[-1]) <= most]

    def lines(self) -> Iterable[str]:
        """All of it, to be printed."""
        yield f"pairs right     {self.pairs}"
        yield f"passages right  {self.passages}"
        yield f"common whole    {self.common}; holders {self.held}; origins {self.origins}"
        yield f"pieces of each  {self.pieces.value:.2f}"
        yield f"planted decoy pairs found: {self.decoy_pairs}"
        for why, pairs in sorted(self.wrong.items()):
            yield f"wrong pairs through {why}: {len(pairs)}, e.g. {pairs[:3]}"
        for kind, share in sorted(self.recall.items()):
            yield f"{kind:<28} recall {share}; IoU {self.iou[kind]}"


def kind_of(copy: Copy) -> str:
    """What figures call its kind: "whole/letters/0.3", "passage-4", "edited-4/words/0.1"."""
    name = f"{copy.kind}-{copy.sentences}" if copy.sentences else copy.kind
    return f"{name}/{copy.edit}/{copy.rate:g}" if copy.edit else name


def judge(truth: Truth, found: Mapping[str, Any]) -> Figures:
    """Compare `found`, the JSON of a scan, with `truth`."""
    copies = {(copy.left, copy.right): copy for copy in truth.copies}
    pairs = {(pair["left"], pair["right"]): pair["passages"] for pair in found["pairs"]}
    assert len(pairs) == len(found["pairs"]), "a pair is there twice"
    right_pairs = right_passages = passages = 0
    wrong: dict[str, list[tuple[str, str]]] = {}
    recalled: dict[str, list[bool]] = {kind_of(copy): [] for copy in truth.copies}
    overlaps: dict[str, list[float]] = {kind: [] for kind in recalled}
    for pair, shown in pairs.items():
        sides = planted_characters(copies.get(pair))
        passages += len(shown)
        right_passages += sum(_half_in(one, sides) for one in shown)
        if any(_overlaps(one, sides) for one in shown):
            right_pairs += 1
        else:
            wrong.setdefault(_why(pair, shown, truth), []).append(pair)
    for pair, copy in copies.items():
        sides, shown = planted_characters(copy), pairs.get(pair, [])
        if not sides[0]:
            continue  # nothing of it was left by its edits
        was_found = any(_overlaps(one, sides) for one in shown)
        recalled[kind_of(copy)].append(was_found)
        if was_found:
            overlaps[kind_of(copy)].append(_iou(pair, shown, sides, truth))
    common = [_holders_found(one, found["common"]) for one in truth.common]
    return Figures(
        pairs=Share(right_pairs, len(pairs)),
        passages=Share(right_passages, passages),
        recall={kind: Share(sum(one), len(one)) for kind, one in recalled.items()},
        iou={kind: Share(sum(one), len(one)) for kind, one in overlaps.items()},
        common=Share(sum(one.right == one.of for one in common), len(common)),
        held=_sum(common),
        origins=_sum(_origin_right(one, found["common"], truth) for one in truth.common),
        pieces=Share(
            sum(len(_pieces_of(one, found["common"])) for one in truth.common), len(truth.common)
        ),
        decoy_pairs=sum(decoy[:2] in pairs for decoy in truth.decoys),
        wrong=wrong,
    )


def planted_characters(copy: Copy | None) -> tuple[set[int], set[int]]:
    """The characters of the left and of the right document that a copy is about."""
    segments = copy.segments if copy else ()
    return tuple(characters(segment[side] for segment in segments) for side in (0, 1))


def characters(spans: Iterable[Sequence[int]]) -> set[int]:
    """All places in `spans`, each from its start up to, not including, its end."""
    return {place for start, end in spans for place in range(start, end)}


def read_truth(file: Path) -> Truth:
    """Read what `generator.put_files` wrote."""
    told = json.loads(file.read_text(encoding="utf-8"))
    told["copies"] = tuple(Copy(*copy) for copy in told["copies"])
    told["common"] = tuple(Common(**common) for common in told["common"])
    told["decoys"] = tuple(map(tuple, told["decoys"]))
    return Truth(**told)


def _overlaps(passage: Mapping[str, Any], sides: tuple[set[int], set[int]]) -> bool:
    return all(
        not side.isdisjoint(range(*passage[name]))
        for name, side in zip(("left", "right"), sides, strict=True)
    )


def _half_in(passage: Mapping[str, Any], sides: tuple[set[int], set[int]]) -> bool:
    return all(
        2 * len(side.intersection(range(*passage[name]))) >= len(range(*passage[name]))
        for name, side in zip(("left", "right"), sides, strict=True)
    )


def _iou(
    pair: tuple[str, str],
    shown: Sequence[Mapping[str, Any]],
    sides: tuple[set[int], set[int]],
    truth: Truth,
) -> float:
    both = either = 0
    for name, key, true in zip(("left", "right"), pair, sides, strict=True):
        seen = characters(passage[name] for passage in shown)
        roles = truth.other.get(key, {})
        seen -= characters([*roles.get("allowed", ()), *roles.get("lead", ())])
        both += len(seen & true)
        either += len(seen | true)
    return both / either


def _why(pair: tuple[str, str], shown: Sequence[Mapping[str, Any]], truth: Truth) -> str:
    """The role of most characters of a wrong pair's passages in the left document."""
    seen = characters(passage["left"] for passage in shown)
    shares = {
        role: len(seen & characters(spans)) for role, spans in truth.other.get(pair[0], {}).items()
    }
    shares["own words"] = len(seen) - sum(shares.values())
    return max(sorted(shares), key=lambda role: shares[role])


def _holders_found(planted: Common, found: Sequence[Mapping[str, Any]]) -> Share:
    """How many of its holders have it at its place, in one found passage or in pieces."""
    seen: dict[str, set[int]] = {}
    for one in found:
        for holder in one["holders"]:
            seen.setdefault(holder["file"], set()).update(range(*holder["at"]))
    right = {
        key
        for key, at in planted.holders
        if 2 * len(seen.get(key, set()).intersection(range(*at))) >= at[1] - at[0]
    }
    return Share(len(right), len({key for key, _at in planted.holders}))


def _origin_right(planted: Common, found: Sequence[Mapping[str, Any]], truth: Truth) -> Share:
    """Whether the longest of the pieces found of it names its first holder and its form."""
    first = planted.holders[0][0]
    pieces = _pieces_of(planted, found)
    best = max(pieces, key=lambda one: len(one["text"]), default=None)
    if best is None:
        return Share(0, 0)
    said = best["first"]
    edited = said < first and "common" in truth.other.get(said, {})
    return Share((said == first or edited) and best["template"] == planted.template, 1)


def _pieces_of(planted: Common, found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The found common passages that overlap a planted one in its first holder."""
    first, (start, end) = planted.holders[0]
    return [
        one
        for one in found
        if any(
            holder["file"] == first and holder["at"][0] < end and holder["at"][1] > start
            for holder in one["holders"]
        )
    ]


def _sum(shares: Iterable[Share]) -> Share:
    listed = list(shares)
    return Share(sum(share.right for share in listed), sum(share.of for share in listed))


def as_json(found: Any) -> dict[str, Any]:
    """The engine's `Found` as the JSON of the format says it."""

    def span(one: Span) -> list[int]:
        return [one[0], one[1]]

    return {
        "pairs": [
            {
                "left": pair.left,
                "right": pair.right,
                "left_share": pair.left_share,
                "right_share": pair.right_share,
                "passages": [
                    {"left": span(one.left), "right": span(one.right), "same": one.same}
                    for one in pair.passages
                ],
            }
            for pair in found.pairs
        ],
        "common": [
            {
                "text": one.text,
                "first": one.first,
                "template": one.template,
                "holders": [{"file": key, "at": span(at)} for key, at in one.holders],
            }
            for one in found.common
        ],
    }


if __name__ == "__main__":
    truth_file, found_file = map(Path, sys.argv[1:])
    figures = judge(read_truth(truth_file), json.loads(found_file.read_text(encoding="utf-8")))
    sys.stdout.write("\n".join(figures.lines()) + "\n")
