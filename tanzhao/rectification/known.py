"""The writings that were handed in so far, as the engine of likeness asks them. Needs numpy:
import it in a task only."""

from collections.abc import Collection, Hashable, Iterable
from functools import lru_cache
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
from tanzhao.rectification.states import WritingKind

PLACE = np.dtype([("hash", "<u4"), ("start", "<i4"), ("end", "<i4")])
TEXTS_AT_HAND = 64


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
    """Every writing whose prints are there, held as far as some new ones have the same prints.

    Load it after the prints of the new ones were committed: then, of two that come at the same
    moment, at least one sees the other.
    """

    def __init__(self, new: Collection[str], measures: Measures) -> None:
        """Load what is wanted to compare new writings, given by the hashes of their texts."""
        self._measures = measures
        self._owners = _owners()
        self._by_hash: dict[str, list[int]] = {}
        for number, owner in enumerate(self._owners):
            self._by_hash.setdefault(owner.sha256, []).append(number)
        self._wanted = _hashes_of(new)
        self._places = self._places_of(self._wanted)
        self._keys = [str(one.pk) for one in self._owners]
        self._sha256 = {str(one.pk): one.sha256 for one in self._owners}
        self._items = _Column(one.item for one in self._owners)
        self._units = _Column(one.unit for one in self._owners)
        self._files = _Column(one.sha256 for one in self._owners)
        self.text_of = lru_cache(TEXTS_AT_HAND)(self._text_of)

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
        asked = hashes.astype(np.uint32)
        missing = np.setdiff1d(asked, self._wanted)
        if len(missing):
            # Two known ones are looked at again, for prints that none of the new ones has.
            self._places = np.concatenate([self._places, self._places_of(missing)])
            self._wanted = np.union1d(self._wanted, missing)
        found = self._places[np.isin(self._places["hash"], asked)]
        found = found[~left_out[found["owner"]]]
        owners, starts, ends = (found[name].copy() for name in ("owner", "start", "end"))
        return Postings(found["hash"].astype(np.int64), owners, starts, ends, self._keys)

    def _places_of(self, wanted: NDArray[np.uint32]) -> "NDArray[np.void]":
        """Give hash, start, end and owner of every place of these prints, in one array."""
        kind = np.dtype([*PLACE.descr, ("owner", "<i4")])
        found: list[NDArray[np.void]] = [np.empty(0, dtype=kind)]
        texts = FileText.objects.filter(prints_made_with=self._measures.made_with)
        for sha256, kept in texts.values_list("sha256", "prints").iterator(chunk_size=500):
            places = np.frombuffer(kept or b"", dtype=PLACE)
            places = places[np.isin(places["hash"], wanted)]
            for number in self._by_hash.get(sha256, ()) if len(places) else ():
                rows = np.empty(len(places), dtype=kind)
                for name in ("hash", "start", "end"):
                    rows[name] = places[name]
                rows["owner"] = number
                found.append(rows)
        return np.concatenate(found)

    def text(self, key: str) -> str:
        """Give the text of a writing; empty if it was erased since."""
        return self.text_of(self._sha256[key])

    def _text_of(self, sha256: str) -> str:
        row = FileText.objects.filter(sha256=sha256)
        return row.values_list("text", flat=True).first() or ""


class _Beside:
    """What one writing is compared with, as the engine's `Known`."""

    def __init__(self, known: KnownWritings, left_out: NDArray[np.bool_]) -> None:
        self._known, self._left_out = known, left_out

    def postings(self, hashes: NDArray[np.int64]) -> Postings:
        return self._known.postings(hashes, self._left_out)

    def text(self, key: str) -> str:
        return self._known.text(key)

    def partners(self, key: str) -> Collection[str]:
        pairs = Likeness.objects.filter(Q(later=key) | Q(earlier=key))
        found = {str(one) for pair in pairs.values_list("later", "earlier") for one in pair}
        return found - {key}


def _hashes_of(texts: Collection[str]) -> NDArray[np.uint32]:
    kept = FileText.objects.filter(sha256__in=list(texts), prints__isnull=False)
    hashes = [np.empty(0, dtype=np.uint32)]
    for prints in kept.values_list("prints", flat=True).iterator(chunk_size=500):
        hashes.append(np.unique(np.frombuffer(prints or b"", dtype=PLACE)["hash"]))
    return np.unique(np.concatenate(hashes))


def _owners() -> list[_Owner]:
    """Give the writings of units in the order in which they came."""
    writings = Writing.objects.exclude(kind=WritingKind.TEMPLATE)
    ordered = writings.order_by("handed_in_at", "pk")
    rows = ordered.values_list("pk", "sha256", "item", "item__unit")
    return [_Owner(*row) for row in rows.iterator(chunk_size=2000)]
