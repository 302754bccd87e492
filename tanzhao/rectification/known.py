"""The writings that were handed in so far, as the engine of likeness asks them. Needs numpy:
import it in a task only."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from tanzhao.documents.models import FileText
from tanzhao.engines.likeness.known import Postings
from tanzhao.engines.likeness.letters import letters_of
from tanzhao.engines.likeness.prints import prints_of
from tanzhao.engines.likeness.settings import Settings
from tanzhao.rectification.measures import Measures
from tanzhao.rectification.models import Likeness, Writing
from tanzhao.rectification.prints_at_hand import PLACE, Places, prints_at_hand
from tanzhao.rectification.states import WritingKind

# Texts that were read stay at hand until they are so many characters together.
CHARACTERS_AT_HAND = 16_000_000
_BITS = 31  # of a number that stands behind a print


def packed_prints(text: str, measures: Measures) -> bytes:
    """Give the prints of a text as they are kept: hash, start and end, twelve bytes each."""
    prints = prints_of(text, measures.settings)
    places = np.empty(len(prints.hashes), dtype=PLACE)
    places["hash"], places["start"], places["end"] = prints
    return places.tobytes()


def packed_prints_of(sha256: str) -> bytes:
    """Give the prints of a text as they are kept; none if it was erased."""
    found = FileText.objects.filter(sha256=sha256).order_by().values_list("prints", flat=True)
    return bytes(found.first() or b"")


def letters_in(text: str) -> int:
    """Count the letters of a text as the engine counts them."""
    return len(letters_of(text).signs)


class _Owner(NamedTuple):
    """A writing, and what tells whether it is compared with another."""

    pk: UUID
    sha256: str
    item: UUID
    unit: UUID


class _Column:
    """One value of every owner, asked which owners have it."""

    def __init__(self, values: Iterable[Hashable]) -> None:
        self._numbers: dict[Hashable, int] = {}
        places = [self._numbers.setdefault(one, len(self._numbers)) for one in values]
        self.places = np.array(places, dtype=np.int64)

    def is_(self, value: Hashable) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.places == self._numbers.get(value, -1)
        return found


def _times(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give, of each value, how many times it is there."""
    _known, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    times: NDArray[np.int64] = counts[where]
    return times


