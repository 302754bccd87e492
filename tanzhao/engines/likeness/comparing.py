"""One new document against those that are known: what one scan of all of them would find.

What a pair shows depends on its two texts, and on how many documents have the prints that both
have: up to `few`, up to `cap`, or more. A new document moves some prints over one of these steps;
every two known documents that share such a print are judged again, pair or not: wording that no
longer counts may have stood in the way of other wording. Nothing else can have changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tanzhao.engines.likeness.allowed import Allowed
from tanzhao.engines.likeness.candidates import LEAST_PRINTS, seeds_of, sieve_of
from tanzhao.engines.likeness.gathering import gather
from tanzhao.engines.likeness.judging import judge, measures_of
from tanzhao.engines.likeness.known import Known, Postings
from tanzhao.engines.likeness.letters import Letters, letters_of
from tanzhao.engines.likeness.memory import Rooms
from tanzhao.engines.likeness.pairs import in_characters
from tanzhao.engines.likeness.parting import InOrder
from tanzhao.engines.likeness.prints import Prints, last_letters
from tanzhao.engines.likeness.settings import Settings
from tanzhao.engines.likeness.stretches import COMMON, RARE, SHARED
from tanzhao.engines.likeness.texts import Found, Pair
from tanzhao.engines.likeness.widely_held_known import common_passages_with


@dataclass(frozen=True)
class _Document:
    key: str
    text: str
    letters: Letters
    hashes: NDArray[np.uint32]
    places: NDArray[np.int32]  # below 0: in allowed text

    @cached_property
    def distinct(self) -> NDArray[np.int64]:
        """All its prints, those in allowed text among them: they count as held."""
        return np.unique(self.hashes).astype(np.int64)

    def outside(self, gram: int) -> Prints:
        """Give its prints that are not in allowed text, in characters."""
        open_ = self.places >= 0
        places = self.places[open_]
        last = last_letters(self.letters.first, places, gram)
        hashes = self.hashes[open_].astype(np.int64)
        return Prints(hashes, self.letters.starts[places], self.letters.ends[last])


class Comparison:
    """What comparing goes by: what is known, the settings, and the wording of the pack."""

    def __init__(
        self,
        known: Known,
        settings: Settings,
        allowed: Iterable[str],
        templates: Mapping[str, str],
    ) -> None:
        self.known, self.settings = known, settings
        self.allowed = Allowed(allowed, settings)
        self.templates = [self.document(name, templates[name]) for name in sorted(templates)]
        nothing = np.empty(0, dtype=np.int64)
        self.of_templates = np.unique(
            np.concatenate([nothing, *(template.distinct for template in self.templates)])
        )

    def document(self, key: str, text: str) -> _Document:
        prints = InOrder()
        gather((text,), 1, self.settings, self.allowed, Rooms(), prints)
        return _Document(key, text, letters_of(text), prints.hashes, prints.places)

    def weights(self, hashes: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int8]:
        """Give what prints count for that so many documents have."""
        weights = np.full(len(hashes), RARE, dtype=np.int8)
        weights[counts > self.settings.few] = SHARED
        weights[counts > self.settings.cap] = COMMON
        weights[np.isin(hashes, self.of_templates)] = COMMON
        return weights

    def judged(
        self,
        one: tuple[str, str],
        other: tuple[str, str],
        hashes: NDArray[np.int64],
        weights: NDArray[np.int8],
    ) -> Pair | None:
        """Judge two documents, each key and text.

        `hashes`, ascending: the prints that both have, or more, with their weights.
        """
        (left, left_text), (right, right_text) = sorted((one, other))
        texts = left_text, right_text
        prints = InOrder()
        gathered = gather(texts, 2, self.settings, self.allowed, Rooms(), prints)
        a, b = (gathered.signs[part] for part in _halves(gathered.letter_starts))
        repeats = self.settings.repeats
        mine, theirs = (
            _among(hashes, prints.hashes[part], prints.places[part], repeats)
            for part in _halves(prints.starts)
        )
        gram, reach = self.settings.gram, self.settings.reach
        seeds = seeds_of(a, b, *mine, *theirs, weights, gram, reach, sieve_of(mine[0]))
        widths, other_widths = gathered.widths[: len(a)], gathered.widths[len(a) :]
        stretches = judge(a, b, widths, other_widths, seeds, measures_of(self.settings))
        if not len(stretches):
            return None
        row = np.array([[0, 1, len(stretches)]], dtype=np.int32)
        (pair,) = in_characters((left, right), gathered, row, stretches, texts.__getitem__)
        return pair


def _halves(starts: NDArray[np.int64]) -> tuple[slice, slice]:
    return slice(0, int(starts[1])), slice(int(starts[1]), int(starts[2]))


def _among(
    shared: NDArray[np.int64],
    hashes: NDArray[np.uint32],
    places: NDArray[np.int32],
    repeats: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Give the prints that are in `shared`: which, and where; as joining.Joined has them."""
    groups = np.searchsorted(shared, hashes)
    groups[groups == len(shared)] = 0
    inside = np.flatnonzero(shared[groups] == hashes) if len(shared) else groups[:0]
    inside = inside[places[inside] >= 0]
    inside = inside[np.argsort(groups[inside], kind="stable")]
    groups = groups[inside]
    # How many of the same group stand before each.
    earlier = np.arange(len(groups)) - np.searchsorted(groups, groups)
    kept = earlier < repeats
    return groups[kept].astype(np.int32), places[inside[kept]]


