"""The writings that were handed in so far, as the engine of likeness asks them. Needs numpy:
import it in a task only."""

from collections.abc import Collection, Hashable, Iterable
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from tanzhao.documents.models import FileText
from tanzhao.engines.likeness.known import Postings
from tanzhao.engines.likeness.letters import letters_of
from tanzhao.engines.likeness.prints import prints_of
from tanzhao.rectification.measures import Measures
from tanzhao.rectification.models import Likeness, Writing
from tanzhao.rectification.prints_at_hand import PLACE, prints_at_hand
from tanzhao.rectification.states import WritingKind

# Texts that were read stay at hand until they are so many characters together.
CHARACTERS_AT_HAND = 16_000_000


def packed_prints(text: str, measures: Measures) -> bytes:
    """Give the prints of a text as they are kept: hash, start and end, twelve bytes each."""
    prints = prints_of(text, measures.settings)
    places = np.empty(len(prints.hashes), dtype=PLACE)
    places["hash"], places["start"], places["end"] = prints
    return places.tobytes()


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
        self._places = np.array(places, dtype=np.int64)

    def is_(self, value: Hashable) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self._places == self._numbers.get(value, -1)
        return found


class KnownWritings:
    """Every writing whose prints are there.

    Load it after the prints of the new ones were committed: then, of two that come at the same
    moment, at least one sees the other.
    """

    def __init__(self, measures: Measures) -> None:
        self._at_hand = prints_at_hand(measures.made_with)
        owners = [one for one in _owners() if one.sha256 in self._at_hand.number_of]
        self._keys = [str(one.pk) for one in owners]
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
        places = self._at_hand.of(np.unique(hashes.astype(np.uint32)))
        places = places.chosen(places.texts < len(self._counts))
        # Each place once for every writing that has the text, for none if it is gone.
        counts = self._counts[places.texts]
        before = np.cumsum(counts) - counts
        at = np.arange(int(counts.sum())) + np.repeat(self._begins[places.texts] - before, counts)
        owners = self._by_text[at]
        kept = ~left_out[owners]
        places = places.chosen(np.repeat(np.arange(len(counts)), counts)[kept])
        return Postings(
            places.hashes.astype(np.int64), owners[kept], places.starts, places.ends, self._keys
        )

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