class KnownWritings:
    """Every writing whose prints are there.

    Load it after the prints of the new ones were committed: then, of two that come at the same
    moment, at least one sees the other.
    """

    def __init__(self, measures: Measures) -> None:
        self._at_hand = prints_at_hand(measures.made_with)
        owners = [one for one in _owners() if one.sha256 in self._at_hand.number_of]
        self._keys = [str(one.pk) for one in owners]
        self.place_of = {key: place for place, key in enumerate(self._keys)}
        self._sha256 = {str(one.pk): one.sha256 for one in owners}
        self._items = _Column(one.item for one in owners)
        self._units = _Column(one.unit for one in owners)
        self._files = _Column(one.sha256 for one in owners)
        # The writings that have each text, one after the other: the same file may come twice.
        numbers = [self._at_hand.number_of[one.sha256] for one in owners]
        texts = np.array(numbers, dtype=np.int64)
        self._by_text = np.argsort(texts, kind="stable").astype(np.int32)
        room = max(numbers, default=-1) + 1
        self._counts = np.bincount(texts, minlength=room)
        self._begins = np.cumsum(self._counts) - self._counts
        self._texts: dict[str, str] = {}
        self._characters = 0

    def beside(self, writing: Writing) -> "_Beside":
        """Give what `writing` is compared with: nothing of its own item, and not the same file
        once more from the same unit, which `same_files` asks about."""
        item = writing.item
        assert item is not None  # noqa: S101  a template is compared with nothing
        near = self._items.is_(item.pk)
        twice = self._units.is_(item.unit_id) & self._files.is_(writing.sha256)
        return _Beside(self, near | twice)

    def postings(self, hashes: NDArray[np.int64], left_out: NDArray[np.bool_]) -> Postings:
        """Give every place of these prints, but for those of the writings left out."""
        places, owners = self._owned(self._at_hand.of(np.unique(hashes.astype(np.uint32))))
        kept = ~left_out[owners]
        places = places.chosen(kept)
        return Postings(
            places.hashes.astype(np.int64), owners[kept], places.starts, places.ends, self._keys
        )

    def _owned(self, places: Places) -> tuple[Places, NDArray[np.int32]]:
        """Give each place once for every writing that has its text, with that writing: for none
        if the text is gone."""
        places = places.chosen(places.texts < len(self._counts))
        counts = self._counts[places.texts]
        before = np.cumsum(counts) - counts
        at = np.arange(int(counts.sum())) + np.repeat(self._begins[places.texts] - before, counts)
        return places.chosen(np.repeat(np.arange(len(counts)), counts)), self._by_text[at]

    def near(self, writing: Writing, settings: Settings) -> list[str]:
        """Give writings that share wording with one, of those it is compared with: all that hold
        what is not common, and enough of the others to show what is."""
        prints = np.frombuffer(packed_prints_of(writing.sha256), dtype=PLACE)["hash"]
        places = self.beside(writing).postings(np.unique(prints).astype(np.int64))
        both = np.unique(places.hashes << _BITS | places.owners)
        hashes = both >> _BITS
        rank = np.arange(len(hashes)) - np.searchsorted(hashes, hashes)
        owners = np.unique(both[rank <= settings.cap + 1] & ((1 << _BITS) - 1))
        return [self._keys[owner] for owner in owners]

    def is_known(self, writing: Writing) -> bool:
        """Say whether the prints of a writing are there: its text may have been erased since."""
        return str(writing.pk) in self.place_of

    def erased_among(self, keys: Collection[str]) -> set[str]:
        """Give those of some writings whose texts were erased since."""
        found = FileText.objects.filter(sha256__in={self._sha256[key] for key in keys})
        there = set(found.order_by().values_list("sha256", flat=True))
        return {key for key in keys if self._sha256[key] not in there}

    def came_since(self, keys: Iterable[UUID]) -> set[UUID]:
        """Give those of some writings that nothing is known of here, since they were handed in
        after it was loaded."""
        unknown = [key for key in keys if str(key) not in self.place_of]
        made = self._at_hand.made_with
        texts = FileText.objects.filter(prints_made_with=made, prints__isnull=False)
        found = Writing.objects.filter(pk__in=unknown, sha256__in=texts.values("sha256"))
        units_own = found.exclude(kind=WritingKind.TEMPLATE).order_by()
        return set(units_own.values_list("pk", flat=True))

    def item_of(self, key: str) -> int:
        """Give a number for the item of a writing."""
        return int(self._items.places[self.place_of[key]])

    @property
    def keys(self) -> Sequence[str]:
        """The writings, in the order in which they came."""
        return self._keys

    def counted_otherwise(self, settings: Settings) -> set[str]:
        """Give the writings with wording that counts otherwise when what `beside` leaves out is
        not counted: their own item says it more than once. All others count alike in one scan of
        everything and beside the rest."""
        twins = _Column(zip(self._units.places.tolist(), self._files.places.tolist(), strict=True))
        weak = np.zeros(len(self._keys), dtype=np.bool_)
        steps = np.array([settings.few, settings.cap])
        for places in self._at_hand.in_parts():
            some, owners = self._owned(places)
            rows = np.unique(some.hashes.astype(np.int64) << _BITS | owners)
            # What few hold counts in full, however many of them are left out.
            rows = rows[_times(rows >> _BITS) > settings.few]
            hashes, owners = rows >> _BITS, rows & ((1 << _BITS) - 1)
            if not len(rows):
                continue
            total = _times(hashes)
            in_item = hashes << _BITS | self._items.places[owners]
            left_out = _times(in_item) + _times(hashes << _BITS | twins.places[owners]) - 2
            items = np.unique(in_item) >> _BITS
            many = np.isin(hashes, items[1:][items[1:] == items[:-1]])
            step = np.searchsorted(steps, total)
            weak[owners[many & (np.searchsorted(steps, total - left_out) != step)]] = True
        return {self._keys[owner] for owner in np.flatnonzero(weak)}

    def texts_of(self, keys: Iterable[str]) -> dict[str, str]:
        """Give the texts of some writings, read at one go; empty ones of what was erased."""
        by_hash = {key: self._sha256[key] for key in keys}
        found = FileText.objects.filter(sha256__in=set(by_hash.values())).order_by()
        texts = dict(found.values_list("sha256", "text"))
        return {key: texts.get(sha256, "") for key, sha256 in by_hash.items()}

    def text(self, key: str) -> str:
        """Give the text of a writing; empty if it was erased since."""
        return self.text_of(self._sha256[key])

    def text_of(self, sha256: str) -> str:
        """Give a text by its hash; empty if it was erased."""
        if sha256 not in self._texts:
            found = FileText.objects.filter(sha256=sha256).order_by()
            text = found.values_list("text", flat=True).first() or ""
            if self._characters + len(text) > CHARACTERS_AT_HAND:
                self._texts, self._characters = {}, 0
            self._texts[sha256] = text
            self._characters += len(text)
        return self._texts[sha256]


class _Beside:
    """What one writing is compared with, as the engine's `Known`."""

    def __init__(self, known: KnownWritings, left_out: NDArray[np.bool_]) -> None:
        self._known, self._left_out = known, left_out
        self._partners: dict[str, frozenset[str]] = {}

    def postings(self, hashes: NDArray[np.int64]) -> Postings:
        return self._known.postings(hashes, self._left_out)

    def text(self, key: str) -> str:
        return self._known.text(key)

    def partners(self, key: str) -> Collection[str]:
        if key not in self._partners:
            pairs = Likeness.objects.filter(Q(later=key) | Q(earlier=key)).order_by()
            found = {str(one) for pair in pairs.values_list("later", "earlier") for one in pair}
            self._partners[key] = frozenset(found - {key})
        return self._partners[key]


def _owners() -> list[_Owner]:
    """Give the writings of units in the order in which they came."""
    writings = Writing.objects.exclude(kind=WritingKind.TEMPLATE)
    ordered = writings.order_by("handed_in_at", "pk")
    rows = ordered.values_list("pk", "sha256", "item", "item__unit")
    return [_Owner(*row) for row in rows.iterator(chunk_size=2000)]