def compare_with(
    known: Known,
    key: str,
    text: str,
    settings: Settings,
    *,
    allowed: Iterable[str] = (),
    templates: Mapping[str, str] | None = None,
) -> Found:
    """Compare one new document with those that are known, none of which is printed again.

    A document that is known under `key` already is compared with the others only.

    Returns: the pairs of the new document, its common passages, and pairs of known documents
        that have changed because wording of theirs is more widely held now (`Found.gone`: those
        that are pairs no longer). Added one by one, documents have the pairs of one scan.
    """
    comparison = Comparison(known, settings, allowed, templates or {})
    new = comparison.document(key, text)
    postings = _without(known.postings(new.distinct), key)
    holders = _holders(postings)
    counts = _counts(holders, new.distinct)
    weights = comparison.weights(new.distinct, counts + 1)
    pairs = []
    for owner in _candidates(holders, new.distinct, weights):
        other = postings.keys[owner]
        pair = comparison.judged((key, text), (other, known.text(other)), new.distinct, weights)
        if pair:
            pairs.append(pair)
    # A new document only: one that was known was counted already.
    more_now = np.isin(counts, (settings.few, settings.cap))
    crossed = new.distinct[more_now & ~np.isin(new.distinct, comparison.of_templates)]
    gone = []
    for left, right in sorted(_touched(holders, crossed, postings.keys)):
        again = _judged_again(comparison, new, left, right)
        if again:
            pairs.append(again)
        elif right in known.partners(left):
            gone.append((left, right))
    common = common_passages_with(
        (key, text, new.outside(settings.gram)),
        known,
        postings,
        [(one.key, one.outside(settings.gram)) for one in comparison.templates],
        new.distinct[weights == COMMON],
        settings,
    )
    return Found(tuple(sorted(pairs, key=lambda one: (one.left, one.right))), common, tuple(gone))


def _without(postings: Postings, key: str) -> Postings:
    if key not in postings.keys:
        return postings
    others = postings.owners != list(postings.keys).index(key)
    return Postings(
        postings.hashes[others],
        postings.owners[others],
        postings.starts[others],
        postings.ends[others],
        postings.keys,
    )


def _holders(postings: Postings) -> NDArray[np.int64]:
    """Give rows (hash, owner), each once, in order."""
    both = np.unique(postings.hashes.astype(np.int64) << 31 | postings.owners.astype(np.int64))
    return np.stack([both >> 31, both & 0x7FFFFFFF], axis=1)


def _counts(holders: NDArray[np.int64], hashes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give how many documents have each of the hashes, which ascend."""
    found = holders[:, 0]
    return np.searchsorted(found, hashes, side="right") - np.searchsorted(found, hashes)


def _candidates(
    holders: NDArray[np.int64], hashes: NDArray[np.int64], weights: NDArray[np.int8]
) -> list[int]:
    """Give the owners that share enough prints to be looked at."""
    if not len(holders):
        return []
    counts = weights[np.searchsorted(hashes, holders[:, 0])]
    shared = np.bincount(holders[:, 1], weights=counts)
    return [int(owner) for owner in np.flatnonzero(shared >= LEAST_PRINTS)]


def _touched(
    holders: NDArray[np.int64], crossed: NDArray[np.int64], keys: Sequence[str]
) -> set[tuple[str, str]]:
    """Give two known documents each that share a print more widely held now."""
    touched = set()
    for owners in _owners_of(holders, crossed):
        touched |= set(combinations(sorted(keys[owner] for owner in owners), 2))
    return touched


def _owners_of(holders: NDArray[np.int64], hashes: NDArray[np.int64]) -> Iterator[list[int]]:
    begins = np.searchsorted(holders[:, 0], hashes)
    ends = np.searchsorted(holders[:, 0], hashes, side="right")
    seen = set()
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        owners = tuple(holders[begin:end, 1].tolist())
        if owners not in seen:
            seen.add(owners)
            yield list(owners)


def _judged_again(comparison: Comparison, new: _Document, left: str, right: str) -> Pair | None:
    one, other = (comparison.document(key, comparison.known.text(key)) for key in (left, right))
    shared = np.intersect1d(one.distinct, other.distinct)
    holders = _holders(_without(comparison.known.postings(shared), new.key))
    counts = _counts(holders, shared) + np.isin(shared, new.distinct)
    weights = comparison.weights(shared, counts)
    return comparison.judged((left, one.text), (right, other.text), shared, weights)
