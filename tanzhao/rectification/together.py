"""Many writings compared at once, by one scan of everything that was handed in. Needs numpy: import
it in a task only.

One by one, each new writing is held against the others, and what it makes more widely held is
judged again: a tenth of a second for each where offices write alike. One scan of all of them takes
little longer than that for a thousand. It gives the same pairs, but for writings whose own item
says something so often that it counts as usual wording by that alone: those are scanned once more,
each with the writings near to it and without its own item's.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from uuid import UUID

from tanzhao.engines.likeness import scan
from tanzhao.engines.likeness.texts import CommonPassage, Found, Pair
from tanzhao.rectification.known import KnownWritings
from tanzhao.rectification.measures import Measures
from tanzhao.rectification.models import Writing

TEXTS_AT_ONCE = 200
# So many known writings are scanned in the time in which one is compared with them.
WORTH = 200


class Stopped(Exception):
    """Somebody has asked the comparing to stop."""


class AllTexts(Mapping[str, str]):
    """The texts of all writings, read from the database when they are asked for.

    A scan asks for each once, in order, and then for those of pairs again.
    """

    def __init__(self, known: KnownWritings, watch: Callable[[int, int], bool]) -> None:
        self._known, self._watch = known, watch
        self._keys = sorted(known.keys)
        self._place = {key: place for place, key in enumerate(self._keys)}
        self._ahead: dict[str, str] = {}
        self._furthest = 0

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, key: str) -> str:
        """Give a text.

        Raises: KeyError, Stopped.
        """
        place = self._place[key]
        self._furthest = max(self._furthest, place)
        if self._watch(self._furthest, len(self._keys)):
            raise Stopped
        if place < self._furthest:
            return self._known.text(key)
        if key not in self._ahead:
            self._ahead = self._known.texts_of(islice(self._keys, place, place + TEXTS_AT_ONCE))
        return self._ahead[key]


@dataclass(frozen=True)
class Together:
    """What one scan found, for `new` writings among all that are known.

    `weak`: writings of which the scan may say too little, since their own item says the same
    often; see `KnownWritings.counted_otherwise`.
    """

    found: Found
    weak: frozenset[str]
    known: KnownWritings
    measures: Measures

    def pairs_of(self, writing: Writing, fresh: Collection[UUID]) -> list[Pair]:
        """Give the pairs that one of them decides about, the other writings of its item not being
        counted: those with what came before it, and with what is not `fresh`."""
        key = str(writing.pk)
        mine = self.known.place_of[key]

        def is_decided(pair: Pair) -> bool:
            other = pair.left if pair.right == key else pair.right
            return self.known.place_of[other] < mine or UUID(other) not in fresh

        found = self._pairs[key] if key not in self.weak else self._near(writing)
        return [pair for pair in found if is_decided(pair)]

    def _near(self, writing: Writing) -> list[Pair]:
        key = str(writing.pk)
        keys = [key, *self.known.near(writing, self.measures.settings)]
        near = scan(
            self.known.texts_of(keys),
            self.measures.settings,
            allowed=self.measures.allowed,
            templates=self.measures.templates,
        )
        return [pair for pair in near.pairs if key in {pair.left, pair.right}]

    def common_of(self, writing: Writing) -> Sequence[CommonPassage]:
        """Give the common passages of one of them, counted likewise."""
        key = str(writing.pk)
        mine, cap = self.known.item_of(key), self.measures.settings.cap
        return [
            one
            for one in self._common[key]
            if one.template
            or sum(self.known.item_of(holder.key) != mine for holder in one.holders) + 1 > cap
        ]

    @cached_property
    def _pairs(self) -> Mapping[str, Sequence[Pair]]:
        pairs: defaultdict[str, list[Pair]] = defaultdict(list)
        for pair in self.found.pairs:
            pairs[pair.left].append(pair)
            pairs[pair.right].append(pair)
        return pairs

    @cached_property
    def _common(self) -> Mapping[str, Sequence[CommonPassage]]:
        common: defaultdict[str, list[CommonPassage]] = defaultdict(list)
        for one in self.found.common:
            for holder in one.holders:
                common[holder.key].append(one)
        return common


def is_worth_it(new: int, known: KnownWritings) -> bool:
    """Say whether one scan is sooner done than so many comparisons."""
    return new > 1 and new * WORTH > len(known.keys)


def compare_together(
    known: KnownWritings, measures: Measures, watch: Callable[[int, int], bool]
) -> Together:
    """Compare all that is known by one scan.

    Args:
        watch: hears how many texts of how many were read, and says whether to stop.
    Raises: Stopped.
    """
    weak = known.counted_otherwise(measures.settings)
    found = scan(
        AllTexts(known, watch),
        measures.settings,
        allowed=measures.allowed,
        templates=measures.templates,
    )
    return Together(found, frozenset(weak), known, measures)
